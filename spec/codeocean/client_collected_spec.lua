-- Clients and transfers may be collected in any order.

local process = require "process"


-- Runs Lua code in a process of its own, which finds what this one finds.
local function child(program, code, options)
  local script = process.folder() .. "/child.lua"
  process.write(script, code)
  local result = process.run(program, { script }, options)
  process.clean(script:match("^(.*)/"))
  return result
end

describe("garbage", function()
  local PRELUDE = [[
    local sandbox = require("codeocean.sandbox").start { seed = 20 }
    local function client(options)
      options = options or {}
      options.domain, options.token = sandbox.url, sandbox.token
      return assert(require "codeocean".client(options))
    end
    local ID = "11111111-2222-4333-8444-555555555555"
  ]]
  local rows = {
    { "clients and transfers in any order", [[
      for round = 1, 30 do
        local c, kept = client(), {}
        for i = 1, 5 do kept[i] = c.engine:submit("get", ID) end
        if round % 3 == 0 then c.engine:step(0.01) end
        if round % 2 == 0 then c = nil else kept = nil end
        collectgarbage()
        c, kept = nil, nil
        collectgarbage()
      end
    ]] },
    { "a transfer that outlives its client", [[
      local c = client()
      local t = c.engine:submit("get", ID)
      c = nil
      collectgarbage() collectgarbage()
      assert(t:done())
      local value, facts = t:result()
      assert(value == nil and facts.kind == "cancelled", facts.kind)
    ]] },
    { "a result asked for again while it is read", [[
      sandbox = require("codeocean.sandbox").start { seed = 500 }
      local c = client()
      local t = c.engine:submit("search_2022", nil, { limit = 500 })
      while not t:done() do c.engine:step(1) end
      collectgarbage("stop")
      local again, problem
      setmetatable({}, { __gc = function() again, problem = pcall(t.result, t) end })
      collectgarbage("restart")
      local page = assert(t:result())
      assert(#page.results > 100, #page.results)
      if again == nil then collectgarbage() end
      assert(again == false and problem:find "its result was already read", problem)
    ]] },
    { "the state's end with requests in flight", [[
      sandbox:fault { kind = "stall", count = -1 }
      clients = {}
      for i = 1, 5 do
        clients[i] = client()
        for j = 1, 20 do clients[i].engine:submit("get", ID) end
        clients[i]:step(0.02)
      end
    ]] },
    { "the state's end inside a task", [[
      sandbox:fault { kind = "stall", count = -1 }
      local c = client()
      c:map({ 1, 2, 3 }, function(i)
        if i == 3 then c:sleep(0.02) os.exit(0, true) end
        return c.data_assets:get(ID)
      end)
    ]] },
    { "the state's end after an error in a task's source", [[
      local c = client()
      pcall(c.map, c, function() error "source" end, print)
      local iterator = c:each_done({ 1, 2, 3 }, function() return c.data_assets:get(ID) end)
      iterator()
    ]] },
    { "generational collection", [[
      if _VERSION ~= "Lua 5.3" then collectgarbage("generational", 1, 1) end
      local c = client()
      for _ = 1, 5 do
        local r, e = c:map(c.data_assets:each { page_size = 3 }, function(a)
          local junk = {} for i = 1, 50 do junk[i] = { i } end
          return c.data_assets:get(a.id)
        end)
        assert(r.n == 20 and #r == 20 and next(e) == nil)
      end
    ]] },
    { "collection at every step", [[
      if _VERSION == "Lua 5.5" then
        collectgarbage("param", "pause", 0) collectgarbage("param", "stepmul", 1000)
      else
        collectgarbage("setpause", 0) collectgarbage("setstepmul", 1000)
      end
      local c = client()
      local r, e = c:map(c.data_assets:each { page_size = 3 }, function(a)
        collectgarbage()
        local x = c.data_assets:get(a.id)
        collectgarbage()
        return x
      end)
      assert(r.n == 20 and #r == 20 and next(e) == nil)
      local _, errs = c:map({ 1, 2, 3 }, function()
        collectgarbage()
        return c.data_assets:get(ID)
      end)
      assert(errs[3].kind == "missing")
    ]] },
    { "loops that are left early", [[
      local c = client()
      for _ = 1, 20 do
        for i in c:each_done({ 1, 2, 3, 4, 5, 6 }, function() return c.data_assets:get(ID) end) do
          if i then break end
        end
        collectgarbage()
      end
      -- In Lua 5.3 the tasks of a loop that is left continue (docs/hosts.md).
      if _VERSION == "Lua 5.3" then c:cancel() end
      assert(c:stats().in_flight == 0)
      for a in c.data_assets:each { page_size = 2 } do break end
    ]] },
    { "what a dry run held back", [[
      local c = client { dry_run = true }
      local kept = setmetatable({}, { __mode = "k" })
      for _ = 1, 5 do
        local t = c.engine:submit("delete", ID)
        assert(t:done() and select(2, t:result()).kind == "dry_run")
        kept[t] = true
      end
      collectgarbage() collectgarbage()
      assert(next(kept) == nil, "the engine still holds it")
    ]] },
    { "a client dropped without close, many times", [[
      for _ = 1, 300 do client() end
      collectgarbage() collectgarbage()
      local c = client()
      assert(c:pollfd() < 200, c:pollfd())
    ]] },
  }
  for _, program in ipairs(process.hosts()) do
    for _, row in ipairs(rows) do
      it(("is survived by %s: %s"):format(program:match("[^/]*$"), row[1]), function()
        local result = child(program, PRELUDE .. row[2])
        assert.equal("", result.err)
        assert.equal(0, result.status)
      end)
    end
  end
end)
