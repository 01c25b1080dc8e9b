-- colua search lists assets in every format, as a whole or up to a limit.

local deployment = require "deployment"
local process = require "process"

describe("colua search", function()
  local here, a, b, c

  setup(function()
    here = deployment.start()
    a = here:asset { name = "alpha one", tags = { "x" } }
    b = here:asset { name = "beta two", tags = { "x", "=1+1" } }
    c = here:asset { name = "gamma\27[31m", tags = {} }
    assert(here.client.data_assets:archive(c))
  end)
  teardown(function() here:stop() end)

  local function search(words, options)
    return here:run({ "search", "--sort-field", "name", table.unpack(words) }, options)
  end
  local function names(words)
    local result = search { "--fields", "name", "--tsv", table.unpack(words) }
    return result.out, result.err, result.status
  end

  it("lists assets that are not archived", function()
    assert.are.same({ status = 0, out = ("id\tname\n%s\talpha one\n%s\tbeta two\n"):format(a, b),
      err = "" }, search { "--fields", "id,name" })
  end)

  it("sends its parameters under the names of the API", function()
    search { "--query", "tag:x", "--type", "dataset", "--ownership", "owner", "--favorite", "false",
      "--archived", "false", "--sort-order", "desc", "--limit", "5" }
    assert.are.equal(1, #here:sent())
    local sent = here:sent()[1]
    assert.is_truthy(sent:find("^POST /data_assets/search "))
    for _, part in ipairs { '"query":"tag:x"', '"type":"dataset"', '"ownership":"created"',
      '"favorite":false', '"archived":false', '"sort_field":"name"', '"sort_order":"desc"',
      '"limit":6' } do
      assert.is_truthy(sent:find(part, 1, true), part)
    end
  end)

  it("lists archived ones alone, or too", function()
    assert.are.equal("name\ngamma\27[31m\n", (names { "--archived", "true" }))
    assert.are.equal("name\nalpha one\nbeta two\ngamma\27[31m\n", (names { "--archived", "any" }))
  end)

  it("lets no control character act on a terminal", function()
    local shown = here:type({ "search", "--archived", "true" }, {}, 120).shown
    assert.is_truthy(shown:find("gamma\\27[31m", 1, true))
  end)

  it("reports that a listing is cut, and only then", function()
    local out, err = names { "--limit", "1" }
    assert.are.equal("name\nalpha one\n", out)
    assert.are.equal("cut after 1 by --limit: there are more\n", err)
    out, err = names { "--limit", "2" }
    assert.are.same({ "name\nalpha one\nbeta two\n", "" }, { out, err })
  end)

  it("filters by --where, and counts --limit after it", function()
    assert.are.equal("name\nbeta two\n", (names { "--where", "has(tags, '=1+1')" }))
    local out, err = names { "--where", "size == nil or size >= 0", "--limit", "1" }
    assert.are.equal("name\nalpha one\n", out)
    assert.are.equal("cut after 1 by --limit: there are more\n", err)
    local result = search { "--where", "name + 1 > 2" }
    assert.are.equal(2, result.status)
    assert.is_truthy(result.err:find("(asset " .. a .. ")", 1, true), result.err)
  end)

  it("prints what --print gives, a line each", function()
    assert.are.same({ status = 0, out = "alpha one: x\nbeta two: =1+1\n", err = "" },
      search { "--print", "'%s: %s', name, tags[#tags]" })
    local odd = search { "--archived", "any", "--print", "name:upper(), #tags" }
    assert.are.equal("ALPHA ONE\t1\nBETA TWO\t2\nGAMMA\27[31M\t0\n", odd.out)
    local shown = here:type({ "search", "--archived", "true", "--print", "name, #tags" }, {}, 120)
      .shown
    assert.is_truthy(shown:find("gamma\\27[31m\t0", 1, true), shown)
  end)

  it("sends --filter as the server's own filters", function()
    search { "--filter", "subject=1,2", "--filter", "rig!=3", "--filter", "size>=10", "--filter",
      "kind=a" }
    assert.is_truthy(here:sent()[1]:find('"filters":[{"key":"subject","values":["1","2"]},'
      .. '{"key":"rig","value":"3","exclude":true},{"key":"size","range":{"min":10}},'
      .. '{"key":"kind","value":"a"}]', 1, true), here:sent()[1])
  end)

  it("ends with totals on a terminal", function()
    local shown = here:type({ "search" }, {}, 120).shown
    assert.is_truthy(shown:find("\n2 assets, %d"), shown)
  end)

  it("refuses a blank query, whose listing of all assets may feed a command", function()
    for _, query in ipairs { "", " ", 'tag:""' } do
      local result = search { "--query", query, "--fields", "id" }
      assert.are.same({ 2, "" }, { result.status, result.out })
      assert.is_truthy(result.err:find("--query is blank, which would select every asset; leave it "
        .. "out to list them all", 1, true), result.err)
      assert.are.same({}, here:sent())
    end
  end)

  it("ends with 0 if nothing is found", function()
    assert.are.same({ "name\n", "", 0 }, { names { "--query", "nothing-like-it" } })
    assert.are.equal("[]\n", search({ "--query", "nothing-like-it", "--json" }).out)
  end)

  it("prints every format", function()
    local function out(...)
      return search({ "--query", "beta", "--fields", "name,tags", ... }).out
    end
    assert.are.equal('[\n{"name":"beta two","tags":["x","=1+1"]}\n]\n', out "--json")
    assert.are.equal('{"name":"beta two","tags":["x","=1+1"]}\n', out "--jsonl")
    assert.are.equal("name,tags\r\nbeta two,x;=1+1\r\n", out "--csv")
    assert.are.equal("name\ttags\nbeta two\tx;=1+1\n", out "--tsv")
    assert.are.equal("name\ttags\nbeta two\tx;=1+1\n", out())
  end)

  it("reports a field that no row has", function()
    local result = search { "--fields", "id,custom_metadata.nmae" }
    assert.are.same({ 0, "no row has a field 'custom_metadata.nmae'\n" },
      { result.status, result.err })
  end)

  it("lists the fields there are, without a request or a token", function()
    local result = here:run({ "search", "--fields", "?" }, { env = { CODEOCEAN_TOKEN = "" } })
    assert.are.same({ 0, "" }, { result.status, result.err })
    assert.is_truthy(result.out:find("^id\nname\n") and result.out:find("\ntransfer_error\n$"))
    assert.are.same({}, here:sent())
  end)

  it("prints a hint about an odd query, and searches", function()
    local result = search { "--query", "tags:x" }
    assert.are.equal(0, result.status)
    assert.is_truthy(result.err:find("did you mean 'tag:'?", 1, true), result.err)
  end)

  it("ends silently when its reader has gone, and with an error on a full disk", function()
    local env = {}
    for name, value in pairs(here:environment()) do
      env[#env + 1] = name .. "=" .. process.quote(value)
    end
    local line = ("env %s %s search"):format(table.concat(env, " "), process.quote(process.colua))
    local head = process.shell("for i in 1 2 3; do " .. line .. " | head -n 1; done")
    assert.are.same({ 3, "" }, { select(2, head.out:gsub("\n", "\n")), head.err })
    local full = process.shell(line .. " > /dev/full")
    assert.are.same({ 1, "colua search: output: No space left on device\n" },
      { full.status, full.err })
  end)

  it("shows a table on a terminal", function()
    local shown = here:type({ "search", "--query", "beta" }, {}, 140).shown
    assert.is_truthy(shown:find("^ID +NAME +TYPE +STATE +SIZE +CREATED +TAGS\n"))
    assert.is_truthy(shown:find(b .. "  beta two  dataset  ready", 1, true))
  end)

  it("names a parameter that the deployment cannot express", function()
    local other = deployment.start { dialect = "2022" }
    local result = other:run { "search", "--origin", "external" }
    other:stop()
    assert.are.equal(3, result.status)
    assert.is_truthy(result.err:find("unsupported: .*origin"), result.err)
  end)

  it("speaks the 2022 dialect where it must", function()
    local other = deployment.start { dialect = "2022", ready_after = 0 }
    local id = other:asset { name = "old", tags = {} }
    local result = other:run { "search", "--fields", "id,name" }
    local sent = other:sent()
    other:stop()
    assert.are.same({ status = 0, out = "id\tname\n" .. id .. "\told\n", err = "" }, result)
    assert.are.equal("GET /data_assets?start=0&limit=1000", sent[2])
  end)

  it("prints a hint about custom fields only if they find nothing", function()
    local other = deployment.start { seed = 20 }
    finally(function() other:stop() end)
    local first = assert(other.client.data_assets:search { limit = 1 }).results[1].custom_metadata
    local function said(query)
      local result = other:run { "search", "--query", query, "--fields", "id" }
      assert.are.equal(0, result.status)
      return select(2, result.out:gsub("\n", "")) > 1, result.err
    end
    for _, name in ipairs { "subject", "session date" } do
      assert.are.same({ true, "" }, { said(("%s:%s"):format(name, first[name])) })
      local found, hint = said(name .. ":nothing")
      assert.is_false(found)
      assert.is_truthy(hint:find("^nothing was found: '" .. name:match "%l+$" .. ":'"), hint)
    end
    assert.is_truthy(select(2, said "nmae:x"):find("did you mean 'name:'", 1, true))
    local tag = other:run { "tag", "--query", "sbuject:3", "--add", "x", "--yes" }
    assert.is_truthy(tag.err:find("nothing was found: 'sbuject:'", 1, true), tag.err)
  end)

  for what, case in pairs {
    ["a wildcard"] = { { "--query", "a*" }, "the server has no wildcards" },
    ["invalid UTF-8"] = { { "--query", "\xFF" }, "not valid UTF-8" },
    ["an unknown type"] = { { "--type", "folder" }, "--type: 'folder' is not one of dataset, " },
    ["an unknown name in --where"] = { { "--where", "siez > 3" }, "did you mean 'size'?" },
    ["--where that is not Lua"] = { { "--where", "size >" }, "--where: column 7: " },
    ["--print beside a format"] = { { "--print", "id", "--json" }, "exclude each other" },
    ["a filter of another form"] = { { "--filter", "x" }, "--filter: 'x' is not KEY=VALUE" },
    ["a filter with two equals signs"] = { { "--filter", "rig==4" }, "'rig==4': write one =" },
    ["words"] = { { "alpha", "two" }, "did you mean --query 'alpha two'?" },
    ["an option of other tools"] = { { "--tag", "x" }, "did you mean --query tag:…?" },
    ["a field that nobody knows"] = { { "--fields", "id,nmae" }, "did you mean 'name'?" },
    ["a limit of 0"] = { { "--limit", "0" }, "--limit: '0' is not an integer of 1 or more" },
    ["a maybe"] = { { "--favorite", "maybe" }, "--favorite: 'maybe' is neither true nor false" },
    ["a maybe archived"] = { { "--archived", "x" }, "neither true, false nor any" },
    ["no fields"] = { { "--fields", "," }, "--fields: no field is named" },
  } do
    it("refuses " .. what .. " before any request", function()
      local result = here:run { "search", table.unpack(case[1]) }
      assert.are.same({ 2, "" }, { result.status, result.out })
      assert.is_truthy(result.err:find(case[2], 1, true), result.err)
      assert.are.equal(1, select(2, result.err:gsub("\n", "\n")), result.err)
      assert.are.same({}, here:sent())
    end)
  end
end)
