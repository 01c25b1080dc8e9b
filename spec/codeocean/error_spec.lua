-- Error objects: their one line, their fields, their quotations of answers.

local codeocean = require "codeocean"
local errors = require "codeocean.error"
local fixture = require "fixture"

describe("codeocean.error", function()
  local rows = {
    -- fields, as one line
    { { kind = "missing", status = 404, message = "not there", operation = "get", id = "x" },
      "get x: missing 404: not there" },
    { { kind = "network", message = "reset", operation = "create", attempts = 1, writes = true,
      outcome = "unknown" }, "create: network: reset (it may have been done)" },
    { { kind = "network", message = "reset", operation = "get", attempts = 5, writes = false,
      outcome = "unknown" }, "get: network: reset (5 attempts)" },
    { { kind = "throttled", status = 429, message = "slow down", retry_after = 7, attempts = 2 },
      "throttled 429: slow down (2 attempts; retry after 7 s)" },
    { { kind = "auth", status = 401, message = "" },
      "auth 401 (check the token: expired, or of another deployment)" },
    { { kind = "auth", status = 401, message = "401 Authorization Required", gateway = true },
      "auth 401: 401 Authorization Required (a gateway's page, not an answer of Code Ocean)" },
    { { kind = "auth", status = 403, message = "no", operation = "get", writes = false },
      "get: auth 403: no (check the token's scope, and your access)" },
    { { kind = "auth", status = 403, message = "no", operation = "create", writes = true },
      "create: auth 403: no (check that the token's scope allows writing)" },
    { { kind = "auth", status = 403, message = "no", operation = "delete", writes = true },
      "delete: auth 403: no (check that the token's scope allows writing, and your role on the "
        .. "asset)" },
    { { kind = "auth", status = 403, message = "denied", operation = "delete", writes = true,
      gateway = true },
      "delete: auth 403: denied (a gateway's page, not an answer of Code Ocean)" },
    { { kind = "network", message = "getaddrinfo() thread failed to start" },
      "network: getaddrinfo() thread failed to start (this program allows no new thread; HAProxy "
        .. "does with insecure-fork-wanted)" },
    { { kind = "config" }, "config" },
    { { kind = "journal", message = "journal x: no such file" }, "journal x: no such file" },
    { { kind = "plan", message = "planned" }, "plan: planned" },
    { { kind = "dry_run", message = "dry run: nothing was sent" }, "dry run: nothing was sent" },
  }
  for _, row in ipairs(rows) do
    it("is the line " .. row[2], function()
      assert.equal(row[2], tostring(errors.new(row[1])))
    end)
  end

  it("is distinguished from other values", function()
    assert.is_true(errors.is(errors.new { kind = "x" }))
    assert.is_true(codeocean.is_error(errors.new { kind = "x" }))
    for _, value in ipairs { { kind = "x" }, "x", 1, true, print } do
      assert.is_false(errors.is(value))
    end
    assert.is_false(errors.is(nil))
  end)

  local failures = {
    -- status, kind, outcome of a write
    { 400, "invalid", "rejected" }, { 401, "auth", "rejected" }, { 403, "auth", "rejected" },
    { 404, "missing", "rejected" }, { 408, "timeout", "unknown" }, { 409, "rejected", "rejected" },
    { 413, "rejected", "rejected" }, { 422, "rejected", "rejected" },
    { 429, "throttled", "rejected" }, { 500, "server", "unknown" }, { 501, "server", "unknown" },
    { 503, "server", "unknown" }, { 504, "server", "unknown" }, { 302, "redirect", "rejected" },
  }
  for _, row in ipairs(failures) do
    it(("has all fields for status %d"):format(row[1]), function()
      local with = fixture.new(finally)
      local peer = with:sandbox()
      local client = with:client(peer, { retries = 0 })
      peer:fault { kind = "status", status = row[1], body = '{"message":"as told","code":[7]}' }
      local asset, err = client.data_assets:update(fixture.ID,
        { name = "n", description = "", tags = {}, mount = "m" })
      assert.is_nil(asset)
      assert.is_true(errors.is(err))
      assert.equal(row[2], err.kind)
      assert.equal(row[1], err.status)
      assert.equal("update", err.operation)
      assert.equal(fixture.ID, err.id)
      assert.is_true(err.writes)
      assert.equal(1, err.attempts)
      assert.equal(row[3], err.outcome)
      assert.is_nil(err.retry_after)
      assert.matches("as told", err.message)
      assert.equal(7, err.data.code[1])
      local line = tostring(err)
      assert.matches(("^update %s: %s %d: as told"):format(fixture.ID:gsub("%-", "%%-"), row[2],
        row[1]), line)
      assert.is_nil(line:find("\n"))
    end)
  end

  local bodies = {
    { "of text", "plain words", "plain words" },
    { "of HTML", "<html>\n<body>no\tway</body></html>", "no way" },
    { "of a list", '["one","two"]', '["one","two"]' },
    { "that is empty", "", "" },
    { "with an error", '{"error":"why"}', "why" },
    { "with a message of two lines", '{"message":"one\\ntwo\\u001b[31m\\u0000"}',
      "one two\\x1B[31m\\x00" },
    { "with a message that is not text", '{"message":{"a":1}}', '{"message":{"a":1}}' },
    { "that is long", ("x"):rep(5000), ("x"):rep(100) .. "..." },
    { "with a long message", '{"message":"' .. ("x"):rep(5000) .. '"}', ("x"):rep(400) .. "..." },
    { "cut off", '{"message":"abc', '{"message":"abc' },
  }
  for _, row in ipairs(bodies) do
    it("quotes a body " .. row[1] .. " in one line", function()
      local with = fixture.new(finally)
      local server = with:server { fixture.answer("400 Bad Request", row[2]) }
      local _, err = with:client(server).data_assets:get(fixture.ID)
      assert.equal("invalid", err.kind)
      assert.equal(row[3], err.message)
      assert.is_nil(tostring(err):find("[%c]"))
    end)
  end

  it("prints well where nobody catches it", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox())
    local _, err = client.data_assets:get(fixture.ID)
    local _, caught = pcall(error, err, 0)
    assert.matches("^get " .. fixture.ID:gsub("%-", "%%-") .. ": missing 404: ", tostring(caught))
  end)

  it("keeps no C1 control sequence for a terminal", function()
    local with = fixture.new(finally)
    local server = with:server {
      fixture.answer("400 Bad Request", '{"message":"red \xc2\x9b31m, \xe2\x80\xae bidi"}') }
    local _, err = with:client(server).data_assets:get(fixture.ID)
    assert.is_nil(tostring(err):find("\xc2\x9b", 1, true))
  end)
end)
