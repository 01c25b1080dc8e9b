-- The journal's reader: what it says of files that are not as they were written.

local fixture = require "fixture"
local journal = require "codeocean.bulk.journal"

describe("a journal", function()
  local function read(...)
    local path = fixture.new(finally):folder() .. "/run.jsonl"
    local file <close> = assert(io.open(path, "w"))
    file:write('{"journal":1}\n', ...)
    file:close()
    return journal.read(path)
  end

  it("with a value of another type is damaged in that line", function()
    for _, line in ipairs { '{"ids":3}', '{"ids":"a"}', '{"intent":null,"outcome":{}}',
      '{"intent":"1"}', '{"outcome":true}' } do
      local state, err = read('{"ids":[]}\n', line, "\n")
      assert.is_nil(state, line)
      assert.equal("journal", err.kind)
      assert.truthy(err.message:find("line 3 is damaged", 1, true))
    end
  end)

  it("is read up to a torn line", function()
    local state = assert(read('{"ids":["a","b"]}\n{"sel'))
    assert.same({ "a", "b" }, state.ids)
    assert.is_nil(state.selected)
  end)
end)
