-- Servers that repeat the token and a create's keys in every form and place, with every command, a
-- script and a session, each with --trace: no output and no file shows them.

local commands = require "commands"
local deployment = require "deployment"
local fixture = require "fixture"
local peer = require "peer"
local process = require "process"
local terminal = require "terminal"

local TOKEN = "cop_m4rk/T0ken+x="
local KEYS = { "AKIAM4RK/KEY", "s3cr3t/M4RK+k==", "cl13nt/M4RK+s==" }

-- Forms of a marker ------------------------------------------------------------------------------

-- As the Authorization header has the token; of a key, whose length is a multiple of 3, without the
-- colon.
local function base64(text)
  local coded = peer.credentials(text):match(" (.*)$")
  return text == TOKEN and coded or coded:sub(1, #text // 3 * 4)
end

local function escaped(set, form, text)
  return (text:gsub(set, function(c) return form:format(c:byte()) end))
end

local function percent(text) return escaped("[^%w._~-]", "%%%02X", text) end

local function forms(text)
  local coded = base64(text)
  return { text, coded, percent(text), escaped("[^%w_]", "%%%02x", text), percent(coded),
    escaped(".", "%%%02X", text), (text:gsub("/", "\\/")), (coded:gsub("/", "\\/")),
    escaped(".", "\\u%04x", text), escaped("[/+=]", "&#x%X;", text) }
end

-- The first marker that a text holds, and in which form; padding says nothing.
local function leaked(text, markers)
  for _, marker in ipairs(markers) do
    for _, form in ipairs(forms(marker)) do
      local found = form:gsub("%%3[Dd]$", ""):gsub("=+$", "")
      if text:find(found, 1, true) then return form end
    end
  end
  return nil
end

local function assert_none(where, text, markers)
  local found = leaked(text, markers)
  assert.is_nil(found, found and ("%s shows %s:\n%s"):format(where, found, text))
end

-- Servers ----------------------------------------------------------------------------------------

local function joined(text) return table.concat(forms(text), " ") end

-- How it repeats the text; `told`: so much of it is told to people that asterisks show; `unclear`:
-- a create may have been done, and is looked for during seconds (client_secret_spec.lua has that).
local SERVERS = {
  { name = "an error's message", told = true, fault = function(text)
    return { kind = "status", status = 400, body = '{"message":"' .. joined(text) .. '"}' }
  end },
  { name = "the details of an error", told = true, fault = function(text)
    local quoted = '"' .. table.concat(forms(text), '","') .. '"'
    return { kind = "status", status = 422, body = '{"errors":[' .. quoted .. ']}' }
  end },
  { name = "a page that says 200", told = true, unclear = true, fault = function(text)
    return { kind = "html", body = "<p>" .. text .. " " .. base64(text) .. joined(text) }
  end },
  { name = "JSON of another form", unclear = true, fault = function(text)
    return { kind = "status", status = 200, body = '"' .. joined(text) .. '"' }
  end },
  { name = "headers", fault = function(text)
    return { kind = "status", status = 401, body = "{}", headers = {
      ["WWW-Authenticate"] = "Basic realm=" .. joined(text), ["Retry-After"] = text,
      ["X-Authorization"] = "Basic " .. base64(text) } }
  end },
  { name = "a redirect", fault = function(text)
    return { kind = "redirect", location = "http://" .. percent(text) .. "@login.invalid/"
      .. percent(text) .. "/" .. base64(text) .. "/" .. text .. "?" .. joined(text):gsub(" ", "&") }
  end },
}

-- Commands ---------------------------------------------------------------------------------------

local ROWS = {}
for _, row in ipairs(commands) do ROWS[#ROWS + 1] = row end
for _, row in ipairs {
  { "runs", { "runs" }, { "search" },
    before = function(_, run) run { "tag", "ID", "--add", "new", "--yes" } end },
  { "diff", { "diff", "copy" }, { "search" },
    before = function(_, run) run { "pull", "copy" } end },
  { "create", { "create", "--yes", "--from", "AWS", "--unless-exists" }, { "search" } },
  { "create", { "create", "--yes", "--from", "AWS", "--unless-exists" }, { "create" },
    keys = { KEYS[1], KEYS[2] } },
  { "create", { "create", "--yes", "--from", "AWS", "--wait", "--json" }, { "get" },
    keys = { KEYS[1], KEYS[2] } },
  { "create", { "create", "--yes", "--from", "GCP", "--wait" }, { "create", "get" },
    keys = { KEYS[3] } },
  { "create", { "create", "--yes", "--from", "AWS", "--dry-run", "--json" }, { "create" } },
  { "create", { "create", "--yes", "--from", "TORN" }, { "create" }, keys = KEYS },
  { "search", { "search", "--token=" .. TOKEN }, { "search" } },
  { "login", { "login", "--domain", "URL", "--with-token" }, { "search" }, stdin = TOKEN },
} do ROWS[#ROWS + 1] = row end

local AWS = ([[
{"name":"a","mount":"a","tags":[],
"source":{"aws":{"bucket":"b","access_key_id":"%s","secret_access_key":"%s"}}}
]]):gsub(",\n", ","):format(KEYS[1], KEYS[2])
local GCP = AWS:gsub('"aws".*}}}', ('"gcp":{"bucket":"b","client_id":"c","client_secret":"%s"}}}')
  :format(KEYS[3]))

-- Keys where JSON is torn, and where another field is missing or of another type.
local FILES = {
  AWS = AWS .. AWS, GCP = GCP,
  TORN = AWS:gsub("}}\n", "\n") .. GCP:gsub('"mount"', '"mound"') .. AWS:gsub('"b"', "7")
    .. GCP:gsub("%[%]", "7"),
}

local function newest_journal(here)
  local files = process.shell("ls -t " .. here.folder .. "/state/colua/runs/*").out
  return files:match("[^\n]+")
end

-- Everything below a folder, names too.
local function stored(folder)
  return process.shell("find . ; find . -type f -exec cat {} +", { cwd = folder }).out
end

-- A script that prints all it can reach of what a call gives.
local SCRIPT = [[
local codeocean = require "codeocean"
local client = assert(codeocean.client())
local assets, seen = client.data_assets, {}
local function dump(value)
  print(tostring(value), pcall(codeocean.json.encode, value))
  if type(value) ~= "table" or seen[value] then return end
  seen[value] = true
  for k, v in next, value do dump(k) dump(v) end
  dump(debug.getmetatable(value))
end
dump(client)
local KEYS = { %q, %q, %q }
local function create()
  return assets:create { name = "a", mount = "a", tags = {}, source = { aws = { bucket = "b",
    access_key_id = KEYS[1], secret_access_key = KEYS[2] } } }
end
dump { assets:search { limit = 1 } }
dump { assets:get "%s" }
dump { create() }
dump { client:map({ 1, 2 }, create) }
dump { pcall(error, select(2, create())) }
dump { xpcall(function() for _ in assets:each {} do end end, debug.traceback) }
error(select(2, create()))
]]

describe("a server that repeats secrets", function()
  local all = { TOKEN, table.unpack(KEYS) }
  local inputs
  setup(function()
    inputs = process.folder()
    for name, text in pairs(FILES) do process.write(inputs .. "/" .. name, text) end
  end)
  teardown(function() process.clean(inputs) end)

  it("is found out in every spelling that it may use", function()
    local found = forms(TOKEN)
    assert.are.equal(10, #found)
    for _, form in ipairs(found) do assert.is_truthy(leaked("a " .. form .. " b", all), form) end
    assert.is_nil(leaked("cop_m4rk ************", all))
  end)

  it("is tried on all commands", function()
    -- One shows a token of its own, which is meant to be used; the others send nothing.
    local tried = { ["sandbox.lua"] = true, ["logout.lua"] = true, ["profiles.lua"] = true,
      ["completion.lua"] = true, ["man.lua"] = true }
    for _, row in ipairs(ROWS) do tried[row[1] .. ".lua"] = true end
    for name in process.shell("ls scripts").out:gmatch("[^\n]+") do
      assert.is_true(tried[name], name)
    end
  end)

  local function words_of(here, id, words)
    local list = {}
    for i, word in ipairs(words) do
      if word == "ID" then word = id end
      if word == "JOURNAL" then word = newest_journal(here) end
      if word == "URL" then word = here.server.url end
      list[i] = FILES[word] and inputs .. "/" .. word or word
    end
    return list
  end

  -- Whether a text for people contained something that had to be masked.
  local function try_one(here, words, server, fault, stdin)
    here.server:fault(fault)
    local result = here:run(words, { before = { "--trace" }, stdin = stdin })
    here.server:clear()
    local text = result.out .. result.err
    assert_none(server.name, text, all)
    return server.told and text:find("****", 1, true)
  end

  -- Runs the command against each server: how many answers were shown with asterisks.
  local function try(here, words, row, operation)
    local told = 0
    for _, server in ipairs(SERVERS) do
      for _, marker in ipairs { TOKEN, table.unpack(row.keys or {}) } do
        local fault = server.fault(marker)
        fault.operation, fault.count = operation, -1
        local skipped = server.unclear and operation == "create"
        local good = not skipped and try_one(here, words, server, fault, row.stdin)
        if good then told = told + 1 end
      end
    end
    assert_none("a file", stored(here.folder), all)
    return told
  end

  local tried = 0
  for _, row in ipairs(ROWS) do
    for _, operation in ipairs(row[3]) do
      local title = ("leaks none by its answer to %s: %s"):format(operation,
        table.concat(row[2], " "))
      it(title, function()
        local here = deployment.start { seed = 3, ready_after = 0, token = TOKEN }
        finally(function() here:stop() end)
        local id = here.client.data_assets:all({ archived = false })[1].id
        if row.before then
          row.before(here, function(words) here:run(words_of(here, id, words)) end)
        end
        if try(here, words_of(here, id, row[2]), row, operation) > 0 then tried = tried + 1 end
      end)
    end
  end

  it("was reported with asterisks in most of its answers", function()
    assert.is_true(tried >= 20, tostring(tried))
  end)

  it("leaks none by the status line", function()
    local with = fixture.new(finally)
    local here = deployment.start { seed = 2, token = TOKEN }
    with:at_end(function() here:stop() end)
    for _, words in ipairs { { "check" }, { "get", fixture.ID },
      { "create", "--yes", "--from", "GCP" } } do
      local line = "400 Bad " .. table.concat(forms(TOKEN), " ") .. " " .. KEYS[3]
      local server = with:server { fixture.answer(line, "") }
      local result = here:run(words_of(here, "", words), { before = { "--trace" },
        env = { CODEOCEAN_DOMAIN = server.url } })
      assert.is_truthy(result.err:find(" 400", 1, true), result.err)
      assert_none(words[1], result.out .. result.err, all)
    end
  end)

  it("leaks none of a create's keys if it is the sandbox", function()
    local here = deployment.start { seed = 2, token = TOKEN }
    finally(function() here:stop() end)
    local result = here:run(words_of(here, "", { "create", "--yes", "--from", "AWS", "--json" }),
      { before = { "--trace", "--sandbox=kept.db" } })
    assert.are.equal(0, result.status, result.err)
    assert_none("create", result.out .. result.err, all)
    local files = stored(here.folder)
    assert.is_truthy(files:find("./kept.db", 1, true), files)
    assert_none("a file", files, all)
  end)

  it("leaks none to a script", function()
    for _, server in ipairs(SERVERS) do
      local here = deployment.start { seed = 2, token = TOKEN }
      for _, operation in ipairs { "search", "get", not server.unclear and "create" or nil } do
        local fault = server.fault(TOKEN)
        fault.operation, fault.count = operation, -1
        here.server:fault(fault)
      end
      local script = SCRIPT:format(KEYS[1], KEYS[2], KEYS[3], fixture.ID)
      local result = here:run({ "-" }, { stdin = script, before = { "--trace" } })
      here:stop()
      assert.is_truthy(result.err:find("trace: ", 1, true), result.err)
      assert_none(server.name, result.out .. result.err, { TOKEN })
    end
  end)

  it("leaks none into a session and what that keeps", function()
    local here = deployment.start { seed = 2, token = TOKEN }
    finally(function() here:stop() end)
    for _, operation in ipairs { "search", "get" } do
      local fault = SERVERS[1].fault(TOKEN)
      fault.operation, fault.count = operation, -1
      here.server:fault(fault)
    end
    local _, shown = terminal.play({ argv = { "--trace" }, cwd = here.folder, leaves = true,
      env = here:environment(), columns = 200 }, {
      { nil, " > " },
      { "assets:get '" .. fixture.ID .. "'\r", "****" }, { nil, " > " },
      { "assets:search {}\r", "****" }, { nil, " > " },
      { "client, client.engine, client:stats()\r", "window" }, { nil, " > " },
      { ".trace\r", "trace is on" }, { nil, " > " }, { "\4", "" },
    })
    assert.is_truthy(shown:find("trace: GET", 1, true), shown)
    assert_none("the terminal", shown, all)
    terminal.play({ cwd = here.folder, leaves = true, env = here:environment(), columns = 200 }, {
      { nil, " > " },
      { "t = '" .. TOKEN .. "'\r", " > " },
      { "s = { secret_access_key = '" .. KEYS[2] .. "' }\r", " > " },
      { "for i = 1, 2 do\r", ">> " }, { "u = '" .. TOKEN .. "' end\r", " > " },
      { "40 + 2\r", "\n42\n" }, { nil, "> " }, { "\4", "" },
    })
    local files = stored(here.folder)
    assert.is_truthy(files:find("40 + 2", 1, true), files)
    assert_none("a file", files, all)
  end)
end)
