-- Tab: the candidates for a text. Finding them runs no code of the values.

local assets_module = require "codeocean.assets"
local complete = require "colua.complete"
local evaluate = require "colua.evaluate"
local names_module = require "colua.complete.variables"
local reference = require "codeocean.reference"
local seen_module = require "colua.complete.seen_values"

local ID = "fea84ebf-b58b-4ad2-994d-7169dc3880fb"


describe("Tab", function()
  local session, globals, names

  local fields = { rig = { type = "number", allowed_values = { 3, 4 } }, ["session date"] = {},
    modality = { allowed_values = { "EEG", "ecephys" } } }

  local function never() error "a metamethod ran" end

  -- What a session has seen of a page.
  local function seen(page)
    local hooks = {}
    local own = seen_module.new { on = function(_, event, fn) hooks[event] = fn end }
    hooks.answer({ operation = "search" }, { results = page.results })
    return own
  end

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
      [rawget(debug.getmetatable(assets), "__index").get] = "assets:get",
      [globals.bulk.run] = "bulk.run" }
    local page = { results = { { id = ID, name = "rat one", tags = { "EEG", "eye" } } },
      has_more = false }
    globals.page = setmetatable(page, { __name = "codeocean.Page", __index = never, __len = never })
    names = names_module.new { session = session, globals = globals, seen = seen(page),
      commands = { { ".time", "STATEMENT" }, { ".trace", "on|off" }, { ".csv", "FILE" },
        { ".columns", "a,b" }, { ".help", "" } },
      schema = function() return fields end,
      help = { row_of = function(_, value)
        return functions[value] and reference.find(functions[value])
      end },
      files = function(folder)
        return folder == "data/" and { "rats.csv", "mice/", ".hidden" } or { "data/", "run.lua" }
      end }
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
    { "bulk.run(client, { select = { query = 'a' }, cha", "change" },
    { "other { pri", "print" }, { "{ pri", "print" }, { "t[pri", "print" },
    { "help 'bulk.r", "bulk.run" }, { 'help("assets:sea', "assets:search" },
    { ".", ".time .trace .csv .columns .help" }, { ".t", ".time .trace" }, { ".dry o", "off on" },
    { ".time pri", "print" },
    { "page.results[1].na", "name" }, { "page[1].ta", "tags" }, { "page.results[1]:na", "" },
    { "page.results[i].na", "" }, { "assets:get('fea", ID }, { "assets:get 'fea", ID },
    { "assets:update(id, { custom_metadata = { mo", "modality" },
    { "change = function() return { custom_metadata = { ", '["session date"] modality rig' },
    { "x = { custom_metadata = { rig = ", "3 4" },
    { "x = { custom_metadata = { modality = ", '"EEG" "ecephys"' },
    { "x = { custom_metadata = { rig = 3, modality = 'e", "ecephys" },
    { 'x = { custom_metadata = { ["session date"] = ', "" },
    { "assets:update('fe", ID }, { "assets:update(id, { tags = { 'E", "EEG" },
    { "tags.change(t, { add = { 'e", "eye" }, { "assets:search { fields = { 'i", "id" },
    { "t = { fields = { 'name', 't", "tags transfer_error type" },
    { "assets:search { fields = { 'prov", "provenance" },
    { "output.writer { fields = { 'last_", "last_transferred last_used" },
    { "require 'codeocean.bul", "codeocean.bulk" },
    { "io.open('r", "run.lua" }, { "io.open('data/", "data/mice/ data/rats.csv" },
    { "dofile 'da", "data/" }, { ".csv data/r", "data/rats.csv" }, { ".columns name,ta", "tags" },
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

  for text, hint in pairs {
    ["assets:get("] = "assets:get(id) -> asset", ["assets:get('ab"] = "assets:get(id) -> asset",
    ["assets:get 'ab"] = "assets:get(id) -> asset",
    ["assets:search { query = 'x', lim"] = "assets:search([params]) -> page",
    ["assets:search { sort_field = "] = "sort_field: ",
    ["x = assets:get(f(1, { 2 }), "] = "assets:get(id) -> asset",
  } do
    it("hints at " .. text, function()
      assert.are.equal(hint, (complete.hint(text, names) or "none"):sub(1, #hint))
    end)
  end

  for _, text in ipairs { "assets:get(id)", "print(", "x = 1", "", "assets:get(f(" } do
    it("hints at nothing for " .. text, function() assert.is_nil(complete.hint(text, names)) end)
  end

  it("inserts what is common, and lists the rest", function()
    assert.are.same({ "rt_" }, { complete.insertion("assets:search { so", names, 80) })
    assert.are.same({ nil, "sort_field  sort_order" },
      { complete.insertion("assets:search { sort_", names, 80) })
    assert.are.equal("sort_fi…\nsort_or…",
      (select(2, complete.insertion("assets:search { sort_", names, 8))))
    assert.are.equal("ield = ", (complete.insertion("assets:search { sort_f", names, 80)))
    assert.are.equal('reated"', (complete.insertion('assets:search { sort_field = "c', names, 80)))
    local insert, list = complete.insertion("assets:search { sort_field = ", names, 20)
    assert.are.equal('"', insert)
    assert.are.equal('"created"  "size"\n"name"     "type"', list)
    assert.is_nil((complete.insertion("zzz", names, 80)))
  end)
end)
