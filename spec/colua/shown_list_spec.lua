-- Lists at the prompt: some rows at a time, other columns, CSV; and the pager.

local process = require "process"
local shown_list = require "colua.shown_list"
local session = require "session"
local terminal = require "terminal"

local ENTER, PROMPT = "\r", "\nsandbox > "


describe("a list", function()
  local function assets(count)
    local list = {}
    for i = 1, count do list[i] = { id = ("%08d"):format(i), name = "n" .. i } end
    return list
  end

  local function last_line(text) return text:match("[^\n]*$") end

  it("is shown 20 rows at a time", function()
    local own = shown_list.new()
    assert.are.equal("20 of 45 shown; .more shows the next", last_line(own:begin(assets(45), {})))
    assert.is_false(own:is_over())
    local second = own:more {}
    assert.is_truthy(second:find("\n00000021  n21", 1, true))
    assert.are.equal("40 of 45 shown; .more shows the next", last_line(second))
    assert.are.equal("45 shown", last_line(own:more {}))
    assert.is_true(own:is_over())
  end)

  it("that is a page has a line about the rest of the listing", function()
    local function line_of(page)
      return last_line(shown_list.new():begin(page.results, {}, { page = page }))
    end
    assert.are.equal("3 shown", line_of { results = assets(3), has_more = false })
    assert.are.equal("3 of 90 shown; .more gets the next page",
      line_of { results = assets(3), has_more = true, total = 90 })
    assert.are.equal("20 of 1000 shown; .more shows the next",
      line_of { results = assets(100), has_more = true, total = 1000 })
  end)

  it("has rows only if they are assets", function()
    local list = assets(2)
    assert.are.equal(list, shown_list.rows(list))
    assert.are.equal(list, shown_list.rows { results = list, has_more = false })
    for _, value in ipairs { {}, { 1, 2 }, "x", { { name = "n" } }, list[1] } do
      assert.is_nil(shown_list.rows(value))
    end
  end)

  it("takes columns that assets have", function()
    local own = shown_list.new()
    local known = { id = true, name = true, custom_metadata = true }
    assert.is_true(own:choose({ "name", "custom_metadata.subject" }, known))
    local problem = select(2, own:choose({ "nmae" }, known))
    assert.are.equal("no asset has a field 'nmae'; did you mean 'name'?", problem)
    assert.are.same({ "name", "custom_metadata.subject" }, own.columns)
    assert.is_true(own:choose({}, known))
    assert.is_nil(own.columns)
  end)
end)


describe("a session", function()
  local folder

  before_each(function() folder = process.folder() end)
  after_each(function() process.clean(folder) end)

  local function play(steps, options)
    local own = { folder = folder }
    for key, value in pairs(options or {}) do own[key] = value end
    return select(2, session.play(steps, own))
  end

  it("shows more with .more, the next page too", function()
    play {
      { "p = assets:search { sort_field = 'name', limit = 30 }" .. ENTER, PROMPT },
      { "p" .. ENTER, "\n20 of 30 shown; .more shows the next" .. PROMPT },
      { ".more" .. ENTER, "\n30 shown; .more gets the next page" .. PROMPT },
      { ".more" .. ENTER, "\n20 of 30 shown; .more shows the next" .. PROMPT },
      { "q = assets:search { sort_field = 'name', limit = 60 }" .. ENTER, PROMPT },
      { "q[31].id == _[1].id, _ ~= p" .. ENTER, "\ntrue\ntrue\n" }, { nil, "sandbox > " },
      { "assets:search { limit = 1, query = 'zzzz' }" .. ENTER, "no asset matches" .. PROMPT },
    }
  end)

  it("reports that .more has no list", function()
    play { { ".more" .. ENTER, "there is no list; .more goes on with one" } }
  end)

  it("shows dates of custom metadata as days, of an asset and in a column", function()
    play {
      { "a = assets:all { limit = 1 }[1]" .. ENTER, PROMPT },
      { "a.custom_metadata['session date'] = 86400" .. ENTER, PROMPT },
      { "a" .. ENTER, '"session date"] = "1970-01-02"' }, { nil, PROMPT },
      { ".columns id,custom_metadata.session date" .. ENTER, "columns: id" }, { nil, PROMPT },
      { "{ a }" .. ENTER, "  1970-01-02\n" }, { nil, PROMPT },
      { "a.custom_metadata['session date']" .. ENTER, "\n86400\n" },
    }
  end)

  it("shows the columns that are wanted", function()
    play {
      { "p = assets:search { sort_field = 'name', limit = 2 }" .. ENTER, PROMPT },
      { ".columns name,custom_metadata.subject" .. ENTER, "columns: name" }, { nil, PROMPT },
      { "p" .. ENTER, "\nNAME " }, { nil, "SUBJECT\n" }, { nil, PROMPT },
      { ".columns nmae" .. ENTER, "did you mean 'name'?" }, { nil, PROMPT },
      { ".columns" .. ENTER, "the usual columns" }, { nil, PROMPT }, { "p" .. ENTER, "\nID " },
    }
  end)

  it("writes a list as CSV, and over no file", function()
    local path = folder .. "/list.csv"
    play {
      { "assets:search { sort_field = 'name', limit = 25 }" .. ENTER, PROMPT },
      { ".columns id,name" .. ENTER, PROMPT }, { ".csv " .. path .. ENTER, "\n25 rows in " },
      { nil, PROMPT }, { ".csv " .. path .. ENTER, "is there already" },
      { nil, PROMPT }, { ".csv" .. ENTER, "which one?" },
    }
    local csv = process.read(path)
    assert.are.equal("id,name\r\n", csv:sub(1, 9))
    assert.are.equal(26, select(2, csv:gsub("\r\n", "")))
  end)

  it("edits the last statement in the user's editor", function()
    process.write(folder .. "/editor", "#!/bin/sh\nsed -i s/40/60/ \"$1\"\n")
    assert(os.execute("chmod +x " .. folder .. "/editor"))
    play({
      { "x = 40 + 2" .. ENTER, PROMPT }, { ".edit" .. ENTER, "x = 60 + 2" }, { ENTER, PROMPT },
      { "x" .. ENTER, "\n62\n" },
    }, { env = { EDITOR = folder .. "/editor", VISUAL = "" } })
  end)

  it("takes an editor with arguments, or blanks in its path, and tells one that fails", function()
    local path = folder .. "/my editor"
    process.write(path, "#!/bin/sh\nwhile [ $# -gt 1 ]; do echo \"got $1\"; shift; done\n"
      .. "case $1 in *.lua) sed -i s/40/60/ \"$1\";; esac\n")
    assert(os.execute(("chmod +x '%s' && cp '%s' %s/editor"):format(path, path, folder)))
    for _, row in ipairs { { path, "x = 60 + 2" }, { folder .. "/editor -w --new", "got --new" },
      { "false", "false failed; EDITOR names another\n" } } do
      play({ { "x = 40 + 2" .. ENTER, PROMPT }, { ".edit" .. ENTER, row[2] } },
        { env = { EDITOR = row[1], VISUAL = "" } })
    end
  end)

  it("stops a long text where the screen is full", function()
    local all = play({
      { "help()" .. ENTER, "more lines: Space, Enter, q --" }, { " ", "more lines" },
      { ENTER, "more lines" }, { "q", "sandbox > " },
      { "6 * 7" .. ENTER, "\n42\n" }, { nil, "sandbox > " },
      { "help()" .. ENTER, "more lines" }, { terminal.CTRL_C, "sandbox > " },
    }, { rows = 10 })
    assert.is_nil(all:find("interrupted", 1, true))
  end)
end)
