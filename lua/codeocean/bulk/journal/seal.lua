--- Seals of a journal: each line ends with a hash of itself and of all lines before it, so that a
-- reader finds a line that was edited, removed or inserted, and tells its number.
--
-- Used by codeocean.bulk.journal, which writes lines, and by its ledger, which reads them. What
-- must hold: the hash of a line begins with the header's seal, so a line fits no other journal. The
-- seals find edits, not attacks.

local core = require "codeocean.core"
local json = require "codeocean.json"

local M = {}

--- of_header(header) -> the seal of a journal's header, a text.
function M.of_header(header)
  local own = {}
  for name, value in pairs(header) do own[name] = value end
  own.seal = nil
  return ("%016x"):format(core.fnv(json.encode(own)))
end

--- begin(header) -> the hash before the first line behind the header.
function M.begin(header) return core.fnv(header.seal) end

--- close(line, hash) -> the line, a JSON object, with its seal; and the hash behind it.
M.close = core.seal

--- open(line, hash) -> the hash behind a line, which is given without its line feed; nil if another
-- line was written at this place. Earlier journals have seals of 16 digits.
M.open = core.unseal

return M
