-- The folder of journals, and what a dry run says if no journal could be created there.

local deployment = require "deployment"
local fixture = require "fixture"
local journal_folder = require "codeocean.bulk.journal.folder"
local process = require "process"

describe("codeocean.bulk.journal.folder", function()
  it("has a folder for runs and one for rehearsals", function()
    local function folder(values)
      return journal_folder.path(function(name) return values[name] end)
    end
    assert.equal("/h/.local/state/colua/runs", folder { HOME = "/h" })
    assert.equal("/s/colua/rehearsals", folder { XDG_STATE_HOME = "/s", CODEOCEAN_SANDBOX = "x" })
    assert.is_nil(folder {})
  end)

  it("names a journal later than all that are there, though the clock was set back", function()
    local folder = fixture.new(finally):folder()
    local getenv = os.getenv
    local own = setmetatable({}, { __index = function(_, name)
      if name == "XDG_STATE_HOME" then return folder end
      return name ~= "CODEOCEAN_SANDBOX" and getenv(name) or nil
    end })
    rawset(os, "getenv", function(name) return own[name] end)
    local ok, problem = pcall(function()
      local first = assert(journal_folder.new_path "tag")
      local runs = first:match "^(.*)/"
      for _, name in ipairs { "29991231T235959999Z-tag-abcdef.jsonl", "9999Z-mine.jsonl" } do
        process.write(runs .. "/" .. name, "")
      end
      local second = assert(journal_folder.new_path "tag")
      assert.matches("/29991231T235960000Z%-tag%-%x+%.jsonl$", second)
      assert.is_true(first < second)
    end)
    rawset(os, "getenv", getenv)
    assert.is_true(ok, problem)
  end)

  local has_strace = process.shell("strace -V").status == 0
  local it_traced = has_strace and it or pending
  it_traced("is durable with its folders before a request that writes", function()
    local here, id = deployment.with_asset()
    finally(function() here:stop() end)
    local words = { "-f", "-y", "-o", "calls", "-e", "trace=fsync,fdatasync", process.colua,
      "tag", id, "--add", "n", "--yes" }
    local result = process.run("strace", words, { cwd = here.folder,
      env = here:environment { ASAN_OPTIONS = "detect_leaks=0" } })
    assert.equal(0, result.status, result.err)
    local calls = process.read(here.folder .. "/calls")
    for _, name in ipairs { "", "/state", "/state/colua", "/state/colua/runs" } do
      local at = calls:find(here.folder .. name .. ">)", 1, true)
      assert.is_truthy(at and at < calls:find("fdatasync", 1, true), name .. "\n" .. calls)
    end
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
      local problem = journal_folder.problem(path)
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
