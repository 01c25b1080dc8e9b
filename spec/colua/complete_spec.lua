-- Tab: candidates for a text, without touching what they are about.

local assets_module = require "codeocean.assets"
local complete = require "colua.complete"
local evaluate = require "colua.evaluate"
local reference = require "codeocean.reference"
local world = require "colua.names"


describe("Tab", function()
  local session, globals, names

  local function never() error "a metamethod ran" end

  before_each(function()
    session = evaluate.new()
    local client = setmetatable({ host = "x", engine = {} },
      { __name = "codeocean.client", __index = { map = print, pump = print } })
    local assets = assets_module.new(client)
    globals = {
      assets = assets, client = client, print = print, string = string, _secret = 1,
      trap = setmetatable({ own = 1 }, { __index = never, __pairs = never, __len = never,
        __tostring = never, __name = "trap" }),
      bulk = { run = function() end },
      classy = setmetatable({ field = 1 }, { __index = setmetatable({ method = print },
        { __index = { deeper = print } }) }),
    }
    globals._G = globals
    local functions = { [rawget(debug.getmetatable(assets), "__index").search] = "assets:search",
      [rawget(debug.getmetatable(assets), "__index").update] = "assets:update",
      [globals.bulk.run] = "bulk.run" }
    names = world.new(session, globals, { row_of = function(_, value)
      return functions[value] and reference.find(functions[value])
    end })
  end)

  local function candidates(text)
    local list = {}
    for i, entry in ipairs((complete.candidates(text, names))) do list[i] = entry.name end
    return table.concat(list, " ")
  end

  local rows = {
    { "pri", "print" }, { "cl", "classy client" }, { "x = bu", "bulk" }, { "f(ass", "assets" },
    { "whi", "while" }, { "_s", "_secret" }, { "", "" }, { "1 + ", "" }, { "nothing.", "" },
    { "string.re", "rep reverse" }, { "string.rep.", "" },
    { "classy.", "deeper field method" }, { "classy:", "deeper method" },
    { "trap.", "own" }, { "trap.own.x", "" }, { "trap:", "" },
    { "assets:arch", "archive" }, { "assets:un", "unarchive" }, { "assets.sea", "search" },
    { "client.da", "data_assets" },
    { "client.ho", "host" }, { "client.eng", "" }, { "client:ma", "map" }, { "client:pu", "" },
    { "a..string.le", "len" }, { "x = 'str", "" }, { "-- str", "" }, { "--[[ str", "" },
    { "5e", "" },
    { "assets:search { so", "sort_field sort_order" },
    { "assets:search({ so", "sort_field sort_order" },
    { "assets:search {\n  query = 'x',\n  so", "sort_field sort_order" },
    { "assets:search { sort_field = 'size', so", "sort_order" },
    { "assets:search { sort_field = ", '"created" "name" "size" "type"' },
    { "assets:search { sort_field = 'c", "created" },
    { 'assets:search { type = "d', "dataset" },
    { "assets:search { archived = t", "true" },
    { "assets:search { query = pri", "print" },
    { "assets:update(id, { ta", "tags" },
    { "assets:update(id, { tags = { pri", "print" },
    { "assets:update(id, { tags = t }, pri", "print" },
    { "bulk.run(client, { se", "select" },
    { "bulk.run(client, { select = { que", "query" },
    { "bulk.run(client, { select = { query = 'a' }, ch", "change" },
    { "other { pri", "print" }, { "{ pri", "print" }, { "t[pri", "print" },
    { "help 'bulk.r", "bulk.run" }, { 'help("assets:sea', "assets:search" },
    { ".", ".dry .help .save .time .trace" }, { ".t", ".time .trace" }, { ".dry o", "off on" },
    { ".time pri", "print" },
  }
  for _, row in ipairs(rows) do
    it(("offers %q for %q"):format(row[2], row[1]), function()
      assert.are.equal(row[2], candidates(row[1]))
    end)
  end

  it("knows the session's locals", function()
    session:run(session:compile "local mylist = { alpha = 1, beta = print }")
    assert.are.equal("mylist", candidates "myl")
    assert.are.equal("alpha beta", candidates "mylist.")
  end)

  it("knows a function by any name", function()
    globals.a = globals.assets
    assert.are.equal("sort_field sort_order", candidates "a:search { so")
  end)

  it("inserts what is common, and lists the rest", function()
    assert.are.same({ "rt_" }, { complete.answer("assets:search { so", names, 80) })
    assert.are.same({ nil, "sort_field  sort_order" },
      { complete.answer("assets:search { sort_", names, 80) })
    assert.are.equal("ield = ", (complete.answer("assets:search { sort_f", names, 80)))
    assert.are.equal('reated"', (complete.answer('assets:search { sort_field = "c', names, 80)))
    local insert, list = complete.answer("assets:search { sort_field = ", names, 20)
    assert.are.equal('"', insert)
    assert.are.equal('"created"  "size"\n"name"     "type"', list)
    assert.is_nil((complete.answer("zzz", names, 80)))
  end)
end)
