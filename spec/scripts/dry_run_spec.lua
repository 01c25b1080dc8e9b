-- --dry-run, of a command and of colua: no command that writes sends a write, whatever --yes says.

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

describe("--dry-run", function()
  local function words_of(here, id, words)
    local list = {}
    for i, word in ipairs(words) do
      if word == "ID" then word = id end
      if word == "JOURNAL" then word = commands.journal(here) end
      list[i] = word
    end
    return list
  end

  local rows = {}
  for _, row in ipairs(commands) do
    if writes(row) then rows[#rows + 1] = row end
  end

  it("is tried on every command that has it", function()
    assert.are.equal(10, #rows)
  end)

  for _, row in ipairs(rows) do
    it("sends no write of colua " .. row[1], function()
      local here, id = deployment.with_asset()
      finally(function() here:stop() end)
      if row.before then
        row.before(here, function(before) here:run(words_of(here, id, before)) end)
      end
      local words = words_of(here, id, row[2])
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
end)
