-- An asset has the same form, field by field, whichever release of the API answered.

local fixture = require "fixture"
local json = require "codeocean.json"

-- A value in the answer to a get, and the value in the asset (json.null: none).
local rows = {
  { '"last_used":7,"lastUsed":null', { last_used = 7, lastUsed = json.null } },
  { '"lastUsed":7,"last_used":null', { last_used = 7, lastUsed = json.null } },
  { '"sizeInBytes":7,"size":null', { size = 7, sizeInBytes = json.null } },
  { '"lastUsed":7', { last_used = 7, lastUsed = json.null } },
  { '"last_used":7', { last_used = 7 } },
  { '"lastUsed":null', { last_used = json.null, lastUsed = json.null } },
  { '"sizeInBytes":0', { size = 0, sizeInBytes = json.null } },
  { '"sizeInBytes":7184869799906702', { size = 7184869799906702 } },
  { '"size":9007199254740993', { size = 9007199254740993 } },
  { '"size":"9007199254740993"', { size = 9007199254740993 } },
  { '"size":"9223372036854775807"', { size = math.maxinteger } },
  { '"size":9223372036854775807', { size = math.maxinteger } },
  { '"size":1e3', { size = 1000 } },
  { '"size":12.0', { size = 12 } },
  { '"size":12.5', { size = 12.5 } },
  { '"size":"12 GB"', { size = "12 GB" } },
  { '"size":"size of the dataset"', { size = "size of the dataset" } },
  { '"size":""', { size = "" } },
  { '"size":null', { size = json.null } },
  { '"size":-1', { size = -1 } },
  { '"created":1633277005', { created = 1633277005 } },
  { '"created":1633277005.0', { created = 1633277005 } },
  { '"created":"1633277005"', { created = 1633277005 } },
  { '"created":"2021-10-03T16:03:25Z"', { created = "2021-10-03T16:03:25Z" } },
  { '"files":24212276', { files = 24212276 } },
  { '"files":"24212276"', { files = 24212276 } },
  { '"state":"DATA_ASSET_STATE_DRAFT"', { state = "draft" } },
  { '"state":"DATA_ASSET_STATE_READY"', { state = "ready" } },
  { '"state":"DATA_ASSET_STATE_FAILED"', { state = "failed" } },
  { '"state":"DATA_ASSET_STATE_ON_ICE"', { state = "on_ice" } },
  { '"state":"DATA_ASSET_TYPE_DATASET"', { state = "DATA_ASSET_TYPE_DATASET" } },
  { '"state":"draft"', { state = "draft" } },
  { '"state":"Thawing"', { state = "Thawing" } },
  { '"state":7', { state = 7 } },
  { '"state":null', { state = json.null } },
  { '"type":"DATA_ASSET_TYPE_DATASET"', { type = "dataset" } },
  { '"type":"DATA_ASSET_TYPE_RESULT"', { type = "result" } },
  { '"type":"combined"', { type = "combined" } },
  { '"type":"hologram"', { type = "hologram" } },
  { '"type":["dataset"]', { type = json.array { "dataset" } } },
  { '"tags":["b","a"]', { tags = json.array { "b", "a" } } },
  { '"tags":[]', { tags = json.array() } },
  { '"tags":null', { tags = json.array() } },
  { '"name":"x"', { tags = json.array(), size = json.null, description = json.null } },
  { '"description":""', { description = "" } },
  { '"description":null', { description = json.null } },
  { '"custom_metadata":{"lastUsed":1,"state":"DATA_ASSET_STATE_DRAFT","size":"12"}',
    { custom_metadata = { lastUsed = 1, state = "DATA_ASSET_STATE_DRAFT", size = "12" } } },
  { '"newField":"DATA_ASSET_STATE_DRAFT","another":1.5',
    { newField = "DATA_ASSET_STATE_DRAFT", another = 1.5 } },
}

local function answers(form)
  local list = {}
  for i, row in ipairs(rows) do
    list[i] = fixture.answer("200 OK", form:format(('{"id":"%s",%s}'):format(fixture.ID, row[1])))
  end
  return list
end

local function check(asset, row)
  for field, wanted in pairs(row[2]) do
    local got = asset[field]
    if got == nil then got = json.null end
    assert.same(wanted, got, row[1])
    assert.equal(math.type(wanted), math.type(got), row[1])
    if type(wanted) == "table" then
      assert.equal(json.encode(wanted), json.encode(got), row[1])
    end
  end
end

describe("an asset", function()
  it("has one canonical form from get", function()
    local with = fixture.new(finally)
    local client = with:client(with:server(answers "%s"))
    for _, row in ipairs(rows) do check(assert(client.data_assets:get(fixture.ID)), row) end
  end)

  it("has the same form in a page", function()
    local with = fixture.new(finally)
    local client = with:client(with:server(answers '{"has_more":false,"results":[{"id":"b"},%s]}'))
    for _, row in ipairs(rows) do
      check(assert(client.data_assets:search()).results[2], row)
    end
  end)

  it("has the same form in a Turkish locale", function()
    local with = fixture.new(finally)
    if not os.setlocale "tr_TR.UTF-8" then pending("this machine has no Turkish locale") end
    with:at_end(function() os.setlocale "C" end)
    local client = with:client(with:server(answers "%s"))
    for _, row in ipairs(rows) do check(assert(client.data_assets:get(fixture.ID)), row) end
  end)
end)
