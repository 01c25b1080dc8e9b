-- Reading a journal: its lines become the states of inputs. Damaged files are in init_spec.

local fixture = require "fixture"
local journals = require "journals"
local json = require "codeocean.json"
local ledgers = require "codeocean.bulk.journal.ledger"
local process = require "process"

local A, B = "fea84ebf-b58b-4ad2-994d-7169dc3880fb", "fea84ebf-b58b-4ad2-994d-7169dc3880fc"
local PATCH = { name = { before = "a", after = "b" } }

local function ledger_of(finally, header, ...)
  local path = fixture.new(finally):folder() .. "/run.jsonl"
  process.write(path, journals.text(header, ...))
  return ledgers.read(path)
end

local function sealed(fields)
  local header = { name = "n", action = "update" }
  for name, value in pairs(fields or {}) do header[name] = value end
  return header
end

describe("codeocean.bulk.journal.ledger", function()
  it("has the state of each input", function()
    local ledger = assert(ledger_of(finally, sealed(), { ids = { A, B } }, { selected = 2 },
      { plan = 1, id = A, name = "a", size = 5, patch = PATCH }, { confirmed = 1 },
      { intent = 1, id = A, name = "a", patch = PATCH },
      { outcome = 2, id = B, status = "unchanged" }))
    assert.same({ 2, true, "open", "unchanged" }, { ledger.count, ledger.confirmed,
      ledger.states[1], ledger.states[2] })
    local record = ledger:record(1)
    assert.same({ A, "a", "open" }, { record.id, record.name, record.status })
    assert.same(PATCH, record.patch)
    assert.is_nil(ledger.ended)
    ledger:close()
  end)

  local function states_of(finally, fields, ...)
    local ledger = assert(ledger_of(finally, sealed(fields), { ids = { A, B } }, { selected = 2 },
      ...))
    return { ledger.states[1] or "none", ledger.states[2] or "none" }
  end

  local function plan(index) return { plan = index, name = "a", patch = PATCH } end

  it("applies a confirmation to the plans before it, not to later ones", function()
    for _, all in ipairs { false, true } do
      local confirmed = { confirmed = 2, all = all or nil }
      assert.same({ "agreed", "planned" }, states_of(finally, nil, plan(1), confirmed,
        { resumed = 1 }, plan(2)))
      assert.same({ "agreed", "agreed" }, states_of(finally, nil, plan(1), plan(2), confirmed))
    end
  end)

  it("drops refused plans, unless they were confirmed or intended before", function()
    local refused = { refused = 1 }
    assert.same({ "agreed", "none" }, states_of(finally, nil, plan(1), { confirmed = 1 }, plan(2),
      refused))
    assert.same({ "open", "agreed" }, states_of(finally, nil, { confirmed = 2, all = true },
      { intent = 1, patch = PATCH }, { intent = 2, patch = PATCH },
      { outcome = 2, status = "pending" }, refused))
    assert.same({ "planned", "planned" }, states_of(finally, { selection = { patches = true } },
      plan(1), plan(2), refused))
  end)

  it("counts no later plan as confirmed after a refusal, though all were before", function()
    local all, refused = { confirmed = 1, all = true }, { refused = 1 }
    local function confirmed(...)
      return assert(ledger_of(finally, sealed(), { ids = { A } }, { selected = 1 }, ...)).confirmed
    end
    assert.equal("all", confirmed(all))
    assert.is_true(confirmed(all, plan(1), refused))
    assert.is_nil(confirmed(plan(1), refused))
    assert.equal("all", confirmed(refused, all))
  end)

  it("has the outcome of a refused plan's input without the plan", function()
    local ledger = assert(ledger_of(finally, sealed(), { ids = { A } }, { selected = 1 }, plan(1),
      { refused = 1 }, { outcome = 1, id = A, name = "a", status = "unchanged" }))
    assert.same({ "unchanged", "a" }, { ledger:record(1).status, ledger:record(1).name })
    assert.is_nil(ledger:record(1).patch)
  end)

  it("reads the error of an outcome", function()
    local ledger = assert(ledger_of(finally, sealed(), { ids = { A } }, { selected = 1 },
      { outcome = 1, id = A, status = "failed", error = { kind = "server", status = 500,
        message = "no" } }))
    local record = ledger:record(1)
    assert.same({ "failed", "server", 500, A }, { record.status, record.error.kind,
      record.error.status, record.error.id })
  end)

  local function read_text(finally, text)
    return ledgers.read(process.write(fixture.new(finally):folder() .. "/run.jsonl", text))
  end

  it("refuses a header that was edited, and a format that is newer", function()
    local ledger, err = read_text(finally, (journals.text(sealed()):gsub("update", "delete")))
    assert.is_nil(ledger)
    assert.same({ "refused", true }, { err.kind, err.message:find("edited", 1, true) ~= nil })
    ledger, err = read_text(finally, '{"journal":4,"name":"n"}\n')
    assert.is_nil(ledger)
    assert.is_truthy(err.message:find("newer colua", 1, true))
  end)

  it("refuses lines that were edited, taken out or put in, and names the place", function()
    local text = journals.text(sealed(), { ids = { A } }, { selected = 1 },
      { plan = 1, id = A, name = "a", patch = PATCH }, { confirmed = 1 })
    local lines = {}
    for line in text:gmatch "[^\n]+" do lines[#lines + 1] = line end
    assert.same(5, #lines)
    local function with(edit)
      local own = table.move(lines, 1, #lines, 1, {})
      edit(own)
      return read_text(finally, table.concat(own, "\n") .. "\n")
    end
    assert.is_truthy(with(function() end))
    for number, edit in pairs {
      [2] = function(own) own[2] = own[2]:gsub("80fb", "80fc") end,
      [3] = function(own) table.remove(own, 3) end,
      [4] = function(own) own[4] = own[4]:gsub('"after":"b"', '"after":"z"') end,
      [5] = function(own) own[5] = own[5]:gsub('"confirmed":1', '"all":true,%0') end,
      [6] = function(own) own[6] = own[4] end,
    } do
      local ledger, err = with(edit)
      assert.is_nil(ledger)
      assert.equal("refused", err.kind)
      assert.is_truthy(err.message:find(("line %d was edited"):format(number), 1, true),
        err.message)
      assert.is_nil(err.message:find "\n")
    end
    local other = journals.text(sealed { note = "another" }, { ids = { B } })
    local ledger, err = with(function(own) own[2] = other:match "\n([^\n]+)" end)
    assert.is_nil(ledger)
    assert.is_truthy(err.message:find("line 2 was edited", 1, true), err.message)
  end)

  it("reads a journal of format 2, whose lines have no seals", function()
    local text = '{"action":"update","journal":2,"name":"n","seal":"56b7aea80eba16f4"}\n'
      .. json.encode { ids = { A } } .. '\n{"selected":1}\n'
    local ledger = assert(read_text(finally, text))
    assert.same({ 1, #text }, { ledger.count, ledger.length })
  end)

  it("leaves out a line that a crash cut", function()
    local whole = journals.text(sealed(), { ids = { A } }, { selected = 1 })
    local ledger = assert(read_text(finally, whole .. '{"intent":1,"pa'))
    assert.same({ #whole, 1 }, { ledger.length, ledger.count })
    assert.is_nil(ledger.states[1])
  end)
end)
