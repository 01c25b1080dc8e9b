-- The invariants of the tree: which files, rows and tests must exist together, and that no modules
-- require each other in a circle. Sizes, widths and walls are checked by .ci/walls.

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

  it("has one version", function()
    local version = process.read("src/version.h"):match('"(%d+%.%d+%.%d+)"')
    assert.are.equal(core.version, version)
  end)
end)
