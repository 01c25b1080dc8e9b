-- Each answer is compared with its request, since a server, a cache or a gateway may answer with
-- something else.

local answer = require "codeocean.assets.answer"
local errors = require "codeocean.error"
local fixture = require "fixture"

local ID = fixture.ID
local OTHER = "22222222-2222-4333-8444-555555555555"

describe("an answer", function()
  local good = {
    { "get", { id = ID } }, { "get", { id = ID:upper() } }, { "get", { id = ID:gsub("-", "") } },
    { "update", { id = ID } }, { "delete", true, true }, { "delete", {}, true },
    { "archive", { id = ID }, true }, { "transfer", { started = true }, true },
    { "set_permissions", { everyone = "none" }, true }, { "search", { results = {} } },
    { "create", { id = OTHER } }, { "list_files", { items = {} } },
  }
  for i, row in ipairs(good) do
    it(("passes, row %d: %s"):format(i, row[1]), function()
      local value, err = answer.check(row[1], ID, row[2])
      assert.is_nil(err)
      assert.equal(row[3] or row[2], value)
    end)
  end

  local bad = {
    { "get", { id = OTHER }, "another asset: \"" .. OTHER }, { "get", {}, "no id" },
    { "get", { message = "down for maintenance" }, "no id" }, { "get", { id = 7 }, "another" },
    { "update", { id = OTHER }, "another" }, { "update", { id = "" }, "another" },
    { "delete", { id = OTHER }, "another" }, { "delete", { message = "x" }, "no id" },
    { "archive", { id = OTHER }, "another" },
  }
  for i, row in ipairs(bad) do
    it(("is refused, row %d: %s"):format(i, row[1]), function()
      local value, err = answer.check(row[1], ID, row[2], row[1] ~= "get")
      assert.is_nil(value)
      assert.is_true(errors.is(err))
      assert.same({ "decode", row[1], ID, "unknown", row[1] ~= "get" },
        { err.kind, err.operation, err.id, err.outcome, err.writes })
      assert.is_truthy(err.message:find(row[3], 1, true), err.message)
    end)
  end
end)

describe("an answer of another asset", function()
  local body = '{"id":"' .. OTHER .. '","name":"n","state":"ready","tags":[]}'

  local function client_of(finally, count)
    local with, list = fixture.new(finally), {}
    for i = 1, count do list[i] = fixture.answer("200 OK", body) end
    return with:client(with:server(list))
  end

  it("is an error of get and wait_until_ready", function()
    local assets = client_of(finally, 2).data_assets
    local asset, err = assets:get(ID)
    assert.is_nil(asset)
    assert.equal("decode", err.kind)
    asset, err = assets:wait_until_ready(ID, { timeout = 5 })
    assert.is_nil(asset)
    assert.equal("decode", err.kind)
  end)

  it("ends an update before its PUT", function()
    local with = fixture.new(finally)
    local server = with:server { fixture.answer("200 OK", body) }
    local asset, err = with:client(server).data_assets:update(ID, { tags = { "x" } })
    assert.is_nil(asset)
    assert.equal("decode", err.kind)
  end)

  it("reaches a hook as an error", function()
    local client, seen = client_of(finally, 1), {}
    client:on("answer", function(_, value, err) seen[1], seen[2] = value or "none", err end)
    client.data_assets:get(ID)
    assert.same({ "none", "decode" }, { seen[1], seen[2].kind })
  end)
end)

describe("a page whose results are null", function()
  local function page_of(finally, body)
    local with = fixture.new(finally)
    return with:client(with:server { fixture.answer("200 OK", body) }).data_assets:search()
  end

  for _, body in ipairs { '{"has_more":false,"results":null}', '{"has_more":false}' } do
    it("is empty: " .. body, function()
      local page = assert(page_of(finally, body))
      assert.same({ has_more = false, results = {} }, page)
      assert.equal("[]", require("codeocean.json").encode(page.results))
    end)
  end

  for _, body in ipairs { "{}", '{"message":"x"}', '{"has_more":false,"results":{}}',
    '{"has_more":"no"}' } do
    it("is an error: " .. body, function()
      local page, err = page_of(finally, body)
      assert.is_nil(page)
      assert.equal("decode", err.kind)
    end)
  end
end)
