-- Each kind of event of a bulk run has the fields that the reference documents.

local bulk = require "codeocean.bulk"
local codeocean = require "codeocean"
local reference = require "codeocean.reference"
local sandbox = require "codeocean.sandbox"

-- The fields of BulkEvent, {name = whether each event has it}.
local function promised()
  for _, shape in ipairs(reference.shapes) do
    if shape.name == "codeocean.BulkEvent" then
      local fields = {}
      for _, field in ipairs(shape.fields) do fields[field[1]] = field[2]:sub(-1) ~= "?" end
      return fields
    end
  end
end

-- The fields of each kind, sorted; all events of a kind have the same.
local function fields_by_type(events)
  local found = {}
  for _, event in ipairs(events) do
    local names = {}
    for name in pairs(event) do names[#names + 1] = name end
    table.sort(names)
    local text = table.concat(names, " ")
    assert.are.equal(found[event.type] or text, text)
    found[event.type] = text
  end
  return found
end

describe("the events of a bulk run", function()
  local events

  setup(function()
    local server <close> = sandbox.start { seed = 12 }
    local client <close> = assert(codeocean.client { domain = server.url, token = server.token })
    events = {}
    assert(bulk.run(client, { select = {}, all = true,
      confirm = function() return true end, limit = 5, journal = false,
      change = function() return { description = "x" } end,
      on_event = function(event) events[#events + 1] = event end }))
    assert.are.equal(1 + 5 + 5, #events)
  end)

  it("have each field that the reference promises", function()
    local fields = promised()
    for _, event in ipairs(events) do
      for name, always in pairs(fields) do
        if always then assert.is_not_nil(event[name], event.type .. ": " .. name) end
      end
      for name in pairs(event) do assert.is_not_nil(fields[name], event.type .. ": " .. name) end
    end
  end)

  it("have an item when an asset was dealt with, and errors when it was written", function()
    assert.are.same({ selected = "done total type", planned = "done item total type",
      applied = "done errors item total type" }, fields_by_type(events))
  end)

  it("count from 0 to the number of assets", function()
    local counts = {}
    for i, event in ipairs(events) do
      counts[i] = event.done
      assert.are.equal(5, event.total)
    end
    assert.are.same({ 0, 1, 2, 3, 4, 5, 1, 2, 3, 4, 5 }, counts)
  end)
end)

describe("the calls of a bulk run", function()
  local function two_ids(client)
    local ids = {}
    for asset in client.data_assets:each { archived = false, limit = 2 } do
      ids[#ids + 1] = asset.id
    end
    assert.are.equal(2, #ids)
    return ids
  end

  it("bear its name in hooks, and writes by its functions do not", function()
    local server <close> = sandbox.start { seed = 2 }
    local client <close> = assert(codeocean.client { domain = server.url, token = server.token })
    local ids, told = two_ids(client), {}
    client:on("write", function(call)
      local text = call.params.description
      told[text] = call.run == nil and "direct" or call.run.name
    end)
    assert(bulk.run(client, { ids = { ids[1] }, name = "mine", journal = false,
      change = function()
        assert(client.data_assets:update(ids[2], { description = "by the change" }))
        return { description = "by the run" }
      end }))
    assert.are.same({ ["by the change"] = "direct", ["by the run"] = "mine" }, told)
  end)

  -- The first run ends between the plan and the write of the second.
  it("bear the name of their own run while others begin and end", function()
    local server <close> = sandbox.start { seed = 2 }
    local client <close> = assert(codeocean.client { domain = server.url, token = server.token })
    local ids, told = two_ids(client), {}
    local function tell(call)
      told[#told + 1] = ("%s %s"):format(call.operation, call.run and call.run.name)
    end
    client:on("write", tell)
    local function run(name, id)
      return coroutine.create(function()
        assert(bulk.run(client, { ids = { id }, name = name, action = "archive", journal = false,
          confirm = coroutine.yield }))
      end)
    end
    local first, second = run("first", ids[1]), run("second", ids[2])
    assert(coroutine.resume(first))
    assert(coroutine.resume(second))
    assert(coroutine.resume(first, true))
    assert(coroutine.resume(second, true))
    client:on("request", tell)
    assert(client.data_assets:get(ids[1]))
    assert.are.same({ "archive first", "archive second", "get nil" }, told)
  end)
end)
