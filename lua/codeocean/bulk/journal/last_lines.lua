--- The header and the last lines of a journal, without the lines between.
--
-- Used to find the last run of many, where a journal may have millions of lines. What must hold: no
-- write depends on what it gives. To resume or undo a run, the journal is read whole, which finds
-- damage and edits.

local json = require "codeocean.json"
local ledgers = require "codeocean.bulk.journal.ledger"
local regular_file = require "codeocean.input.regular_file"

local M = {}

local TAIL = 16384 -- bytes; the last lines are some hundred

local function last_lines(file)
  local size = file:seek "end"
  file:seek("set", math.max(0, size - TAIL))
  local text = file:read "a"
  if text:sub(-1) ~= "\n" then return {} end -- cut
  local lines = {}
  for line in text:gmatch "[^\n]+" do lines[#lines + 1] = line end
  return lines
end

-- The line of the end, and the marks of undos behind it; nil if the last lines are of other kinds.
local function ending_of(lines)
  local undone
  for i = #lines, 1, -1 do
    local line = json.decode(lines[i])
    if type(line) ~= "table" then return nil end
    if line["end"] then return { ended = line.state, counts = line["end"], undone = undone } end
    if type(line.undone) ~= "string" then return nil end
    undone = undone or line.undone
  end
end

--- read(path) -> {header, ended, counts, undone} of a run that ended, as its ledger has them; nil
-- if only the whole journal tells how the run ended. A mark of an undo before the last end is not
-- read.
function M.read(path)
  local file <close> = regular_file.open(path)
  local header = file and ledgers.read_header(path, file)
  local ending = header and ending_of(last_lines(file))
  if not ending or not ledgers.is_ending(ending.counts, ending.ended) then return nil end
  ending.header = header
  return ending
end

return M
