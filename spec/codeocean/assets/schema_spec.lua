-- The schema of custom metadata: which values a plan refuses before anything is sent.

local bulk = require "codeocean.bulk"
local fixture = require "fixture"
local json = require "codeocean.json"

describe("the schema of custom metadata", function()
  -- A client of an estate with the seeds' schema, and some of its ids.
  local function open(options)
    local with = fixture.new(finally)
    options = options or { seed = 5, dialect = "current" }
    local peer = with:sandbox(options)
    local client = with:client(peer, { dialect = options.dialect or "auto", retries = 0 })
    local ids = {}
    for i, asset in ipairs(assert(client.data_assets:all { limit = 2 })) do ids[i] = asset.id end
    return client, peer, ids
  end

  -- The schema of a deployment with this answer, and the number of requests for it.
  local function of(fields)
    local with = fixture.new(finally)
    local server = with:server { fixture.answer("200 OK", json.encode { fields = fields }) }
    return with:client(server, { retries = 0 }).schema
  end

  it("comes from the deployment", function()
    local client = open()
    local schema, types = assert(client:custom_metadata()), {}
    for _, field in ipairs(schema.fields) do types[field.name] = field.type end
    assert.same({ modality = "string", subject = "string", ["session date"] = "date",
      acquired = "string", rig = "number", probes = "number" }, types)
  end)

  it("is missing on a deployment without one, and all values are accepted", function()
    local client, _, ids = open { seed = 5, dialect = "2022" }
    local schema, err = client:custom_metadata()
    assert.is_nil(schema)
    assert.equal("missing", err.kind)
    assert.same({ anything = { 1 } }, client.schema:checked { anything = { 1 } })
    assert.is_true(#ids > 0)
  end)

  -- Coroutines of a host, resumed in turn until they end.
  local function in_turn(fns)
    local list = {}
    for i, fn in ipairs(fns) do list[i] = coroutine.create(fn) end
    for turn = 1, 1000 * #list do
      local thread = list[turn % #list + 1]
      if coroutine.status(thread) == "suspended" then assert(coroutine.resume(thread)) end
    end
    for _, thread in ipairs(list) do assert.are.equal("dead", coroutine.status(thread)) end
  end

  it("is for all coroutines of a host that need it at the same time", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { dialect = "current" }
    local client = with:client(peer, { wait = function(it)
      it:step(0.01)
      coroutine.yield()
    end })
    local loaded = {}
    local function load() table.insert(loaded, (client.schema:load())) end
    in_turn { load, load, load }
    assert.are.same({ true, true, true }, loaded)
  end)

  it("is read again when the task that read it was given up", function()
    local client = open()
    local function load(i) return i == 1 or client.schema:load() end
    do
      local next_done, _, _, _ <close> = client:each_done({ 1, 2 }, load)
      assert.are.equal(1, next_done())
    end
    assert.are.same({ true, n = 1 }, (client:map({ 2 }, function() return load(2) end)))
  end)

  it("is not read by those who waited for it when the client is cancelled", function()
    local client, peer = open()
    peer:fault { kind = "stall", operation = "custom_metadata", count = -1 }
    local _, errs = client:map({ 1, 2, 3 }, function(i)
      if i < 3 then return client.schema:load() end
      client:cancel()
      return true
    end)
    for i = 1, 2 do assert.are.equal("cancelled", errs[i].kind) end
  end)

  it("accepts all values if it has no fields", function()
    assert.same({ anything = true }, of({}):checked { anything = true })
  end)

  local FIELDS = {
    { name = "rig", type = "number", range = { min = 1, max = 9 }, required = true },
    { name = "modality", type = "string", allowed_values = { "EEG", "ecephys" } },
    { name = "day", type = "date" }, { name = "who", type = "string", multiple = true },
    { name = "new", type = "colour" },
  }

  it("accepts allowed values; days become seconds", function()
    local schema = of(FIELDS)
    for _, data in ipairs { { rig = 3 }, { rig = 1.5 }, { modality = "EEG" }, { day = 1709164800 },
      { who = "a" }, { who = { "a", "b" } }, { modality = json.null }, { gone = json.null },
      { new = "anything" }, {} } do
      assert.same(data, assert(schema:checked(data)))
    end
    assert.same({ day = 1709164800 }, schema:checked { day = "2024-02-29" })
    assert.equal('{"who":["a"]}', json.encode(schema:checked { who = { "a" } }))
  end)

  it("returns its dates after it was read", function()
    local schema = of(FIELDS)
    assert.is_nil(schema:dates())
    assert(schema:load())
    assert.same({ day = true }, schema:dates())
  end)

  local WRONG = {
    { { rigg = 3 }, "rigg: no such key; did you mean 'rig'?" },
    { { xyzzyq = 3 }, "xyzzyq: no such key; there are day, modality, new, rig, who" },
    { { rig = "3" }, 'rig: number expected, got "3"' },
    { { rig = 10 }, "rig: from 1 to 9 expected" },
    { { rig = json.null }, "rig: it is required" }, { { rig = true }, "rig: number expected" },
    { { modality = 7 }, "modality: string expected, got 7" },
    { { modality = "eeg" }, 'modality: no such value, "eeg"; did you mean "EEG"?' },
    { { modality = "zzzzzz" }, 'modality: no such value, "zzzzzz"; there are "EEG", "ecephys"' },
    { { modality = { "EEG" } }, "modality: string expected, got table" },
    { { day = "2024-02-30" }, 'day: date such as "2024-02-29" expected, got "2024-02-30"' },
    { { day = "yesterday" }, "day: date such as" }, { { day = true }, "day: date such as" },
    { { who = { "a", 7 } }, "who: string expected, got 7" },
  }
  for i, row in ipairs(WRONG) do
    it(("refuses mistake %d: %s"):format(i, row[2]), function()
      local data, err = of(FIELDS):checked(row[1])
      assert.is_nil(data)
      assert.same({ "invalid", "not_sent" }, { err.kind, err.outcome })
      assert.is_truthy(err.message:find("custom_metadata." .. row[2], 1, true), err.message)
    end)
  end

  it("refuses metadata of a whole asset that lack a required key", function()
    local schema = of(FIELDS)
    for _, data in ipairs { {}, { day = 0 } } do
      local own, err = schema:checked_whole(data)
      assert.same({ nil, "invalid", "not_sent", "custom_metadata.rig: it is required" },
        { own, err.kind, err.outcome, err.message })
    end
    assert.same({ rig = 3, day = 1709164800 },
      schema:checked_whole { rig = 3, day = "2024-02-29" })
    assert.is_truthy(tostring(select(2, schema:checked_whole { rig = "x" })):find "number expected")
    assert.same({ anything = 1 }, of({}):checked_whole { anything = 1 })
  end)

  it("is read once by many at once", function()
    local client, peer = open()
    local before = #peer:requests()
    client:map({ 1, 2, 3, 4 }, function() return client.schema:checked { rig = 1 } end)
    assert.equal(before + 1, #peer:requests())
  end)

  describe("in a bulk run", function()
    local function run(client, spec)
      spec.journal = false
      return bulk.run(client, spec)
    end

    it("refuses a rule before anything is selected", function()
      local client, peer, ids = open()
      local before = #peer:requests()
      local report, err = run(client, { ids = ids,
        rule = { fields = { custom_metadata = { rigg = 3 } } } })
      assert.is_nil(report)
      assert.is_truthy(tostring(err):find("did you mean 'rig'", 1, true))
      assert.equal(before + 1, #peer:requests())
    end)

    it("fails a wrong value of a function, by asset, before its PUT", function()
      local client, peer, ids = open()
      local report = assert(run(client, { ids = ids, change = function(asset)
        return { custom_metadata = { rig = asset.id == ids[1] and "x" or 7 } }
      end }))
      assert.same({ 1, 1 }, { report.counts.ok, report.counts.failed })
      assert.equal(ids[1], report.records[1].error.id)
      assert.is_truthy(report.records[1].error.message:find("rig: number expected", 1, true))
      assert.equal(1, #fixture.seen(peer, "update"))
    end)

    it("refuses to replace all metadata by some that lack a required key", function()
      local with = fixture.new(finally)
      local server = with:server { fixture.answer("200 OK", json.encode { fields = FIELDS }) }
      local client = with:client(server, { retries = 0 })
      local report, err = run(client, { ids = { fixture.ID }, replace_metadata = true,
        rule = { fields = { custom_metadata = { day = "2024-02-29" } } } })
      assert.is_nil(report)
      assert.is_truthy(tostring(err):find("custom_metadata.rig: it is required", 1, true))
    end)

    it("writes days as seconds, and finds them unchanged", function()
      local client, _, ids = open()
      local function spec()
        return { ids = ids, rule = { fields = { custom_metadata = {
          ["session date"] = "2024-02-29" } } } }
      end
      assert.equal(2, assert(run(client, spec())).counts.ok)
      assert.equal(1709164800, client.data_assets:get(ids[1]).custom_metadata["session date"])
      assert.equal(2, assert(run(client, spec())).counts.unchanged)
    end)
  end)

  it("is not requested from the release of 2022", function()
    local client, _, ids = open { seed = 5, dialect = "2022" }
    local report = assert(bulk.run(client, { ids = ids, dry_run = true,
      rule = { fields = { custom_metadata = { anything = 1 } } } }))
    assert.equal(2, report.counts.pending)
  end)

  it("is not asked for where no metadata are written", function()
    local client, peer, ids = open()
    assert(bulk.run(client, { ids = ids, journal = false, rule = { fields = {
      description = "x" } } }))
    assert.equal(0, #fixture.seen(peer, "custom_metadata"))
  end)
end)
