-- Seals of lines: each is valid only at its place and under its header.

local seals = require "codeocean.bulk.journal.seal"

describe("codeocean.bulk.journal.seal", function()
  local HEADER = { journal = 3, name = "n" }
  HEADER.seal = seals.of_header(HEADER)

  it("makes a line valid at its own place only", function()
    local start = seals.begin(HEADER)
    local first, hash = seals.close('{"selected":1}', start)
    local second, last = seals.close('{"confirmed":1}', hash)
    assert.is_truthy(first:find('^{"selected":1,"seal":"%x+"}$'), first)
    assert.equal(hash, seals.open(first, start))
    assert.equal(last, seals.open(second, hash))
    assert.is_nil(seals.open(second, start))
    assert.is_nil(seals.open(first, hash))
    assert.is_nil(seals.open('{"selected":1}', start))
    assert.is_nil(seals.open("", start))
    assert.is_nil(seals.open((first:gsub("1", "2", 1)), start))
  end)

  it("makes a line valid under its own header only", function()
    local other = { journal = 3, name = "m" }
    other.seal = seals.of_header(other)
    local line = seals.close('{"selected":1}', seals.begin(HEADER))
    assert.is_nil(seals.open(line, seals.begin(other)))
    assert.not_equal(HEADER.seal, other.seal)
  end)
end)
