-- The kinds of lines of a journal, applied to a ledger without a file. Whole files: ledger_spec.

local ledgers = require "codeocean.bulk.journal.ledger"
local lines = require "codeocean.bulk.journal.lines"

local A, B = "fea84ebf-b58b-4ad2-994d-7169dc3880fb", "fea84ebf-b58b-4ad2-994d-7169dc3880fc"
local PATCH = { name = { before = "a", after = "b" } }

-- A ledger that has applied these lines; each must be a line of a journal.
local function ledger_of(...)
  local ledger = ledgers.new(nil, ledgers.sealed { name = "n", action = "update" })
  for at, line in ipairs { ... } do assert.is_truthy(lines.apply(ledger, line, -at)) end
  return ledger
end

local function selected(...) return ledger_of({ ids = { A, B } }, { selected = 2 }, ...) end

describe("codeocean.bulk.journal.lines", function()
  it("moves an input through its states", function()
    local ledger = selected({ plan = 1, id = A, patch = PATCH })
    assert.equal("planned", ledger.states[1])
    for _, row in ipairs { { { confirmed = 1 }, "agreed" },
      { { intent = 1, id = A, patch = PATCH }, "open" },
      { { outcome = 1, id = A, status = "pending" }, "agreed" },
      { { intent = 1, id = A, patch = PATCH }, "open" },
      { { outcome = 1, id = A, status = "ok" }, "ok" } } do
      assert.is_truthy(lines.apply(ledger, row[1], -9))
      assert.equal(row[2], ledger.states[1])
    end
    assert.is_nil(ledger.states[2])
  end)

  it("drops the plans that were refused", function()
    local ledger = selected({ plan = 1, id = A, patch = PATCH }, { refused = 1 })
    assert.is_nil(ledger.states[1])
  end)

  it("accepts only a last line with counts and a known state", function()
    assert.is_true(lines.is_ending({ ok = 1 }, "done"))
    assert.is_false(lines.is_ending({ ok = 1 }, "over"))
    assert.is_falsy(lines.is_ending({ ok = "1" }, "done"))
  end)

  for what, line in pairs {
    ["an input that was not selected"] = { plan = 3, patch = PATCH },
    ["an index that is not an integer"] = { plan = "1", patch = PATCH },
    ["another id"] = { plan = 1, id = B, patch = PATCH },
    ["a patch that is not one"] = { plan = 1, id = A, patch = { name = 1 } },
    ["a status that is not known"] = { outcome = 1, id = A, status = "fine" },
    ["an intent that was revoked, of no change"] = { outcome = 1, status = "pending" },
    ["a request without an end, of no change"] = { outcome = 1, status = "unknown" },
    ["an error that is none"] = { outcome = 1, status = "failed", error = { kind = {} } },
    ["a count that is not one"] = { confirmed = -1 },
    ["ids after the selection"] = { ids = { A } },
    ["an undo without a path"] = { undone = 1 },
  } do
    it("refuses " .. what, function()
      assert.is_falsy(lines.apply(selected(), line, -9))
    end)
  end
end)
