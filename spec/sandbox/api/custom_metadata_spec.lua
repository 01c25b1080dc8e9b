-- Custom metadata are stored exactly, and checked against the deployment's schema if it has one.

local http = require "http"
local json = require "codeocean.json"
local peer = require "peer"

describe("custom metadata in the sandbox", function()
  local it_has

  after_each(function() it_has.sandbox:stop() end)

  it("are replaced whole and kept exact in an estate without a schema", function()
    it_has = peer.start { dialect = "current" }
    local _, made = it_has:create()
    local asset = "/" .. made.id
    local _, _, raw = it_has:call("PUT", asset, '{"name":"n","description":"d",'
      .. '"custom_metadata":{"a":9223372036854775807,"none":null,"list":[],"o":{}}}')
    local kept = '"custom_metadata":{"a":9223372036854775807,"none":null,"list":[],"o":{}}'
    assert.truthy(raw:find(kept, 1, true))
    it_has:call("PUT", asset, '{"name":"n","description":"d"}')
    _, _, raw = it_has:call("GET", asset)
    assert.truthy(raw:find(kept, 1, true))
    it_has:call("PUT", asset, '{"name":"n","description":"d","custom_metadata":{"b":1}}')
    _, _, raw = it_has:call("GET", asset)
    assert.truthy(raw:find('"custom_metadata":{"b":1}', 1, true))
    local status = it_has:call("PUT", asset, '{"name":"n","description":"d","custom_metadata":[]}')
    assert.equal(400, status)
  end)

  it("have a schema that can be read", function()
    it_has = peer.start { seed = 3 }
    local headers = { Authorization = peer.credentials(it_has.sandbox.token) }
    local status, _, raw = http.request { url = it_has.sandbox.url .. "/api/v1/custom_metadata",
      headers = headers }
    assert.equal(200, status)
    local schema, types = json.decode(raw), {}
    for _, field in ipairs(schema.fields) do types[field.name] = field.type end
    assert.same({ modality = "string", subject = "string", ["session date"] = "date",
      acquired = "string", rig = "number", probes = "number" }, types)
    assert.same({ "acquisition", "subject" }, schema.categories)
  end)

  it("are checked against the schema", function()
    it_has = peer.start { seed = 3 }
    local asset = "/" .. peer.VENDORS
    local rows = {
      { '{"rig":3}', 200 }, { '{"modality":"FIP","subject":"1"}', 200 },
      { '{"session date":1633277005}', 200 }, { '{"rig":null}', 200 }, { "{}", 200 },
      { '{"rig":"3"}', "rig must be a number" }, { '{"rig":100}', "rig must be a number" },
      { '{"rig":[3]}', "rig must be a number" }, { '{"subject":1}', "subject must be a str" },
      { '{"modality":"dream"}', "modality must be a string" },
      { '{"session date":"2024"}', "session date must be a date" },
      { '{"Rig":3}', "no field is called Rig" },
      { '{"rig":3,"novelty":1}', "no field is called no" },
    }
    for _, row in ipairs(rows) do
      local status, answer = it_has:call("PUT", asset, '{"custom_metadata":' .. row[1] .. "}")
      assert.equal(row[2] == 200 and 200 or 400, status, row[1])
      if row[2] ~= 200 then assert.truthy(answer.message:find(row[2], 1, true), answer.message) end
    end
    local status = it_has:create { custom_metadata = { novelty = 1 } }
    assert.equal(400, status)
  end)
end)
