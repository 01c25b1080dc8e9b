-- Each file of the core has a C test. The prefixes of names are checked in
-- spec/binding/names_spec.lua.

local function lines_of(command)
  local pipe = assert(io.popen(command))
  local lines = {}
  for line in pipe:lines() do lines[#lines + 1] = line end
  assert(pipe:close(), command)
  return lines
end


describe("every file of src/core", function()
  it("has a C test of its name", function()
    local sources = lines_of "ls src/core/*.c src/core/*/*.c"
    assert.is_true(#sources > 15)
    for _, path in ipairs(sources) do
      local name = path:match "src/core/([%w_/]+)%.c$"
      -- the poll set of other systems: spec/hosts/portable_spec.lua compiles it
      local test = "spec/core/" .. name:gsub("_kqueue$", "") .. "_test.c"
      local file = io.open(test)
      assert.is_truthy(file, test)
      file:close()
    end
  end)
end)
