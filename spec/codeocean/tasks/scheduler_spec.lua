-- Tasks of client:map, seen from inside their coroutines.

local fixture = require "fixture"

local ID = fixture.ID

local function open(finally, sandbox, options)
  local with = fixture.new(finally)
  local peer = with:sandbox(sandbox or {})
  local own = { wait = fixture.patient() }
  for name, value in pairs(options or {}) do own[name] = value end
  return with:client(peer, own), peer, with
end

describe("a task", function()
  it("may use its own coroutines, which never see our yields", function()
    local client = open(finally, { seed = 5 })
    local function walk()
      for asset in client.data_assets:each { page_size = 2 } do
        coroutine.yield(asset.id, select(2, client.data_assets:get(ID)).kind)
      end
    end
    local results, errs = client:map({ 1, 2, 3 }, function()
      local seen = {}
      for id, kind in coroutine.wrap(walk) do
        assert(#id == 36 and kind == "missing", kind)
        seen[#seen + 1] = id
      end
      return seen
    end)
    assert.same({}, errs)
    for i = 1, 3 do assert.equal(5, #results[i]) end
    assert.same(results[1], results[3])
  end)

  -- Where Lua cannot yield a call waits by itself: it does not overlap, and nothing is lost.
  local places = {
    ["string.gsub"] = function(call)
      local kind
      ("x"):gsub("x", function() kind = call() end)
      return kind
    end,
    ["table.sort"] = function(call)
      local kind
      table.sort({ 2, 1 }, function(a, b)
        kind = call()
        return a < b
      end)
      return kind
    end,
    ["a metamethod of C's"] = function(call)
      return tostring(setmetatable({}, { __tostring = call }))
    end,
    require = function(call)
      package.preload.of_a_spec = call
      local kind = require "of_a_spec"
      package.loaded.of_a_spec, package.preload.of_a_spec = nil, nil
      return kind
    end,
    ["a reader of load"] = function(call)
      local kind
      load(function()
        kind = kind or call()
        return nil
      end)
      return kind
    end,
    ["a handler of xpcall"] = function(call)
      return select(2, xpcall(error, call))
    end,
    ["a finalizer"] = function(call)
      local kind
      local function drop()
        setmetatable({}, { __gc = function() kind = call() end })
      end
      drop()
      collectgarbage()
      return kind
    end,
  }
  for place, fn in pairs(places) do
    it("may call within " .. place, function()
      local client, peer = open(finally, { latency = 0.01 })
      local function call() return select(2, client.data_assets:get(ID)).kind end
      local results, errs = client:map({ 1, 2, 3, 4 }, function(i)
        if i % 2 == 0 then return call() end
        return fn(call)
      end)
      assert.same({}, errs)
      assert.same({ n = 4, "missing", "missing", "missing", "missing" }, results)
      assert.is_true(#fixture.seen(peer, "get") >= 4)
    end)
  end

  it("may map within string.gsub", function()
    local client = open(finally)
    local results, errs = client:map({ 1, 2 }, function()
      local inner
      ("x"):gsub("x", function()
        inner = client:map({ 1, 2, 3 }, function(i)
          client.data_assets:get(ID)
          return i
        end)
      end)
      return inner.n + inner[3]
    end)
    assert.same({}, errs)
    assert.same({ n = 2, 6, 6 }, results)
  end)

  it("steps the client where its hook cannot yield", function()
    local calls = 0
    local client = open(finally, {}, { wait = function()
      calls = calls + 1
      coroutine.yield("loop")
    end })
    local thread = coroutine.create(function()
      local kind
      ("x"):gsub("x", function() kind = select(2, client.data_assets:get(ID)).kind end)
      return kind
    end)
    local ok, kind = coroutine.resume(thread)
    assert.is_true(ok)
    assert.equal("missing", kind)
    assert.is_true(calls > 0)
    assert.is_nil(client.pollers:oldest())
  end)

  it("leaves nothing behind when the hook raises", function()
    local broken = true
    local client = open(finally, {}, { wait = function(self)
      if broken then error "broken hook" end
      self:step(0.1)
    end })
    assert.error_matches(function() client.data_assets:get(ID) end, "broken hook")
    assert.is_nil(client.pollers:oldest())
    broken = false
    assert.equal("missing", select(2, client.data_assets:get(ID)).kind)
  end)

  it("may start a map in its own coroutine", function()
    local client = open(finally)
    local results, errs = client:map({ 1, 2 }, function(i)
      return coroutine.wrap(function()
        return client:map({ i, i }, function(j)
          client.data_assets:get(ID)
          return j * 10
        end)[2]
      end)()
    end)
    assert.same({}, errs)
    assert.same({ n = 2, 10, 20 }, results)
  end)

  it("passes other yields to the loop around the map, and gets its answer", function()
    local client = open(finally)
    local thread = coroutine.create(function()
      return client:map({ "a", "b" }, function(item)
        local x, y = coroutine.yield("ask", item)
        client.data_assets:get(ID)
        return x .. y
      end)
    end)
    local asked, value = {}, { true }
    local ok, what, item = coroutine.resume(thread)
    while coroutine.status(thread) ~= "dead" do
      assert.equal("ask", what)
      asked[#asked + 1] = item
      ok, what, item = coroutine.resume(thread, item, "!")
      value = what
    end
    assert.is_true(ok)
    assert.same({ "a", "b" }, asked)
    assert.same({ n = 2, "a!", "b!" }, value)
  end)

  it("is told that no loop exists around the map", function()
    local client = open(finally)
    local results, errs = client:map({ 1 }, function()
      return { coroutine.yield("cqueues would have this") }
    end)
    assert.same({}, errs)
    assert.is_nil(results[1][1])
    assert.matches("nobody waits", results[1][2])
  end)

  it("may pcall, close and error across its waits", function()
    local client = open(finally)
    local closed = 0
    local results = client:map({ 1, 2, 3 }, function(i)
      local guard <close> = setmetatable({}, { __close = function()
        client.data_assets:get(ID)
        closed = closed + 1
      end })
      local ok, problem = pcall(function()
        client.data_assets:get(ID)
        error("number " .. i, 0)
      end)
      return guard and not ok and problem
    end)
    assert.same({ n = 3, "number 1", "number 2", "number 3" }, results)
    assert.equal(3, closed)
  end)

  it("that never waits does not block the others forever", function()
    local client = open(finally)
    local results = client:map({ 1, 2, 3, 4 }, function(i) return i end, { jobs = 2 })
    assert.same({ n = 4, 1, 2, 3, 4 }, results)
  end)

  it("is not mistaken for another coroutine of the host", function()
    local client = open(finally)
    local inside
    local co = coroutine.wrap(function()
      coroutine.yield()
      return select(2, client.data_assets:get(ID)).kind
    end)
    co()
    client:map({ 1 }, function()
      inside = co()
      return true
    end)
    assert.equal("missing", inside)
  end)
end)

describe("the first search, which finds out the dialect", function()
  -- A search that never ends would take the whole suite with it.
  local function within(instructions, fn)
    debug.sethook(function() error("no end to it", 0) end, "", instructions)
    local ok, problem = pcall(fn)
    debug.sethook()
    if not ok then error(problem, 0) end
  end

  it("may be given up by an error of the hook, and the next one finds out", function()
    local broken = true
    local client = open(finally, { seed = 2 }, { dialect = "auto", wait = function(it)
      if broken then error("from the loop", 0) end
      it:step(0.05)
    end })
    assert.is_false((pcall(client.data_assets.search, client.data_assets)))
    broken = false
    within(1e7, function()
      assert.equal(2, #assert(client.data_assets:search()).results)
    end)
  end)

  it("may be given up by a loop that is left, and others that wait for it go on", function()
    local client, peer = open(finally, { seed = 2 }, { dialect = "auto" })
    peer:fault { kind = "stall", operation = "search", count = 1 }
    for index in client:each_done({ 1, 2 }, function(i)
      if i == 2 then return client:sleep(0.05) end
      return client.data_assets:search()
    end) do
      if index == 2 then break end
    end
    within(1e7, function()
      assert.equal(2, #assert(client.data_assets:search()).results)
    end)
  end)

  it("in a map that is left does not leave another map's search behind", function()
    local client, peer = open(finally, { seed = 2 }, { dialect = "auto" })
    peer:fault { kind = "delay", seconds = 0.2, operation = "search" }
    local results, errs = client:map({ 1, 2 }, function(i)
      if i == 2 then
        client:sleep(0.03)
        return #assert(client.data_assets:search()).results
      end
      for index in client:each_done({ 1, 2 }, function(j)
        if j == 1 then return client.data_assets:search() end
        return client:sleep(0.1)
      end) do
        if index == 2 then break end
      end
      return "left"
    end)
    assert.same({}, errs)
    assert.same({ n = 2, "left", 2 }, results)
  end)
end)

describe("waiting inside and outside a map", function()
  it("mixes", function()
    local client = open(finally, { latency = 0.01 })
    local kinds = {}
    for index in client:each_done({ 1, 2, 3, 4, 5, 6 }, function(i)
      client.data_assets:get(ID)
      client:sleep(0.005 * i)
      return i
    end, { jobs = 6 }) do
      kinds[index] = select(2, client.data_assets:get(ID)).kind
    end
    assert.equal(6, #kinds)
  end)

  it("does not spin while a finished answer waits for its task", function()
    local client = open(finally, {}, {})
    local steps, step = 0, client.step
    client.wait = nil
    function client:step(seconds)
      steps = steps + 1
      return step(self, seconds)
    end
    for _ in client:each_done({ 0, 0.02 }, function(seconds)
      client.data_assets:get(ID)
      return client:sleep(seconds)
    end) do
      client:sleep(0.2)
    end
    assert.is_true(steps < 200, steps .. " steps")
  end)
end)
