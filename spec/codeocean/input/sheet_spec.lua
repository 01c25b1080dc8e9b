-- Sheets are read as a whole. Whatever cannot be used is reported with line and column.

local sheet = require "codeocean.input.sheet"

local COLUMNS = {
  { "name", sheet.text }, { "tags", sheet.list }, { "+tags", sheet.list }, { "-tags", sheet.list },
  { "external", sheet.flag, "keep_on_external_storage" },
  { "custom_metadata.*", sheet.scalar },
}

local function read(content)
  return sheet.read(content:gmatch "[^\n]*\n?", COLUMNS, "s.csv")
end

local function messages(complaints)
  local list = {}
  for i, complaint in ipairs(complaints) do list[i] = complaint.message end
  return table.concat(list, "|")
end

describe("a sheet", function()
  it("returns rows with their lines, values and texts", function()
    local rows, complaints = read('Name;Tags;+ Tags;keep on external storage;'
      .. 'custom_metadata.Subject ID\r\n"a\r\nb";x; y ;TRUE;007\r\n;;;;\r\nc;;"\\N";;12\r\n'
      .. "d;x;y;z;TRUE;1\r\n")
    assert.equal("s.csv:6: 6 cells, but 5 titles; a cell with the separator in it is written in "
      .. "quotes", messages(complaints))
    assert.equal(2, #rows)
    assert.same({ name = "a\r\nb", tags = { "x" }, ["+tags"] = { "y" }, external = true,
      custom_metadata = { ["Subject ID"] = "007" } }, rows[1].values)
    assert.same({ line = 5, file = "s.csv", place = "s.csv:5", short = false, values = { name = "c",
      ["+tags"] = sheet.CLEAR, custom_metadata = { ["Subject ID"] = 12 } }, written = { name = "c",
      ["+tags"] = "\\N", ["custom_metadata.Subject ID"] = "12" } }, rows[2])
  end)

  it("may have tabs, a title line, signs and dotted titles", function()
    local rows, complaints = read "my rig\n\nname\t-tags\tcustom_metadata.a.b\nx\tp;q\t1.5\n"
    assert.equal("", messages(complaints))
    assert.same({ name = "x", ["-tags"] = { "p", "q" }, custom_metadata = { ["a.b"] = 1.5 } },
      rows[1].values)
    assert.equal(4, rows[1].line)
  end)

  it("may have pandas' column of row numbers", function()
    for _, title in ipairs { "", "Unnamed: 0" } do
      local rows, complaints = read(title .. ",name,tags\n0,a,\"['x', 'y']\"\n1,b,nan\n2,c,z\n")
      assert.equal(1, #rows)
      assert.same({ name = "c", tags = { "z" } }, rows[1].values)
      assert.equal("s.csv:2: tags: ['x', 'y'] is a list as Python prints it; write a;b, or \\N to "
        .. "clear|s.csv:3: tags: \"nan\" is what a program writes for an empty cell; empty it",
        messages(complaints))
      assert.equal("tags", complaints[1].column)
    end
  end)

  it("names cells without a title, of a wrong type and rows cut short", function()
    local rows, complaints = read "name,,external\na,x,\nb,,perhaps\nc\n"
    assert.equal('s.csv:2: a cell without a title: "x"|s.csv:3: external: true or false expected',
      messages(complaints))
    assert.equal(1, #rows)
    assert.equal("", rows[1].short)
  end)

  it("may be JSON objects", function()
    local rows, complaints = read '[{"name":"a"},\n3, {"name":"b","tags":["x"]}]'
    assert.equal("s.csv:2: not a JSON object", messages(complaints))
    assert.same({ name = "b", tags = { "x" } }, rows[2].values)
    assert.is_nil(rows[2].written)
  end)

  local refusals = {
    { "a column that nobody knows", "name,tgas\na,b\n",
      's.csv:1: no column is called "tgas"; did you mean "tags"?' },
    { "every one of them", "name,label,colour\na,b,c\n",
      's.csv:1: no column is called "label"; did you mean "tags"?; no column is called "colour"; '
        .. "there are name, tags, +tags, -tags, external, custom_metadata.KEY" },
    { "two columns of one title", "name,tags,Name\na,b,c\n",
      's.csv:1: two columns "Name" (1 and 3); take one out or rename it' },
    { "no titles", "1;rig3\n2;rig3\n",
      "s.csv: no line of titles in its first lines; there are name, tags, +tags, -tags, external, "
        .. "custom_metadata.KEY" },
    { "other titles", "Maus,Etikett\na,b\n",
      "s.csv:1: these are not known titles: Maus, Etikett; there are name, tags, +tags, -tags, "
        .. "external, custom_metadata.KEY" },
    { "a workbook", "PK\3\4", 's.csv: an Excel workbook (.xlsx); save it as "CSV UTF-8"' },
  }
  for _, row in ipairs(refusals) do
    it("is refused with " .. row[1], function()
      local rows, problem = read(row[2])
      assert.is_nil(rows)
      assert.equal(row[3], problem)
    end)
  end

  it("requires columns with types, and refuses an unknown option", function()
    assert.error_matches(function() sheet.load("x", { { "name" } }) end, "columns%[1%]")
    assert.error_matches(function() sheet.load("x", COLUMNS, { stdn = io.stdin }) end,
      "did you mean 'stdin'")
    assert.error_matches(function() sheet.read(io.stdin, COLUMNS) end, "'name' to 'sheet.read'")
  end)

  it("reports that blanks around tags are left out", function()
    local _, _, notes = read "name,tags,+tags\na,x;y,\nb, x;y ,z \nc c,x; y,\n"
    assert.same({ "s.csv: blanks around tags were left out (2 rows, the first in line 3)" }, notes)
  end)

  it("may be empty", function()
    assert.same({ {}, {}, {}, 0 }, { read "" })
    assert.same({ {}, {}, {}, 0 }, { read "name,tags\n\n,\n" })
  end)
end)
