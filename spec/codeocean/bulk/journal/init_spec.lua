-- Journals as files: created, resumed, cut, damaged, edited.

local core = require "codeocean.core"
local fixture = require "fixture"
local journal = require "codeocean.bulk.journal"
local journals = require "journals"
local json = require "codeocean.json"
local process = require "process"

local A, B = "fea84ebf-b58b-4ad2-994d-7169dc3880fb", "fea84ebf-b58b-4ad2-994d-7169dc3880fc"

local function header(fields)
  local own = { name = "n", action = "update" }
  for name, value in pairs(fields or {}) do own[name] = value end
  return own
end

-- Without the line feed at its end.
local function text_of(...) return (journals.text(...):gsub("\n$", "")) end

describe("a journal", function()
  local folder, finally_of_test
  before_each(function() folder = nil end)

  local function path_in(finally)
    folder = folder or fixture.new(finally):folder()
    return folder .. "/run.jsonl"
  end

  local function write(finally, ...)
    local path = path_in(finally)
    local file <close> = assert(io.open(path, "wb"))
    file:write(...)
    return path
  end

  local function lines(finally, ...)
    return write(finally, journals.text(header(), ...))
  end

  local IDS = json.encode { ids = { A, B } }

  it("with a value of another type, or an input that is not there, is damaged in that line",
    function()
      for _, line in ipairs { '{"ids":3}', '{"intent":null,"outcome":{}}', '{"intent":"1"}',
        '{"outcome":true}', '{"outcome":1,"status":"fine"}', '{"outcome":3,"status":"ok"}',
        '{"intent":1.5}', '{"intent":1,"patch":{"tags":{"added":[],"removed":[],"before":3}}}',
        '{"intent":1,"patch":{"tags":3}}', '{"intent":1,"patch":{"name":{"before":1}}}',
        '{"intent":1,"patch":{"nonsense":{}}}', '{"intent":1,"name":7}', '{"end":3}',
        '{"end":{},"state":"well"}', '{"end":{"ok":"x"},"state":"done"}',
        '{"end":{"ok":-1},"state":"done"}', '{"end":{"ok":1.5},"state":"done"}',
        '{"confirmed":"2"}', '{"confirmed":false}', '{"refused":-1}',
        '{"end":{"fine":1},"state":"done"}',
        '{"end":[1],"state":"done"}', '{"intent":1}', '{"plan":2}', '{"given":1}',
        '{"plan":1,"patch":null}',
        '{"intent":1,"id":"' .. B .. '","patch":{"name":{"before":"a","after":"b"}}}',
        '{"undone":{}}', "[1", '"text"', "{\"intent\":1,\"name\":\"caf\xE9\"}" } do
        local path = lines(finally, IDS, '{"selected":2}', line)
        local ledger, err = journal.read(path)
        assert.is_nil(ledger, line)
        assert.are.equal("journal", err.kind)
        assert.is_truthy(err.message:find("line 4 is damaged", 1, true), err.message)
        assert.is_nil(err.message:find "\n")
      end
    end)

  it("of a deletion or of creates has no patches", function()
    for _, action in ipairs { "delete", "create" } do
      local ledger = assert(journal.read(write(finally, journals.text(header { action = action },
        IDS, '{"selected":2}', '{"plan":1}', '{"intent":2}'))))
      assert.are.same({ "planned", "open" }, { ledger.states[1], ledger.states[2] })
    end
  end)

  it("with missing or invalid ids is damaged", function()
    for _, line in ipairs { '{"selected":3}', '{"selected":"2"}', '{"ids":["x"]}',
      json.encode { ids = { A } } } do
      local ledger, err = journal.read(lines(finally, IDS, line))
      assert.is_nil(ledger, line)
      assert.is_truthy(err.message:find("line 3 is damaged", 1, true))
    end
  end)

  it("with ids in capitals is read", function()
    local ledger = assert(journal.read(lines(finally, json.encode { ids = { A:upper() } },
      '{"selected":1}', json.encode { outcome = 1, id = A:upper(), status = "ok" })))
    assert.are.equal(A, ledger.ids:get(1))
    assert.are.same({ "ok", A }, { ledger:record(1).status, ledger:record(1).id })
  end)

  it("whose header lacks its line feed is not resumed: the next line would join it", function()
    local path = write(finally, text_of(header()))
    for _, open in ipairs { journal.read, journal.resume } do
      local ledger, err = open(path)
      assert.is_nil(ledger)
      assert.is_truthy(err.message:find("interrupted while its header was written", 1, true),
        err.message)
    end
    assert.are.equal(text_of(header()), process.read(path))
  end)

  it("is read up to a torn line, and not changed", function()
    local text = text_of(header(), IDS) .. '\n{"sel'
    local path = write(finally, text)
    local ledger = assert(journal.read(path))
    assert.are.same({ 2, 0 }, { ledger.ids.count, ledger.count })
    assert.is_nil(ledger.selected)
    local file <close> = io.open(path, "rb")
    assert.are.equal(text, file:read "a")
  end)

  it("is cut behind its last whole line when it is written to, and not before", function()
    local text = text_of(header(), IDS, '{"selected":2}') .. '\n{"torn'
    local path = write(finally, text)
    local function content()
      local file <close> = io.open(path, "rb")
      return file:read "a"
    end
    local opened = assert(journal.new():resume(path))
    opened:close()
    assert.are.equal(text, content())
    opened = assert(journal.new():resume(path))
    assert(opened:mark { resumed = 1 })
    opened:add_outcome(2, { id = B, status = "ok" })
    assert.are.equal("ok", opened:record(2).status)
    assert(opened:finish({ ok = 1 }, "interrupted"))
    local whole = journals.text(header(), IDS, '{"selected":2}', '{"resumed":1}')
    assert.are.equal(whole, content():sub(1, #whole))
    assert.are.equal("ok", assert(journal.read(path)):record(2).status)
  end)

  it("whose header was edited to another command is refused", function()
    local line = journals.text(header()):gsub('"action":"update"', '"action":"delete"')
    local ledger, err = journal.read(write(finally, line))
    assert.is_nil(ledger)
    assert.are.equal("refused", err.kind)
    assert.is_truthy(err.message:find("its header was edited", 1, true))
  end)

  it("of a newer format, of none, or with a damaged header says so", function()
    for text, expected in pairs { ['{"journal":4}'] = "a newer colua wrote",
      ["hello"] = "not a journal",
      [""] = "not a journal", ['{"journal":"2"}'] = "not a journal",
      ['{"journal":0}'] = "not a journal",
      [text_of(header { action = "purge" })] = "header is damaged (action)",
      [text_of(header { origin = "x" })] = "header is damaged (origin)" } do
      local ledger, err = journal.read(write(finally, text, "\n"))
      assert.is_nil(ledger)
      assert.is_truthy(err.message:find(expected, 1, true), err.message)
    end
  end)

  it("that is empty is refused as that of a run that wrote nothing", function()
    local path = write(finally, "")
    for _, read in ipairs { journal.read, function(...) return journal.new():resume(...) end } do
      local ledger, err = read(path)
      assert.is_nil(ledger)
      assert.are.same({ "journal", "journal " .. path .. ": it is empty: a run that was killed "
        .. "before it wrote anything left it. Nothing was sent, and it may be deleted" },
        { err.kind, err.message })
    end
  end)

  it("of format 1 is read: fields before and after become patches", function()
    local ledger = assert(journal.read(write(finally,
      '{"journal":1,"name":"old","action":"update"}\n', IDS, '\n{"selected":2}\n{"confirmed":2}\n',
      json.encode { intent = 1, id = A, before = { tags = { "a" }, description = "" },
        after = { tags = { "a", "b" }, description = "d" } },
      '\n{"outcome":1,"status":"ok"}\n{"outcome":2,"status":"failed","error":"no"}\n')))
    local record = ledger:record(1)
    assert.are.same({ "b" }, { table.unpack(record.patch.tags.added) })
    assert.are.same({ before = "", after = "d" }, record.patch.description)
    assert.are.same({ "failed", "no" }, { ledger:record(2).status, ledger:record(2).error.message })
  end)

  it("of format 1 without `after`, or with one that is not a table, is damaged", function()
    for _, line in ipairs { '{"intent":1}', '{"intent":1,"after":3}', '{"intent":1,"after":null}',
      '{"intent":1,"before":"x","after":{}}' } do
      local ledger, err = journal.read(write(finally,
        '{"journal":1,"name":"old","action":"update"}\n', IDS, '\n{"selected":2}\n', line, "\n"))
      assert.is_nil(ledger, line)
      assert.is_truthy(err.message:find("line 4 is damaged", 1, true), err.message)
    end
    assert(journal.read(write(finally, '{"journal":1,"name":"old","action":"archive"}\n', IDS,
      '\n{"selected":2}\n{"intent":1}\n')))
  end)

  it("is read from the file that it writes, though another takes its name", function()
    local path = write(finally, "")
    os.remove(path)
    local own = assert(journal.new():create(path, { name = "n", action = "update" }))
    assert(own:select(2))
    os.remove(path)
    write(finally, ("foreign\n"):rep(99))
    assert(own:plan(1, { name = "a", patch = { name = { before = "a", after = "b" } } }))
    assert(own:flush())
    local record = own:record(1)
    own:close()
    assert.are.same({ "planned", "b" }, { record.status, record.patch and record.patch.name.after })
  end)

  -- Calls fn while another file takes the place of the one at `path` as soon as that is locked.
  local function replaced(path, fn)
    local methods = debug.getmetatable(core.journal_file()).__index
    local own = { open = methods.open, create = methods.create }
    for name, method in pairs(own) do
      methods[name] = function(...)
        local ok, message, code = method(...)
        os.rename(path, path .. ".old")
        write(finally_of_test, journals.text(header(), IDS, '{"selected":2}'))
        return ok, message, code
      end
    end
    local results = table.pack(pcall(fn))
    for name, method in pairs(own) do methods[name] = method end
    return table.unpack(results, 1, results.n)
  end

  it("is not resumed when another file takes its place while it is opened", function()
    finally_of_test = finally
    local path = lines(finally, IDS, '{"selected":2}')
    for name, argument in pairs { resume = false, create = header() } do
      if argument then os.remove(path) end
      local own <close> = journal.new()
      local called, opened, err = replaced(path, function()
        return own[name](own, path, argument)
      end)
      assert.is_true(called, opened)
      assert.is_nil(opened)
      assert.are.same({ "refused", "journal " .. path .. ": another file has taken its place just "
        .. "now: nothing was sent" }, { err.kind, err.message })
      assert.are.same({ false, false }, { journal.is_busy(path), journal.is_busy(path .. ".old") })
    end
  end)

  it("that exists, is a link or cannot be made is refused and not touched", function()
    local path = write(finally, "precious, and no final newline")
    os.execute(("ln -s run.jsonl %s/link; ln -s nowhere %s/dangling; : > %s/public")
      :format(folder, folder, folder))
    for _, name in ipairs { "run.jsonl", "link", "dangling", "public", "none/run.jsonl" } do
      local made, err = journal.new():create(folder .. "/" .. name, { name = "n" })
      assert.is_nil(made, name)
      assert.are.same({ "refused", "not_sent" }, { err.kind, err.outcome })
      local resumed = journal.new():resume(folder .. "/" .. name)
      assert.is_nil(resumed, name)
    end
    local file <close> = io.open(path, "rb")
    assert.are.equal("precious, and no final newline", file:read "a")
    assert.is_nil(io.open(folder .. "/nowhere"))
  end)

  it("gives the records of its inputs, before and after it is closed", function()
    local id_list = require "codeocean.bulk.journal.id_list"
    local made = assert(journal.new():create(path_in(finally), { name = "n", action = "update" }))
    local ids = id_list.new()
    ids:add(A)
    ids:add(B)
    assert(made:select(ids))
    local patch = { description = { before = "", after = "d" } }
    made:plan(1, { name = "first", size = 7, patch = patch })
    assert.are.same({ "planned", 7, patch }, { made:record(1).status, made:record(1).size,
      made:record(1).patch })
    made:intend(1, { id = A, name = "first", patch = patch })
    assert.are.equal("open", made:record(1).status)
    made:add_outcome(1, { id = A, status = "ok" })
    assert(made:finish({ ok = 1 }, "done"))
    for _, source in ipairs { made, assert(journal.read(made.path)) } do
      local record = source:record(1)
      assert.are.same({ "ok", A, "first", patch }, { record.status, record.id, record.name,
        record.patch })
      assert.are.equal("pending", source:record(2).status)
    end
  end)

  local PATCH = { description = { before = "", after = "d" } }

  -- An iterator over rows of n ids, and behind each thousandth once more the first.
  local function many_rows(n)
    local i, again = 0, false
    return function()
      again = i > 0 and i % 1000 == 0 and not again
      if again then return { id = ("%08x%024x"):format(1, 1), name = "again", patch = PATCH } end
      i = i + 1
      return i <= n and { id = ("%08x%024x"):format(i, i), name = "n" .. i, patch = PATCH } or nil
    end
  end

  it("returns the given change of each input, though it holds 1,000 in memory", function()
    for _, kept in ipairs { true, false } do
      local fields = { name = "n", action = "update" }
      local made = kept and assert(journal.new():create(path_in(finally), fields))
        or assert(journal.new():keep_none(fields))
      assert(made:select_given(many_rows(2500)))
      local read = kept and assert(journal.read(made.path))
      for _, source in ipairs { made, read or made } do
        local ledger = source.ledger or source
        assert.same({ 2500, true }, { ledger.count, ledger.selected })
        for _, i in ipairs { 1, 1000, 1001, 2000, 2500 } do
          local record = source:record(i)
          assert.same({ "given", ("%08x"):format(i), "n" .. i, PATCH },
            { record.status, record.id:sub(1, 8), record.name, record.patch })
        end
      end
      made:close()
    end
  end)

  it("reads no more of the given rows than the limit", function()
    local made = assert(journal.new():keep_none { name = "n", action = "update" })
    local asked, next_row = 0, many_rows(3000)
    assert(made:select_given(function()
      asked = asked + 1
      return next_row()
    end, 1000))
    assert.same({ 1000, 1000 }, { made.ledger.count, asked })
  end)

  it("whose selection was interrupted between rows has selected nothing", function()
    local made = assert(journal.new():create(path_in(finally), { name = "n", action = "update" }))
    local i = 0
    assert.has_error(function()
      made:select_given(function()
        i = i + 1
        if i > 1500 then error("the plan is damaged", 0) end
        return { id = ("%08x%024x"):format(i, i), patch = PATCH }
      end)
    end, "the plan is damaged")
    made:close()
    local opened = assert(journal.new():resume(made.path))
    assert.same({ 0, nil }, { opened.ledger.count, opened.ledger.selected })
    assert(opened:mark { resumed = 1 })
    assert(opened:select_given(many_rows(2)))
    opened:close()
    local ledger = assert(journal.read(made.path))
    assert.same({ 2, "n2" }, { ledger.count, ledger:record(2).name })
  end)

  it("without a file does the same", function()
    local made = journal.new():keep_none { name = "n" }
    made:select(2)
    made:intend(2, { name = "x", request = { name = "x" } })
    made:add_outcome(2, { status = "ok", id = B })
    local record = made:record(2)
    assert.are.same({ "ok", B, "x", { name = "x" } }, { record.status, record.id, record.name,
      record.request })
    assert.is_nil(made.path)
  end)
end)
