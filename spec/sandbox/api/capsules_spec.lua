-- Capsules, made from the provenance of results.

local http = require "http"
local json = require "codeocean.json"
local peer = require "peer"

describe("capsules in the sandbox", function()
  local it_has

  after_each(function() it_has.sandbox:stop() end)

  local function search(body)
    local status, _, raw = http.request { method = "POST", body = json.encode(body),
      url = it_has.sandbox.url .. "/api/v1/capsules/search",
      headers = { Authorization = peer.credentials(it_has.sandbox.token),
        ["Content-Type"] = "application/json" } }
    return status, json.decode(raw)
  end

  it("are found by the id of an asset that is attached", function()
    it_has = peer.start { seed = 60, dialect = "current" }
    local _, page = it_has:call("POST", "/search", { type = "result", limit = 1 })
    local provenance = page.results[1].provenance
    local status, found = search { query = provenance.data_assets[1] }
    assert.equal(200, status)
    local ids = {}
    for _, capsule in ipairs(found.results) do ids[capsule.id] = capsule.name end
    assert.is_truthy(ids[provenance.capsule])
    assert.same({ {}, false }, { select(2, search { query = "nothing" }).results, found.has_more })
    assert.equal(1, #select(2, search { limit = 1 }).results)
  end)

  it("have what clients of the current release need of a capsule", function()
    it_has = peer.start { seed = 60, dialect = "current" }
    local capsule = select(2, search { limit = 1 }).results[1]
    for _, name in ipairs { "id", "name", "owner", "slug" } do
      assert.is_string(capsule[name], name)
    end
    assert.equal("integer", math.type(capsule.created))
    assert.equal("non_release", capsule.status)
  end)

  it("come in pages, each once", function()
    it_has = peer.start { seed = 300, dialect = "current" }
    local all = select(2, search {})
    assert.is_false(all.has_more)
    assert.is_nil(all.next_token)
    assert.is_true(#all.results > 4)
    local ids, token, pages = {}, nil, 0
    repeat
      local page = select(2, search { limit = 2, next_token = token })
      for _, capsule in ipairs(page.results) do ids[#ids + 1] = capsule.id end
      token, pages = page.next_token, pages + 1
      assert.equal(token ~= nil, page.has_more)
    until not token or pages > #all.results
    assert.equal(math.ceil(#all.results / 2), pages)
    for i, capsule in ipairs(all.results) do assert.equal(capsule.id, ids[i]) end
    assert.equal(#all.results, #ids)
  end)

  it("are not there in the release of 2022", function()
    it_has = peer.start { seed = 3, dialect = "2022" }
    assert.equal(404, (search { query = "x" }))
  end)
end)
