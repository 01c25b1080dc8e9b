-- create: the accepted bodies, and the draft that becomes ready.

local peer = require "peer"

describe("the sandbox, on create,", function()
  local it_has

  local function start(options)
    it_has = peer.start(options)
  end

  after_each(function() it_has.sandbox:stop() end)

  it("answers with a draft", function()
    start { dialect = "2022", ready_after = 0 }
    local status, asset, raw = it_has:create()
    assert.equal(200, status)
    assert.equal("DATA_ASSET_STATE_DRAFT", asset.state)
    assert.equal("DATA_ASSET_TYPE_DATASET", asset.type)
    assert.equal(36, #asset.id)
    assert.equal(0, asset.files)
    assert.equal(0, asset.sizeInBytes)
    assert.equal(0, asset.lastUsed)
    assert.truthy(raw:find('"tags":["x"]', 1, true))
    assert.is_nil(asset.mount)   -- the vendor's answers of 2022 do not have it
  end)

  it("gives every asset an id of its own", function()
    start {}
    local seen = {}
    for _ = 1, 20 do
      local _, asset = it_has:create()
      assert.is_nil(seen[asset.id])
      seen[asset.id] = true
    end
  end)

  it("keeps the asset a draft until ready_after has passed", function()
    start { dialect = "2022", ready_after = 3600 }
    local _, asset = it_has:create()
    _, asset = it_has:call("GET", "/" .. asset.id)
    assert.equal("DATA_ASSET_STATE_DRAFT", asset.state)
    assert.equal(0, asset.sizeInBytes)
    assert.same("draft", select(2, it_has:call("GET", "?query=made")).results[1].state)
  end)

  it("makes the asset ready afterwards, with files and a size", function()
    start { dialect = "2022", ready_after = 0 }
    local _, asset = it_has:create()
    _, asset = it_has:call("GET", "/" .. asset.id)
    assert.equal("DATA_ASSET_STATE_READY", asset.state)
    assert.is_true(asset.files > 0)
  end)

  it("makes the asset failed if the bucket does not exist", function()
    start { dialect = "2022", ready_after = 0 }
    for _, bucket in ipairs { "this-does-not-exist", "one-that-is-missing" } do
      local status, asset = it_has:create { source = { aws = { bucket = bucket } } }
      assert.equal(200, status)
      status, asset = it_has:call("GET", "/" .. asset.id)
      assert.equal(200, status)
      assert.equal("DATA_ASSET_STATE_FAILED", asset.state)
      assert.equal("the bucket " .. bucket .. " does not exist", asset.failure_reason)
      assert.equal(0, asset.files)
    end
  end)

  it("makes the asset failed if the bucket is not among `buckets`", function()
    start { ready_after = 0, buckets = { "one", "two" } }
    local function state(bucket)
      local _, asset = it_has:create { source = { aws = { bucket = bucket } } }
      return select(2, it_has:call("GET", "/" .. asset.id)).state
    end
    assert.equal("DATA_ASSET_STATE_READY", state "two")
    assert.equal("DATA_ASSET_STATE_FAILED", state "three")
    assert.equal("DATA_ASSET_STATE_FAILED", state "one\",\"three")
  end)

  it("captures a result of a computation", function()
    start { ready_after = 0, dialect = "2022" }
    local _, asset = it_has:create { source = { computation = { id = "c1", path = "out" } } }
    assert.equal("DATA_ASSET_TYPE_RESULT", asset.type)
    assert.equal(1, select(2, it_has:call("GET", "?type=result")).total)
  end)

  it("names the field that is wrong", function()
    start { dialect = "2022" }
    local gone = false
    local bodies = {
      ["name is required"] = { name = gone },
      ["mount is required"] = { mount = gone },
      ["tags is required"] = { tags = gone },
      ["source is required"] = { source = gone },
      ["description is required"] = { description = gone },
      ["description must be a string, not integer"] = { description = 1 },
      ["tags must be an array of strings, not text"] = { tags = "x" },
      ["source.aws.bucket is required"] = { source = { aws = { prefix = "p" } } },
      ["source.aws.prefix must be a string, not true"] =
        { source = { aws = { bucket = "b", prefix = true } } },
      ["source is required: where"] = { source = { gcp = { bucket = "b" } } },
      ["source.computation.id is required"] = { source = { computation = { path = "p" } } },
      ["source must name one place"] =
        { source = { aws = { bucket = "b" }, computation = { id = "c" } } },
    }
    for message, fields in pairs(bodies) do
      local status, answer = it_has:create(fields)
      assert.equal(400, status)
      assert.truthy(answer.message:find(message, 1, true), answer.message)
    end
    assert.equal(0, select(2, it_has:call("GET", "")).total)
  end)

  it("accepts the bodies of the vendor's examples", function()
    start { dialect = "2022" }
    local aws = { bucket = "b", prefix = "p", keep_on_external_storage = true, index_data = true,
      access_key_id = "AK", secret_access_key = "SK" }
    assert.equal(200, (it_has:create { source = { aws = aws } }))
  end)

  it("does not store access keys", function()
    local file = os.tmpname()
    finally(function() os.execute("rm -f " .. file .. "*") end)
    start { db = file }
    it_has:create { source = { aws = { bucket = "b", access_key_id = "AKIAKEY",
      secret_access_key = "SECRETKEY" } } }
    it_has:create { source = { gcp = { bucket = "b", client_secret = "SECRETKEY" } } }
    it_has.sandbox:stop()
    local bytes = io.open(file, "rb"):read("a")
    assert.truthy(bytes:find("by a spec", 1, true))
    assert.is_nil(bytes:find("SECRETKEY", 1, true))
    assert.is_nil(bytes:find("AKIAKEY", 1, true))
  end)

  it("accepts further sources in the current dialect", function()
    start { dialect = "current", ready_after = 0, seed = 2 }
    local function created(fields)
      fields.source = fields.source or false
      local status, asset = it_has:create(fields)
      assert.equal(200, status)
      return select(2, it_has:call("GET", "/" .. asset.id))
    end
    local gcp = created { source = { gcp = { bucket = "g", client_id = "i", prefix = "p" } } }
    assert.same({ origin = "gcp", bucket = "g", prefix = "p", external = false },
      gcp.source_bucket)
    local aws = { bucket = "b", prefix = "p", keep_on_external_storage = true, public = true,
      endpoint_name = "e", use_input_bucket = false }
    assert.same({ origin = "aws", bucket = "b", prefix = "p", external = true },
      created({ source = { aws = aws } }).source_bucket)
    local station = { id = "w", path = "p" }
    assert.equal("dataset", created({ source = { cloud_workstation = station } }).type)
    station.run_script = "code/run"
    local captured = created { source = { cloud_workstation = station } }
    assert.equal("result", captured.type)
    assert.same({ computation = "w", run_script = "code/run" }, captured.provenance)
    local combined = created { data_asset_ids = { peer.VENDORS } }
    assert.equal("combined", combined.type)
    assert.equal(peer.VENDORS, combined.contained_data_assets[1].id)
    local result = created { source = { aws = { bucket = "b" } }, custom_metadata = {
      modality = "ecephys" }, results_info = { capsule_id = "c", commit = "abc", run_script = "s",
        data_assets = { "a" }, nextflow_profile = "batch",
        parameters = { { name = "depth", value = "3" }, { param_name = "n", value = "1" } } } }
    assert.equal("result", result.type)
    assert.same({ capsule = "c", commit = "abc", run_script = "s", data_assets = { "a" } },
      result.provenance)
    assert.same({ { name = "depth", value = "3" }, { name = "n", value = "1" } },
      result.app_parameters)
    assert.equal("batch", result.nextflow_profile)
    local run = created { source = { computation = { id = "c1" } }, results_info = {
      pipeline_id = "p", commit = "def", run_script = "code/own", version = 3,
      parameters = { { name = "depth", value = "3" } },
      processes = { { name = "sort", capsule_id = "s", parameters = { { name = "k",
        value = "4" } } }, { name = "plain", capsule_id = "t" } } } }
    assert.same({ computation = "c1", capsule = "p", commit = "def", run_script = "code/own" },
      run.provenance)
    assert.same({ { name = "depth", value = "3" }, { name = "k", value = "4" } },
      run.app_parameters)
    assert.is_nil(result.results_info)
    assert.same({ modality = "ecephys" }, result.custom_metadata)
    assert.equal("you@example.org", result.owner_email)
    local kept = created { source = { computation = { id = "c" } },
      target = { aws = { bucket = "t", prefix = "q", endpoint_name = "e" } } }
    assert.same({ origin = "aws", bucket = "t", prefix = "q", external = true },
      kept.source_bucket)
    local internal = created { source = { computation = { id = "c" } } }
    assert.equal("", internal.source_bucket.bucket)
    assert.same({ computation = "c", run_script = "code/run" }, internal.provenance)
    local status, answer = it_has:create { source = false, data_asset_ids = { "x", "y" } }
    assert.equal(400, status)
    assert.truthy(answer.message:find("2 of them", 1, true))
  end)

  it("counts null as left out, at every depth, and ignores unknown fields", function()
    start { dialect = "current", ready_after = 0 }
    local status, asset = it_has:call("POST", "", '{"name":"n","tags":[],"mount":"m",'
      .. '"description":null,"custom_metadata":null,"data_asset_ids":null,"results_info":null,'
      .. '"target":null,"source":{"aws":{"bucket":"b","prefix":null,"endpoint_name":null,'
      .. '"keep_on_external_storage":null,"public":"true","use_input_bucket":null,"novelty":1},'
      .. '"gcp":null,"computation":null,"cloud_workstation":null},"sauce":{}}')
    assert.equal(200, status)
    assert.same({ origin = "aws", bucket = "b", external = false }, asset.source_bucket)
    assert.is_nil(asset.sauce)
  end)

  it("refuses fields that do not go together", function()
    start { dialect = "current" }
    local aws, run = { aws = { bucket = "b" } }, { computation = { id = "c" } }
    local bodies = {
      ["target only goes with a computation"] = { source = aws, target = aws },
      ["source.aws.bucket must not be empty"] = { source = { aws = { bucket = "" } } },
      ["source.gcp.bucket must not be empty"] = { source = { gcp = { bucket = "" } } },
      ["target.aws.bucket must not be empty"] =
        { source = run, target = { aws = { bucket = "" } } },
      ["target.aws.bucket is required"] = { source = run, target = { aws = { prefix = "p" } } },
      ["target.aws.endpoint_name must be"] =
        { source = run, target = { aws = { bucket = "b", endpoint_name = 1 } } },
      ["results_info needs a capsule_id or a pipeline_id"] =
        { source = aws, results_info = { commit = "c" } },
      ["source is required"] = { source = false, results_info = { capsule_id = "c" } },
      ["source.cloud_workstation.path must not be empty"] =
        { source = { cloud_workstation = { id = "w", path = "" } } },
      ["source.aws.public must be true or false"] =
        { source = { aws = { bucket = "b", public = "yes" } } },
      ["source must name one place"] = { source = aws, data_asset_ids = { "x" } },
    }
    for message, fields in pairs(bodies) do
      local status, answer = it_has:create(fields)
      assert.equal(400, status, message)
      assert.truthy(answer.message:find(message, 1, true), answer.message)
    end
  end)

  it("forgets the prefix of an external asset in the 2022 dialect alone", function()
    local aws = { bucket = "b", prefix = "p", keep_on_external_storage = true }
    for dialect, prefix in pairs { current = "p", both = "p" } do
      start { dialect = dialect, ready_after = 0 }
      local _, asset = it_has:create { source = { aws = aws } }
      assert.equal(prefix, asset.source_bucket.prefix)
      it_has.sandbox:stop()
    end
    local file = os.tmpname()
    os.remove(file)
    finally(function() os.execute("rm -f " .. file .. "*") end)
    start { dialect = "2022", ready_after = 0, db = file }
    local _, asset = it_has:create { source = { aws = aws } }
    it_has.sandbox:stop()
    start { dialect = "current", db = file }
    assert.same({ origin = "aws", bucket = "b", external = true },
      select(2, it_has:call("GET", "/" .. asset.id)).source_bucket)
  end)
end)
