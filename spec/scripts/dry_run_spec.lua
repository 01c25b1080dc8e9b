-- Commands that write: under --dry-run, theirs or colua's, they send no write, whatever --yes says;
-- without --yes they ask.

local commands = require "commands"
local deployment = require "deployment"

-- The operations that write, of which a command needs one or more.
local WRITES = { create = true, update = true, archive = true, delete = true,
  set_permissions = true }

local function writes(row)
  for _, operation in ipairs(row[3]) do
    if WRITES[operation] then return true end
  end
  return false
end

describe("a command that writes", function()
  local rows = {}
  for _, row in ipairs(commands) do
    if writes(row) then rows[#rows + 1] = row end
  end

  it("is one of these", function() assert.are.equal(10, #rows) end)

  -- A deployment where the row's command has something to do, and the command's words.
  local function start(row)
    local here, id = deployment.with_asset()
    finally(function() here:stop() end)
    if row.before then
      row.before(here, function(before) here:run(commands.words_of(here, id, before)) end)
    end
    return here, commands.words_of(here, id, row[2])
  end

  for _, row in ipairs(rows) do
    it("sends no write in a dry run: " .. row[1], function()
      local here, words = start(row)
      for _, way in ipairs { { "--dry-run" }, {} } do
        local all = table.move(way, 1, #way, #words + 1, { table.unpack(words) })
        local result = here:run(all, { before = #way == 0 and { "--dry-run" } or nil })
        assert.are.equal(0, result.status, result.err)
        assert.are.same({}, here:written(), table.concat(all, " "))
      end
      assert.are.equal(0, here:run(words).status)
      assert.is_true(#here:written() > 0, row[1])
    end)
  end

  -- A create of one asset from options does not ask, nor does a resume of what was agreed to.
  local asked = 0
  for _, row in ipairs(rows) do
    if row[2][#row[2]] == "--yes" then
      asked = asked + 1
      it("asks, and sends no write without an answer: " .. row[1], function()
        local here, words = start(row)
        local result = here:run { table.unpack(words, 1, #words - 1) }
        assert.are.equal(6, result.status, result.err)
        assert.is_truthy(result.err:find("there is no terminal to ask on", 1, true), result.err)
        assert.are.same({}, here:written())
      end)
    end
  end

  it("asks, but for two", function() assert.are.equal(#rows - 2, asked) end)
end)
