-- The request of each operation, byte for byte, as the server received it.

local core = require "codeocean.core"
local fixture = require "fixture"

local BASIC = "Basic Y29wX3NhbmRib3g6" -- base64 of "cop_sandbox:"

local function whole(request, peer)
  local headers = {}
  for name, value in pairs(request.headers) do headers[name:lower()] = value end
  assert.matches("^colua/[%d.]+ libcurl/[%d.]+$", headers["user-agent"])
  assert.equal("127.0.0.1:" .. peer.port, headers.host)
  assert.equal("gzip", headers["accept-encoding"])
  headers["user-agent"], headers.host, headers["accept-encoding"] = nil, nil, nil
  return { request.method, request.path, request.query or "", request.body, headers }
end

local function bare()
  return { authorization = BASIC, accept = "application/json" }
end

local function with_body(body)
  return { authorization = BASIC, accept = "application/json",
    ["content-type"] = "application/json", ["content-length"] = tostring(#body) }
end

describe("the wire", function()
  local ID = "fea84ebf-b58b-4ad2-994d-7169dc3880fb"
  local BASE = "/api/v1/data_assets"

  local create_body = '{"name":"n \\"q\\" µ","description":"d\\n","mount":"m","tags":["x","y"],'
    .. '"source":{"aws":{"bucket":"b","prefix":"p/q","keep_on_external_storage":true,'
    .. '"index_data":false,"access_key_id":"AKIA","secret_access_key":"s/k+="}}}'
  local small_body = '{"name":"n","description":"","mount":"m","tags":[],'
    .. '"source":{"computation":{"id":"c"}}}'
  local update_body = '{"name":"n","description":"","tags":[],"mount":"m"}'

  local rows = {
    { "create with all fields", "POST", BASE, "", create_body, function(assets)
      return assets:create { name = 'n "q" µ', description = "d\n", mount = "m",
        tags = { "x", "y" }, source = { aws = { bucket = "b", prefix = "p/q",
          keep_on_external_storage = true, index_data = false, access_key_id = "AKIA",
          secret_access_key = "s/k+=" } } }
    end },
    { "create with what is needed", "POST", BASE, "", small_body, function(assets)
      return assets:create { name = "n", mount = "m", tags = {},
        source = { computation = { id = "c" } } }
    end },
    { "get", "GET", BASE .. "/" .. ID, "", "", function(assets) return assets:get(ID) end },
    { "get by 32 digits", "GET", BASE .. "/" .. ID, "", "", function(assets)
      return assets:get((ID:gsub("-", "")))
    end },
    { "update", "PUT", BASE .. "/" .. ID, "", update_body, function(assets)
      return assets:update(ID, { mount = "m", tags = {}, description = "", name = "n" })
    end },
    { "delete", "DELETE", BASE .. "/" .. ID, "", "", function(assets)
      return assets:delete(ID)
    end },
    { "archive", "PATCH", BASE .. "/" .. ID .. "/archive", "archive=true", "", function(assets)
      return assets:archive(ID)
    end },
    { "archive, told so", "PATCH", BASE .. "/" .. ID .. "/archive", "archive=true", "",
      function(assets) return assets:archive(ID, true) end },
    { "archive(false)", "PATCH", BASE .. "/" .. ID .. "/archive", "archive=false", "",
      function(assets) return assets:archive(ID, false) end },
    { "unarchive", "PATCH", BASE .. "/" .. ID .. "/archive", "archive=false", "",
      function(assets) return assets:unarchive(ID) end },
    { "search for all there is to ask", "GET", BASE,
      "start=20&limit=7&sort_field=size&sort_order=desc"
        .. "&query=name%3Aco%20tag%3A%22x%20y%22%20%26%2B&type=result"
        .. "&ownership=shared&favorite=false&archived=true", "", function(assets)
      return assets:search { archived = true, favorite = false, ownership = "shared",
        type = "result", query = 'name:co tag:"x y" &+', sort_order = "desc",
        sort_field = "size", limit = 7, start = 20 }
    end },
    { "get_permissions", "GET", BASE .. "/" .. ID .. "/permissions", "", "", function(assets)
      return assets:get_permissions(ID)
    end },
    { "set_permissions", "POST", BASE .. "/" .. ID .. "/permissions", "",
      '{"users":[{"email":"a@b.c","role":"viewer"}],"everyone":"none","share_assets":false}',
      function(assets)
        return assets:set_permissions(ID, { share_assets = false, everyone = "none",
          users = { { email = "a@b.c", role = "viewer" } } })
      end },
    { "list_files", "POST", BASE .. "/" .. ID .. "/files", "", '{"path":"a b/"}',
      function(assets) return assets:list_files(ID, "a b/") end },
    { "file_urls", "GET", BASE .. "/" .. ID .. "/files/urls", "path=a%20b%2Fc%26.csv", "",
      function(assets) return assets:file_urls(ID, "a b/c&.csv") end },
    { "custom_metadata", "GET", "/api/v1/custom_metadata", "", "",
      function(assets) return assets.client:custom_metadata() end },
    { "search_capsules", "POST", "/api/v1/capsules/search", "",
      '{"query":"' .. ID .. '","limit":100}', function(assets)
        return assets.client:request("search_capsules", nil, { query = ID, limit = 100 })
      end },
    { "transfer", "POST", BASE .. "/" .. ID .. "/transfer", "",
      '{"target":{"aws":{"bucket":"b","prefix":"p"}},"force":true}', function(assets)
        return assets:transfer(ID, { force = true, target = { aws = { bucket = "b",
          prefix = "p" } } })
      end },
  }
  for _, row in ipairs(rows) do
    it("of " .. row[1], function()
      local with = fixture.new(finally)
      local peer = with:sandbox { token = "cop_sandbox" }
      local client = with:client(peer, { retries = 0 })
      row[6](client.data_assets)
      local requests = peer:requests()
      assert.equal(1, #requests)
      local headers = row[5] ~= "" and with_body(row[5]) or bare()
      assert.same({ row[2], row[3], row[4], row[5], headers }, whole(requests[1], peer))
    end)
  end

  it("of each: every page has start and limit", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { seed = 3 }
    local client = with:client(peer)
    local n = 0
    for _ in client.data_assets:each { page_size = 2 } do n = n + 1 end
    assert.equal(3, n)
    local queries = {}
    for i, request in ipairs(peer:requests()) do queries[i] = request.query end
    assert.same({ "start=0&limit=2", "start=2&limit=2" }, queries)
  end)

  it("of a search in the current dialect", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { token = "cop_sandbox" }
    local client = with:client(peer, { dialect = "current" })
    assert(client.data_assets:search { archived = true, query = { tag = "x y", name = "co" },
      sort_field = "size", sort_order = "desc", limit = 7, start = 20, ownership = "owner",
      filters = { { key = "a", value = "b" } } })
    local body = '{"offset":20,"limit":7,"sort_field":"size","sort_order":"desc",'
      .. [["query":"name:\"co\" tag:\"x y\"","ownership":"created","archived":true,]]
      .. '"filters":[{"key":"a","value":"b"}]}'
    assert.same({ "POST", BASE .. "/search", "", body, with_body(body) },
      whole(peer:requests()[1], peer))
  end)

  it("leaves out fields that are not set, rather than send null", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    local client = with:client(peer)
    assert(client.data_assets:search { limit = 5 })
    assert.equal("limit=5", peer:requests()[1].query)
    assert(client.data_assets:create { name = "n", mount = "m", tags = {},
      source = { aws = { bucket = "b" } } })
    assert.is_nil(peer:requests()[2].body:find("null"))
    assert.is_nil(peer:requests()[2].body:find("custom_metadata"))
  end)

  it("has the user agent, the token and the address that the client was given", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { token = "cop_other" }
    local client = with:client(peer, { user_agent = "lab/1" })
    assert(client.data_assets:search { limit = 1 })
    local headers = peer:requests()[1].headers
    assert.equal("lab/1", headers["user-agent"])
    assert.equal("Basic Y29wX290aGVyOg==", headers.authorization)
  end)

  it("expects no 100-continue and sends a long body whole", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    local client = with:client(peer)
    local description = ("x"):rep(1024 * 1024)
    local asset = fixture.make(client, { description = description })
    assert.equal(description, asset.description)
    local request = fixture.seen(peer, "create")[1]
    assert.is_nil(request.headers.expect)
    assert.equal(tostring(#request.body), request.headers["content-length"])
  end)

  it("keeps one connection for requests in a row", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { seed = 2 }
    local client = with:client(peer)
    for _ = 1, 5 do assert(client.data_assets:search { limit = 1 }) end
    local requests = peer:requests()
    assert.equal(5, #requests)
    for _, request in ipairs(requests) do
      assert.equal(requests[1].connection, request.connection)
    end
    assert.equal(1, client:stats().connections)
  end)

  it("agrees with the endpoint table for six operations", function()
    local found = {}
    for _, row in ipairs(core.operations()) do found[row.method .. " " .. row.path] = row.name end
    assert.equal("create", found["POST /data_assets"])
    assert.equal("get", found["GET /data_assets/{id}"])
    assert.matches("^search", found["GET /data_assets"])
    assert.equal("update", found["PUT /data_assets/{id}"])
    assert.equal("delete", found["DELETE /data_assets/{id}"])
    assert.equal("archive", found["PATCH /data_assets/{id}/archive"])
  end)
end)
