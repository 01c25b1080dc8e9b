-- Creates with a journal: requests and intents are written before anything is sent, outcomes after
-- it; and runs that were interrupted.

local codeocean = require "codeocean"
local creates = require "codeocean.bulk.journal.creates"
local earlier = require "codeocean.bulk.journal.earlier_creates"
local fixture = require "fixture"
local journals = require "codeocean.bulk.journal"
local process = require "process"

local function request(name, more)
  local params = { name = name, mount = name, tags = codeocean.json.array {},
    source = { aws = { bucket = "open-neuro" } } }
  for key, value in pairs(more or {}) do params[key] = value end
  return params
end

describe("a run of creates", function()
  local with, peer, client, path

  before_each(function()
    with = fixture.new()
    peer = with:sandbox { ready_after = 0 }
    client = with:client(peer, { dialect = "current", retries = 0 })
    path = with:folder() .. "/create.jsonl"
  end)
  after_each(function() with:close() end)

  local function begin(list, options)
    local own = { journal = path }
    for name, value in pairs(options or {}) do own[name] = value end
    return assert(creates.begin(client, list, own))
  end

  -- Creates the requests of these places; what create() gave for each.
  local function create(run, from, to)
    local places = {}
    for i = from, to do places[#places + 1] = i end
    return client:map(places, function(i) return run:create(i) end, { jobs = 4 })
  end

  local function posted()
    local count = 0
    for _, sent in ipairs(peer:requests()) do
      if sent.method == "POST" and sent.path:find "/data_assets$" then count = count + 1 end
    end
    return count
  end

  -- The journal as a kill leaves it, and another client.
  local function cut(run)
    run.commit:stop()
    assert(run.journal:flush())
    run.journal:close()
    client = with:client(peer, { dialect = "current", retries = 0 })
  end

  it("holds every request before the first is sent, without its secrets", function()
    local keys = { source = { aws = { bucket = "b", access_key_id = "AKIAKEY",
      secret_access_key = "hush" } } }
    local run = begin({ request "a", request("b", keys) }, { note = "why" })
    assert.are.equal(0, #peer:requests())
    local ledger = assert(journals.read(path))
    assert.are.same({ "create", 2, true, "why" }, { ledger.header.action, ledger.count,
      ledger.confirmed, ledger.header.note })
    assert.are.equal("b", ledger:record(2).request.name)
    assert.are.equal("***", ledger:record(2).request.source.aws.secret_access_key)
    local found = create(run, 1, 2)
    assert(run:finish())
    local text = process.read(path)
    assert.is_nil(text:find "hush")
    assert.is_nil(text:find "AKIAKEY")
    ledger = assert(journals.read(path))
    assert.are.equal("done", ledger.ended)
    assert.are.same({ ok = 2 }, ledger.counts)
    assert.are.equal(found[2].id, ledger:record(2).id)
    assert.are.equal("hush", codeocean.json.decode(peer:requests()[2].body).source.aws
      .secret_access_key)
  end)

  it("creates requests that were not begun, and no request twice", function()
    local list = { request "a", request "b", request "c" }
    local run = begin(list)
    local before = create(run, 1, 2)
    cut(run)
    run = assert(creates.resume(client, path))
    local after = create(run, 1, 3)
    assert(run:finish())
    assert.are.equal(3, posted())
    assert.are.same({ before[1].id, before[2].id }, { after[1].id, after[2].id })
    assert.are.equal("c", after[3].name)
  end)

  it("finds the asset of a request under way and does not create it again", function()
    local run = begin { request "a", request "b", request "b" }
    local there = assert(client.data_assets:create(request "b"))
    for i = 1, 3 do
      run.journal:intend(i, { name = run.requests[i].name, request = run.requests[i],
        at = os.time() - 600 })
    end
    cut(run)
    run = assert(creates.resume(client, path))
    local found = create(run, 1, 3)
    assert(run:finish())
    assert.are.equal(3, posted())
    assert.are.equal(there.id, found[2].id)
    assert.are_not.equal(there.id, found[3].id)
  end)

  it("waits for a late request, though the clock is half a minute wrong", function()
    local run = begin { request "a" }
    run.journal:intend(1, { name = "a", request = run.requests[1], at = os.time() - 30 })
    cut(run)
    local there
    client:on("answer", function(call)
      if there or call.operation ~= "search" then return end
      there = assert(client.data_assets:create(request "a"))
      client.data_assets.created = require("codeocean.assets.created_ids").new()
    end)
    run = assert(creates.resume(client, path))
    local found = create(run, 1, 1)
    assert(run:finish())
    assert.are.equal(1, posted())
    assert.are.equal(there.id, found[1].id)
  end)

  it("creates nothing if more assets match than the run can have made", function()
    local run = begin { request "a" }
    for _ = 1, 2 do assert(client.data_assets:create(request "a")) end
    run.journal:intend(1, { name = "a", request = run.requests[1], at = os.time() - 600 })
    cut(run)
    run = assert(creates.resume(client, path))
    local found, errs = create(run, 1, 1)
    assert(run:finish())
    assert.is_nil(found[1])
    assert.are.same({ "ambiguous", "unknown" }, { errs[1].kind, errs[1].outcome })
    assert.are.equal(2, posted())
    assert.are.equal("interrupted", assert(journals.read(path)).ended)
  end)

  it("creates nothing when the search for a request under way fails", function()
    local run = begin { request "a" }
    run.journal:intend(1, { name = "a", request = run.requests[1], at = os.time() - 600 })
    cut(run)
    peer:fault { kind = "status", operation = "search", status = 500, count = -1 }
    local again, err = creates.resume(client, path)
    assert.is_nil(again)
    assert.are.equal("server", err.kind)
    assert.are.equal(0, posted())
    peer:clear()
    run = assert(creates.resume(client, path))
    assert.are.equal("a", create(run, 1, 1)[1].name)
    assert(run:finish())
  end)

  it("searches for the asset of a request without an answer", function()
    local run = begin { request "a" }
    peer:fault { kind = "reset_before", operation = "create" }
    peer:fault { kind = "status", operation = "search", status = 500, count = -1 }
    local _, errs = create(run, 1, 1)
    peer:clear()
    assert.are.equal("unknown", errs[1].outcome)
    assert(run:finish())
    assert.are.equal("interrupted", assert(journals.read(path)).ended)
    client = with:client(peer, { dialect = "current", retries = 0 })
    run = assert(creates.resume(client, path))
    assert.are.equal("a", create(run, 1, 1)[1].name)
    assert(run:finish())
    assert.are.equal(1, posted())
  end)

  it("reads keys from the same requests given again, and refuses others", function()
    local keys = { source = { aws = { bucket = "b", access_key_id = "AKIAKEY",
      secret_access_key = "hush" } } }
    local list = { request "a", request("b", keys) }
    cut(begin(list))
    local run, err = creates.resume(client, path)
    assert.is_nil(run)
    assert.is_truthy(err.message:find("request 2 has keys, which no journal keeps", 1, true))
    run, err = creates.resume(client, path, { request "a", request "b" })
    assert.is_nil(run)
    assert.is_truthy(err.message:find("request 2 is another one than before", 1, true))
    run, err = creates.resume(client, path, { list[1], list[2], list[1] })
    assert.is_nil(run)
    assert.is_truthy(err.message:find("it is of 2 requests, these are 3", 1, true))
    assert.are.equal(path, earlier.unfinished(client, list, { path }))
    assert.is_nil(earlier.unfinished(client, { list[1] }, { path }))
    run = assert(creates.resume(client, path, list))
    create(run, 1, 2)
    assert(run:finish())
    assert.is_nil(earlier.unfinished(client, list, { path }))
    assert.are.equal("hush", codeocean.json.decode(peer:requests()[2].body).source.aws
      .secret_access_key)
  end)

  it("keeps a file that exists", function()
    process.write(path, "mine")
    local run, err = creates.begin(client, { request "a" }, { journal = path })
    assert.is_nil(run)
    assert.are.equal("refused", err.kind)
    assert.are.equal("mine", process.read(path))
    assert.are.equal(0, #peer:requests())
  end)
end)
