-- colua get: assets by their ids, from arguments, files and pipes.

local deployment = require "deployment"
local peer = require "peer"
local process = require "process"

local NOBODY = "11111111-2222-3333-4444-555555555555"

describe("colua get", function()
  local here, a, b

  setup(function()
    here = deployment.start { token = "cop_sandbox", ready_after = 0 }
    a = here:asset { name = "first", tags = { "x", "y" } }
    b = here:asset { name = "second" }
  end)
  teardown(function() here:stop() end)

  local function get(words, options)
    return here:run({ "get", "--fields", "id,name", table.unpack(words) }, options)
  end
  local function both() return ("id\tname\n%s\tfirst\n%s\tsecond\n"):format(a, b) end

  it("requests each id once and prints in the order given", function()
    assert.are.same({ status = 0, out = both(), err = "" }, get { a, b })
    local sent = here:sent()
    table.sort(sent)
    local expected = { "GET /data_assets/" .. a, "GET /data_assets/" .. b }
    table.sort(expected)
    assert.are.same(expected, sent)
  end)

  it("sends the token as the user name, without a password", function()
    get { a }
    local headers = table.remove(here.server:requests()).headers
    assert.are.equal(peer.credentials(here.server.token), headers.authorization)
  end)

  it("reads ids from standard input, plain", function()
    local stdin = "\xEF\xBB\xBF# my assets\r\n\r\n" .. a .. "  the first\r\n" .. b .. "\r\n"
    assert.are.same({ status = 0, out = both(), err = "" }, get({ "-" }, { stdin = stdin }))
    assert.are.same({ status = 0, out = both(), err = "" },
      get({ "--ids", "-" }, { stdin = stdin }))
  end)

  it("reads several ids in one argument, and an address without https://", function()
    for _, words in ipairs { a .. " " .. b, a .. "," .. b, a .. "\n" .. b .. "\n" } do
      assert.are.same({ status = 0, out = both(), err = "" }, get { words })
    end
    assert.are.same({ status = 0, out = both(), err = "" },
      get { "acmecorp.codeocean.com/data-assets/" .. a .. "/x", b })
  end)

  it("reads ids from CSV, by the name of the column", function()
    local path = process.write(here.folder .. "/a.csv",
      ("subject,Asset\n\"m,1\",%s\nm2,%s\n"):format(a, b))
    assert.are.same({ status = 0, out = both(), err = "" },
      get { "--ids", path, "--column", "asset" })
  end)

  it("reads ids from JSONL", function()
    local path = process.write(here.folder .. "/a.jsonl",
      ('{"id":"%s"}\n{"id":"%s","name":"x"}\n'):format(a, b))
    assert.are.same({ status = 0, out = both(), err = "" }, get { "--ids", path })
  end)

  it("reports rows that are not ids with file and line, and gets the others", function()
    process.write(here.folder .. "/list", "oops\n" .. a .. "\n../../x\n" .. b .. "\n")
    local result = get { "--ids", "list" }
    assert.are.equal(3, result.status)
    assert.are.equal(both(), result.out)
    assert.is_truthy(result.err:find('^list:1: "oops" is not a data asset id .-\n'
      .. 'list:3: "%.%./%.%./x" is not a data asset id [^\n]*\n$'))
    assert.are.equal(2, #here:sent())
  end)

  it("gets the assets that a search finds, at most --limit", function()
    assert.are.same({ status = 0, out = "id\tname\n" .. a .. "\tfirst\n", err = "" },
      get { "--query", "name:first" })
    assert.are.equal("id\tname\n" .. a .. "\tfirst\n",
      get({ "--query", "name:first name:second", "--sort-field", "name", "--limit", "1" }).out)
  end)

  it("reports what is missing and shows the others", function()
    local result = get { a, NOBODY }
    assert.are.equal(3, result.status)
    assert.are.equal("id\tname\n" .. a .. "\tfirst\n", result.out)
    assert.are.equal("get " .. NOBODY .. ": missing 404: no data asset has the id " .. NOBODY
      .. "\n", result.err)
  end)

  it("ends with 3 for a single missing asset", function()
    local result = get { NOBODY }
    assert.are.same({ 3, "id\tname\n" }, { result.status, result.out })
  end)

  it("prints every format", function()
    local function out(...) return here:run({ "get", a, "--fields", "name,tags", ... }).out end
    assert.are.equal('[\n{"name":"first","tags":["x","y"]}\n]\n', out "--json")
    assert.are.equal('{"name":"first","tags":["x","y"]}\n', out "--jsonl")
    assert.are.equal("name,tags\r\nfirst,x;y\r\n", out "--csv")
    assert.are.equal("name\ttags\nfirst\tx;y\n", out "--tsv")
  end)

  it("shows a single asset as a card on a terminal, and a list as a table", function()
    local card = here:type({ "get", a }, {}, 100).shown
    assert.is_truthy(card:find("\nname +first\n"))
    assert.is_truthy(card:find("\ntags +x, y\n"))
    local list = here:type({ "get", a, b }, {}, 100).shown
    assert.is_truthy(list:find("ID +NAME"))
    assert.is_truthy(list:find(b .. "  second", 1, true))
  end)

  describe("refuses before any request", function()
    setup(function() process.write(here.folder .. "/a list.csv", "id\n") end)

    local function refused(words, text)
      local result = here:run(words)
      assert.are.same({ 2, "" }, { result.status, result.out })
      assert.are.equal(1, select(2, result.err:gsub("\n", "\n")), result.err)
      assert.is_truthy(result.err:find(text, 1, true), result.err)
      assert.are.same({}, here:sent())
    end

    for what, case in pairs {
      ["no id"] = { { "get", "no-id" }, "\"no-id\" is not a data asset id" },
      ["an empty id"] = { { "get", "" }, "\"\" is not a data asset id" },
      ["a path"] = { { "get", "../../users" }, "is not a data asset id" },
      ["nothing to get"] = { { "get" }, "which assets? give ids, --ids FILE, --query, --where" },
      ["two ways at once"] = { { "get", NOBODY, "--query", "x" }, "exclude each other" },
      ["an unknown option"] = { { "get", "--bogus" }, "unknown option '--bogus'" },
      ["a misspelt option"] = { { "get", NOBODY, "--field", "id" }, "; did you mean '--fields'?" },
      ["an option without its value"] = { { "get", "--ids" }, "'--ids' requires an argument" },
      ["two formats"] = { { "get", NOBODY, "--json", "--csv" }, "can not be used together" },
      ["--jobs 0"] = { { "get", NOBODY, "--jobs", "0" },
        "--jobs: '0' is not an integer from 1 to 1000" },
      ["a rate below 0"] = { { "get", NOBODY, "--rate=-1" },
        "--rate: '-1' is not a number above 0" },
      ["a file that is not there"] = { { "get", "--ids", "nowhere" }, "nowhere: No such file" },
      ["an id as a file"] = { { "get", "--ids", NOBODY },
        "--ids names a file of ids; give an id without --ids: " .. NOBODY },
      ["ids as a file"] = { { "get", "--ids", NOBODY .. "," .. NOBODY },
        "--ids names a file of ids; give an id without --ids: " },
      ["one hyphen"] = { { "get", NOBODY, "-jobs", "4" },
        "'-jobs' has one hyphen; did you mean --jobs?" },
      ["an id and a word in one argument"] = { { "get", NOBODY .. " x" },
        '"' .. NOBODY .. ' x" is not a data asset id' },
      ["a file that exists"] = { { "get", "a list.csv" }, "; did you mean --ids 'a list.csv'?" },
      ["a file with @"] = { { "get", "@a list.csv" }, "; did you mean --ids 'a list.csv'?" },
      ["a star"] = { { "get", "*" }, "; --all selects every asset" },
      ["the word all"] = { { "get", "all" }, "; --all selects every asset" },
      ["fields with blanks between"] = { { "get", NOBODY, "--fields", "id name" },
        "no field is called 'id name'; commas stand between names: id,name" },
      ["a column without a file"] = { { "get", NOBODY, "--column", "x" }, "--column belongs to" },
    } do
      it(what, function() refused(case[1], case[2]) end)
    end
  end)

  it("has a help text within 80 columns", function()
    local result = here:run { "get", "--help" }
    assert.are.equal(0, result.status)
    assert.is_truthy(result.out:find("^Usage: colua get %[options%] %[ID …%]\n"))
    for line in result.out:gmatch("[^\n]+") do assert.is_true(utf8.len(line) <= 80, line) end
  end)

  it("reads the permissions too with --permissions", function()
    assert(here.client.data_assets:share(a, { everyone = "viewer" }))
    local result = here:run { "get", a, b, "--permissions", "--fields",
      "name,permissions.everyone" }
    assert.are.same({ status = 0, err = "",
      out = "name\tpermissions.everyone\nfirst\tviewer\nsecond\tnone\n" }, result)
    assert.are.equal(4, #here:sent())
  end)
end)
