-- How a session prints values, errors and reports.

local errors = require "codeocean.error"
local shows = require "colua.show"

describe("colua.show", function()
  local written, paged

  local function shown_by(options, method, ...)
    written, paged = {}, {}
    local own = { write = function(text) written[#written + 1] = text end,
      width = function() return 60 end }
    for name, value in pairs(options) do own[name] = value end
    local show = shows.new(own)
    show[method](show, ...)
    return table.concat(written)
  end

  local function results(...) return shown_by({}, "results", table.pack(...)) end

  it("writes each result on lines of its own, nil too", function()
    assert.equal('1\nnil\n"a"\n', results(1, nil, "a"))
    assert.equal("", results())
  end)

  it("passes long text to the pager, or writes it if there is none", function()
    assert.equal("", shown_by({ pager = function(text) paged[#paged + 1] = text end }, "results",
      table.pack(7, 8)))
    assert.same({ "7", "8" }, paged)
  end)

  it("paints a line only in colour", function()
    assert.equal("text\n", shown_by({}, "line", "text", "red"))
    assert.equal("\27[31mtext\27[0m\n", shown_by({ colour = true }, "line", "text", "red"))
    assert.equal("text\n", shown_by({ colour = true }, "line", "text"))
  end)

  it("shows no secret in a message, and data as they are", function()
    assert.equal("cop_*** http://****@host\nat cop_***\n", shown_by({}, "failure",
      "cop_abc http://j:pw@host", { "at cop_abc" }))
    assert.equal("no cop_***\n", shown_by({}, "line", "no cop_abc", "yellow"))
    assert.equal('"cop_abc"\n', results "cop_abc")
  end)

  it("shows a call that failed as its message", function()
    local err = errors.new { kind = "missing", message = "no such \27[2Jasset" }
    local text = results(nil, err)
    assert.equal(text, shown_by({}, "failure", err))
    assert.is_truthy(text:find("no such \\27[2Jasset\n", 1, true), text)
    assert.equal('nil\n"no"\n', results(nil, "no"))
  end)

  it("shows an error of any type, escaped, its lines apart, and where it came from", function()
    assert.equal("one\\tx\ntwo\nat\\27\n", shown_by({}, "failure", "one\tx\ntwo", { "at\27" }))
    assert.equal("7\n", shown_by({}, "failure", 7))
    assert.equal("(an error that is a table: { code = 3 })\n",
      shown_by({}, "failure", { code = 3 }))
    assert.equal("nil\n", shown_by({}, "failure", nil))
    assert.equal("told\n", shown_by({}, "failure",
      setmetatable({}, { __tostring = function() return "told" end })))
    assert.is_truthy(shown_by({}, "failure", setmetatable({}, { __tostring = error })):find(
      "(an error that is a table: ", 1, true))
  end)

  it("reports that nothing was found", function()
    assert.equal("no asset matches\n", results { results = {}, has_more = false })
    assert.is_nil(results { results = {}, has_more = true }:find "no asset")
  end)

  it("shows a page of assets as a table, with a line about the rest", function()
    local text = results { results = { { id = "a1", name = "rat" } }, has_more = true, total = 9 }
    assert.is_truthy(text:find("\na1  rat", 1, true), text)
    assert.is_truthy(text:find("\n1 of 9 shown; .more gets the next page\n", 1, true), text)
  end)

  it("shows a report: its records with change or error, and counts", function()
    local text = results { counts = { ok = 1, missing = 1, failed = 0 }, records = {
      { status = "ok", id = "a1", name = "rat",
        fields = { tags = { before = {}, after = { "x" } } } },
      { status = "missing", id = "a2", error = errors.new { kind = "missing", message = "gone" } },
    } }
    assert.is_truthy(text:find("\nok +a1 +rat +%+x *\n"), text)
    assert.is_truthy(text:find("\nmissing +a2 .*gone"), text)
    assert.equal("2 selected: 1 missing, 1 ok\nmissing: gone\n", text:match "[^\n]*\n[^\n]*\n$")
    assert.equal("0 selected: \n", results { counts = { ok = 0 }, records = {} })
  end)

  it("shows the errors of a report whole, the first few", function()
    local reason, records = ("long "):rep(40), {}
    for i = 1, 7 do
      records[i] = { status = "failed", id = "a" .. i,
        error = errors.new { kind = "invalid", id = "a" .. i, message = reason } }
    end
    local text = results { counts = { failed = 7 }, records = records }
    local whole = select(2, text:gsub("\na%d: invalid: " .. reason .. "%f[\n]", ""))
    assert.equal(5, whole, text)
    assert.equal("… 2 more\n", text:match "[^\n]*\n$")
  end)

  it("keeps the lines of a value that has its own form", function()
    local value = setmetatable({ results = {}, has_more = false },
      { __shown = function(own, options) return tostring(#own.results) .. options.width end })
    assert.equal("060\n", results(value))
  end)

  it("keeps the first result, of a failure the error, for _", function()
    local err = errors.new { kind = "missing", message = "no" }
    assert.equal(err, shows.last(table.pack(nil, err)))
    assert.equal(1, shows.last(table.pack(1, err)))
    assert.is_nil(shows.last(table.pack(nil, "no")))
  end)
end)
