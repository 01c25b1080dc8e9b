-- No table of options is read loosely: a misspelt name or an impossible value is refused by name
-- before anything is sent.

local bulk = require "codeocean.bulk"
local codeocean = require "codeocean"
local fixture = require "fixture"
local ids = require "codeocean.ids"
local output = require "codeocean.output"
local sandbox = require "codeocean.sandbox"
local tags = require "codeocean.tags"

local ID = fixture.ID
local NAN = 0 / 0

local function change() return nil end

local function listing(client, params)
  for _ in client.data_assets:each(params) do error("a row", 0) end
end

local function new_asset(extra)
  local params = { name = "n", mount = "m", tags = {}, source = { aws = { bucket = "b" } } }
  for name, value in pairs(extra) do params[name] = value end
  return params
end

-- A call with a client; the name in the message; further text of the message.
local calls = {
  { function(c) listing(c, { limit = NAN }) end, "limit", "got nan" },
  { function(c) listing(c, { limit = 0 }) end, "limit", "integer of 1 or more" },
  { function(c) listing(c, { Limit = 3 }) end, "Limit", "did you mean 'limit'?" },
  { function(c) listing(c, { page_size = 5000 }) end, "page_size", "1 to 1000" },
  { function(c) c.data_assets:all { pagesize = 5 } end, "pagesize", "did you mean 'page_size'?" },
  { function(c) c.data_assets:all "x" end, "params", "table expected" },
  { function(c) c.data_assets:search { limit = 1e300 } end, "limit", "got 1e+300" },
  { function(c) c.data_assets:search { tpye = "dataset" } end, "tpye", "did you mean 'type'?" },
  { function(c) c.data_assets:search { fields = "id" } end, "fields", "list expected" },
  { function(c) c.data_assets:update(ID, { tag = { "x" } }) end, "tag", "did you mean 'tags'?" },
  { function(c) c.data_assets:update(ID, { name = "x" }, { replace = true }) end, "replace", "" },
  { function(c) c.data_assets:update(ID, { name = "x" }, "replace") end, "opts", "table expected" },
  { function(c) c.data_assets:create(new_asset {}, { unless_exist = true }) end, "unless_exist",
    "did you mean 'unless_exists'?" },
  { function(c) c.data_assets:create(new_asset { tag = {} }) end, "tag", "did you mean 'tags'?" },
  { function(c) c.data_assets:wait_until_ready(ID, { timeout = NAN }) end, "timeout", "got nan" },
  { function(c) c.data_assets:wait_until_ready(ID, { time_out = 3 }) end, "time_out",
    "did you mean 'timeout'?" },
  { function(c) c.data_assets:wait_until_ready({ ID, nil, ID }) end, "id[2]", "without a hole" },
  { function(c) c.data_assets:set_permissions(ID, { user = {} }) end, "user", "'users'" },
  { function(c) c.data_assets:transfer(ID, { targt = {} }) end, "targt", "'target'" },
  { function(c) c:map({}, print, { job = 3 }) end, "job", "did you mean 'jobs'?" },
  { function(c) c:each_done({}, print, { fail_fats = true }) end, "fail_fats", "'fail_fast'" },
  { function(c) c:sleep(NAN) end, "seconds", "nan" },
  { function() codeocean.client { dryrun = true } end, "dryrun", "did you mean 'dry_run'?" },
  { function() codeocean.client { timeout = -1 } end, "timeout", "got -1" },
  { function() output.writer { feilds = { "id" } } end, "feilds", "did you mean 'fields'?" },
  { function() tags.change({}, { remvoe = { "x" } }) end, "changes.remvoe", "'remove'" },
  { function() ids.load("x", { colum = "y" }) end, "colum", "did you mean 'column'?" },
  { function() ids.read(io.stdin, { colum = "y" }) end, "colum", "did you mean 'column'?" },
  { function(c) bulk.run(c, { dryrun = true, select = { query = "x" }, change = change }) end,
    "dryrun", "did you mean 'dry_run'?" },
  { function(c) bulk.run(c, { select = { qury = "x" }, change = change }) end, "qury",
    "did you mean 'query'?" },
  { function(c) bulk.run(c, { select = { query = " " }, change = change }) end, "select",
    "every asset" },
  { function(c) bulk.run(c, { select = {}, where = "x", change = change }) end, "where",
    "function expected" },
}

describe("no table of options is read loosely:", function()
  for i, row in ipairs(calls) do
    it(("row %d, %s"):format(i, row[2]), function()
      local with = fixture.new(finally)
      local peer = with:sandbox()
      local client = with:client(peer)
      local ok, problem = pcall(row[1], client)
      assert.is_false(ok)
      assert.is_string(problem)
      assert.is_truthy(problem:find(("bad argument '%s' to '"):format(row[2]), 1, true), problem)
      assert.is_truthy(problem:find(row[3], 1, true), problem)
      assert.is_nil(problem:find "\n")
      assert.same({}, peer:requests())
    end)
  end

  it("a sandbox and its faults", function()
    local with = fixture.new(finally)
    assert.error_matches(function() sandbox.start { sed = 5 } end, "'sed'")
    local peer = with:sandbox()
    assert.error_matches(function() peer:fault { kind = "status", status = 500, cuont = 1 } end,
      "'cuont'")
  end)
end)
