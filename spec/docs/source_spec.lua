-- The reference and the source have the same names: everything documented exists, everything
-- public is documented.

local codeocean = require "codeocean"
local core = require "codeocean.core"
local process = require "process"
local reference = require "codeocean.reference"
local sandbox = require "codeocean.sandbox"

local function sources(names)
  local pipe = assert(io.popen("find " .. names .. " -name '*.lua' -o -name '*.c' | sort"))
  local texts = {}
  for path in pipe:lines() do texts[path] = process.read(path) end
  pipe:close()
  assert(next(texts), names)
  return texts
end

local function set_of(list, field)
  local set = {}
  for _, entry in ipairs(list) do set[field and entry[field] or entry] = true end
  return set
end

local function rows_of(names)
  local rows = {}
  for i, name in ipairs(names) do rows[i] = { name } end
  return rows
end

local function collect(set, text, pattern)
  for name in text:gmatch(pattern) do set[name] = true end
end

local function fields_of(name)
  return set_of(assert(reference.shape(name), name).fields, 1)
end


describe("the reference and the source", function()
  it("have the same kinds of error", function()
    local raised = set_of(core.kinds())
    assert.is_true(raised.auth and raised.memory)
    for path, text in pairs(sources "lua") do
      if not path:find("/reference", 1, true) then
        collect(raised, text, '[^%w]kind = "([%l_]+)"')
        collect(raised, text, 'failure%("([%l_]+)"')
        collect(raised, text, 'find_error%("([%l_]+)"')
      end
    end
    assert.are.same(raised, set_of(reference.KINDS, 1))
    for _, kind in ipairs(reference.ANYTIME) do assert.is_true(set_of(core.kinds())[kind], kind) end
  end)

  it("have the same variables of the environment", function()
    local used = {}
    for _, text in pairs(sources "lua scripts src") do
      collect(used, text, '[gs]?etenv[ (]+"([%u_]+)"')
      collect(used, text, '[^%w]env%("([%u_]+)"')
      collect(used, text, 'export_field%(L, "%l+", "([%u_]+)"')
      collect(used, text, '"=(LUA_INIT)"')
      collect(used, text, 'CAPSULE = { "([%u_]+)"')
    end
    used.LUA_PATH, used.LUA_CPATH = true, true -- Lua's own library reads these
    assert.are.same(used, set_of(reference.ENVIRONMENT, 1))
  end)

  it("have the same names in every table of options", function()
    local tables = {
      ["codeocean.ClientOptions"] = require("codeocean.config").options,
      ["codeocean.BulkSpec"] = require("codeocean.bulk.options").OPTIONS,
      ["codeocean.MapOptions"] = require("codeocean.tasks.map").OPTIONS,
      ["codeocean.OutputOptions"] = require("codeocean.output").OPTIONS,
      ["codeocean.TagChanges"] = require("codeocean.tags").CHANGES,
      ["codeocean.Asset"] = rows_of(require("codeocean.assets.fields").NAMES),
      ["codeocean.Search"] = require("codeocean.assets.search").PARAMS,
      ["codeocean.Changes"] = require("codeocean.assets.update").FIELDS,
      ["codeocean.UpdateOptions"] = require("codeocean.assets.update").OPTIONS,
      ["codeocean.CreateOptions"] = require("codeocean.assets.create").OPTIONS,
      ["codeocean.WaitOptions"] = require("codeocean.assets.wait").OPTIONS,
    }
    for shape, rows in pairs(tables) do
      assert.are.same(set_of(rows, 1), fields_of(shape), shape)
      for _, field in ipairs(reference.shape(shape).fields) do
        for _, row in ipairs(rows) do
          local same = row[1] ~= field[1] or field.default == nil or field.default == row[2]
          assert.is_true(same, shape .. "." .. field[1])
        end
      end
    end
  end)

  it("have the same options and faults of a sandbox", function()
    local options, faults, kinds = { dialect = true, buckets = true }, {}, {}
    collect(options, process.read "src/sandbox/loptions.c", '\n  {"([%l_]+)", +SB_')
    assert.are.same(options, fields_of "codeocean.SandboxOptions")
    local text = process.read "src/sandbox/lfault.c"
    collect(faults, text, '\n  {"([%l_]+)", +SB_')
    for _, name in ipairs { "others", "common" } do
      local list = text:match(name .. "%[%] = {(.-)}")
      collect(faults, list, '"([%l_]+)"')
    end
    assert.are.same(faults, fields_of "codeocean.Fault")
    collect(kinds, process.read "src/sandbox/fault_kinds.c", '\n  {"([%l_]+)", +%l+, ')
    assert.are.same(kinds, set_of(reference.values { "kind", "codeocean.FaultKind" }))
  end)

  it("have the same statuses", function()
    local numbers = {}
    for _, status in pairs(require "codeocean.cli.status") do
      if type(status) == "number" then numbers[status] = true end
    end
    assert.are.same(numbers, set_of(reference.STATUSES, 1))
    assert.are.same(set_of(require("codeocean.bulk").STATUSES),
      set_of(reference.values { "status", "codeocean.Status" }))
  end)

  it("know every type they name", function()
    local known = { ["codeocean.Kind"] = true, ["codeocean.json"] = true }
    for _, list in ipairs { reference.shapes, reference.choices } do
      for _, entry in ipairs(list) do known[entry.name] = true end
    end
    local function check(entries)
      for _, entry in ipairs(entries or {}) do
        assert.are.equal("string", type(entry[3]), entry[1])
        for name in entry[2]:gmatch("codeocean%.%w+") do assert.is_true(known[name], name) end
      end
    end
    for _, row in ipairs(reference.rows) do
      check(row.params)
      check(row.returns)
    end
    for _, shape in ipairs(reference.shapes) do check(shape.fields) end
  end)

  -- The comment above a function is its contract in the source.
  it("name the same sections of the API's page", function()
    local text, checked = process.read "lua/codeocean/assets/init.lua", 0
    for _, row in ipairs(reference.of_section "assets") do
      local name = row.name:match("%a[%w_]*$")
      local place = assert(text:find("function Assets:" .. name .. "(", 1, true), name)
      local comment = text:sub(1, place - 1):match(".*\n(%-%-%- .*)$")
      local flat = comment:gsub("\n%-%-", " "):gsub("%s+", " ")
      assert.is_truthy(flat:find(row.api, 1, true), name .. ": " .. row.api)
      checked = checked + 1
    end
    assert.is_true(checked > 10)
  end)
end)


