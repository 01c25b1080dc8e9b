-- Prints the branches of src/ that were not taken: for each line, how many of its branches, and
-- its text. The sums come last.
--
--   colua spec/coverage/branches.lua REPORT      gcovr's, as JSON

local json = require "codeocean.json"

local function read_lines(path)
  local lines = {}
  for line in io.lines(path) do lines[#lines + 1] = line:match "^%s*(.-)%s*$" end
  return lines
end

-- The branches of a line, and those that were not taken.
local function count(line)
  local missing = 0
  for _, branch in ipairs(line.branches) do
    if branch.count == 0 then missing = missing + 1 end
  end
  return #line.branches, missing
end

local all, left, rows = 0, 0, 0
local file <close> = assert(io.open(assert(arg[1]), "rb"))
for _, source in ipairs(assert(json.decode(file:read "a")).files) do
  local texts = read_lines(source.file)
  for _, line in ipairs(source.lines) do
    local branches, missing = count(line)
    all, left = all + branches, left + missing
    if missing > 0 then
      rows = rows + 1
      print(("%s:%d: %d of %d: %s"):format(source.file, line.line_number, missing, branches,
        texts[line.line_number]))
    end
  end
end
print(("branches: %d of %d taken, %.1f %%; %d lines have others"):format(all - left, all,
  100 * (all - left) / math.max(all, 1), rows))
