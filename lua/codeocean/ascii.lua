--- Letters of ASCII in another case, whatever the locale is.
--
-- string.lower and string.upper follow LC_CTYPE, which a script or a host may set: in Turkish the
-- small letter of I is another. The library compares words with these instead.

local M = {}

local LOWER, UPPER = {}, {}
for byte = ("A"):byte(), ("Z"):byte() do
  local upper, lower = string.char(byte), string.char(byte + 32)
  LOWER[upper], UPPER[lower] = lower, upper
end

--- lower(text) -> the text with its letters A to Z small.
function M.lower(text) return (text:gsub("[A-Z]", LOWER)) end

--- upper(text) -> the text with its letters a to z large.
function M.upper(text) return (text:gsub("[a-z]", UPPER)) end

return M
