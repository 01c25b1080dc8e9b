-- Assets that an earlier run of creates made are not created again by accident.

local codeocean = require "codeocean"
local creates = require "codeocean.bulk.journal.creates"
local earlier = require "codeocean.bulk.journal.earlier_creates"
local fixture = require "fixture"

local function request(name, bucket)
  return { name = name, mount = name, tags = codeocean.json.array {},
    source = { aws = { bucket = bucket or "open-neuro" } } }
end

describe("codeocean.bulk.journal.earlier_creates", function()
  local with, client, path

  before_each(function()
    with = fixture.new()
    client = with:client(with:sandbox { ready_after = 0 }, { dialect = "current", retries = 0 })
    path = with:folder() .. "/create.jsonl"
  end)
  after_each(function() with:close() end)

  -- The journal of a run of these requests that was killed once the first `done` were created.
  local function cut(list, done)
    local run = assert(creates.begin(client, list, { journal = path }))
    client:map({ table.unpack({ 1, 2, 3 }, 1, done) }, function(i) return run:create(i) end)
    run.commit:stop()
    assert(run.journal:flush())
    run.journal:close()
  end

  it("finds requests of the same name and source that may have been created", function()
    cut({ request "a", request "b", request "c" }, 2)
    assert.same({ path, 2, "a" }, { earlier.overlap(client, { request "x", request "a",
      request "b", request "c" }, { path }) })
    assert.is_nil(earlier.overlap(client, { request "c" }, { path }))
    assert.is_nil(earlier.overlap(client, { request("a", "another") }, { path }))
  end)

  it("counts neither a run that is over, nor one of another deployment", function()
    cut({ request "a", request "b" }, 1)
    local other = with:client(with:sandbox(), { dialect = "current" })
    assert.is_nil(earlier.overlap(other, { request "a" }, { path }))
    assert.same(path, (earlier.overlap(client, { request "a" }, { path })))
    local run = assert(creates.resume(client, path))
    client:map({ 1, 2 }, function(i) return run:create(i) end)
    assert(run:finish())
    assert.is_nil(earlier.overlap(client, { request "a" }, { path }))
  end)

  it("finds a run of the very same requests", function()
    cut({ request "a", request "b" }, 1)
    assert.equal(path, earlier.unfinished(client, { request "a", request "b" }, { path }))
    assert.is_nil(earlier.unfinished(client, { request "a" }, { path }))
  end)
end)
