-- The error that an unsupported Lua gets from each module that programs require.

local process = require "process"

local ENTRIES = { "codeocean", "codeocean.bulk", "codeocean.tags", "codeocean.ids",
  "codeocean.json", "codeocean.output", "codeocean.input.sheet", "codeocean.loop",
  "codeocean.loop.haproxy", "codeocean.sandbox" }

-- The message of each entry in `program`, once.
local function said(program)
  local seen, list = {}, {}
  for _, name in ipairs(ENTRIES) do
    local result = process.run(program, { "-e",
      ("package.path = 'lua/?.lua;lua/?/init.lua' require '%s'"):format(name) })
    local line = result.err:match "^[^:]+: ([^\n]+)" or result.err
    if not seen[line] then list[#list + 1] = line end
    seen[line] = true
  end
  return list
end

describe("another Lua", function()
  local function is_told(programs, wanted)
    local tried = 0
    for _, program in ipairs(programs) do
      if process.shell("command -v " .. program).status == 0 then
        tried = tried + 1
        assert.are.same({ wanted }, said(program))
      end
    end
    if tried == 0 then pending("not here: " .. table.concat(programs, ", ")) end
  end

  it("gets an error at each entry that names what the module needs", function()
    is_told({ "lua5.1", "luajit" }, "codeocean needs Lua 5.3, 5.4 or 5.5, this is Lua 5.1, whose "
      .. "numbers have no 64-bit integers; run `colua … --jsonl` as a program instead")
  end)

  it("5.2 gets it too", function()
    is_told({ "lua5.2" }, "codeocean needs Lua 5.3, 5.4 or 5.5, this is Lua 5.2, whose "
      .. "numbers have no 64-bit integers; run `colua … --jsonl` as a program instead")
  end)

  it("gets an error that names the files for Lua 5.3 if they are missing", function()
    is_told({ "lua5.3" }, "codeocean for Lua 5.3 is made by `make rock LUA_VERSION=5.3`, these "
      .. "files are for 5.4")
  end)
end)
