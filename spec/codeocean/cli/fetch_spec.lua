-- A command gets many assets at once and prints them in the order of its input.

local errors = require "codeocean.error"
local fetch = require "codeocean.cli.fetch"
local fixture = require "fixture"

describe("codeocean.cli.fetch", function()
  it("gathers values and errors by place", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox())
    local failure = errors.new { kind = "missing", message = "no" }
    local found, errs = fetch.gather(client, { "a", "b", "c" }, "fetching", function(item, i)
      if item == "b" then return nil, failure end
      return { id = item .. i }
    end, {})
    assert.same({ [1] = { id = "a1" }, [3] = { id = "c3" } }, found)
    assert.same({ [2] = failure }, errs)
  end)

  it("makes a waiter with the options of a command", function()
    local asked
    local client = { data_assets = { wait_until_ready = function(_, id, opts)
      asked = { id, opts }
      return { id = id }
    end } }
    assert.same({ id = "x" }, fetch.waiter(client, { timeout = 7, interval = 1 })("x"))
    assert.same({ "x", { timeout = 7, interval = 1 } }, asked)
  end)
end)
