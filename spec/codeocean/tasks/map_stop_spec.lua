-- When client:map starts no further items of its list.

local fixture = require "fixture"

local ID = fixture.ID

local function numbers(n)
  local list = {}
  for i = 1, n do list[i] = i end
  return list
end

describe("a map stops by itself", function()
  it("when the token is refused at the first item", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    local client = with:client(peer, { token = "cop_wrong", jobs = 1 })
    local results, errs = client:map(numbers(30), function()
      return client.data_assets:get(ID)
    end)
    assert.equal(30, results.n)
    assert.equal("auth", errs[1].kind)
    assert.equal("pending", errs[30].kind)
    assert.equal("not_sent", errs[30].outcome)
    assert.is_true(#peer:requests() <= 2)
  end)

  it("when nobody listens", function()
    local with = fixture.new(finally)
    local client = with:client(with:nobody(), { retries = 0 })
    local _, errs = client:map(numbers(200), function() return client.data_assets:get(ID) end)
    assert.equal(200, #errs)
    assert.equal("network", errs[1].kind)
    assert.equal("pending", errs[200].kind)
    assert.is_true(client:stats().requests < 60)
  end)

  it("when the server wants a pause longer than a call may last", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    peer:fault { kind = "status", status = 429, retry_after = 1000, operation = "get", skip = 4 }
    local client = with:client(peer, { jobs = 2 })
    local _, errs = client:map(numbers(200), function() return client.data_assets:get(ID) end)
    assert.are.equal(200, #errs)
    local counts = {}
    for _, err in ipairs(errs) do counts[err.kind] = (counts[err.kind] or 0) + 1 end
    assert.is_true(counts.throttled <= 2, tostring(counts.throttled))
    assert.are.equal("pending", errs[200].kind)
    assert.is_true(#peer:requests() <= 6)
  end)

  it("but not when the server restarts", function()
    local with = fixture.new(finally)
    local peer = with:sandbox()
    local port = peer.port
    local client = with:client(peer, { retries = 6 })
    client:map(numbers(100), function() return client.data_assets:get(ID) end)
    peer:stop()
    local asked = client:stats().requests
    local _, errs = client:map(numbers(200), function(i)
      -- all that may be under way have been refused by now
      if i == 1 then
        client:sleep(0.2)
        with:sandbox { port = port, token = peer.token }
      end
      return client.data_assets:get(ID)
    end)
    assert.is_true(client:stats().requests - asked >= 200 + 10)
    assert.equal(200, #errs)
    for _, err in ipairs(errs) do assert.equal("missing", err.kind) end
  end)
end)
