-- The names that C files export. Each has the prefix of its folder, so that none clashes with those
-- of a host that links the library; and no C files call each other in a circle.

local circles = require "circles"
local process = require "process"

local PREFIXES = { core = "^co_", binding = "^cb_", colua = "^cl_", sandbox = "^sb_" }

local BUILD = os.getenv "BUILD" or "build"

-- What nm prints of the objects of the C files in a folder of src/; nil, why if one is missing.
local function names_of(folder)
  local code = ("for f in $(find src/%s -name '*.c'); do b=${f#src/}; "
    .. "nm -A -g %s/obj/${b%%.c}.o || exit; done"):format(folder, BUILD)
  local result = process.shell(code)
  if result.status ~= 0 then return nil, "no objects of this build: " .. result.err end
  return result.out
end

-- What is defined: {name = object}; and what each object needs: {object = list of names}.
local function read_names(text)
  local owners, needs = {}, {}
  for object, kind, name in text:gmatch "/obj/([^:\n]+)%.o:%x* +(%a) ([%w_]+)" do
    needs[object] = needs[object] or {}
    if kind == "U" then table.insert(needs[object], name) else owners[name] = object end
  end
  return owners, needs
end

-- Which object calls which: {object = list of objects}.
local function calls_of(text)
  local owners, needs = read_names(text)
  local graph = {}
  for object, names in pairs(needs) do
    graph[object] = {}
    for _, name in ipairs(names) do table.insert(graph[object], owners[name]) end
  end
  return graph
end

describe("the C of", function()
  for folder, prefix in pairs(PREFIXES) do
    it(folder .. " exports names of one prefix only", function()
      local text, why = names_of(folder)
      if not text then return pending(why) end
      local count = 0
      for name in pairs((read_names(text))) do
        count = count + 1
        local free = name == "main" or name:find "^luaopen_" or name:find "^__"
        if not free then
          assert.is_truthy(name:find(prefix), name)
        end
      end
      assert.is_true(count > 10)
    end)
  end

  it("src/ has no files that call each other in a circle", function()
    local text, why = names_of "*"
    if not text then return pending(why) end
    local graph, count = calls_of(text), 0
    for _, objects in pairs(graph) do count = count + #objects end
    assert.is_true(count > 200, count)
    assert.is_nil(circles.find(graph))
  end)
end)
