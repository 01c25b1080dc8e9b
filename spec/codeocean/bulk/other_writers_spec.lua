-- Other programs write to the assets of a run while it is under way. Their values stay, and
-- exactly what was confirmed is written.

local bulk = require "codeocean.bulk"
local fixture = require "fixture"
local json = require "codeocean.json"
local tags = require "codeocean.tags"
local undo = require "codeocean.bulk.undo"

local function add(...)
  local list = { ... }
  return function(asset) return { tags = (tags.change(asset.tags, { add = list })) } end
end

describe("while a bulk run waits for an answer,", function()
  local client, assets, peer, folder, id

  local function open(finally)
    local with = fixture.new(finally)
    folder = with:folder()
    peer = with:sandbox { ready_after = 0 }
    client = with:client(peer, { dialect = "current" })
    assets = client.data_assets
    id = fixture.make(client, { tags = { "a" }, description = "old",
      custom_metadata = { site = "x" } }).id
  end

  local function run(fields)
    local spec = { ids = { id }, journal = folder .. "/run.jsonl" }
    for name, value in pairs(fields) do spec[name] = value end
    if spec.select then spec.ids = nil end
    return bulk.run(client, spec)
  end

  -- Confirms after `edit` was done.
  local function after(edit)
    return function()
      edit()
      return true
    end
  end

  local function now() return assert(assets:get(id)) end

  it("a colleague's tag, description and metadata stay", function()
    open(finally)
    local report = assert(run { change = add "mine", confirm = after(function()
      assert(assets:update(id, { tags = { "a", "theirs" }, description = "theirs",
        custom_metadata = { rig = 3 } }))
    end) })
    assert.are.equal(1, report.counts.ok)
    assert.are.same({ "a", "theirs", "mine" }, now().tags)
    assert.are.same({ "theirs", { site = "x", rig = 3 } },
      { now().description, now().custom_metadata })
    local undone = assert(bulk.run(client, (undo.spec(report.journal))))
    assert.are.equal(1, undone.counts.ok)
    assert.are.same({ "a", "theirs" }, now().tags)
  end)

  it("a field that they changed is drift, and the asset is not touched", function()
    open(finally)
    local report = assert(run {
      change = function(asset) return { description = "mine", tags = add "m"(asset).tags } end,
      confirm = after(function() assert(assets:update(id, { description = "theirs" })) end) })
    assert.are.same({ 1, "drift" }, { report.counts.drift, report.records[1].error.kind })
    assert.are.same({ "theirs", { "a" } }, { now().description, now().tags })
  end)

  it("a value that they wrote already is unchanged, and is not undone", function()
    open(finally)
    local report = assert(run { change = add "same", confirm = after(function()
      assert(assets:update(id, { tags = { "a", "same" } }))
    end) })
    assert.are.equal(1, report.counts.unchanged)
    local undone = assert(bulk.run(client, (undo.spec(report.journal))))
    assert.are.equal(0, #undone.records)
    assert.are.same({ "a", "same" }, now().tags)
  end)

  it("the part that they wrote is not undone", function()
    open(finally)
    local function add_two(asset)
      table.move({ "same", "mine" }, 1, 2, #asset.tags + 1, asset.tags)
      return { tags = asset.tags }
    end
    local report = assert(run { change = add_two, confirm = after(function()
      assert(assets:update(id, { tags = { "a", "same" } }))
    end) })
    assert.are.equal(1, report.counts.ok)
    assert.are.same({ "a", "same", "mine" }, now().tags)
    assert(bulk.run(client, (undo.spec(report.journal))))
    assert.are.same({ "a", "same" }, now().tags)
  end)

  it("an asset that was taken out of the archive is not deleted", function()
    open(finally)
    assert(assets:archive(id))
    local report = assert(run { action = "delete", confirm = after(function()
      assert(assets:unarchive(id))
    end) })
    assert.are.equal(1, report.counts.drift)
    assert.is_truthy(report.records[1].error.message:find("no longer archived", 1, true))
    assert.are.equal(id, now().id)
  end)

  it("an asset that is taken out of the archive during the run is not deleted", function()
    open(finally)
    local second = fixture.make(client).id
    for _, one in ipairs { id, second } do assert(assets:archive(one)) end
    local report = assert(run { action = "delete", ids = { id, second }, jobs = 1,
      on_event = function(event)
        if event.type == "applied" and event.done == 1 then assert(assets:unarchive(second)) end
      end })
    assert.are.same({ 1, 1 }, { report.counts.ok, report.counts.drift })
    assert.are.equal(second, assert(assets:get(second)).id)
  end)

  it("an asset that is no longer selected is not deleted", function()
    open(finally)
    assert(assets:update(id, { tags = { "scratch" } }))
    assert(assets:archive(id))
    local report = assert(run { action = "delete", select = { query = "tag:scratch" },
      confirm = after(function() assert(assets:update(id, { tags = { "keep" } })) end) })
    assert.are.equal(1, report.counts.drift)
    assert.is_truthy(report.records[1].error.message:find("no longer selected", 1, true))
    assert.are.equal(id, now().id)
  end)

  it("an asset that is gone is missing", function()
    open(finally)
    local report = assert(run { change = add "x",
      confirm = after(function() assert(assets:delete(id)) end) })
    assert.are.equal(1, report.counts.missing)
  end)
end)

describe("a function that edits what it was given", function()
  local function edit(asset)
    table.sort(asset.tags)
    asset.tags[#asset.tags + 1] = "edited"
    asset.name, asset.description = "edited", "edited"
    asset.custom_metadata.site = "edited"
  end

  for _, asked in ipairs { false, true } do
    it("changes nothing that is written, " .. (asked and "asked" or "in one pass"), function()
      local with = fixture.new(finally)
      local peer = with:sandbox { ready_after = 0 }
      local client = with:client(peer, { dialect = "current" })
      local before = fixture.make(client, { name = "as it was", tags = { "b", "a" },
        custom_metadata = { site = "x" } })
      local function confirm(plan)
        edit { tags = plan.items[1].fields.tags.after, custom_metadata = {} }
        plan.items[1].patch.tags.added[1] = "edited"
        return true
      end
      local report = assert(bulk.run(client, {
        select = { query = "name:it" }, journal = with:folder() .. "/run.jsonl",
        confirm = asked and confirm or nil,
        where = function(asset)
          edit(asset)
          return true
        end,
        change = function(asset)
          edit(asset)
          return { tags = { "b", "a", "mine" } }
        end,
        on_event = function(event)
          if event.item and event.item.fields then event.item.fields.tags.after[1] = "edited" end
        end }))
      assert.are.equal(1, report.counts.ok)
      local now = assert(client.data_assets:get(before.id))
      assert.are.same({ "b", "a", "mine" }, now.tags)
      assert.are.same({ before.name, before.description, before.custom_metadata },
        { now.name, now.description, now.custom_metadata })
    end)
  end
end)

describe("a change of part of the metadata", function()
  it("keeps the other keys; null takes one out; replacing is said", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox { ready_after = 0 }, { dialect = "current" })
    local assets = client.data_assets
    local id = fixture.make(client, { custom_metadata = { rig = 1, site = "x", age = 4 } }).id
    local function write(wanted, fields)
      local spec = { ids = { id }, journal = false, change = function() return wanted end }
      for name, value in pairs(fields or {}) do spec[name] = value end
      local report = assert(bulk.run(client, spec))
      assert.are.equal(1, report.counts.ok)
      return assert(assets:get(id)).custom_metadata
    end
    assert.are.same({ rig = 3, site = "x", age = 4 }, write { custom_metadata = { rig = 3 } })
    assert.are.same({ rig = 3, age = 4 }, write { custom_metadata = { site = json.null } })
    assert.are.same({ rig = 3 },
      write({ custom_metadata = { rig = 3 } }, { replace_metadata = true }))
  end)
end)

describe("an archiving run", function()
  it("leaves alone an archived asset, and so does its undo", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox { ready_after = 0 }, { dialect = "current" })
    local assets = client.data_assets
    local first, second = fixture.make(client).id, fixture.make(client).id
    assert(assets:archive(first))
    local report = assert(bulk.run(client, { ids = { first, second }, action = "archive",
      journal = with:folder() .. "/run.jsonl" }))
    assert.are.same({ "unchanged", "ok" },
      { report.records[1].status, report.records[2].status })
    assert.are.equal(2, #assets:all { archived = true })
    assert(bulk.run(client, (undo.spec(report.journal))))
    local left = assert(assets:all { archived = true })
    assert.are.same({ 1, first }, { #left, left[1].id })
  end)

  it("looks among the archived to take something out", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox { ready_after = 0 }, { dialect = "current" })
    local id = fixture.make(client, { name = "hidden" }).id
    assert(client.data_assets:archive(id))
    local report = assert(bulk.run(client, { select = { query = "name:hidden" },
      action = "unarchive", journal = false }))
    assert.are.equal(1, report.counts.ok)
    assert.are.same({}, { table.unpack(client.data_assets:all { archived = true }) })
  end)
end)

describe("two runs at once over the same assets", function()
  it("leave both tags where neither reads in the other's round trip", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { seed = 40, ready_after = 0 }
    local first = with:client(peer, { dialect = "current" })
    local second = with:client(peer, { dialect = "current" })
    local ids = {}
    for asset in first.data_assets:each() do ids[#ids + 1] = asset.id end
    assert.is_true(#ids > 30)
    local inner
    local report = assert(bulk.run(first, { ids = ids, journal = false, change = add "one",
      confirm = function()
        inner = assert(bulk.run(second, { ids = ids, journal = false, change = add "two" }))
        return true
      end }))
    assert.are.same({ #ids, #ids }, { report.counts.ok, inner.counts.ok })
    for _, id in ipairs(ids) do
      local list = assert(first.data_assets:get(id)).tags
      assert.are.same({ "two", "one" }, { list[#list - 1], list[#list] })
    end
  end)
end)

describe("a verification", function()
  it("writes again the values that another writer put back", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { seed = 0, ready_after = 0 }
    local client = with:client(peer, { dialect = "current" })
    local id = fixture.make(client, { tags = { "a" } }).id
    local other = with:client(peer, { dialect = "current" })
    local lost = false
    local report = assert(bulk.run(client, { ids = { id }, verify = true, change = add "mine",
      journal = with:folder() .. "/run.jsonl", on_event = function(event)
        if event.type == "applied" and not lost then
          lost = true
          assert(other.data_assets:update(id, { tags = { "a", "theirs" } }))
        end
      end }))
    assert.is_true(lost)
    assert.are.same({ 1, 1 }, { report.counts.ok, report.repaired })
    assert.are.same({ "a", "theirs", "mine" }, client.data_assets:get(id).tags)
    assert.are.same({ "mine" }, { table.unpack(report.records[1].patch.tags.added) })
    assert(bulk.run(client, (undo.spec(report.journal))))
    assert.are.same({ "a", "theirs" }, client.data_assets:get(id).tags)
  end)
end)

-- A gateway leaves fields out of what the server answers; other servers leave out what is empty.
describe("an answer without a field", function()
  local SHOWN = '{"id":"%s","name":"n","mount":"m"%s}'
  local PAGE = '{"has_more":false,"results":[%s]}'
  local NO_ROW = { page = true }

  local function row(more) return { page = SHOWN:format(fixture.ID, more) } end

  local function run(finally, answers, spec)
    local with = fixture.new(finally)
    local list = {}
    for i, more in ipairs(answers) do
      local body = type(more) == "string" and SHOWN:format(fixture.ID, more)
        or PAGE:format(more == NO_ROW and "" or more.page)
      list[i] = fixture.answer("200 OK", body)
    end
    if spec.change().custom_metadata then -- the deployment has no schema
      table.insert(list, 2, fixture.answer("404 Not Found", "{}"))
    end
    local server = with:server(list)
    local client = with:client(server, { dialect = "current", retries = 0 })
    spec.ids, spec.journal = { fixture.ID }, with:folder() .. "/run.jsonl"
    local report, requests = assert(bulk.run(client, spec)), {}
    for i = 1, #list do requests[i] = server:request() end
    return report, requests
  end

  -- What the last request sent.
  local function sent(requests) return requests[#requests]:match("\r\n\r\n(.*)$") end

  local function failure(report)
    local record = report.records[1]
    assert.are.same({ "failed", "decode", "not_sent" },
      { record.status, record.error.kind, record.error.outcome })
    return record.error.message
  end

  local function tag() return { tags = { "x" } } end
  local function metadata() return { custom_metadata = { rig = 3 } } end
  local function description() return { description = "new" } end

  local EDITS = {
    { "tags", tag, '"tags":["a"]', '"tags":[]', '"tags":["x"]',
      '{"name":"n","mount":"m","tags":["x"]}' },
    { "custom_metadata", metadata, '"custom_metadata":{"site":"x"}', '"custom_metadata":{}',
      '"custom_metadata":{"rig":3}', '{"name":"n","mount":"m","custom_metadata":{"rig":3}}' },
    { "description", description, '"description":"old"', '"description":""',
      '"description":"new"', '{"name":"n","description":"new","mount":"m"}' },
  }
  for _, edit in ipairs(EDITS) do
    local field, change, full, empty, after, body = table.unpack(edit)
    local others = field == "tags" and "" or ',"tags":[]'
    local wanted = field == "tags" and body or body:gsub('"mount":"m"', '%0,"tags":[]')

    it(field .. ": a search shows what the read left out, and nothing is sent", function()
      local report = run(finally, { others, row("," .. full) }, { change = change })
      assert.matches(field .. ": the server's answer has none, another", failure(report), 1, true)
    end)

    it(field .. ": so does another read where the search finds nothing", function()
      local report = run(finally, { others, NO_ROW, others .. "," .. full }, { change = change })
      assert.matches(field .. ": the server's answer has none, another", failure(report), 1, true)
    end)

    it(field .. ": nor when only the read just before the write lacks it", function()
      local report = run(finally, { others .. "," .. empty, others, row("," .. full) },
        { change = change, confirm = function() return true end })
      assert.matches(field .. ": the server's answer has none, another", failure(report), 1, true)
    end)

    for what, second in pairs { ["left out"] = row "", ["empty"] = row("," .. empty) } do
      it(field .. ": a search has it " .. what .. " too: it counts as empty", function()
        local report, requests = run(finally, { others, second, others .. "," .. after },
          { change = change })
        assert.are.equal(1, report.counts.ok, tostring(report.records[1].error))
        assert.are.same(json.decode(wanted), json.decode(sent(requests)))
      end)
    end
  end

  it("has its tags replaced by a whole list, and another field written beside them", function()
    local report = run(finally, { "", ',"tags":["x"]' }, { change = function()
      return { tags = { "x" } }
    end, whole_tags = true })
    assert.are.equal(1, report.counts.ok)
    local requests
    report, requests = run(finally, { "", ',"name":"new"' }, { change = function()
      return { mount = "new" }
    end })
    assert.are.equal(1, report.counts.conflict) -- the answer has another mount
    assert.are.equal('{"name":"n","mount":"new"}', sent(requests))
  end)

  it("may leave out the metadata whose last key was taken away", function()
    local report = run(finally, { ',"tags":[],"custom_metadata":{"rig":3}', ',"tags":[]' },
      { change = function() return { custom_metadata = { rig = json.null } } end })
    assert.are.equal(1, report.counts.ok, tostring(report.records[1].error))
  end)
end)
