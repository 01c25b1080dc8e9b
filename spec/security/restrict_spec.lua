-- colua --restrict: what a script that nobody vouches for tries, and what it still can do.

local deployment = require "deployment"
local process = require "process"

-- Each raises or gives nil and nothing is done; `got(value)` where it comes by something.
local ATTEMPTS = {
  { "the table io", "got(io)" },
  { "os.execute", "got(os.execute)" },
  { "os.remove, rename, tmpname", "got(os.remove or os.rename or os.tmpname)" },
  { "the environment", "got(os.getenv)" },
  { "debug", "got(debug)" },
  { "package", "got(package)" },
  { "dofile and loadfile", "got(dofile or loadfile)" },
  { "collectgarbage", "got(collectgarbage)" },
  { "_G of another name", "got(_ENV.io or _G.io or _G._G.io)" },
  { "string.dump", "got(string.dump or ('').dump and string.dump)" },
  { "byte code", [[got(load('\27Lua', 'x', 'b'))]] },
  { "byte code, mode of its own", [[got(load(('').dump(function() end), 'x', 'bt'))]] },
  { "a chunk's globals", "got(load('return io')())" },
  { "a chunk's globals, none given", "got(load('return io', 'x', 't')())" },
  { "the core", "got(require 'codeocean.core')" },
  { "the file of options", "got(require 'codeocean.config')" },
  { "the unguarded client", "got(require 'codeocean.client')" },
  { "the sandbox's files", "got(require 'codeocean.sandbox')" },
  { "writers", "got(require 'codeocean.output')" },
  { "journals", "got(require 'codeocean.bulk.journal')" },
  { "commands", "got(require 'codeocean.command')" },
  { "commands of colua", "got(require 'colua.commands')" },
  { "cjson", "got(require 'cjson')" },
  { "io as a module", "got(require 'io')" },
  { "ids of files", "got(require('codeocean.ids').load)" },
  { "the metatable of strings", "got(getmetatable(''))" },
  { "the metatable of a client", "got(getmetatable(codeocean.client()))" },
  { "a client's new metatable", "got(setmetatable(codeocean.client(), {}))" },
  { "the metatable of a file's kind", "got(getmetatable(codeocean.client().engine))" },
  { "a domain", "got(codeocean.client { domain = 'http://127.0.0.1:1', token = 'x' })" },
  { "a domain behind __index",
    "local c = codeocean.client(setmetatable({}, { __index = { domain = 'x.invalid', token = 'y' },"
    .. " __pairs = function() return next, {} end })) if c.host == 'x.invalid' then got(c) end" },
  { "a token", "got(codeocean.client { token = 'x' })" },
  { "an authority", "got(codeocean.client { ca_file = '/etc/passwd' })" },
  { "plain http", "got(codeocean.client { insecure_http = true })" },
  { "a loop of its own", "got(codeocean.client { wait = print })" },
  { "a journal's name", "got(bulk.run(codeocean.client(), { ids = {}, change = print, "
    .. "journal = 'stolen' }))" },
  { "a journal to resume", "got(bulk.run(codeocean.client(), { ids = {}, change = print, "
    .. "resume = '/etc/passwd' }))" },
  { "a name that is none", "got(bulk.run(codeocean.client(), { ids = {}, change = print, "
    .. "name = { gsub = function() return '/tmp/stolen' end } }))" },
  { "a client of its own make", "got(bulk.run({ host = 'x' }, { ids = {}, change = print }))" },
  { "the same by main", "got(bulk.main({ host = 'x' }, { ids = {}, change = print }))" },
  { "an engine", "got(codeocean.client().engine.engine)" },
  { "the token in what it sees", [[
    local seen = {}
    local function look(value)
      if type(value) == "string" and value:find "cop_" then got(value) end
      if type(value) ~= "table" or seen[value] then return end
      seen[value] = true
      for k, v in next, value do look(k) look(v) end
    end
    look(codeocean.client()) look(_G)]] },
}

local BEFORE = [[
codeocean, bulk = require "codeocean", require "codeocean.bulk"
function got(value) if value then print("GOT", value) end end
]]

