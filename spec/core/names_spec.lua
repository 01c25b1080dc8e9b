-- The names that C files export, and a C test for every file of the core.

local build = os.getenv("BUILD") or "build"

-- Each room's prefix, and what Lua itself looks for.
local PREFIXES = { core = "co_", sandbox = "sb_" }
local ENTRIES = { luaopen_codeocean_sandbox = true }

local function lines_of(command)
  local pipe = assert(io.popen(command))
  local lines = {}
  for line in pipe:lines() do lines[#lines + 1] = line end
  assert(pipe:close(), command)
  return lines
end

local function exported(room)
  local sources = lines_of("ls src/" .. room .. "/*.c")
  local objects = {}
  for i, path in ipairs(sources) do
    objects[i] = build .. "/obj/" .. path:gsub("^src/", ""):gsub("%.c$", ".o")
  end
  local names = {}
  local command = "nm -g --defined-only -P " .. table.concat(objects, " ")
  for _, line in ipairs(lines_of(command)) do
    names[#names + 1] = line:match "^([%w_]+) %u "
  end
  return names
end


describe("exported C names", function()
  for room, prefix in pairs(PREFIXES) do
    it("of src/" .. room .. " begin with " .. prefix, function()
      local names = exported(room)
      assert.is_true(#names > 20, room)
      for _, name in ipairs(names) do
        assert.is_true(name:sub(1, #prefix) == prefix or ENTRIES[name] == true, name)
      end
    end)
  end
end)


describe("every file of src/core", function()
  it("has a C test of its name", function()
    local sources = lines_of "ls src/core/*.c"
    assert.is_true(#sources > 15)
    for _, path in ipairs(sources) do
      local name = path:match "([%w_]+)%.c$"
      -- the poll set of other systems: spec/hosts/portable_spec.lua compiles it
      local test = "spec/core/" .. name:gsub("_kqueue$", "") .. "_test.c"
      local file = io.open(test)
      assert.is_truthy(file, test)
      file:close()
    end
  end)
end)
