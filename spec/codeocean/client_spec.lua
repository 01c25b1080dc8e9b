-- The arguments of a client's methods. Its requests, repeats and waits are in client_*_spec.

local codeocean = require "codeocean"
local fixture = require "fixture"

local function open(finally)
  local with = fixture.new(finally)
  local peer = with:sandbox()
  return with:client(peer), peer
end

describe("client:map and client:each_done", function()
  local function fn() return 1 end
  local mistakes = {
    { "source", { 7, fn }, "list or iterator expected, got number" },
    { "source", { { 1, nil, 3 }, fn }, "list without a hole" },
    { "source", { { [2] = "x" }, fn }, "list without a hole" },
    { "fn", { {}, "x" }, "function expected, got string" },
    { "job", { {}, fn, { job = 4 } }, "did you mean 'jobs'?" },
    { "failfast", { {}, fn, { failfast = true } }, "did you mean 'fail_fast'?" },
    { "jobs", { {}, fn, { jobs = 0 } }, "got 0" },
    { "jobs", { {}, fn, { jobs = 1.5 } }, "got 1.5" },
    { "jobs", { {}, fn, { jobs = 0 / 0 } }, "got nan" },
    { "fail_fast", { {}, fn, { fail_fast = 1 } }, "boolean expected, got 1" },
    { "options", { {}, fn, 4 }, "table expected, got number" },
  }
  for _, method in ipairs { "map", "each_done" } do
    for i, row in ipairs(mistakes) do
      it(("%s refuses %s, row %d"):format(method, row[1], i), function()
        local client = open(finally)
        local ok, problem = pcall(function()
          return (client[method](client, table.unpack(row[2], 1, 3)))
        end)
        assert.is_false(ok)
        local complaint = ("bad argument '%s' to '%s'"):format(row[1], method)
        assert.is_truthy(problem:find(complaint, 1, true), problem)
        assert.is_truthy(problem:find(row[3], 1, true), problem)
        assert.matches("client_spec%.lua:%d+:", problem)
      end)
    end
  end

  it("take lists with other keys and empty ones", function()
    local client = open(finally)
    assert.same({ n = 0 }, (client:map({}, fn)))
    assert.same({ 1, 1, n = 2 }, (client:map({ "a", "b", n = 2, name = "list" }, fn)))
  end)
end)

describe("codeocean.client", function()
  it("refuses a misspelt dry_run before it sends anything", function()
    for _, name in ipairs { "dryrun", "dry-run", "Dry_Run", "dy_run" } do
      local ok, problem = pcall(codeocean.client, { domain = "a.example", token = "t",
        [name] = true })
      assert.is_false(ok)
      assert.is_truthy(problem:find("did you mean 'dry_run'?", 1, true), problem)
    end
  end)
end)