describe("colua --restrict keeps a script from", function()
  local here
  setup(function() here = deployment.start { token = "cop_spec" } end)
  teardown(function() here:stop() end)

  it("nothing that this list forgot", function() assert.is_true(#ATTEMPTS >= 40) end)

  for _, row in ipairs(ATTEMPTS) do
    it(row[1], function()
      local path = process.write(here.folder .. "/evil.lua",
        BEFORE .. "print(pcall(function() " .. row[2] .. "\nend))\nprint 'ran'")
      local result = here:run({ path }, { before = { "--restrict" } })
      assert.are.equal(0, result.status, result.err)
      assert.is_truthy(result.out:find("ran\n$"), result.out)
      assert.is_nil(result.out:find("GOT", 1, true), result.out)
      assert.are.same({}, here:written())
    end)
  end

  it("standing in for the library's own string functions", function()
    local result = here:run({ "-e", BEFORE .. [[
      string.format, string.gsub = nil, nil
      for name in pairs(string) do string[name] = function() print "GOT" end end
      print((assert(codeocean.client()).data_assets:search { limit = 1 }) ~= nil)]] },
      { before = { "--restrict" } })
    assert.are.equal("true\n", result.out, result.err)
  end)

  it("bringing byte code", function()
    local file = here.folder .. "/code.lua"
    process.write(file, string.dump(function() print "GOT" end))
    local result = here:run({ file }, { before = { "--restrict" } })
    assert.are.equal(1, result.status)
    assert.are.equal("", result.out)
    assert.is_truthy(result.err:find("attempt to load a binary chunk", 1, true), result.err)
  end)

  for _, words in ipairs { { "search" }, { "-l", "os", "x.lua" }, { "-i", "x.lua" } } do
    it("running beside " .. words[1], function()
      local result = here:run(words, { before = { "--restrict" } })
      assert.are.equal(1, result.status)
      assert.is_truthy(result.err:find("--restrict is for a script or -e", 1, true), result.err)
      assert.are.same({}, here:sent())
    end)
  end
end)

describe("a restricted script", function()
  local here
  setup(function() here = deployment.start { token = "cop_spec", ready_after = 0 } end)
  teardown(function() here:stop() end)

  local function run(code, before)
    return here:run({ "-", "word" },
      { stdin = BEFORE .. code, before = before or { "--restrict" } })
  end

  it("has its arguments, Lua's libraries and metatables of its own", function()
    local result = run [[
      local meta = { __index = { x = 1 } }
      local made = setmetatable({}, meta)
      print(..., arg[1], made.x, getmetatable(made) == meta, load("y = 2; return y")(), y,
        ("%d"):format(3), os.time() > 0, require("codeocean.json").encode { 1 })]]
    assert.are.equal("word\tword\t1\ttrue\t2\t2\t3\ttrue\t[1]\n", result.out, result.err)
  end)

  it("changes assets, and with --dry-run does not", function()
    local id = here:asset { name = "a", tags = { "x" } }
    local code = ([[
      local report = assert(bulk.run(codeocean.client(), { ids = { %q }, journal = false,
        change = function() return { tags = { "y" } } end }))
      print(report.counts.ok, report.counts.pending)]]):format(id)
    assert.are.equal("0\t1\n", run(code, { "--dry-run", "--restrict" }).out)
    assert.are.same({ "x" }, here:tags_of(id))
    assert.are.equal("1\t0\n", run(code).out)
    assert.are.same({ "y" }, here:tags_of(id))
  end)

  it("ends with the status of bulk.main, with a journal where journals are", function()
    local id = here:asset { name = "b", tags = { "x" } }
    local path = process.write(here.folder .. "/tagger.lua", BEFORE .. ([[
      os.exit(bulk.main(codeocean.client(), { name = "../../t", ids = { %q },
        change = function() return { tags = { "z" } } end }))]]):format(id))
    local result = here:run({ path, "--yes" }, { before = { "--restrict" } })
    assert.are.equal(0, result.status, result.err)
    assert.is_truthy(result.err:find(here.folder .. "/state/colua/runs/%d+T%d+Z%-______t"),
      result.err)
  end)
end)
