-- Fields that an answer leaves out are empty or hidden. Bulk runs over such assets are in
-- bulk/other_writers_spec.

local fixture = require "fixture"
local json = require "codeocean.json"

local ASSET = '{"id":"' .. fixture.ID .. '","name":%q,"mount":"m","tags":[]%s}'

describe("fields that an answer leaves out", function()
  -- An update of one key of metadata that the get does not show. answers: bodies after the get.
  local function update(finally, name, answers, options)
    local list = { fixture.answer("200 OK", ASSET:format(name, "")) }
    for _, body in ipairs(answers) do list[#list + 1] = fixture.answer("200 OK", body) end
    local with = fixture.new(finally)
    local server = with:server(list)
    local client = with:client(server, { dialect = "current", retries = 0 })
    local asset, err = client.data_assets:update(fixture.ID, { custom_metadata = { rig = 3 } },
      options)
    local requests = {}
    for i = 1, #list do requests[i] = server:request() end
    return asset, err, requests
  end

  local function page(...) return ('{"has_more":false,"results":[%s]}'):format(...) end

  local HIDDEN = ASSET:format("n", ',"custom_metadata":{"site":"x"}')
  local WRITTEN = ASSET:format("n", ',"custom_metadata":{"rig":3}')

  it("are not written over when a search shows them", function()
    local asset, err = update(finally, "n", { page(HIDDEN) })
    assert.is_nil(asset)
    assert.same({ "decode", "not_sent" }, { err.kind, err.outcome })
    assert.is_truthy(err.message:find("custom_metadata: the server's answer has none", 1, true))
  end)

  it("are written if a search leaves them out too", function()
    local asset, err, requests = update(finally, "n", { page(ASSET:format("n", "")), WRITTEN })
    assert.is_truthy(asset, tostring(err))
    assert.same({ rig = 3 },
      json.decode(requests[3]:match "\r\n\r\n(.*)$").custom_metadata)
  end)

  it("are read again with get if no search can find the asset", function()
    local asset, err, requests = update(finally, "--", { HIDDEN })
    assert.is_nil(asset)
    assert.equal("decode", err.kind)
    assert.matches("^GET ", requests[2])
  end)

  it("are not read again when all of the metadata is replaced", function()
    local asset, err = update(finally, "n", { WRITTEN }, { replace_metadata = true })
    assert.is_truthy(asset, tostring(err))
  end)
end)
