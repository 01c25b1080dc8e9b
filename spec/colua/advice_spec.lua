-- Explanations of mistakes at the prompt whose error message is unclear.

local session = require "session"


describe("advice on", function()
  local rows = {
    { "assets.get('fea84ebf-b58b-4ad2-994d-7169dc3880fb')",
      "write a colon: assets:get(…), not assets.get(…)" },
    { "assets.search { limit = 1 }", "write a colon: assets:search(…)" },
    { "assets.find 'x'", "write a colon: assets:find(…)" },
    { "client.map({}, print)", "write a colon: client:map(…)" },
    { "assets:serach {}", "(method 'serach'); did you mean 'search'?" },
    { "bulk.rum(client, {})", "(field 'rum'); did you mean 'run'?" },
    { "asserts:search {}", "(global 'asserts'); did you mean 'assets'?" },
    { "pirnt(1)", "(global 'pirnt'); did you mean 'print'?" },
    { "bulk:run(client, {})", "write a point: bulk.run(…), not bulk:run(…)" },
    { "bulk.run { select = {} }", "; write bulk.run(client, { … })" },
    { "client.data_asset:get(1)", "(field 'data_asset'); did you mean 'data_assets'?" },
    { "assets:search 'EEG'", '; write assets:search { query = "…" }' },
    { "assets:get 'mouse 12'", "; assets:find takes a name" },
    { "assets:archive {}", "; of an asset give its id: asset.id" },
    { "search 'EEG'", "(global 'search'); there is assets:search(…)" },
    { "({}):update {}", "(method 'update'); there is assets:update(…)" },
    { "client.search {}", "(field 'search'); there is assets:search(…)" },
    { "for a in assets:search({}).results do end", "; write for _, item in ipairs(list) do" },
    { "for a in assets:all { limit = 1 } do end", "; write for _, item in ipairs(list) do" },
    { "tags.add({}, 'x')", '; write tags.change(asset.tags, { add = { "…" } })' },
    { "({}):append 'x'", '; write tags.change(asset.tags, { add = { "…" } })' },
    { "tags.change({ id = 1 }, {})", "; of an asset give its tags: asset.tags" },
    { "bulk.run(client, { query = 'x' })", "; write select = { query = … }" },
    { "bulk.run(client, { select = 'x', change = print })", '; write select = { query = "…" }' },
    { "assets:search { 'x' }", '; write assets:search { query = "…" }' },
    { "len {}", "; write #list for the length of a list" },
    { "for a in assets.each {} do end", "write a colon: assets:each(…), not assets.each(…)" },
    { "for a in assets:search {} do end", "; write for asset in assets:each { … } do" },
  }

  it("a dot for a colon, and names nearly another", function()
    local steps = {}
    for _, row in ipairs(rows) do
      steps[#steps + 1] = { row[1] .. "\r", row[2] }
      steps[#steps + 1] = { nil, "\n" .. session.PROMPT }
    end
    steps[#steps + 1] = { "zzzzzz.x = 1\r", "attempt to index a nil value (global 'zzzzzz')\n" }
    session.play(steps)
  end)

  -- What is not Lua, or nothing but a name.
  local statements = {
    { "help search", 'write help "search"' }, { "help bulk.run", 'write help "bulk.run"' },
    { "print asset", "a call has parentheses: print(asset)" },
    { "colua search", "commands are for the shell; exit leaves" },
    { "assets:update(1, tags = {})", "options need braces: { name = value }" },
    { "ls", "\nnil\nthere is no variable 'ls'\n" },
    { "asets", "\nnil\nthere is no variable 'asets'; did you mean 'assets'?\n" },
    { "if x = 1 then end", "; write == to compare" },
    { "for i, a in assets:each do print(a) end", "; a call has braces: assets:each {} do" },
    { "os.date(os.time())", "\n" .. session.PROMPT },
    { "t = 86400", session.PROMPT },
    { "os.date(t)",
      "\nthe form of a date comes first: os.date(\"!%Y-%m-%d\", t)\n" .. session.PROMPT },
    { "os.date('!%Y', t)", '\n"1970"\n' .. session.PROMPT },
    { "assets:search { query = 'tag:a AND tag:b' }", "\nAND is a word to search for; different" },
    { "assets:search { query = 'tags:a' }", "did you mean 'tag:'?\n" },
    { "assets:search { limit = 1 query = 'x' }", "; a comma stands between fields" },
    { "import codeocean", '; this is Lua: local x = require "x"' },
    { "from a import b", '; this is Lua: local x = require "x"' },
    { "def f(x)", "; a function is written: function name(a, b) … end" },
    { "x = [1, 2]", "; a list needs braces: { 1, 2 }" },
    { "[1, 2]", "; a list needs braces: { 1, 2 }" },
    { "tags.change([1], {})", "; a list needs braces: { 1, 2 }" },
    { "x += 1", "; write x = x …" },
    { "SELECT * FROM x", "; write assets:search {" },
    { "assets.search?", '; write help "assets.search"' },
    { "?bulk.run", '; write help "bulk.run"' },
    { "?", "; help() explains" }, { "\\?", "; help() explains" },
    { "\\q", "; exit leaves, help() explains" }, { ":q!", "; exit leaves, help() explains" },
    { "%time assets:search {}", "; write .time assets:search {}" },
    { "!ls -l", "; os.execute 'ls -l' runs a command of the shell; not stands for !" },
    { "assets:search({ limit = 1 })[0]", "\nnil\nlists count from 1\n" },
    { "assets:search({ limit = 1 }).results[0].name", "; lists count from 1\n" },
    { "[a for a in assets]", "; this is Lua: for _, item in ipairs(list) do … end" },
    { "for a in assets: print(a)", "; this is Lua: for … do … end" },
    { "for a in range(3):", "; this is Lua: for … do … end" },
    { "if x == 1:", "; this is Lua: if … then … end" },
    { "def f(x):", "; a function is written: function name(a, b) … end" },
    { "assets:search { tag = 'raw' }", '; write query = "tag:…"' },
    { 'print(f"{x}")', '; write ("%s, %d"):format(name, count)' },
    { "range(3)", "; write for i = 1, count do" }, { "({}).items()", "; write for name, value in" },
    { "'a' + 'b'", "; write .. to join texts" }, { "({}) + 'b'", "; write tags.change(" },
    { "'a' < 1", "; a day is os.time { year = 2024" },
    { "n = ({})[0]", "\nn is nil; lists count from 1\n" },
    { "package[0]", "\nnil\nlists count from 1\n" },
    { "assets:search { limit = 1, type = ecephys }",
      "there is no variable 'ecephys'; a text needs quotes: \"ecephys\"\n" },
    { "True", "there is no variable 'True'; write true" },
    { "search tag:raw", "; there is assets:search(…)" },
    { "a != b", "; column 3: write ~= for '!='" }, { "a && b", "; column 3: write and for '&&'" },
    { "x = a || b", "; column 7: write or for '||'" },
    { "a->b", "; column 2: write . for '->'" }, { "a?.b", "; column 2: write . for '?.'" },
    { "None", "\nnil\nthere is no variable 'None'; write nil\n" },
    { "help(nosuch)", 'on this nil; a name needs quotes: help "search". help()' },
    { "assets:search { query = 'tag=raw' }", "\nno asset matches\nnothing was found: a field "
      .. "is followed by a colon; did you mean tag:raw?\n" },
    { "assets:search { query = 'tag:nosuch' }", "\nno asset matches\n" .. session.PROMPT },
    { "search --query EEG", "there is no variable 'search'; there is assets:search(…)\n" },
    { ".exit", "there is no .exit; exit leaves, without a point" },
    { "help 'serach'", "There is no help on 'serach'; did you mean help \"search\"? help()" },
    { "assets:archive()", "got nil)\n" .. session.PROMPT },
    { "asset = assets:search({ limit = 1 }).results[1]", session.PROMPT },
    { "asset.tgas", "\nnil\nthere is no field 'tgas'; did you mean 'tags'?\n" },
    { "asset.Name ", "\nnil\nthere is no field 'Name'; did you mean 'name'?\n" },
    { "asset.custom_metdata", "did you mean 'custom_metadata'?\n" },
    { "l = { a = { asset } }", session.PROMPT },
    { "l.a[1].sate", "there is no field 'sate'; did you mean 'state'?\n" },
    { "_G.asset.tgas", "did you mean 'tags'?\n" },
    { "assets.serach", "\nnil\nthere is no field 'serach'; did you mean 'search'?\n" },
    { "page = assets:search { limit = 1 }", session.PROMPT },
    { "page.result", "\nnil\nthere is no field 'result'; did you mean 'results'?\n" },
    { "t = setmetatable({ tags = 1 }, { __index = { tgas = 7 } })", session.PROMPT },
    { "t.tgas", "\n7\n" .. session.PROMPT },
    { "bulk.rum", "did you mean 'run'?\n" },
    -- A field that may be absent, or without a near name.
    { "asset.failure_reason", "\nnil\n" .. session.PROMPT },
    { "asset.zzzzzz", "\nnil\n" .. session.PROMPT },
    { "#asset.tags > 0 and asset.tgas", "\nnil\n" .. session.PROMPT },
    { "x = nil", "\n" .. session.PROMPT }, { "nil", "\nnil\n" .. session.PROMPT },
  }
  it("text that is not Lua, or an unknown name", function()
    local steps = {}
    for _, row in ipairs(statements) do
      steps[#steps + 1] = { row[1] .. "\r", row[2] }
      local ends = row[2]:find(session.PROMPT, 1, true)
      if not ends then steps[#steps + 1] = { nil, session.PROMPT } end
    end
    session.play(steps)
  end)
end)


describe("a script that fails", function()
  local process = require "process"
  local PRELUDE = "local client = require('codeocean').client()\n"

  -- The lines on standard error without the traceback; and the status.
  local function told(code, prelude)
    local path = process.write(os.tmpname(), (prelude or PRELUDE) .. code .. "\n")
    local result = process.run(process.colua, { "--sandbox", path })
    os.remove(path)
    return result.err:match "\n[^\n]*colua: ([^\n]*)\n$", result
  end

  for code, hint in pairs {
    ["import codeocean"] = 'this is Lua: local x = require "x"',
    ["if client != nil then end"] = "column 11: write ~= for '!='",
    ["for a in client.data_assets: print(a)\nprint(1)"] = "this is Lua: for … do … end",
    ["if client = nil then end"] = "write == to compare",
    ["print(client.data_assets:search { limit = 1 }[0].name)"] = "lists count from 1",
    ["for a in client.data_assets:search {} do end"] = "write for asset in assets:each { … } do",
    ["print(len {})"] = "write #list for the length of a list",
    ["local t = { tags = {} }\nt.tags.append('x')"] =
      'write tags.change(asset.tags, { add = { "…" } })',
    ["local a = client.data_assets:get('00000000-0000-0000-0000-000000000000')\nprint(a.name)"] =
      "a call that fails returns nil, err; assert(assets:get(id)) tells why",
  } do
    it("is told " .. hint, function()
      local said, result = told(code)
      assert.are.equal(hint, said, result.err)
      assert.are.same({ 1, "" }, { result.status, result.out })
    end)
  end

  it("gets no other hint if it does not use the library, or nothing is known", function()
    for _, case in ipairs { { "import x", "" }, { "print(len {})", "" }, { "error 'x'" },
      { "x = = 1" } } do
      local said, result = told(case[1], case[2])
      assert.is_nil(said, result.err)
      assert.are.equal(1, result.status)
    end
  end)
end)