describe("the tables that come back", function()
  local box, client

  setup(function()
    box = sandbox.start { seed = 60 }
    client = assert(codeocean.client { domain = box.url, token = box.token })
  end)

  teardown(function()
    client:close()
    box:stop()
  end)

  local function documented(value, name)
    local known, count = fields_of(name), 0
    for field in pairs(value) do
      assert.is_true(known[field], ("%s.%s"):format(name, field))
      count = count + 1
    end
    assert.is_true(count > 0, name)
  end

  it("have documented fields only", function()
    local page = client.data_assets:search { limit = 1000 }
    documented(page, "codeocean.Page")
    local seen = 0
    for row in client.data_assets:each { archived = "any" } do
      documented(client.data_assets:get(row.id), "codeocean.Asset")
      seen = seen + 1
    end
    assert.are.equal(60, seen)
    documented(client.data_assets:get_permissions(page.results[1].id), "codeocean.Permissions")
    documented(client:stats(), "codeocean.Stats")
    documented(box:stats(), "codeocean.SandboxStats")
    documented(box:requests()[1], "codeocean.SandboxRequest")
    documented(select(2, client.data_assets:get(("0"):rep(32))), "codeocean.Error")
  end)

  it("have documented fields only after a bulk run", function()
    local plan, events = nil, {}
    local report = require("codeocean.bulk").run(client, { select = {}, all = true, limit = 3,
      journal = false,
      change = function() return { description = "x" } end,
      confirm = function(asked)
        plan = asked
        return true
      end,
      on_event = function(event) events[#events + 1] = event end })
    documented(report, "codeocean.BulkReport")
    documented(report.records[1], "codeocean.BulkRecord")
    documented(plan, "codeocean.Plan")
    documented(events[#events], "codeocean.BulkEvent")
  end)
end)
