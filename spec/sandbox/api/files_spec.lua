-- The files of an asset: their list, their addresses, and the contents at these addresses.

local json = require "codeocean.json"
local http = require "http"
local peer = require "peer"

describe("files in the sandbox", function()
  local it_has, asset

  before_each(function()
    it_has = peer.start { dialect = "current", ready_after = 0 }
    local _, made = it_has:create { name = "a session", custom_metadata = { subject = "7" } }
    asset = "/" .. made.id
  end)

  after_each(function() it_has.sandbox:stop() end)

  local function list(path)
    return select(2, it_has:call("POST", asset .. "/files", { path = path })).items
  end

  local function urls(path)
    return select(2, it_has:call("GET", asset .. "/files/urls?path=" .. path))
  end

  local function read(url, range)
    return http.request { url = url, headers = { Range = range } }
  end

  it("are listed folder by folder, by either method", function()
    local names = {}
    for i, item in ipairs(list "") do names[i] = item.path .. " " .. item.type end
    assert.same({ "data folder", "data_description.json file", "processing.json file" }, names)
    assert.same({ "events.csv", "data/events.csv", "file" },
      { list("data")[1].name, list("data")[1].path, list("data")[1].type })
    for _, same in ipairs { "data/", "/data" } do assert.same(list "data", list(same)) end
    assert.same(list "data", select(2, it_has:call("GET", asset .. "/files?path=data")).items)
    assert.same(list "", select(2, it_has:call("GET", asset .. "/files")).items)
    assert.equal(404, (it_has:call("GET", asset .. "/files?path=none")))
    assert.equal(404, (it_has:call("GET", "/none/files")))
    assert.equal(400, (it_has:call("POST", asset .. "/files", { path = 1 })))
  end)

  it("have addresses in the sandbox, which serves them without the token", function()
    local count = 0
    for _, folder in ipairs { "", "data" } do
      for _, item in ipairs(list(folder)) do
        if item.type == "file" then
          local both = urls(item.path)
          local status, headers, body = read(both.download_url)
          assert.equal(200, status)
          assert.equal(item.size, #body, item.path)
          assert.equal(body, select(3, read(both.view_url)))
          assert.truthy(headers["content-type"])
          count = count + 1
        end
      end
    end
    assert.equal(4, count)
    local description = json.decode(select(3, read(urls("data_description.json").view_url)))
    assert.equal("a session", description.name)
    assert.equal("7", description.subject_id)
    local csv = select(3, read(urls("data%2Fevents.csv").view_url))
    assert.truthy(csv:find "^time_s,event,value\n0.000,stimulus,%d+\n")
  end)

  it("have an older form of their address", function()
    local _, old = it_has:call("GET", asset .. "/files/download_url?path=data%2Fevents.csv")
    assert.equal(urls("data%2Fevents.csv").download_url, old.url)
  end)

  it("are read in ranges", function()
    local url = urls("data%2Fevents.csv").download_url
    local whole = select(3, read(url))
    local rows = { ["bytes=0-9"] = { 1, 10 }, ["bytes=10-"] = { 11, -1 }, ["bytes=-5"] = { -5, -1 },
      ["bytes=0-999999"] = { 1, -1 }, ["bytes=-999999"] = { 1, -1 } }
    for range, part in pairs(rows) do
      local status, headers, body = read(url, range)
      assert.equal(206, status, range)
      assert.equal(whole:sub(part[1], part[2]), body)
      local first, last, total = headers["content-range"]:match "^bytes (%d+)%-(%d+)/(%d+)$"
      assert.equal(#whole, tonumber(total))
      assert.equal(#body, last - first + 1)
    end
    for _, range in ipairs { "bytes=999999-", "bytes=9-3", "bytes=-0" } do
      local status, headers = read(url, range)
      assert.equal(416, status, range)
      assert.equal("bytes */" .. #whole, headers["content-range"])
    end
    for _, range in ipairs { "lines=1-2", "bytes=0-1,3-4", "bytes=x-", "bytes=-", "bytes=1-2x",
      "bytes=--5", "bytes=99999999999999999999-" } do
      local status, headers, body = read(url, range)
      assert.equal(200, status, range)
      assert.is_nil(headers["content-range"])
      assert.equal(whole, body)
    end
  end)

  it("have an ETag and a date for get_with requests", function()
    local url = urls("data%2Fevents.csv").download_url
    local _, headers, whole = read(url)
    assert.equal("bytes", headers["accept-ranges"])
    assert.truthy(headers.etag:find '^"%x+"$')
    assert.equal(34, #headers.etag)
    assert.truthy(headers["last-modified"]:find "^%a%a%a, %d%d %a%a%a %d%d%d%d %d%d:%d%d:%d%d GMT$")
    assert.are_not.equal(headers.etag, select(2, read(urls("processing.json").view_url)).etag)
    local function get_with(more)
      local status, answered, body = http.request { url = url, headers = more }
      assert.equal(headers.etag, answered.etag)
      return status, body
    end
    for _, same in ipairs { headers.etag, headers["last-modified"] } do
      local answer = { get_with { Range = "bytes=0-9", ["If-Range"] = same } }
      assert.same({ 206, whole:sub(1, 10) }, answer)
    end
    for _, other in ipairs { '"0"', "Mon, 01 Jan 2001 00:00:00 GMT" } do
      assert.same({ 200, whole }, { get_with { Range = "bytes=0-9", ["If-Range"] = other } })
    end
    assert.same({ 304, "" }, { get_with { ["If-None-Match"] = headers.etag } })
    assert.same({ 304, "" }, { get_with { ["If-None-Match"] = '"0", ' .. headers.etag } })
    assert.same({ 200, whole }, { get_with { ["If-None-Match"] = '"0"' } })
  end)

  it("are signed for GET alone, as in an object store", function()
    local url = urls("processing.json").download_url
    for _, method in ipairs { "HEAD", "PUT", "DELETE" } do
      assert.equal(403, (http.request { url = url, method = method }), method)
    end
    local status, headers, body = read(url .. "0")
    assert.equal(403, status)
    assert.equal("application/xml", headers["content-type"])
    assert.truthy(body:find("<Code>SignatureDoesNotMatch</Code>", 1, true))
  end)

  it("are refused without the signature", function()
    local url = urls("processing.json").download_url
    local other = urls("data_description.json").download_url
    local bad = { url:gsub("signature=.", "signature=x"), url:gsub("%?.*", ""), url .. "0",
      (url:gsub("processing.json", "data/events.csv")),
      (other:gsub("signature=.*", url:match "signature=.*")),
      (url:gsub("processing.json", "..%%2fprocessing.json")), it_has.sandbox.url .. "/files/",
      it_has.sandbox.url .. "/files//", it_has.sandbox.url .. "/files/" .. ("x"):rep(500) .. "/y" }
    for _, address in ipairs(bad) do
      if type(address) == "string" then assert.equal(403, (read(address)), address) end
    end
  end)

  it("are empty before the asset is ready, and for an external one", function()
    it_has.sandbox:stop()
    it_has = peer.start { dialect = "current", ready_after = 3600 }
    local _, draft = it_has:create()
    local status, answer = it_has:call("GET", "/" .. draft.id .. "/files")
    assert.equal(400, status)
    assert.truthy(answer.message:find "not ready")
    it_has.sandbox:stop()
    it_has = peer.start { dialect = "current", ready_after = 0 }
    local _, external = it_has:create { source = { aws = { bucket = "b",
      keep_on_external_storage = true } } }
    for _, path in ipairs { "/files", "/files/urls?path=processing.json" } do
      status, answer = it_has:call("GET", "/" .. external.id .. path)
      assert.equal(400, status)
      assert.truthy(answer.message:find "internal")
    end
  end)

  it("are found by their exact path only", function()
    for _, path in ipairs { "data", "events.csv", "data/", "", "data/events" } do
      assert.equal(404, (it_has:call("GET", asset .. "/files/urls?path=" .. path)), path)
    end
  end)
end)
