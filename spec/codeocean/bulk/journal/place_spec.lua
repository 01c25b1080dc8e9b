-- Where journals stand, and what a dry run can say of it before one is made.

local fixture = require "fixture"
local place = require "codeocean.bulk.journal.place"
local process = require "process"

describe("codeocean.bulk.journal.place", function()
  it("has a folder for runs and one for rehearsals", function()
    local function folder(values) return place.folder(function(name) return values[name] end) end
    assert.equal("/h/.local/state/colua/runs", folder { HOME = "/h" })
    assert.equal("/s/colua/rehearsals", folder { XDG_STATE_HOME = "/s", CODEOCEAN_SANDBOX = "x" })
    assert.is_nil(folder {})
  end)

  it("foretells why a journal cannot be made, and makes nothing", function()
    local folder = fixture.new(finally):folder()
    process.write(folder .. "/file", "text")
    process.write(folder .. "/empty", "")
    os.execute("ln -s nowhere " .. folder .. "/link")
    local before = process.shell("ls -lR " .. folder).out
    for name, expected in pairs { new = false, empty = false, file = "it exists",
      link = "it exists", ["none/new"] = "No such file or directory; --journal names another",
      ["file/new"] = "Not a directory; --journal names another" } do
      local path = folder .. "/" .. name
      local problem = place.problem(path)
      if expected then
        assert.same({ "refused", true }, { problem and problem.kind,
          problem and problem.message:find(path .. ": " .. expected, 1, true) ~= nil }, name)
      else
        assert.is_nil(problem, name)
      end
    end
    assert.equal(before, process.shell("ls -lR " .. folder).out)
  end)
end)
