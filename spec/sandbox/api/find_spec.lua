-- Searches by POST, of the current dialect: a JSON body, pages by token, filters.

local peer = require "peer"

describe("the sandbox, on search by POST,", function()
  local it_has

  local function start(options)
    options.dialect = options.dialect or "current"
    it_has = peer.start(options)
  end

  local function find(body)
    local status, answer, raw = it_has:call("POST", "/search", body)
    assert.equal(200, status, raw)
    return answer, raw
  end

  after_each(function() it_has.sandbox:stop() end)

  it("returns a hundred rows, and a token for the next", function()
    start { seed = 250 }
    local first = find "{}"
    assert.equal(100, #first.results)
    assert.is_true(first.has_more)
    assert.is_string(first.next_token)
    assert.is_nil(first.total)
    local row = find('{"query":"commoncrawl"}').results[1]
    assert.equal("ready", row.state)
    assert.equal("dataset", row.type)
    assert.is_nil(row.lastUsed)
    assert.is_table(row.custom_metadata)
    assert.is_table(row.source_bucket)
    assert.is_string(row.mount)
    assert.is_string(row.owner)
  end)

  it("has no token on the last page", function()
    start { seed = 5 }
    local answer, raw = find '{"limit":1000}'
    assert.is_false(answer.has_more)
    assert.is_nil(raw:find "next_token")
  end)

  it("pages to the end by token", function()
    start { seed = 90 }
    local body, seen, count = '{"limit":8,"sort_field":"size"}', {}, 0
    local last = -1
    repeat
      local answer = find(body)
      for _, row in ipairs(answer.results) do
        assert.is_nil(seen[row.id])
        assert.is_true(row.size >= last)
        seen[row.id], last, count = true, row.size, count + 1
      end
      body = ('{"limit":8,"next_token":"%s"}'):format(answer.next_token)
    until not answer.has_more
    assert.equal(#find('{"limit":1000}').results, count)
  end)

  it("pages over the results of its first page, also after writes", function()
    start {}
    for i = 1, 6 do it_has:create { name = "asset " .. i, tags = { "old" } } end
    local first = find '{"query":"tag:old","limit":2,"sort_field":"name"}'
    for _, row in ipairs(first.results) do
      it_has:call("PUT", "/" .. row.id, { name = row.name, description = "", tags = { "new" } })
    end
    it_has:create { name = "asset 0", tags = { "old" } }
    local second = find(('{"limit":2,"next_token":"%s"}'):format(first.next_token))
    assert.equal("asset 3", second.results[1].name)
    it_has:call("DELETE", "/" .. select(2, it_has:call("POST", "/search",
      '{"query":"\\"asset 5\\""}')).results[1].id)
    local third = find(('{"limit":2,"next_token":"%s"}'):format(second.next_token))
    assert.equal(1, #third.results)
    assert.equal("asset 6", third.results[1].name)
    assert.is_false(third.has_more)
  end)

  it("finds on later pages an asset archived after the first", function()
    start { seed = 30 }
    local last_first = find('{"limit":1000,"sort_field":"name","sort_order":"desc"}').results
    local all = {}
    for i = #last_first, 1, -1 do all[#all + 1] = last_first[i] end
    local page, seen = find '{"limit":2,"sort_field":"name"}', {}
    it_has:call("PATCH", "/" .. all[10].id .. "/archive?archive=true")
    it_has:call("PUT", "/" .. all[12].id, { name = "a" })
    repeat
      for _, row in ipairs(page.results) do seen[#seen + 1] = row.id end
      local more = page.has_more
      page = more and find(('{"limit":2,"next_token":"%s"}'):format(page.next_token))
    until not more
    assert.equal(#all, #seen)
    for i, row in ipairs(all) do assert.equal(row.id, seen[i], i) end
  end)

  it("starts at an offset", function()
    start { seed = 30 }
    local all = find('{"limit":1000,"sort_field":"name"}').results
    local some = find('{"limit":3,"offset":4,"sort_field":"name"}').results
    assert.same({ all[5], all[6], all[7] }, some)
  end)

  it("refuses a token that it did not issue", function()
    start { seed = 30 }
    local token = find('{"limit":1}').next_token
    local tokens = { "", "x", token .. "x", token:gsub("-.*", "-31"), "0000000000000000-0",
      token:gsub("-", " "), ("0"):rep(60) }
    for _, bad in ipairs(tokens) do
      local status, answer = it_has:call("POST", "/search", { next_token = bad })
      if bad == "" then
        assert.equal(200, status)
      else
        assert.equal(400, status, bad)
        assert.truthy(answer.message:find "next_token")
      end
    end
  end)

  it("filters by origin, owner and type", function()
    start { seed = 900 }
    local function count(body) return #find('{"limit":1000' .. body .. "}").results end
    local all = count ""
    local external, internal = count ',"origin":"external"', count ',"origin":"internal"'
    assert.equal(all, external + internal)
    assert.is_true(external > 0 and internal > 0)
    assert.equal(all, count ',"ownership":"created"' + count ',"ownership":"shared"')
    assert.equal(all, count ',"type":"dataset"' + count ',"type":"result"'
      + count ',"type":"combined"' + count ',"type":"model"')
    assert.is_true(count ',"type":"model"' > 0 and count ',"type":"combined"' > 0)
    assert.equal(count ',"ownership":"created"', count ',"ownership":"private"')
    it_has:call("POST", "/" .. peer.VENDORS .. "/permissions", { everyone = "viewer" })
    assert.equal(count ',"ownership":"created"', 1 + count ',"ownership":"private"')
    assert.is_true(count ',"archived":true' > 0)
    assert.equal(all, count ',"query":null,"type":null')
  end)

  it("filters by fields and metadata", function()
    start { seed = 200 }
    local function rows(filters)
      return find('{"limit":1000,"filters":[' .. filters .. "]}").results
    end
    local all = #rows ""
    local ecephys = rows '{"key":"modality","value":"ECEPHYS"}'
    assert.is_true(#ecephys > 0 and #ecephys < all)
    for _, row in ipairs(ecephys) do assert.equal("ecephys", row.custom_metadata.modality) end
    assert.equal(all, #ecephys + #rows '{"key":"modality","value":"ecephys","exclude":true}')
    local two = rows '{"key":"modality","values":["ecephys","FIP"]}'
    assert.equal(#two, #ecephys + #rows '{"key":"modality","value":"FIP"}')
    for _, row in ipairs(rows '{"key":"probes","range":{"min":2,"max":3}}') do
      assert.is_true(row.custom_metadata.probes >= 2 and row.custom_metadata.probes <= 3)
    end
    assert.equal(#ecephys, #rows '{"key":"probes","range":{"min":1,"max":null}}')
    assert.equal(all, #rows '{"key":"rig","range":{"min":1,"max":99}}')
    assert.equal(0, #rows '{"key":"rig","range":{"min":7,"max":6}}')
    local three = #rows '{"key":"rig","value":3}'
    assert.is_true(three > 0)
    assert.equal(three, #rows '{"key":"rig","value":3.0}')
    assert.equal(three, #rows '{"key":"rig","value":"3"}')
    assert.equal(three, #rows '{"key":"rig","range":{"min":3,"max":3}}')
    assert.equal(1, #rows '{"key":"name","value":"commoncrawl"}')
    assert.equal(1, #rows '{"key":"name","value":"MONCRA"}')
    assert.equal(1, #rows '{"key":"description","value":"codeocean data"}')
    assert.equal(2, #rows '{"key":"name","values":["moncra","ocean datas"]}')
    for _, yes in ipairs { "true", '"true"', '"True"' } do
      assert.equal(all - 1, #rows('{"key":"name","value":"moncra","exclude":' .. yes .. "}"))
    end
    for _, no in ipairs { "false", '"False"' } do
      assert.equal(1, #rows('{"key":"name","value":"moncra","exclude":' .. no .. "}"))
    end
    assert.equal(2, #rows '{"key":"tags","value":"x1"}')
    assert.equal(2, #rows '{"key":"tags","value":"X1","exclude":null,"range":null,"values":null}')
    assert.equal(0, #rows '{"key":"tags","value":"x"}')
    assert.equal(0, #rows '{"key":"name"}')
    assert.equal(0, #rows '{"key":"tags","value":"x1"},{"key":"modality","value":"nothing"}')
  end)

  it("refuses a body that it cannot read", function()
    start { seed = 3 }
    local bodies = {
      ['{"limit":0}'] = "limit", ['{"limit":1001}'] = "limit", ['{"limit":"5"}'] = "limit",
      ['{"limit":1.5}'] = "limit", ['{"offset":-1}'] = "offset", ['{"archived":1}'] = "archived",
      ['{"archived":"true"}'] = "archived", ['{"type":"foo"}'] = "type",
      ['{"ownership":"owner"}'] = "ownership", ['{"filters":{}}'] = "filters",
      ['{"filters":[1]}'] = "filters", ['{"filters":[{"value":1}]}'] = "filters",
      ['{"filters":["{"]}'] = "filters", ['{"filters":[{"key":"a","values":1}]}'] = "filters",
      ['{"filters":[{"key":"a","range":[1,2]}]}'] = "filters", ['{"query":5}'] = "query",
      ['{"sort_order":"up"}'] = "sort_order",
      ["[]"] = "object", ["{"] = "valid JSON", [""] = "valid JSON", ["{} {}"] = "valid JSON",
    }
    for body, word in pairs(bodies) do
      local status, answer = it_has:call("POST", "/search", body)
      assert.equal(400, status, body)
      assert.truthy(answer.message:find(word, 1, true), answer.message)
    end
  end)

  it("finds combined assets by their parts", function()
    start { seed = 3 }
    local _, whole = it_has:create { source = false, data_asset_ids = { peer.VENDORS } }
    local found = find { query = "contained_data_id:" .. peer.VENDORS }.results
    assert.equal(1, #found)
    assert.equal(whole.id, found[1].id)
    assert.equal(0, #find { query = "contained_data_id:" .. whole.id }.results)
  end)

  it("adds a query's fields to the filters that were sent", function()
    start { seed = 200 }
    local function count(body) return #find(body).results end
    local both = count '{"limit":1000,"query":"rig:3","filters":[{"key":"modality","value":"FIP"}]}'
    assert.is_true(both > 0 and both < count '{"limit":1000,"query":"rig:3"}')
    assert.equal(both, count '{"limit":1000,"query":"rig:3 modality:FIP"}')
    assert.equal(both, count '{"limit":1000,"query":"rig:3 modality:FIP","filters":[ ]}')
  end)

  it("answers each caller in the spelling its requests are of", function()
    start { seed = 30, dialect = "both" }
    local function get(agent, more)
      local headers = { ["User-Agent"] = agent }
      for name, value in pairs(more or {}) do headers[name] = value end
      return select(2, it_has:call("GET", "/" .. peer.VENDORS, nil, headers)).state
    end
    assert.equal("DATA_ASSET_STATE_READY", get "old")
    it_has:call("POST", "/search", {}, { ["User-Agent"] = "new" })
    assert.equal("ready", get "new")
    assert.equal("DATA_ASSET_STATE_READY", get "old")
    it_has:call("GET", "", nil, { ["User-Agent"] = "new" })
    assert.equal("DATA_ASSET_STATE_READY", get "new")
    it_has:call("PUT", "/" .. peer.VENDORS, { custom_metadata = { rig = 1 } },
      { ["User-Agent"] = "third" })
    assert.equal("ready", get "third")
    assert.equal("ready", get("fourth", { ["Min-Server-Version"] = "4.0.0" }))
    -- Two clients of one HTTP library, of which one sends the header, do not mix.
    assert.equal("DATA_ASSET_STATE_READY", get "fourth")
    local path = "/" .. peer.VENDORS .. "/archive?archive="
    assert.equal(200, (it_has:call("PATCH", path .. "true", nil, { ["User-Agent"] = "old" })))
    assert.equal(204, (it_has:call("PATCH", path .. "false", nil, { ["User-Agent"] = "third" })))
    assert.equal(200, (it_has:call("GET", "/" .. peer.VENDORS .. "/permissions", nil,
      { ["User-Agent"] = "fifth" })))
    assert.equal("ready", get "fifth")
    local status, answer = it_has:call("GET", "", nil, { ["Min-Server-Version"] = "99.1" })
    assert.equal(400, status)
    assert.equal("server version 4.6.0 is lower than required minimum 99.1", answer.message)
  end)

  it("answers both ways in both dialects", function()
    start { seed = 30, dialect = "both" }
    local row = find('{"query":"commoncrawl"}').results[1]
    assert.is_table(row.custom_metadata)
    local _, old = it_has:call("GET", "?query=commoncrawl")
    assert.equal(1, old.total)
    assert.is_nil(old.results[1].custom_metadata)
    local _, got = it_has:call("GET", "/" .. row.id)
    assert.equal("DATA_ASSET_STATE_READY", got.state)
    assert.same(row.custom_metadata, got.custom_metadata)
    local _, put = it_has:call("PUT", "/" .. row.id,
      { name = "n", description = "d", custom_metadata = { rig = 2 } })
    assert.equal("ready", put.state)
    assert.same({ rig = 2 }, put.custom_metadata)
  end)

  it("writes nothing into answers of delete and archive now", function()
    start { seed = 3 }
    local status, _, raw = it_has:call("PATCH", "/" .. peer.VENDORS .. "/archive?archive=true")
    assert.equal(204, status)
    assert.equal("", raw)
    assert.equal(204, (it_has:call("DELETE", "/" .. peer.VENDORS)))
  end)
end)
