-- The invariants of the tree: which files, rows and tests must exist together, and that no modules
-- require each other in a circle. Sizes, widths and walls are checked by .ci/walls.

local circles = require "circles"
local core = require "codeocean.core"
local process = require "process"
local reference = require "codeocean.reference"

local function lines_of(command)
  local list = {}
  for line in process.shell(command).out:gmatch("[^\n]+") do list[#list + 1] = line end
  return list
end

local function exists(path)
  local file = io.open(path)
  return file ~= nil and file:close()
end

-- The names in the rows of co_endpoints.
local function endpoints()
  local text = process.read "src/core/endpoint.c"
  local rows, names = text:match("co_endpoints%[%] = {(.-)\n};"), {}
  for name in rows:gmatch('{%.name = "([%w_]+)"') do names[#names + 1] = name end
  return names
end

-- Rows that are called through a method of another name.
local METHOD = { search_2022 = "search", search_capsules = "uses" }

local function method_of(name) return METHOD[name] or name end

-- The one require that leads upwards: bulk.main, the face of a user's script, loads the command
-- line when it is called.
local DOOR = { ["codeocean.bulk"] = "codeocean.cli.bulk" }

local function module_of(path)
  return (path:gsub("^lua/", ""):gsub("%.lua$", ""):gsub("/init$", ""):gsub("/", "."))
end

-- Which module of lua/ requires which, at its load or later: {module = list of modules}.
local function requires()
  local graph = {}
  for _, path in ipairs(lines_of "find lua -name '*.lua'") do
    local own, list = module_of(path), {}
    local code = process.read(path):gsub("%-%-[^\n]*", "")
    for name in code:gmatch 'require *%(? *"([%w_.]+)"' do
      if DOOR[own] ~= name then list[#list + 1] = name end
    end
    graph[own] = list
  end
  return graph
end

describe("the house", function()
  local operations

  setup(function() operations = endpoints() end)

  -- Asserts that check(name) holds for each operation; `what` is what it has then.
  local function each_has(what, check)
    assert.is_true(#operations >= 12, #operations)
    for _, name in ipairs(operations) do
      assert.is_truthy(check(name), name .. " has no " .. what)
    end
  end

  it("has a method for each endpoint", function()
    local client <close> = require("codeocean").client { domain = "localhost:1", token = "t",
      insecure_http = true }
    each_has("method", function(name)
      name = method_of(name)
      return client.data_assets[name] or client[name]
    end)
  end)

  it("has a reference row for each endpoint", function()
    local documented = {}
    for _, row in ipairs(reference.rows) do documented[row.name] = true end
    each_has("row in the reference", function(name)
      name = method_of(name)
      return documented["assets:" .. name] or documented["client:" .. name]
    end)
  end)

  it("has a route in the sandbox for each endpoint", function()
    local routes = process.read "src/sandbox/http/route.c"
    local function has(name) return routes:find(('\n  {"%s",'):format(name), 1, true) end
    each_has("route", function(name) return has(name) or has(method_of(name)) end)
  end)

  it("has a test on the wire for each endpoint", function()
    local wire = process.read "spec/codeocean/wire_spec.lua"
    each_has("test on the wire", function(name)
      return wire:find(('request("%s"'):format(name), 1, true)
        or wire:find(":" .. method_of(name) .. "%f[^%w_]")
    end)
  end)

  it("has a spec for each module and each command, under its name", function()
    local missing = {}
    for _, path in ipairs(lines_of "find lua scripts -name '*.lua' -not -path '*/reference/*'") do
      local spec = "spec/" .. path:gsub("^lua/", ""):gsub("%.lua$", "_spec.lua")
      if not exists(spec) then missing[#missing + 1] = spec end
    end
    table.sort(missing)
    assert.are.same({}, missing)
  end)

  it("has no modules that require each other in a circle", function()
    local graph, count = requires(), 0
    for _, list in pairs(graph) do count = count + #list end
    assert.is_true(count > 500, count)
    assert.is_nil(circles.find(graph))
  end)

  it("keeps its walls: no room includes, requires or calls upwards", function()
    local result = process.shell ".ci/walls"
    assert.are.same({ 0, "walls: hold\n" }, { result.status, result.out })
  end)

  it("has one version", function()
    local version = process.read("src/version.h"):match('"(%d+%.%d+%.%d+)"')
    assert.are.equal(core.version, version)
  end)
end)
