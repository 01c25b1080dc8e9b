-- client:map and client:each_done.

local codeocean = require "codeocean"
local fixture = require "fixture"

local ID = fixture.ID

local function numbers(n)
  local list = {}
  for i = 1, n do list[i] = i end
  return list
end

describe("map", function()
  local function open(finally, sandbox, options)
    local with = fixture.new(finally)
    local peer = with:sandbox(sandbox or {})
    local own = { wait = fixture.patient() }
    for name, value in pairs(options or {}) do own[name] = value end
    return with:client(peer, own), peer
  end

  -- Who stops it gives what is under way some time, and then cancels it.
  it("calls poll again after it gave a reason to stop", function()
    local client = open(finally)
    local calls = 0
    local _, errs = client:map({ 1 }, function() return client:sleep(20) end, { poll = function()
      calls = calls + 1
      if calls == 5 then client:cancel() end
      return calls > 1 and "enough" or nil
    end })
    assert.is_true(calls >= 5)
    assert.are.equal("cancelled", errs[1].kind)
  end)

  it("returns results in the order of the items, whatever the order they come in", function()
    local client = open(finally)
    local finished = {}
    -- Each waits for the one after it: a clock would make their order a matter of the load.
    local results, errs = client:map(numbers(10), function(i)
      while i < 10 and finished[#finished] ~= i + 1 do client:sleep(0) end
      finished[#finished + 1] = i
      return i * i
    end, { jobs = 10 })
    assert.same({ n = 10, 1, 4, 9, 16, 25, 36, 49, 64, 81, 100 }, results)
    assert.same({}, errs)
    assert.same({ 10, 9, 8, 7, 6, 5, 4, 3, 2, 1 }, finished)
  end)

  it("hands over the item and its index", function()
    local client = open(finally)
    assert.same({ n = 2, "a1", "b2" }, (client:map({ "a", "b" }, function(item, index)
      return item .. index
    end)))
  end)

  it("reads no more of an iterator than it needs", function()
    local client = open(finally)
    local read, most, done = 0, 0, 0
    local results = client:map(function()
      read = read + 1
      most = math.max(most, read - done)
      if read <= 50 then return read end
    end, function(i)
      client:sleep(0)
      done = done + 1
      return -i
    end, { jobs = 4 })
    assert.equal(50, results.n)
    assert.equal(-50, results[50])
    assert.is_true(most <= 6, most)
  end)

  it("accepts a search as its source", function()
    local client, peer = open(finally, { seed = 25 })
    local there = #client.data_assets:all()
    assert.is_true(there > 10 and there <= 25)
    local results, errs = client:map(client.data_assets:each { page_size = 10 }, function(asset)
      return client.data_assets:get(asset.id)
    end, { jobs = 5 })
    assert.equal(there, results.n)
    assert.same({}, errs)
    local ids = {}
    for _, asset in ipairs(results) do ids[asset.id] = true end
    local n = 0
    for _ in pairs(ids) do n = n + 1 end
    assert.equal(there, n)
    assert.equal(there, #fixture.seen(peer, "get"))
  end)

  it("raises what its source raises, even nil", function()
    local client = open(finally)
    for _, problem in ipairs { "text", false, {} } do
      local good, raised = pcall(client.map, client, function() error(problem, 0) end, print)
      assert.is_false(good)
      assert.equal(problem, raised)
    end
    assert.is_false((pcall(client.map, client, function() error() end, print)))
    assert.is_false((pcall(function()
      for _ in client:each_done(function() error() end, print) do end
    end)))
  end)

  it("of nothing is nothing", function()
    local client = open(finally)
    assert.same({ n = 0 }, (client:map({}, print)))
    assert.same({ n = 0 }, (client:map(function() end, print)))
  end)

  for _, jobs in ipairs { 1, 3, 8 } do
    it(("overlaps requests, %d at most"):format(jobs), function()
      local client, peer = open(finally, { latency = 0.02 * jobs })
      client:map(numbers(24), function() return client.data_assets:get(ID) end, { jobs = jobs })
      assert.equal(24, #peer:requests())
      assert.equal(jobs, peer:stats().max_in_flight)
    end)
  end

  it("overlaps no more requests than the client's own jobs", function()
    local client, peer = open(finally, { latency = 0.02 }, { jobs = 2 })
    client:map(numbers(12), function() return client.data_assets:get(ID) end, { jobs = 12 })
    assert.equal(2, peer:stats().max_in_flight)
  end)

  it("keeps the client's window from one map to the next", function()
    local client, peer = open(finally, { latency = 0.01 }, { jobs = 16 })
    client:map(numbers(60), function() return client.data_assets:get(ID) end)
    local window = client:stats().window
    assert.is_true(window > 8)
    client:map({ 1 }, function() return client.data_assets:get(ID) end)
    assert.equal(window, client:stats().window)
    peer:fault { kind = "status", status = 503 }
    client:map({ 1 }, function() return client.data_assets:get(ID) end)
    assert.is_true(client:stats().window <= window // 2 + 1)
  end)

  it("returns errors by place: returned, raised, of any type", function()
    local client = open(finally)
    local object = setmetatable({}, { __tostring = function() return "an object" end })
    local results, errs = client:map(numbers(7), function(i)
      if i == 1 then return client.data_assets:get(ID) end
      if i == 2 then error("raised") end
      if i == 3 then error(object) end
      if i == 4 then return nil, "words" end
      if i == 5 then return nil end
      if i == 6 then return false, "not looked at" end
      return i
    end)
    assert.same({ n = 7, [6] = false, [7] = 7 }, results)
    assert.equal("missing", errs[1].kind)
    assert.equal(ID, errs[1].id)
    assert.equal("script", errs[2].kind)
    assert.matches("map_spec%.lua:%d+: raised", errs[2].message)
    assert.matches("stack traceback", errs[2].message)
    assert.matches("an object", errs[3].message)
    assert.equal("words", errs[4].message)
    assert.is_nil(errs[5])
    assert.is_nil(errs[6])
    for _, err in pairs(errs) do assert.is_true(codeocean.is_error(err)) end
  end)

  it("passes an error object on unchanged", function()
    local client = open(finally)
    local _, errs = client:map({ 1 }, function()
      error(select(2, client.data_assets:get(ID)))
    end)
    assert.equal("missing", errs[1].kind)
    assert.equal(404, errs[1].status)
  end)

  it("goes on after errors, unless told to fail fast", function()
    local client, peer = open(finally)
    local function work(i)
      if i == 3 then error("third") end
      return client.data_assets:get(ID)
    end
    client:map(numbers(20), work, { jobs = 1 })
    assert.equal(19, #peer:requests())
    peer:clear()
    local results, errs = client:map(numbers(20), function(i)
      if i == 3 then error("third") end
      client.data_assets:get(ID)
      return i
    end, { jobs = 1, fail_fast = true })
    assert.equal(2, #peer:requests())
    assert.equal("script", errs[3].kind)
    assert.same({ 1, 2 }, { results[1], results[2] })
    for i = 4, 20 do assert.is_nil(results[i]) end
  end)

  it("stops reading an iterator when it fails fast", function()
    local client = open(finally)
    local read = 0
    client:map(function()
      read = read + 1
      return read
    end, function() return nil, "no" end, { jobs = 2, fail_fast = true })
    assert.is_true(read <= 4, read)
  end)

  it("nests", function()
    local client, peer = open(finally, { latency = 0.005 })
    local results, errs = client:map(numbers(4), function(i)
      local inner, problems = client:map(numbers(3), function(j)
        local _, err = client.data_assets:get(ID)
        return { i, j, err.kind }
      end)
      assert.same({}, problems)
      return inner
    end)
    assert.same({}, errs)
    for i = 1, 4 do
      for j = 1, 3 do assert.same({ i, j, "missing" }, results[i][j]) end
    end
    assert.equal(12, #peer:requests())
    assert.is_true(peer:stats().max_in_flight > 4)
  end)

  it("nests deeper than the window is wide", function()
    local client = open(finally, {}, { jobs = 1 })
    local function dive(depth)
      if depth == 0 then return select(2, client.data_assets:get(ID)).kind end
      return client:map({ depth }, function(i) return dive(i - 1) end)[1]
    end
    assert.equal("missing", dive(12))
  end)

  local failing = {
    { "a script's", function() error("source", 0) end, "source" },
    { "a search's", nil, nil },
  }
  for _, row in ipairs(failing) do
    it("ends with " .. row[1] .. " error of its source", function()
      local client, peer = open(finally, { seed = 30 }, { retries = 0 })
      peer:fault { kind = "status", status = 403, operation = "search", skip = 1 }
      local source = row[2] or client.data_assets:each { page_size = 10 }
      local ok, results, err = pcall(client.map, client, source, function(asset)
        return client.data_assets:get(asset.id)
      end, { jobs = 3 })
      if row[3] then
        assert.is_false(ok)
        assert.equal(row[3], results)
      else
        assert.is_true(ok)
        assert.is_nil(results)
        assert.equal("auth", err.kind)
      end
      assert.equal(0, client:stats().in_flight)
      assert.equal("missing", select(2, client.data_assets:get(ID)).kind)
    end)

    it("ends with " .. row[1] .. " error of the source of a map inside it", function()
      local client, peer = open(finally, { seed = 30 }, { retries = 0 })
      local _, errs = client:map({ 1, 2 }, function(i)
        peer:fault { kind = "status", status = 403, operation = "search" }
        if i == 2 then return client.data_assets:get(ID) end
        local inner, err = client:map(row[2] or client.data_assets:each(), print)
        return inner, err
      end)
      assert.equal(row[3] and "script" or "auth", errs[1].kind)
      assert.equal("missing", errs[2].kind)
    end)
  end

  it("names wrong arguments at the caller", function()
    local client = open(finally)
    local rows = {
      { "source", 5, print }, { "source", nil, print }, { "fn", {}, nil }, { "fn", {}, "print" },
      { "jobs", {}, print, { jobs = 0 } }, { "jobs", {}, print, { jobs = 1.5 } },
    }
    for _, row in ipairs(rows) do
      for _, name in ipairs { "map", "each_done" } do
        local ok, problem = pcall(function() client[name](client, row[2], row[3], row[4]) end)
        assert.is_false(ok)
        assert.matches("map_spec%.lua:%d+: bad argument '" .. row[1] .. "' to '" .. name, problem)
      end
    end
  end)
end)

describe("each_done", function()
  it("returns results as they come", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox())
    local order = {}
    for index, value, err in client:each_done({ 0.1, 0.05, 0 }, function(seconds, index)
      if index == 2 then return nil, "two" end
      client:sleep(seconds)
      return seconds
    end) do
      order[#order + 1] = index
      assert.equal(index == 2, err ~= nil)
      assert.equal(index == 2, value == nil)
    end
    table.sort(order)
    assert.same({ 1, 2, 3 }, order)
  end)

  it("holds at most `jobs` results that the loop has not read", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox())
    local started, taken, most = 0, 0, 0
    for _ in client:each_done(numbers(40), function()
      started = started + 1
      most = math.max(most, started - taken)
      client:sleep(0)
      return true
    end, { jobs = 3 }) do
      taken = taken + 1
    end
    assert.equal(40, taken)
    assert.is_true(most <= 4, most)
  end)

  it("that is left early cancels the requests under way", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    local client = with:client(peer)
    peer:fault { kind = "stall", count = 3 }
    local outcomes = {}
    for index in client:each_done(numbers(10), function(i)
      local guard <close> = setmetatable({}, { __close = function() outcomes[i] = true end })
      if i <= 3 then return client.data_assets:get(ID) end
      client:sleep(0.02)
      return guard
    end, { jobs = 4 }) do
      if index == 4 then break end
    end
    assert.same({ true, true, true, true }, { outcomes[1], outcomes[2], outcomes[3], outcomes[4] })
    assert.is_nil(outcomes[9])
    assert.equal(0, client:stats().in_flight)
    peer:clear()
    assert.equal("missing", select(2, client.data_assets:get(ID)).kind)
  end)

  it("that is left by an error cancels as well", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    local client = with:client(peer)
    peer:fault { kind = "stall", count = -1 }
    local ok, problem = pcall(function()
      for index in client:each_done({ 1, 2 }, function(i)
        if i == 1 then return client.data_assets:get(ID) end
        return i
      end) do
        error("left " .. index, 0)
      end
    end)
    assert.is_false(ok)
    assert.equal("left 2", problem)
    assert.equal(0, client:stats().in_flight)
  end)

  it("lets its loop make its own requests", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox { latency = 0.005 })
    local n = 0
    for _, value in client:each_done(numbers(10), function(i)
      client.data_assets:get(ID)
      return i
    end) do
      assert.equal("missing", select(2, client.data_assets:get(ID)).kind)
      assert.is_number(value)
      n = n + 1
    end
    assert.equal(10, n)
  end)

  it("of two loops at once gives each its own", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox { latency = 0.002 })
    local function work(i)
      client.data_assets:get(ID)
      return i
    end
    local sum = 0
    for _, a in client:each_done(numbers(4), work) do
      for _, b in client:each_done(numbers(3), work) do sum = sum + a * b end
    end
    assert.equal(10 * 6, sum)
  end)
end)
