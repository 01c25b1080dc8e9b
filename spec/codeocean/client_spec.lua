-- The hooks of a client, and its dry run that can be switched.

local bulk = require "codeocean.bulk"
local errors = require "codeocean.error"
local fixture = require "fixture"


describe("a client's hooks", function()
  local client, assets, peer, asset, with

  local function begin(finally, options)
    with = fixture.new(finally)
    peer = with:sandbox {}
    client = with:client(peer, options)
    assets = client.data_assets
    asset = fixture.make(client)
  end

  it("are told of a write before it is sent, with the asset as it was read", function()
    begin(finally)
    local calls = {}
    client:on("write", function(call)
      calls[#calls + 1] = { call.operation, call.id, call.params.tags, call.before,
        #fixture.seen(peer, "update") }
    end)
    assert(assets:update(asset.id, { tags = { "c" } }))
    assert(assets:get(asset.id))
    assert.are.same({ { "update", asset.id, { "c" }, asset, 0 } }, calls)
  end)

  it("may refuse it", function()
    begin(finally)
    local stop = client:on("write", function(call)
      return errors.new { kind = "refused", operation = call.operation, id = call.id,
        message = "no", outcome = "not_sent" }
    end)
    local done, err = assets:delete(asset.id)
    assert.is_nil(done)
    assert.are.equal("refused", err.kind)
    assert.are.same({}, fixture.seen(peer, "delete"))
    stop()
    assert.is_true(assets:delete(asset.id))
  end)

  it("are told of each answer, of a search that finds out the dialect too", function()
    begin(finally, { dialect = "auto" })
    local answers, asked = {}, {}
    client:on("request", function(call) asked[#asked + 1] = call.operation end)
    client:on("answer", function(call, value, err)
      answers[#answers + 1] = { call.operation, value and true, err and err.kind }
    end)
    assert(assets:search {})
    assets:get(fixture.ID)
    assert(client:sleep(0))
    assert.are.same({ { "search", true }, { "get", nil, "missing" } }, answers)
    assert.are.same({ "search", "get" }, asked)
  end)

  it("see a bulk run: its plan, its writes, its report", function()
    begin(finally)
    local seen = {}
    local spec = { ids = { asset.id }, journal = false,
      change = function() return { tags = { "c" } } end }
    client:on("plan", function(plan, of)
      seen.plan = { plan.count, of == spec }
      return seen.yes
    end)
    client:on("write", function(call) seen.write = call.run == spec end)
    client:on("report", function(report, of) seen.report = { report.counts.ok, of == spec } end)
    client:on("progress", function(event) seen[event.type] = event.total end)
    seen.yes = false
    assert.is_true(assert(bulk.run(client, spec)).refused)
    assert.is_nil(seen.write)
    seen.yes = true
    assert(bulk.run(client, spec))
    assert.are.same({ yes = true, plan = { 1, true }, write = true, report = { 1, true },
      selected = 1, planned = 1, applied = 1 }, seen)
    assert.is_nil(client.run)
  end)

  it("are refused by another name", function()
    begin(finally)
    assert.has_error(function() client:on("wirte", print) end,
      "bad argument 'event' to 'on' (request, write, answer, plan, progress or report expected)")
    assert.has_error(function() client:on("write", 1) end,
      "bad argument 'fn' to 'on' (function expected, got number)")
  end)
end)


describe("a client's dry run", function()
  it("is switched on and off, also for what others hold of it", function()
    local with = fixture.new(finally)
    local peer = with:sandbox {}
    local client = with:client(peer)
    local asset, assets = fixture.make(client), client.data_assets
    assert.is_true(client:set_dry_run(true))
    assert.is_true(client.dry_run)
    local _, err = assets:archive(asset.id)
    assert.are.equal("dry_run", err.kind)
    assert.are.same({}, fixture.seen(peer, "archive"))
    assert.is_true(client:set_dry_run(false))
    assert.is_true(assets:archive(asset.id))
  end)

  it("stays where the client was made with it", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { seed = 1 }
    local client = with:client(peer, { dry_run = true })
    local done, err = client:set_dry_run(false)
    assert.is_nil(done)
    assert.are.equal("refused", err.kind)
    client.engine:hold_writes(false)
    assert.are.equal("dry_run", select(2, client.data_assets:archive(fixture.ID)).kind)
  end)
end)
