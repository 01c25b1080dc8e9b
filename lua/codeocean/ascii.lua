--- Upper and lower case of ASCII letters, independent of the locale.
--
-- string.lower and string.upper depend on LC_CTYPE, which a script or a host may set: in a Turkish
-- locale they change I. The library compares words with these functions instead.

local M = {}

local LOWER, UPPER = {}, {}
for byte = ("A"):byte(), ("Z"):byte() do
  local upper, lower = string.char(byte), string.char(byte + 32)
  LOWER[upper], UPPER[lower] = lower, upper
end

--- lower(text) -> the text with A to Z in lower case.
function M.lower(text) return (text:gsub("[A-Z]", LOWER)) end

--- upper(text) -> the text with a to z in upper case.
function M.upper(text) return (text:gsub("[a-z]", UPPER)) end

return M
