-- The rows of a command: their format, their file, and the messages beside them.

local fixture = require "fixture"
local process = require "process"
local rows = require "codeocean.cli.output"

describe("codeocean.cli.output", function()
  local path, told

  local function record(form, ...) told[#told + 1] = form:format(...) end

  -- Options with a file for the output, in a folder that goes with the test.
  local function options(finally, more)
    told = {}
    path = fixture.new(finally):folder() .. "/out"
    local args = { output = path }
    for name, value in pairs(more or {}) do args[name] = value end
    return args
  end

  -- What the file holds once these rows are written.
  local function written(args, list, fields)
    local writer <close> = assert(rows.open(args, fields, record))
    for _, row in ipairs(list) do assert.is_true(writer:row(row)) end
    assert.is_true(writer:finish())
    return process.read(path), writer.lost
  end

  it("have the format that was named, else one for a file", function()
    for _, format in ipairs { "json", "jsonl", "csv", "tsv" } do
      assert.equal(format, rows.format { [format] = true })
    end
    assert.equal("jsonl", rows.format { print = print, csv = true })
    assert.equal("tsv", rows.format { output = "x" })
  end)

  it("have the columns of --fields, else those of the command, and JSON all", function()
    local list = { { id = "a", name = "n", size = 3 } }
    assert.equal("id\tname\na\tn\n", (written(options(finally), list, { "id", "name" })))
    assert.equal("size\n3\n", (written(options(finally, { fields = { "size" } }), list, { "id" })))
    assert.equal('{"id":"a"}\n', (written(options(finally, { jsonl = true, fields = { "id" } }),
      list, { "name" })))
    local all = written(options(finally, { jsonl = true }), list, { "id" })
    assert.is_truthy(all:find('"size":3', 1, true), all)
    assert.same({}, told)
  end)

  it("are the lines of --print, escaped on a terminal alone", function()
    local args = options(finally, { print = function(asset) return "%s\27!", asset.id end })
    assert.equal("a\27!\nb\27!\n", (written(args, { { id = "a" }, { id = "b" } })))
  end)

  it("name a field that no row had, unless there were no rows", function()
    local fields = { "id", "naem\27" }
    written(options(finally, { fields = fields }), { { id = "a" } })
    assert.same({ "no row has a field 'naem\\27'" }, told)
    written(options(finally, { fields = fields }), {})
    assert.same({}, told)
  end)

  it("name and count what the server sent in part", function()
    local _, lost = written(options(finally), { { id = "a", unreadable = { size = "too long" } },
      { id = "b" } }, { "id" })
    assert.same({ 1, { "a: its size could not be read whole: too long" } }, { lost, told })
  end)

  it("name and count a row that the format cannot hold, and write the others", function()
    local cyclic = { id = "b" }
    cyclic.own = cyclic
    local content, lost = written(options(finally, { jsonl = true }),
      { { id = "a" }, cyclic, { id = "c" } })
    assert.same({ 1, 1, '{"id":"a"}\n{"id":"c"}\n' }, { lost, #told, content })
  end)

  it("leave the file as it was unless they were finished", function()
    local args = options(finally)
    process.write(path, "before")
    do
      local writer <close> = assert(rows.open(args, { "id" }, record))
      writer:row { id = "a" }
    end
    assert.equal("before", process.read(path))
    assert.equal("out\n", process.run("ls", { "-A", (path:gsub("/out$", "")) }).out)
    assert.equal("id\na\n", (written(args, { { id = "a" } }, { "id" })))
  end)

  it("say why a file cannot be written", function()
    local args = options(finally)
    args.output = path .. "/none/out"
    local writer, problem = rows.open(args, nil, record)
    assert.is_nil(writer)
    assert.is_string(problem)
  end)
end)
