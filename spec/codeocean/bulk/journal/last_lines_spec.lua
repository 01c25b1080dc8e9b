-- The state of a run, read from the first and the last lines of its journal.

local last_lines = require "codeocean.bulk.journal.last_lines"
local fixture = require "fixture"
local journals = require "journals"
local ledgers = require "codeocean.bulk.journal.ledger"
local process = require "process"

local ID = fixture.ID
local END = { ["end"] = { ok = 1 }, state = "done" }

describe("codeocean.bulk.journal.last_lines", function()
  local function write(finally, text)
    local path = fixture.new(finally):folder() .. "/run.jsonl"
    process.write(path, text)
    return path
  end

  local function text_of(...)
    return journals.text({ name = "run", action = "update" }, { ids = { ID } }, { selected = 1 },
      { intent = 1, id = ID, patch = {} }, { outcome = 1, id = ID, status = "ok" }, ...)
  end

  for what, lines in pairs {
    ["ended"] = { END },
    ["was undone"] = { END, { undone = "/a" } },
    ["was undone twice"] = { END, { undone = "/a" }, { undone = "/b" } },
    ["was interrupted, then resumed"] = { { resumed = 1 }, END },
  } do
    it("agrees with the whole journal if it " .. what, function()
      local path = write(finally, text_of(table.unpack(lines)))
      local ending, ledger = assert(last_lines.read(path)), assert(ledgers.read(path))
      assert.same({ ledger.header, ledger.ended, ledger.counts, ledger.undone },
        { ending.header, ending.ended, ending.counts, ending.undone })
    end)
  end

  for what, text in pairs {
    ["did not end"] = text_of(),
    ["is being resumed"] = text_of(END, { resumed = 1 }),
    ["is cut in its last line"] = text_of(END):sub(1, -5),
    ["has an end that no run writes"] = text_of { ["end"] = { ok = -1 }, state = "done" },
    ["has a header that was edited"] = (text_of(END):gsub('"run"', '"ran"', 1)),
    ["is no journal"] = "hello\n", ["is empty"] = "",
  } do
    it("is not known if the journal " .. what, function()
      assert.is_nil(last_lines.read(write(finally, text)))
    end)
  end

  it("reads the first and the last lines alone", function()
    local text = text_of(END):gsub("\n", "\n" .. ("x"):rep(100000) .. "\n", 1)
    assert.equal("done", last_lines.read(write(finally, text)).ended)
  end)
end)
