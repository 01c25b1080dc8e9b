--- Seals of a journal: each line ends with a hash of itself and of all lines before it, so that a
-- line which was edited, taken out or put in is found, with its number, by whoever reads the file.
--
-- Used by codeocean.bulk.journal, which writes lines, and by its ledger, which reads them. What
-- must hold: the hash of a line begins with the header's seal, so no line is good in another
-- journal. The seals tell an edit, not an attack.

local core = require "codeocean.core"
local fnv = require "codeocean.fnv"
local json = require "codeocean.json"

local M = {}

--- of_header(header) -> the seal of a journal's header, a text.
function M.of_header(header)
  local own = {}
  for name, value in pairs(header) do own[name] = value end
  own.seal = nil
  return ("%016x"):format(fnv(json.encode(own)))
end

--- begin(header) -> the hash before the first line behind the header.
function M.begin(header) return fnv(header.seal) end

--- close(line, hash) -> the line, a JSON object, with its seal; and the hash behind it.
M.close = core.seal

--- open(line, hash) -> the hash behind a line that was read, without its line feed; nil if it is
-- not the one that was written at this place. Journals have had seals of 16 digits.
M.open = core.unseal

return M
