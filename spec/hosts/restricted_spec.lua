-- A host that takes libraries out of its Lua. A client, its calls and its tasks work without os,
-- debug, io and package; bulk runs with a journal need only io of these.

local deployment = require "deployment"
local process = require "process"

-- What is left of a program after its first lines took a library away.
local BEGIN = [[
local url, token, gone, journal = table.unpack(arg)
for name in gone:gmatch "%a+" do
  package.loaded[name] = nil
  _G[name] = nil
end
local codeocean = require "codeocean"
local client = assert(codeocean.client { domain = url, token = token })
local assets = client.data_assets
]]

local CALLS = [[
local created = assert(assets:create { name = "a", mount = "a", tags = codeocean.json.array {},
  source = { aws = { bucket = "b" } } })
assert(assets:wait_until_ready(created.id, { interval = 0.01 }))
assert(assets:update(created.id, { tags = { "x" } }))
local page = assert(assets:search { query = "name:a" })
local names = {}
for asset in assets:each { query = "name:a" } do names[#names + 1] = asset.name end
local got = client:map({ created.id }, function(id) return assets:get(id).tags[1] end)
local _, errors = client:map({ 1 }, function() error "why" end)
local ok, wrong = pcall(assets.get, assets, 7)
print(#page.results > 0, names[1], got[1], errors[1].kind, tostring(errors[1]):match "why", ok,
  tostring(wrong):match "program%.lua.*")
local none, problem = codeocean.client {}
print(none, problem.kind)
]]

local BULK = [[
local bulk = require "codeocean.bulk"
local report, problem = bulk.run(client, { name = "tag", select = { query = "" }, all = true,
  journal = journal, change = function() return { tags = { "y" } } end })
print(report and report.counts.ok, problem and problem.kind, problem and problem.message)
]]

describe("a Lua without", function()
  local here
  setup(function() here = deployment.start { ready_after = 0 } end)
  teardown(function() here:stop() end)

  local function run(gone, code)
    local path = process.write(here.folder .. "/program.lua", BEGIN .. code)
    local env = here:environment {}
    env.CODEOCEAN_DOMAIN, env.CODEOCEAN_TOKEN = nil, nil
    local result = process.run(process.lua, { path, here.server.url, here.server.token, gone,
      here.folder .. "/journal-" .. gone }, { env = env })
    assert.are.same({ 0, "" }, { result.status, result.err })
    return result.out
  end

  for _, gone in ipairs { "os", "debug", "io", "package", "os debug io package" } do
    it(gone .. " has a client, its calls and its tasks", function()
      if not process.stock_loads() then return pending "a sanitized build" end
      local calls = run(gone, CALLS)
      assert.is_truthy(calls:find("^true\ta\tx\tscript\twhy\tfalse\tprogram.lua:18: bad argument"
        .. " 'id' to 'get' %([^\n]+\nnil\tconfig\n$"), calls)
    end)
  end

  for _, gone in ipairs { "os", "debug", "package" } do
    it(gone .. " has bulk runs", function()
      if not process.stock_loads() then return pending "a sanitized build" end
      here:asset { name = "one more" }
      local done = run(gone, BULK)
      assert.is_truthy(done:find "^[1-9]%d*\tnil\tnil\n$", done)
    end)
  end

  it("io: a bulk run says what it lacks, before any request", function()
    if not process.stock_loads() then return pending "a sanitized build" end
    local before = #here.server:requests()
    local journal = here.folder .. "/journal-io"
    assert.are.equal(("nil\tjournal\tjournal %s: this Lua has no library `io` to open it with\n")
      :format(journal), run("io", BULK))
    assert.are.equal(before, #here.server:requests())
  end)
end)
