-- Answers that are missing, not JSON, cut or too long.

local codeocean = require "codeocean"
local fixture = require "fixture"
local process = require "process"

local ID = fixture.ID

describe("answers", function()
  it("longer than answer_max, packed or unpacked, are refused", function()
    local with = fixture.new(finally)
    local peer = with:sandbox { seed = 3 }
    local client = with:client(peer, { answer_max = 300, retries = 2 })
    local _, err = client.data_assets:search { limit = 3 }
    assert.equal("decode", err.kind)
    assert.matches("longer than 300 bytes", err.message)
    assert.equal(1, #peer:requests())
    peer:fault { kind = "gzip_bomb", bytes = 64 * 1024 * 1024 }
    _, err = client.data_assets:get(ID)
    assert.equal("decode", err.kind)
    assert.matches("longer than 300 bytes", err.message)
    assert.is_true(#(err.message) < 500)
  end)

  it("to a write that are longer than answer_max leave it unknown", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox(), { answer_max = 20 })
    local _, err = client:request("create", nil, { name = "n", mount = "m", tags = {},
      source = { aws = { bucket = "b" } } })
    assert.equal("decode", err.kind)
    assert.equal("unknown", err.outcome)
  end)

  it("that are zipped are unpacked", function()
    local with = fixture.new(finally)
    local zipped = process.shell("gzip -c", { stdin = '{"id":"' .. ID .. '","name":"zipped"}' }).out
    assert.is_true(#zipped > 20)
    local server = with:server {
      fixture.answer("200 OK", zipped, { "Content-Encoding: gzip" }),
      fixture.answer("200 OK", zipped:sub(1, -12), { "Content-Encoding: gzip" }),
      fixture.answer("200 OK", "no gzip at all", { "Content-Encoding: gzip" }) }
    local client = with:client(server, { retries = 0 })
    assert.equal("zipped", assert(client.data_assets:get(ID)).name)
    for _ = 1, 2 do
      local _, err = client.data_assets:get(ID)
      assert.is_truthy(err.kind == "decode" or err.kind == "network", err.kind)
    end
  end)

  it("with a repeated key have its last value", function()
    local with = fixture.new(finally)
    local client = with:client(with:server { fixture.answer("200 OK",
      '{"id":"' .. ID .. '","name":"a","name":"b","custom_metadata":{"x":1,"x":2}}') })
    local asset = assert(client.data_assets:get(ID))
    assert.same({ "b", { x = 2 } }, { asset.name, asset.custom_metadata })
  end)

  it("longer than their Content-Length do not spoil the next one", function()
    local with = fixture.new(finally)
    local one, two = '{"id":"' .. ID .. '","name":"one"}', '{"id":"' .. ID .. '","name":"two"}'
    local more = fixture.answer("200 OK", one)[1]
      .. "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    local server = with:server { fixture.raw("keep", more), fixture.answer("200 OK", two) }
    local client = with:client(server, { retries = 0 })
    assert.equal("one", assert(client.data_assets:get(ID)).name)
    assert.equal("two", assert(client.data_assets:get(ID)).name)
  end)

  it("in chunks, in pieces and without a length are read to their end", function()
    local with = fixture.new(finally)
    local body = '{"id":"' .. ID .. '","name":"pieces"}'
    local chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      .. ("%x\r\n%s\r\n"):format(10, body:sub(1, 10))
      .. ("%x\r\n%s\r\n0\r\n\r\n"):format(#body - 10, body:sub(11))
    local server = with:server { fixture.raw("keep", chunked),
      fixture.raw("close", "HTTP/1.1 200 OK\r\n\r\n" .. body),
      fixture.raw("close", "HTTP/1.0 200 OK\r\n\r\n" .. body) }
    local client = with:client(server, { retries = 0 })
    for _ = 1, 3 do assert.equal("pieces", assert(client.data_assets:get(ID)).name) end
  end)

  local broken = {
    { "nothing at all", fixture.raw("close", ""), "network" },
    { "half a header", fixture.raw("close", "HTTP/1.1 200 OK\r\nContent-Le"), nil },
    { "no HTTP", fixture.raw("close", "SSH-2.0-OpenSSH_9.2\r\n"), nil },
    { "half a body", fixture.raw("close", "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"),
      "network" },
    { "half a chunk", fixture.raw("close",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{"), "network" },
    { "a bad chunk", fixture.raw("close",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{"), nil },
    { "an empty body", fixture.answer("200 OK", ""), "decode" },
    { "204", fixture.raw("keep", "HTTP/1.1 204 No Content\r\n\r\n"), "decode" },
    { "a list", fixture.answer("200 OK", "[]"), "decode" },
    { "null", fixture.answer("200 OK", "null"), "decode" },
    { "an object without id", fixture.answer("200 OK", "{}"), "decode" },
    { "an id that is a number", fixture.answer("200 OK", '{"id":7}'), "decode" },
    { "more than one value", fixture.answer("200 OK", '{"id":"x"}{"id":"y"}'), "decode" },
    { "a NUL behind it", fixture.answer("200 OK", '{"id":"x"}\0'), "decode" },
    { "65 levels", fixture.answer("200 OK", '{"id":"x","d":' .. ("["):rep(65) .. ("]"):rep(65)
      .. "}"), "decode" },
    { "status 600", fixture.answer("600 What", "{}"), nil },
  }
  for _, row in ipairs(broken) do
    it("of " .. row[1] .. " are errors", function()
      local with = fixture.new(finally)
      local client = with:client(with:server { row[2] }, { retries = 0, timeout = 2 })
      local asset, err = client.data_assets:get(ID)
      assert.is_nil(asset)
      assert.is_true(codeocean.is_error(err))
      if row[3] then assert.equal(row[3], err.kind) end
      assert.is_truthy(err.kind == "decode" or err.kind == "network", err.kind)
      assert.is_nil(tostring(err):find("%c"))
    end)
  end

  for _, status in ipairs { "301 Moved", "302 Found", "303 Other", "307 Moved", "308 Moved" } do
    it("of " .. status .. " are errors with the target, to which nothing is sent", function()
      local with = fixture.new(finally)
      local other = with:sandbox { seed = 1 }
      local server = with:server { fixture.answer(status, "",
        { "Location: " .. other.url .. "/api/v1/data_assets?secret=1#top" }) }
      local client = with:client(server)
      local _, err = client.data_assets:get(ID)
      assert.equal("redirect", err.kind)
      assert.is_truthy(err.message:find(other.url .. "/api/v1/data_assets", 1, true))
      assert.is_nil(err.message:find("secret", 1, true))
      assert.equal(0, #other:requests())
      assert.equal(1, client:stats().requests)
    end)
  end

  it("of a redirect without a target, or with a path alone, are errors", function()
    local with = fixture.new(finally)
    local server = with:server { fixture.answer("302 Found", ""),
      fixture.answer("302 Found", "", { "Location: /login?next=x" }) }
    local client = with:client(server)
    assert.equal("redirect", select(2, client.data_assets:get(ID)).kind)
    local _, err = client.data_assets:delete(ID)
    assert.equal("redirect", err.kind)
    assert.is_truthy(err.message:find(server.url .. "/login", 1, true))
  end)

  it("of a server without TLS are errors, and no request was sent", function()
    local with = fixture.new(finally)
    local peer = with:server { fixture.raw("hang", "HTTP/1.1 400 Bad Request\r\n\r\n") }
    local client = with:client(peer, { domain = "127.0.0.1:" .. peer.port, retries = 0 })
    local _, err = client.data_assets:create { name = "n", mount = "m", tags = {},
      source = { aws = { bucket = "b" } } }
    assert.equal("tls", err.kind)
    assert.equal("not_sent", err.outcome)
    assert.is_nil(peer:request():find("data_assets", 1, true))
  end)

  it("with invalid UTF-8 are quoted in errors as valid UTF-8", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    local client = with:client(peer, { retries = 0 })
    local bodies = { "\255\254{", ("x"):rep(40) .. ("\u{e9}"):rep(300),
      ("x"):rep(41) .. ("\u{e9}"):rep(300) }
    for _, body in ipairs(bodies) do
      for _, status in ipairs { 200, 400 } do
        peer:fault { kind = "status", status = status, body = body }
        local _, err = client.data_assets:get(fixture.ID)
        assert.is_truthy(utf8.len(tostring(err)), tostring(err))
      end
    end
  end)
end)
