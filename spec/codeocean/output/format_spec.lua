-- Sizes, times, durations, progress, colours, host names.

local format = require "codeocean.output.format"

describe("codeocean.output.format.size", function()
  local rows = {
    { 0, "0 B" }, { 1, "1 B" }, { 1023, "1023 B" }, { 1024, "1.0 KiB" }, { 1536, "1.5 KiB" },
    { 1075, "1.0 KiB" }, { 1076, "1.1 KiB" }, { 1024 * 1024 - 52, "1023.9 KiB" },
    { 1024 * 1024 - 51, "1.0 MiB" }, { 1024 * 1024 - 1, "1.0 MiB" },
    { 941697100208, "877.0 GiB" }, { 7184869799906702, "6.4 PiB" },
    { 1 << 60, "1.0 EiB" }, { (1 << 60) - 1, "1.0 EiB" }, { math.maxinteger, "8.0 EiB" },
    { 2048.0, "2.0 KiB" }, { -1, "-1" }, { 1.5, "1.5" }, { "huge\27", "huge\\27" },
  }
  for i, row in ipairs(rows) do
    it("writes " .. row[2] .. ", row " .. i, function()
      assert.equal(row[2], format.size(row[1]))
    end)
  end

  it("writes nothing for nil", function() assert.equal("", format.size(nil)) end)
end)

describe("codeocean.output.format.time", function()
  local rows = {
    { 1641473110, "2022-01-06 12:45:10Z" }, { 1633277005.0, "2021-10-03 16:03:25Z" },
    { 1633277005.75, "2021-10-03 16:03:25Z" }, { 0, "never" }, { 0.0, "never" },
    { 1, "1970-01-01 00:00:01Z" }, { -1, "1969-12-31 23:59:59Z" }, { "soon\n", "soon\\n" },
    { math.maxinteger, "9223372036854775807" }, { 1e300, "1e+300" },
  }
  for _, row in ipairs(rows) do
    it("writes " .. row[2], function() assert.equal(row[2], format.time(row[1])) end)
  end

  it("writes nothing for nil", function() assert.equal("", format.time(nil)) end)
end)

describe("codeocean.output.format.duration", function()
  local rows = {
    { 0, "0 s" }, { 0.2, "1 s" }, { 59, "59 s" }, { 59.5, "1 min 00 s" }, { 125, "2 min 05 s" },
    { 3599, "59 min 59 s" }, { 3600, "1 h 00 min" }, { 12000, "3 h 20 min" }, { -3, "0 s" },
    { math.huge, "inf" }, { 0 / 0, tostring(0 / 0) }, { "soon\n", "soon\\n" },
  }
  for _, row in ipairs(rows) do
    it("writes " .. row[2], function() assert.equal(row[2], format.duration(row[1])) end)
  end
end)

describe("codeocean.output.format.progress", function()
  local rows = {
    { { done = 7 }, "7" },
    { { done = 412, total = 2000, rate = 85.28, eta = 18.6, in_flight = 16, errors = 2 },
      " 412/2000   20%  85.3/s  19 s left  16 in flight  2 errors" },
    { { done = 0, total = 9, rate = 0.04, errors = 0 }, "0/9    0%  0.0/s" },
    { { done = 9, total = 9, rate = 99.97, errors = 1 }, "9/9  100%  100.0/s  1 error" },
    { { done = 1999, total = 2000, rate = 1234.56 }, "1999/2000   99%  1234/s" },
    { { done = 0, total = 0 }, "0/0" },
  }
  for _, row in ipairs(rows) do
    it("writes " .. row[2], function() assert.equal(row[2], format.progress(row[1])) end)
  end

  it("refuses to guess how much is done", function()
    assert.error_matches(function() format.progress {} end, "done")
  end)
end)

describe("codeocean.output.format.colours", function()
  local rows = {
    { {}, true, true }, { {}, false, false }, { {}, nil, false },
    { { NO_COLOR = "1" }, true, false }, { { NO_COLOR = "" }, true, true },
    { { CLICOLOR_FORCE = "1" }, false, true }, { { CLICOLOR_FORCE = "0" }, false, false },
    { { NO_COLOR = "1", CLICOLOR_FORCE = "1" }, true, false },
    { { TERM = "dumb" }, true, false }, { { TERM = "dumb", CLICOLOR_FORCE = "1" }, true, true },
    { { TERM = "xterm" }, true, true }, { { CLICOLOR = "0" }, true, false },
  }
  for i, row in ipairs(rows) do
    it("decides, row " .. i, function()
      local function getenv(name) return row[1][name] end
      assert.equal(row[3], format.colours(getenv, row[2]))
    end)
  end
end)

describe("codeocean.output.format.paint", function()
  it("colours if enabled", function()
    assert.equal("\27[32mok\27[0m", format.paint(true).green("ok"))
    assert.equal("", format.paint(true).bold(""))
  end)

  it("changes nothing if not", function()
    for _, name in ipairs { "bold", "dim", "green", "red", "yellow" } do
      assert.equal("ok", format.paint(false)[name]("ok"))
    end
  end)
end)

describe("codeocean.output.format.host", function()
  it("is the first label of a name; an address, or a single label, as it is", function()
    for host, label in pairs { ["acmecorp.codeocean.com"] = "acmecorp", localhost = "localhost",
      ["localhost:80"] = "localhost", ["127.0.0.1:8080"] = "127.0.0.1", ["?"] = "?" } do
      assert.equal(label, format.host(host))
    end
  end)
end)
