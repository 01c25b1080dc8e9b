-- Exit statuses, from errors and from reports.

local errors = require "codeocean.error"
local status = require "codeocean.cli.status"

local function err(kind) return errors.new { kind = kind } end

local function report(statuses)
  local made = { counts = {}, records = {} }
  for _, name in ipairs(require("codeocean.bulk").STATUSES) do made.counts[name] = 0 end
  for i, item in ipairs(statuses) do
    made.counts[item[1]] = made.counts[item[1]] + 1
    made.records[i] = { status = item[1], error = item[2] and err(item[2]) }
  end
  return made
end

describe("the status", function()
  for kind, expected in pairs { auth = 4, config = 4, network = 7, timeout = 7, tls = 7, server = 7,
    throttled = 7, redirect = 7, missing = 3, invalid = 3, rejected = 3, decode = 3, failed = 3,
    refused = 6, cancelled = 130, output = 1, paging = 3, conflict = 3 } do
    it("of a failure of kind " .. kind, function()
      assert.are.equal(expected, status.of_error(err(kind)))
    end)
  end

  it("of many failures is that of their common cause", function()
    assert.are.equal(0, status.of_many({}, 2, 0))
    assert.are.equal(3, status.of_many({}, 2, 1))
    assert.are.equal(3, status.of_many({ err "auth" }, 1, 0))
    assert.are.equal(4, status.of_many({ err "missing", err "auth" }, 0, 0))
    assert.are.equal(7, status.of_many({ err "missing", err "network" }, 0, 0))
    assert.are.equal(3, status.of_many({ err "missing" }, 0, 0))
    assert.are.equal(130, status.of_many({ err "cancelled" }, 5, 0))
  end)

  it("of a report", function()
    assert.are.equal(0, status.of_report(report { { "ok" }, { "unchanged" }, { "skipped" } }, 0))
    assert.are.equal(3, status.of_report(report { { "ok" }, { "missing", "missing" } }, 0))
    local stopped_early = report { { "failed", "network" }, { "pending", "pending" } }
    assert.are.equal(7, status.of_report(stopped_early, 0))
    assert.are.equal(3, status.of_report(report { { "ok" }, { "drift" } }, 0))
    assert.are.equal(0, status.of_report(report { { "pending" } }, 0))
    assert.are.equal(10, status.of_report(report { { "pending" } }, 0, true))
    assert.are.equal(0, status.of_report(report { { "unchanged" } }, 0, true))
    local refused = report { { "pending" } }
    refused.refused = true
    assert.are.equal(6, status.of_report(refused, 0))
    local stopped = report { { "ok" }, { "pending" } }
    stopped.interrupted = true
    assert.are.equal(130, status.of_report(stopped, 0))
  end)
end)
