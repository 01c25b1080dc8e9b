--- Remembers a hash of each file that this program has read as input. The readers of lists and
-- sheets add the files; the header of a run's journal keeps the list. An interrupted run is not
-- planned again from a file that has changed.

local core = require "codeocean.core"
local regular_file = require "codeocean.input.regular_file"

local M = {}

local hashes = {} -- path from the root -> hash

--- hash(path) -> a text that changes when the file is edited (no defence against an attack); nil if
-- the file cannot be read.
function M.hash(path)
  local file <close> = regular_file.open(path)
  if not file then return nil end
  local hash, block, problem
  repeat
    block, problem = file:read(64 * 1024)
    hash = core.fnv(block or "", hash)
  until not block
  return not problem and ("%016x"):format(hash) or nil
end

--- add(path): hashes a file that is read as input. A pipe or a device is left out.
function M.add(path)
  local absolute = core.absolute(path)
  if absolute and core.replaceable(absolute) then hashes[absolute] = M.hash(absolute) end
end

--- list() -> list of {path, hash}, sorted; nil if none was read.
function M.list()
  local list = {}
  for path, hash in pairs(hashes) do list[#list + 1] = { path = path, hash = hash } end
  table.sort(list, function(a, b) return a.path < b.path end)
  return list[1] and list or nil
end

--- changed(list) -> path of the first file that is no longer as it was; nil if there is none.
function M.changed(list)
  for _, input in ipairs(list or {}) do
    if M.hash(input.path) ~= input.hash then return input.path end
  end
end

return M
