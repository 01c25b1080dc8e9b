-- The invariants of the house: what must exist together. Sizes, widths and walls are .ci/walls'.

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

-- One operation of the two dialects has two rows.
local METHOD = { search_2022 = "search" }

describe("the house", function()
  local operations = {}

  setup(function()
    local seen = {}
    for _, name in ipairs(endpoints()) do
      name = METHOD[name] or name
      if not seen[name] then operations[#operations + 1] = name end
      seen[name] = true
    end
  end)

  it("has a method, a reference row, a route and a test on the wire for each endpoint", function()
    assert.is_true(#operations >= 11, #operations)
    local methods = getmetatable(require("codeocean").client { domain = "localhost:1",
      token = "t", insecure_http = true }.data_assets)
    local documented = {}
    for _, row in ipairs(reference.rows) do documented[row.name] = true end
    local routes = process.read "src/sandbox/http/route.c"
    local wire = process.read "spec/codeocean/wire_spec.lua"
    for _, name in ipairs(operations) do
      assert.is_truthy(methods, name)
      assert.is_true(documented["assets:" .. name], name .. " has no row in the reference")
      assert.is_truthy(routes:find(('\n  {"%s",'):format(name), 1, true), name .. " has no route")
      assert.is_truthy(wire:find("assets:" .. name .. "(", 1, true)
        or wire:find("assets:" .. name .. " ", 1, true), name .. " has no test on the wire")
    end
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

  it("has one version", function()
    local version = process.read("src/version.h"):match('"(%d+%.%d+%.%d+)"')
    assert.are.equal(core.version, version)
  end)
end)
