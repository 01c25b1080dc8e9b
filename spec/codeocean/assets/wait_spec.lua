-- wait_until_ready: drafts, failures, time-outs, pushed-back polls.

local core = require "codeocean.core"
local fixture = require "fixture"

local ID = fixture.ID

local function open(finally, sandbox, options)
  local with = fixture.new(finally)
  local peer = with:sandbox(sandbox)
  return with:client(peer, options), peer
end

local function draft(client, bucket)
  return assert(client.data_assets:create { name = "draft", mount = "m", tags = {},
    source = { aws = { bucket = bucket or "public" } } })
end

describe("wait_until_ready", function()
  local SOON = { timeout = 20, interval = 0.02 }

  it("returns the asset once it is ready", function()
    local client, peer = open(finally, { ready_after = 0.1 })
    local asset = draft(client)
    assert.equal("draft", asset.state)
    local ready = assert(client.data_assets:wait_until_ready(asset.id, SOON))
    assert.equal("ready", ready.state)
    assert.equal(asset.id, ready.id)
    assert.is_true(#fixture.seen(peer, "get") >= 2)
  end)

  it("returns a ready asset at once", function()
    local client, peer = open(finally, { ready_after = 0 })
    local asset = draft(client)
    assert(client.data_assets:wait_until_ready(asset.id))
    assert.equal(1, #fixture.seen(peer, "get"))
  end)

  it("reports a failed asset with the server's reason", function()
    local client = open(finally, { ready_after = 0.05, buckets = { "public" } })
    local asset = draft(client, "no-such-bucket")
    local ready, err = client.data_assets:wait_until_ready(asset.id, SOON)
    assert.is_nil(ready)
    assert.equal("failed", err.kind)
    assert.equal(asset.id, err.id)
    assert.matches("no%-such%-bucket", err.message)
    assert.equal("failed", err.data.state)
  end)

  it("reports a missing asset after one request", function()
    local client, peer = open(finally)
    local _, err = client.data_assets:wait_until_ready(ID, SOON)
    assert.equal("missing", err.kind)
    assert.equal(1, #peer:requests())
  end)

  it("gives up in time, also with a slow server", function()
    local client, peer = open(finally, { latency = 0.1 })
    peer:fault { kind = "stuck_draft", operation = "create" }
    local asset = draft(client)
    local began = core.now()
    local _, err = client.data_assets:wait_until_ready(asset.id, { timeout = 0.4, interval = 0.01 })
    assert.equal("timeout", err.kind)
    assert.equal("wait_until_ready", err.operation)
    assert.equal(asset.id, err.id)
    assert.is_true(core.now() - began < 20, core.now() - began)
  end)

  it("goes on after errors that pass", function()
    local client, peer = open(finally, { ready_after = 0.05 }, { retries = 0 })
    local asset = draft(client)
    for _, status in ipairs { 429, 500, 503 } do
      peer:fault { kind = "status", status = status, operation = "get" }
    end
    peer:fault { kind = "reset_before", operation = "get" }
    assert(client.data_assets:wait_until_ready(asset.id, SOON))
    assert.is_true(#fixture.seen(peer, "get") >= 5)
  end)

  it("ends at once if Retry-After lies beyond its time", function()
    local client, peer = open(finally)
    local ids = { draft(client).id, draft(client).id }
    peer:fault { kind = "status", status = 429, retry_after = 1000000000, operation = "get",
      count = -1 }
    local began = core.now()
    local _, errs = client.data_assets:wait_until_ready(ids, { timeout = 600 })
    assert.is_true(core.now() - began < 5)
    for i = 1, 2 do
      assert.equal("throttled", errs[i].kind)
      assert.is_true(errs[i].retry_after > 600)
    end
  end)

  it("ends at once if no server has answered yet", function()
    local with = fixture.new(finally)
    local client = with:client(with:nobody(), { retries = 0 })
    local began = core.now()
    local _, err = client.data_assets:wait_until_ready(ID, { timeout = 60, interval = 20 })
    assert.equal("network", err.kind)
    assert.is_true(core.now() - began < 20)
  end)

  it("waits for a Retry-After within its time", function()
    local client, peer = open(finally, { ready_after = 0 }, { deadline = 0.3 })
    local asset = draft(client)
    peer:fault { kind = "status", status = 429, retry_after = 1, operation = "get" }
    assert(client.data_assets:wait_until_ready(asset.id, SOON))
  end)

  it("reports the last failure when the time is over", function()
    local client, peer = open(finally, { ready_after = 0 }, { retries = 0 })
    local asset = draft(client)
    peer:fault { kind = "status", status = 503, operation = "get", count = -1 }
    local _, err = client.data_assets:wait_until_ready(asset.id, { timeout = 0.2, interval = 0.02 })
    assert.equal("timeout", err.kind)
    assert.is_truthy(err.message:find("not ready after 0 s; the last try: ", 1, true))
    assert.is_truthy(err.message:find("server 503", 1, true))
  end)

  it("waits for many at once, results and errors by place", function()
    local client = open(finally, { ready_after = 0.1, buckets = { "public" } })
    local one, two, bad = draft(client), draft(client), draft(client, "gone")
    local assets, errs = client.data_assets:wait_until_ready(
      { one.id, bad.id, two.id, ID, one.id }, SOON)
    assert.equal(5, assets.n)
    assert.same({ one.id, two.id, one.id }, { assets[1].id, assets[3].id, assets[5].id })
    assert.equal("failed", errs[2].kind)
    assert.equal("missing", errs[4].kind)
    assert.is_nil(errs[1])
    assert.is_nil(assets[2])
  end)

  it("of an empty list is an empty list", function()
    local client = open(finally)
    assert.same({ n = 0 }, (client.data_assets:wait_until_ready({})))
  end)

  it("waits inside tasks too", function()
    local client = open(finally, { ready_after = 0.1 })
    local results, errs = client:map({ 1, 2, 3 }, function()
      return client.data_assets:wait_until_ready(draft(client).id, SOON)
    end)
    assert.same({}, errs)
    for i = 1, 3 do assert.equal("ready", results[i].state) end
  end)

  it("ends when the client is cancelled", function()
    local client
    local turns = 0
    client = open(finally, { ready_after = 100 }, { wait = function(it)
      turns = turns + 1
      it:step(0.02)
      if turns > 20 then it:cancel() end
    end })
    local asset = draft(client)
    turns = 0
    local _, err = client.data_assets:wait_until_ready(asset.id, { interval = 60 })
    assert.equal("cancelled", err.kind)
  end)

  it("names a wrong argument at the caller", function()
    local client, peer = open(finally)
    for _, row in ipairs { { "id", "x" }, { "id", nil }, { "id[2]", { ID, "../x" } } } do
      local ok, problem = pcall(function()
        return (client.data_assets:wait_until_ready(row[2]))
      end)
      assert.is_false(ok)
      assert.is_truthy(problem:find(("bad argument '%s' to 'wait_until_ready'"):format(row[1]), 1,
        true))
      assert.matches("wait_spec%.lua:%d+:", problem)
    end
    assert.equal(0, #peer:requests())
  end)
end)
