-- The texts of a bulk run: its changes, its rows, its summary.

local errors = require "codeocean.error"
local reports = require "codeocean.output.report"
local sums = require "codeocean.estate.byte_sum"
local text = require "codeocean.text"

local ESCAPE = "\27[2J"

local RECORD = { id = "a1", name = "rat", status = "ok",
  patch = { archived = { before = false, after = true } },
  fields = {
    description = { before = "old", after = ESCAPE },
    custom_metadata = { before = { rig = 3 }, after = { site = "x" } },
    tags = { before = { "a", "b" }, after = { "b", "c" } },
  } }

describe("codeocean.output.report", function()
  it("describes a change in one line, sorted by field, tags last", function()
    assert.equal('archived: false → true custom_metadata.rig: 3 → (none) '
      .. 'custom_metadata.site: (none) → "x" description: "old" → "\\27[2J" +c -a',
      reports.change(RECORD))
    assert.equal("", reports.change {})
  end)

  it("describes a change in lines, without a line for a missing value", function()
    assert.same({ "archived  -false", "archived  +true", "custom_metadata.rig  -3",
      'custom_metadata.site  +"x"', 'description  -"old"', 'description  +"\\27[2J"',
      "tags  -a", "tags  +c" }, reports.lines(RECORD))
  end)

  it("shows dates of custom metadata as days, or as times where they are not days", function()
    local record = { fields = { custom_metadata = { before = { day = 1709164800, rig = 86400 },
      after = { day = 1709164801, rig = 0, since = 1.0e300, at = "x" } } } }
    local dates = { day = true, since = true, at = true }
    assert.equal('custom_metadata.at: (none) → "x" '
      .. "custom_metadata.day: 2024-02-29 → 2024-02-29 00:00:01Z custom_metadata.rig: 86400 → 0 "
      .. "custom_metadata.since: (none) → 1e+300", reports.change(record, dates))
    assert.same({ "custom_metadata.rig  -86400", "custom_metadata.day  +2024-02-29 00:00:01Z" },
      { reports.lines(record, dates)[4], reports.lines(record, dates)[3] })
    assert.equal(reports.change(record, dates), reports.row(record, { dates = dates }).change)
  end)

  it("describes a change of the order of tags", function()
    local record = { fields = { tags = { before = { "a", "b" }, after = { "b", "a" } } } }
    assert.equal("the same tags in another way", reports.change(record))
    assert.same({ "tags  the same tags in another way" }, reports.lines(record))
  end)

  it("returns the first line of a failure, or what is wrong with an argument", function()
    local err = errors.new { kind = "failed", message = "no\nmore" }
    assert.is_nil(reports.why { status = "ok" })
    assert.is_nil(reports.why { error = errors.new { kind = "pending", message = "later" } })
    assert.equal(tostring(err):match "^[^\n]*", reports.why { error = err })
    assert.is_nil(reports.why({ error = err }):find "more")
    assert.equal("bad", reports.why({ error = err }, function(given)
      return given == err and "bad\nat 7" or nil
    end))
  end)

  it("makes the row of a record", function()
    assert.same({ status = "ok", id = "a1", name = "rat", fields = RECORD.fields,
      change = reports.change(RECORD) }, reports.row(RECORD))
    local failed = reports.row({ id = "a2", status = "drift" }, { why = "theirs", dry = true })
    assert.same({ status = "drift", id = "a2", change = "theirs", error = "theirs" }, failed)
    assert.same({ "~", "pending" }, { reports.row({ status = "pending" }, { dry = true }).status,
      reports.row({ status = "pending" }).status })
  end)

  it("has a reason without the id of its row", function()
    local row = reports.row({ id = "a2", status = "skipped" }, { why = "a2: protected: kept" })
    assert.same({ "protected: kept", "protected: kept" }, { row.change, row.error })
    assert.equal("a22: x", reports.row({ id = "a2" }, { why = "a22: x" }).change)
  end)

  it("cuts long values for the room that there is, both ends of a change alike", function()
    local long, other = ("long "):rep(20), ("new "):rep(25)
    local record = { fields = { description = { before = long, after = other },
      tags = { before = {}, after = { "x" } } } }
    local change = reports.change(record, nil, 72)
    assert.is_true(text.width(change) <= 72 and text.width(change) > 66, change)
    assert.matches('^description: "long [^"]*… → "new [^"]*… %+x$', change)
    assert.equal(reports.change(record), reports.change(record, nil, 300))
    assert.matches("^description: ", reports.change(record, nil, 5))
  end)

  it("counts and sums", function()
    assert.same({ "0 assets", "1 asset", "2 assets" },
      { reports.count(0, "asset"), reports.count(1, "asset"), reports.count(2, "asset") })
    assert.equal("1.0 KiB", reports.size(1024))
    assert.equal("more than 8.0 EiB", reports.size(2.0 ^ 64))
  end)

  it("sums up a run", function()
    local statuses = { "ok", "missing", "pending" }
    local report = { records = { {}, {}, {} }, counts = { ok = 2, missing = 0, pending = 1 } }
    local facts = { bad = 0, requests = 1, seconds = 3.14 }
    assert.equal("3 selected: 2 ok, 1 pending (1 request, 3.1 s)",
      reports.summary(report, statuses, facts))
    report.repaired = 1
    assert.equal("3 selected: 2 ok, 1 would change, 2 input rows refused, 1 written again "
      .. "(9 requests, 1 min 15 s)", reports.summary(report, statuses,
      { dry = true, bad = 2, requests = 9, seconds = 75 }))
    local total = { bytes = sums.new(), idle_bytes = sums.new() }
    local function dry()
      return reports.summary({ records = { {} }, counts = { ok = 0, missing = 0, pending = 1 } },
        statuses, { dry = true, total = total, bad = 0, requests = 2, seconds = 0 })
    end
    assert.equal("1 selected: 1 would change, 0 B (2 requests, 0.0 s)", dry())
    total.bytes:add(2048)
    total.idle_bytes:add(512)
    assert.equal("1 selected: 1 would change, 2.0 KiB, 25 % of it idle for a year (2 requests, "
      .. "0.0 s)", dry())
    assert.equal("0 selected: nothing to do (0 requests, 0.0 s)", reports.summary(
      { records = {}, counts = { ok = 0, missing = 0, pending = 0 } }, statuses,
      { bad = 0, requests = 0, seconds = 0 }))
  end)
end)
