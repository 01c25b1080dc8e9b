-- The rows of lists and tables in any form, each with the line that it begins in.

local process = require "process"
local read_files = require "codeocean.input.read_files"
local rows_module = require "codeocean.input.rows"

local function wanted(key) return key == "id" or key == "name" end

local function open(content)
  return rows_module.open(content:gmatch "[^\n]*\n?", { name = "f\27.csv", wanted = wanted })
end

-- Rows as {line, cells joined or text, problem}.
local function read(content)
  local rows = assert(open(content))
  local list = {}
  for row in rows.next do
    local what = row.cells and table.concat(row.cells, "|") or row.text
    list[#list + 1] = { row.line, what, row.problem }
  end
  assert.is_nil(rows.failure())
  return list, rows
end

describe("codeocean.input.rows", function()
  it("reads plain lines, without blank ones and comments", function()
    local list, rows = read "\n# list\n  a b\n\n#c\nd\n"
    assert.same({ { 3, "  a b" }, { 6, "d" } }, list)
    assert.same({ "plain", "  a b" }, { rows.form, rows.first })
    assert.same({}, (read "# nothing\n\n"))
    assert.same({}, (read ""))
  end)

  it("reads a table, whose cells may hold lines and separators", function()
    local list, rows = read 'id,name\n\na,"x\ny,z"\n,,\n# comment\nb,\n'
    assert.same({ { 3, "a|x\ny,z" }, { 7, "b|" } }, list)
    assert.same({ "table", { "id", "name" } }, { rows.form, rows.header.names })
    assert.same({ { 2, "a" } }, (read "id\na\n#b\n"))
  end)

  it("names the title of the first cell that a row lacks", function()
    local rows = assert(open "id,name\na\nb,c\n")
    assert.same({ "name", nil }, { rows.next().short, rows.next().short })
  end)

  it("names a row with more cells than titles, and reads on", function()
    assert.same({ { 2, "a|b|c", "3 cells, but 2 titles; a cell with the separator in it is written "
      .. "in quotes" }, { 3, "d|e" } }, (read "id,name\na,b,c\nd,e\n"))
  end)

  it("reports a quote that is not closed, and reads the rows after it", function()
    assert.same({ { 2, "", "a quote is not closed as it should be" }, { 3, "b|y" }, { 4, "c|z" } },
      (read 'id,name\na,"x\nb,y\nc,z\n'))
  end)

  it("reports a stray quote that would join rows, and reads the rows after it", function()
    assert.same({ { 2, "", "a quote is not closed as it should be" }, { 3, 'b"|y' }, { 4, "c|z" } },
      (read 'id,name\na,"x\nb","y"\nc,z\n'))
  end)

  it("refuses a line that may be a comment or a row", function()
    local list = read "id,name\n#a,b\n#c\n\"#d\",e\n"
    assert.equal(2, #list)
    assert.same({ 2, "#a|b" }, { list[1][1], list[1][2] })
    assert.is_truthy(list[1][3]:find("^a comment or a row%?"))
    assert.same({ 4, "#d|e" }, list[2])
  end)

  it("reads JSON, with line and value", function()
    local rows = assert(open '# c\n{"id": "a"}\n{"id": "b"}\n')
    local first, second = rows.next(), rows.next()
    assert.same({ "json", 2, "a", 3, "b" },
      { rows.form, first.line, first.value.id, second.line, second.value.id })
    assert.is_nil(rows.next())
  end)

  it("returns titles without a wanted one as foreign", function()
    local _, rows = read "asset,size\na,3\n"
    assert.equal("plain", rows.form)
    assert.is_truthy(rows.foreign)
  end)

  it("reports a failure of the source after the last row", function()
    local given = false
    local rows = assert(rows_module.open(function()
      if given then return nil, "disk \27gone" end
      given = true
      return "a\n"
    end, { name = "f", wanted = wanted }))
    assert.equal("a", rows.next().text)
    assert.is_nil(rows.next())
    assert.equal("f: cannot be read: disk \\27gone", rows.failure())
  end)

  it("refuses a file that is not text, with its name escaped", function()
    local rows, problem = open "PK\3\4\0\0\n"
    assert.is_nil(rows)
    assert.is_truthy(problem:find("^f\\27%.csv: "), problem)
  end)

  it("opens files, records that they were read, and names a file that it cannot read", function()
    local folder = process.folder()
    finally(function() process.clean(folder) end)
    local path = process.write(folder .. "/ids.csv", "id,name\na,b\n")
    local rows, problem, file = rows_module.open_file(path, { wanted = wanted })
    assert.same({ "a", "b" }, rows.next().cells)
    assert.is_nil(problem)
    file:close()
    local noted = false
    for _, input in ipairs(read_files.list()) do noted = noted or input.path == path end
    assert.is_true(noted)
    local none, missing = rows_module.open_file(folder .. "/no\27ne", { wanted = wanted })
    assert.is_nil(none)
    assert.equal("cannot be read: " .. folder .. "/no\\27ne: No such file or directory", missing)
  end)

  it("reads - from the stdin that it is given, which stays open", function()
    local input = io.tmpfile()
    finally(function() input:close() end)
    input:write "a\n"
    input:seek "set"
    local rows, _, file = rows_module.open_file("-", { wanted = wanted, stdin = input })
    assert.same({ "a", nil }, { rows.next().text, file })
    assert.equal("file", io.type(input))
  end)
end)
