-- Every command with a server that cannot be reached: its exit status and message; the server gets
-- no request. FAULTS=full takes every command; else a few.

local a_case = require "case"
local commands = require "commands"
local fixture = require "fixture"
local process = require "process"
local tls = require "tls"

local FULL = os.getenv "FAULTS" == "full"
local SOME = { search = true, tag = true, resume = true }
local UNREACHABLE, REFUSED = 7, 6

-- A journal and a plan tell of which deployment they are; under another name they are refused.
local OF_ONE_DEPLOYMENT = { resume = true, undo = true, apply = true }

local nginx

-- name, environment, part of the message; and whether the deployment has another name.
local WAYS = {
  { "a port where nobody listens", function(with)
    return { CODEOCEAN_DOMAIN = with:nobody().url }
  end, "network: Failed to connect", true },
  { "a name that nobody knows", function()
    return { CODEOCEAN_DOMAIN = "x.invalid" }
  end, "network: Could not resolve host: x.invalid", true },
  { "a proxy that is not there", function(with)
    return { CODEOCEAN_DOMAIN = "x.invalid", https_proxy = with:nobody().url }
  end, "network: Failed to connect", true },
  { "a proxy that refuses", function(with)
    local no = {}
    for i = 1, 100 do no[i] = fixture.answer("403 Forbidden", "") end
    return { CODEOCEAN_DOMAIN = "x.invalid", https_proxy = with:server(no).url }
  end, "network: .*403", true },
  { "a certificate that vouches for itself", function()
    return { CODEOCEAN_DOMAIN = "https://127.0.0.1:" .. nginx.port.selfish }
  end, "tls: .*self.signed", true },
}

local function chosen()
  local list = {}
  for _, command in ipairs(commands) do
    if FULL or SOME[command[1]] then list[#list + 1] = command end
  end
  return list
end

local function check(case, way)
  local name = case.command[1]
  if way[4] and OF_ONE_DEPLOYMENT[name] then
    assert.are.equal(REFUSED, case.status, name .. ": " .. case.err)
  else
    assert.are.equal(UNREACHABLE, case.status, name .. ": " .. case.err)
    assert.is_truthy((case.err .. case.out):find(way[3]), name .. ": " .. case.err)
  end
  assert.is_nil(case.err:find("traceback", 1, true), case.err)
  assert.are.equal(case.here.seen, #case.here.server:requests(), name)
  assert.are.same(case.before, (a_case.snapshot(case.here)))
end

-- All at the same time, since most of it is pauses between attempts; every command, in turns, or
-- the deployments would have more than 1024 descriptors.
local function turns()
  if not FULL then return { WAYS } end
  local list = {}
  for i, way in ipairs(WAYS) do list[i] = { way } end
  return list
end

local function try(ways)
  local folder, with
  local closers, cases = {}, {}

  local function prepare(way)
    local environment, own = way[2](with), {}
    for i, command in ipairs(chosen()) do
      own[i] = a_case.prepare(command)
      own[i].environment = environment
      with:at_end(function() own[i].here:stop() end)
    end
    return own
  end

  setup(function()
    folder = process.folder()
    nginx = tls.nginx(folder, { selfish = { answer = "return 200 '{}';",
      identity = tls.self_signed(folder, "IP:127.0.0.1") } })
    with = fixture.new(function(close) closers[1] = close end)
    local all = {}
    for _, way in ipairs(ways) do
      cases[way] = prepare(way)
      table.move(cases[way], 1, #cases[way], #all + 1, all)
    end
    a_case.run(all)
  end)

  teardown(function()
    closers[1]()
    nginx:stop()
    process.clean(folder)
  end)

  for _, way in ipairs(ways) do
    it(way[1], function()
      assert.is_true(#cases[way] >= 3)
      for _, case in ipairs(cases[way]) do check(case, way) end
    end)
  end
end

for _, ways in ipairs(turns()) do
  describe("commands x ways that lead nowhere:", function() try(ways) end)
end
