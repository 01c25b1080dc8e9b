-- A server under strain, and calls that are cancelled or closed midway: no result is lost, nothing
-- stays open.

local codeocean = require "codeocean"
local core = require "codeocean.core"
local fixture = require "fixture"
local process = require "process"
local promptness = require "promptness"
local tls = require "tls"

local CHANGES = { name = "strained", description = "d", tags = { "t" }, mount = "m" }

-- Two thousand, as in production, take minutes of the server's pauses: STRAIN_ITEMS=2000.
local ITEMS, JOBS = math.tointeger(os.getenv "STRAIN_ITEMS" or 120), 16

describe("under strain", function()
  local with

  local function ids_of(peer, limit)
    local quiet <close> = assert(codeocean.client { domain = peer.url, token = peer.token })
    local ids = {}
    for asset in quiet.data_assets:each() do
      ids[#ids + 1] = asset.id
      if #ids == limit then break end
    end
    peer:clear()
    return ids
  end

  -- Requests that came inside a second that a 429 asked for. What was under way when the answer
  -- left may still arrive, once on each connection and soon; nothing else may.
  local function intruders(requests)
    local list, held_from, used = {}, -math.huge, {}
    for _, request in ipairs(requests) do
      local since = request.at - held_from
      if since > 0.1 and since < 1 and used[request.connection] then
        list[#list + 1] = ("%s %.3f s after a 429"):format(request.path, since)
      end
      used[request.connection] = true
      if request.status == 429 then
        held_from, used = request.at, { [request.connection] = true }
      end
    end
    return list
  end

  it("every item ends right, and a pause is a pause for all", function()
    with = fixture.new(finally)
    local server = with:sandbox { seed = math.ceil(ITEMS * 1.3), keep_requests = 10 * ITEMS }
    local ids = ids_of(server, ITEMS)
    assert.are.equal(ITEMS, #ids)
    for i, fault in ipairs {
      { kind = "status", status = 429, retry_after = "1", probability = 0.05 },
      { kind = "status", status = 503, probability = 0.02 },
      { kind = "reset_before", probability = 0.005 },
      { kind = "reset_after", probability = 0.005 } } do
      fault.operation, fault.seed = "update", i
      server:fault(fault)
    end
    local client = with:client(server, { jobs = JOBS, retries = 8 })
    local results, errs = client:map(ids, function(id)
      return assert(client.data_assets:update(id, CHANGES)).id
    end)
    assert.are.same({}, errs)
    assert.are.same(ids, table.move(results, 1, ITEMS, 1, {}))
    assert.is_true(server:stats().max_in_flight <= JOBS)
    local requests = server:requests()
    local turned_away = 0
    for _, request in ipairs(requests) do
      if request.status == 429 then turned_away = turned_away + 1 end
    end
    assert.is_true(turned_away > 0)
    assert.are.same({}, intruders(requests))
    assert.is_true(client:stats().retries >= turned_away)
    for asset in with:client(server).data_assets:each() do
      if asset.name == "strained" then assert.are.same({ "t" }, asset.tags) end
    end
  end)

  -- Each operation on each fault: how many requests the server sees, and what the call gives, if
  -- the fault falls once and if it never ends (the third and fourth). One retry is allowed.
  -- "same" is for all that may be repeated; create may not unless it was refused.
  local OPERATIONS = { "get", "search", "update", "archive", "delete" }
  local FAULTS = {
    -- fault            falls once              never ends               create once, for ever
    { "400",             "1 invalid rejected",    "1 invalid rejected",     "1 invalid rejected" },
    { "401",             "1 auth rejected",       "1 auth rejected",        "1 auth rejected" },
    { "403",             "1 auth rejected",       "1 auth rejected",        "1 auth rejected" },
    { "404",             "1 missing rejected",    "1 missing rejected",     "1 missing rejected" },
    { "409",             "1 rejected rejected",   "1 rejected rejected",    "1 rejected rejected" },
    { "408",             "2 ok",                  "2 timeout unknown",      "1 timeout unknown" },
    -- a 429 costs no attempt: the deadline of 3 s ends them
    { "429",             "2 ok",                  "n throttled rejected",   "2 ok",
      "n throttled rejected" },
    { "429 retry_after", "2 ok",                  "n throttled rejected",   "2 ok",
      "n throttled rejected" },
    { "500",             "2 ok",                  "2 server unknown",       "1 server unknown" },
    { "501",             "1 server unknown",      "1 server unknown",       "1 server unknown" },
    { "502",             "2 ok",                  "2 server unknown",       "1 server unknown" },
    { "503",             "2 ok",                  "2 server unknown",       "1 server unknown" },
    { "503 retry_after", "2 ok",                  "2 server rejected",      "2 ok",
      "2 server rejected" },
    { "504",             "2 ok",                  "2 server unknown",       "1 server unknown" },
    { "reset_before",    "2 ok",                  "2 network unknown",      "1 network unknown" },
    { "reset_after",     "2 ok",                  "2 network unknown",      "1 ok adopted" },
    { "truncated",       "2 ok",                  "2 network unknown",      "1 ok adopted" },
    { "stall",           "2 ok",                  "2 timeout unknown",      "1 timeout unknown" },
    { "garbage",         "1 decode unknown",      "1 decode unknown",       "1 decode unknown" },
    { "html",            "1 decode unknown",      "1 decode unknown",       "1 decode unknown" },
    { "redirect",        "1 redirect rejected",   "1 redirect rejected",    "1 redirect rejected" },
  }

  -- For a delete: the 404 of the repeat says that the first did it, though its body is cut.
  local GONE = { truncated = "2 ok" }

  local calls = {
    get = function(assets, id) return assets:get(id) end,
    search = function(assets) return assets:search { limit = 2 } end,
    update = function(assets, id) return assets:update(id, CHANGES) end,
    archive = function(assets, id) return assets:archive(id) end,
    delete = function(assets, id) return assets:delete(id) end,
    create = function(assets)
      return assets:create { name = "new", mount = "new", tags = {},
        source = { aws = { bucket = "public-data" } } }
    end,
  }

  local function fault_of(name, operation, count)
    local status, after = name:match "^(%d+) ?(%g*)$"
    if not status then return { kind = name, operation = operation, count = count } end
    return { kind = "status", status = tonumber(status), operation = operation, count = count,
      retry_after = after == "retry_after" and "1" or nil }
  end

  local function said(value, err)
    if value then return err == nil and "ok" or "ok " .. tostring(err) end
    return err.kind .. " " .. err.outcome
  end

  it("the table of operations and faults holds", function()
    with = fixture.new(finally)
    local wrong, bodies = {}, {}
    local function try(peer, row, operation, id, count, outcome)
      peer:fault(fault_of(row[1], operation, count))
      bodies[#bodies + 1] = function(wait)
        local own <close> = fixture.new()
        local client = own:client(peer, { retries = 1, wait = wait,
          timeout = row[1] == "stall" and 1 or 20,
          deadline = outcome:find "^n" and 3 or 120 })
        local words = said(calls[operation](client.data_assets, id))
        local sent = #fixture.seen(peer, operation)
        local several = outcome:find "^n" and sent > 2 and sent < 20
        local found = (several and "n" or sent) .. " " .. words
        if found == outcome then return end
        wrong[#wrong + 1] = ("%s, %s, %s: %s, not %s"):format(operation, row[1],
          count == 1 and "once" or "for ever", found, outcome)
      end
    end
    for _, row in ipairs(FAULTS) do
      for _, count in ipairs { 1, -1 } do
        local peer, other = with:sandbox { seed = 12 }, with:sandbox { seed = 0 }
        local ids = ids_of(peer, #OPERATIONS)
        for i, operation in ipairs(OPERATIONS) do
          local ever = operation == "delete" and GONE[row[1]] or row[3]
          try(peer, row, operation, ids[i], count, count == 1 and row[2] or ever)
        end
        try(other, row, "create", nil, count, count == 1 and row[4] or row[5] or row[4])
      end
    end
    fixture.together(bodies)
    assert.are.same({}, wrong)
  end)
end)

describe("waiting calls", function()
  local with, server

  local function begin(closing)
    with = fixture.new(closing)
    server = with:sandbox { seed = 5 }
  end

  local function silence()
    server:clear()
    server:fault { kind = "stall", operation = "get", count = -1 }
  end

  -- Four tasks that wait for an answer, one for its time; another ends them by `how`.
  local function ended_by(client, how)
    silence()
    local began
    local _, errs = client:map({ 1, 2, 3, 4, "sleep", "end" }, function(item)
      if item == "sleep" then return client:sleep(60) end
      if item ~= "end" then return client.data_assets:get(fixture.ID) end
      while server:stats().requests < 4 do assert(client:sleep(0.002)) end
      began = core.now()
      how(client)
      return true
    end)
    local took = core.now() - began
    for i = 1, 5 do assert.are.equal("cancelled", errs[i].kind) end
    assert.is_nil(errs[6])
    promptness.within(0.1, took, function(seconds) server:wait(seconds) end)
  end

  it("return at once from cancel(), as often as you like", function()
    begin(finally)
    local client = with:client(server)
    for _ = 1, 3 do
      ended_by(client, client.cancel)
      server:clear()
      assert.are.equal("missing", select(2, client.data_assets:get(fixture.ID)).kind)
    end
  end)

  it("return at once from close()", function()
    begin(finally)
    local client = with:client(server)
    ended_by(client, client.close)
    assert.are.equal("closed", select(2, client.data_assets:get(fixture.ID)).kind)
  end)

  -- A child that waits for an answer and is interrupted when the request has come.
  local CHILD = [[
    local client = assert(require "codeocean".client())
    local function get() return client.data_assets:get %q end
    print((select(2, %s)))
    print(select(2, get()).kind) ]]

  local function interrupt(program, code)
    silence()
    local folder = with:folder()
    process.write(folder .. "/child.lua", CHILD:format(fixture.ID, code))
    local pipe = assert(io.popen(([[LUA_PATH='lua/?.lua;lua/?/init.lua;;' LUA_CPATH='%s/?.so;;'
      CODEOCEAN_DOMAIN=%s CODEOCEAN_TOKEN=%s exec %s %s/child.lua 2>&1]]):gsub("\n%s*", " "):format(
      os.getenv "BUILD" or "build", server.url, server.token,
      "sh -c 'echo $$; exec \"$@\"' - " .. process.quote(program), folder)))
    local pid = pipe:read("n", "l")
    for _ = 1, 5000 do
      if server:stats().requests > 0 then break end
      server:wait(0.002)
    end
    assert.is_true(server:stats().requests > 0, "the child never asked")
    local began = core.now()
    assert(os.execute("kill -INT " .. pid))
    local said = pipe:read("l")
    local took = core.now() - began
    server:clear()
    assert.matches("cancelled", said)
    promptness.within(0.1, took, function(seconds) server:wait(seconds) end)
    assert.are.equal("missing", pipe:read("l"))
    pipe:close()
  end

  for _, program in ipairs(process.hosts()) do
    it("are left at once on Ctrl-C under " .. program:match "[^/]+$", function()
      begin(finally)
      interrupt(program, "get()")
      interrupt(program, "(function() local _, errs = client:map({ 1, 2, 3 }, get) "
        .. "return 0, errs[3] end)()")
      interrupt(program, "(function() local _, errs = client:map({ 1, 2 }, function(i) "
        .. "if i == 1 then return client:sleep(60) end return get() end) return 0, errs[1] end)()")
    end)
  end
end)

describe("afterwards", function()
  local with

  local function descriptors()
    collectgarbage()
    collectgarbage()
    return #assert(core.list_folder "/proc/self/fd")
  end

  it("no descriptor is left", function()
    with = fixture.new(finally)
    local server = with:sandbox { seed = 5 }
    local function use(hook)
      local client = assert(codeocean.client { domain = server.url, token = server.token,
        retries = 0, timeout = 0.05, wait = hook and function(c) c:step(0.01) end or nil })
      server:fault { kind = "reset_before", operation = "get", count = 2 }
      server:fault { kind = "stall", operation = "get", count = 2 }
      client:map({ 1, 2, 3, 4, 5, 6 }, function() return client.data_assets:get(fixture.ID) end)
      if not hook then client:close() end
    end
    local before = descriptors()
    for _ = 1, 6 do
      use(true)
      use(false)
    end
    -- the server closes its ends in a thread of its own
    local patient = core.now() + 5
    while descriptors() ~= before and core.now() < patient do os.execute "sleep 0.01" end
    assert.are.equal(before, descriptors())
  end)

  -- A server that hangs up in the middle of a body of eight megabytes: nginx over TLS, and in the
  -- clear a coroutine of the program itself.
  local LARGE = [[
    local codeocean, cqueues = require "codeocean", require "cqueues"
    local socket = require "cqueues.socket"
    local listener = assert(socket.listen("127.0.0.1", 0):listen())
    local function update(domain)
      local client <close> = assert(codeocean.client { domain = domain, ca_file = %q, retries = 0,
        timeout = 5, wait = function(c) cqueues.poll(c) end })
      local asset, err = client.data_assets:update(%q, { name = "n", tags = {}, mount = "m",
        description = ("x"):rep(8 * 1024 * 1024) })
      print(asset, err.kind)
    end
    local loop = cqueues.new()
    loop:wrap(function()
      local peer = listener:accept()
      peer:read(1000)
      peer:close()
    end)
    loop:wrap(function()
      update("http://127.0.0.1:" .. select(3, listener:localname()))
      update(%q)
    end)
    assert(loop:loop(10)) ]]

  it("no SIGPIPE has killed the program", function()
    with = fixture.new(finally)
    local folder = with:folder()
    local ca = tls.authority(folder)
    local nginx = tls.nginx(folder, { hangs_up = { identity = ca:issue "IP:127.0.0.1",
      answer = "return 444;", settings = "client_max_body_size 0; lingering_close off;" } })
    with:at_end(function() nginx:stop() end)
    local script = process.write(folder .. "/large.lua", LARGE:format(ca.file, fixture.ID,
      "https://127.0.0.1:" .. nginx.port.hangs_up))
    local result = process.run(process.hosts()[1], { script }, { env = {
      LUA_PATH = "lua/?.lua;lua/?/init.lua;;",
      LUA_CPATH = (os.getenv "BUILD" or "build") .. "/?.so;;", CODEOCEAN_TOKEN = "cop_x" } })
    assert.are.same({ status = 0, out = "nil\tnetwork\nnil\tnetwork\n", err = "" }, result)
  end)
end)
