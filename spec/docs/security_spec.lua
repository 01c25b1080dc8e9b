-- Each row of the table in docs/security.md names specs that contain tests, or a target of make.

local process = require "process"

-- The rows of the table: {from, might, stands, shown}, its columns.
local function rows()
  local found = {}
  for line in process.read("docs/security.md"):gmatch "[^\n]+" do
    local cells = {}
    for cell in line:gmatch "|([^|]*)%f[|]" do cells[#cells + 1] = cell:match "^%s*(.-)%s*$" end
    if line:find "^|" and not line:find "^|%-%-%-" then found[#found + 1] = cells end
  end
  return { table.unpack(found, 2) }
end

local PROOFS = {
  { "^spec/.*_spec%.lua$", function(path) return process.read(path):find "%f[%w]it%(" end },
  { "^spec/.*_test%.c$", function(path) return process.read(path):find "\nint main%(" end },
  { "^make %l+$", function(command)
    local rules = "\n" .. process.read "Makefile" .. process.read "spec/checks.mk"
    return rules:find("\n" .. command:match "%l+$" .. ":", 1, true)
  end },
}

local function proves(name)
  for _, proof in ipairs(PROOFS) do
    if name:find(proof[1]) then return proof[2](name) ~= nil end
  end
  return false
end

describe("docs/security.md", function()
  it("names for each of its rows what shows it", function()
    local found = rows()
    assert.is_true(#found >= 20, #found)
    for _, row in ipairs(found) do
      local count = 0
      assert.are.equal(4, #row, row[2])
      for name in row[4]:gmatch "`([^`]+)`" do
        count = count + 1
        assert.is_true(proves(name), name)
      end
      assert.is_true(count > 0, row[2])
    end
  end)
end)
