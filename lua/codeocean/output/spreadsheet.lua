--- Text in cells of a CSV file that a spreadsheet would run or change: formulas, and texts that
-- look like numbers, dates or truth values. codeocean.output.csv puts a ' before them,
-- codeocean.input.cell takes it off again; what one writes the other reads back. Pure.

local ascii = require "codeocean.ascii"

local M = {}

-- Words that spreadsheets and readers of CSV take for something else than text.
local WORDS = { ["true"] = true, ["false"] = true, nan = true, ["<na>"] = true, nat = true,
  none = true, null = true, ["\\n"] = true }

local MONTHS = {}
for month in ("jan feb mar apr may jun jul aug sep oct nov dec"):gmatch "%a+" do
  MONTHS[month] = true
end

local function is_number_or_date(text)
  return text:find "%d" ~= nil and text:find "^[%d%s.,:/eE+%%$-]+$" ~= nil
end

-- MARCH1, 2-Sep: genes that became dates.
local function is_month(text)
  local word = ascii.lower(text):match "^(%a%a%a)%a*[%s./-]*%d+$"
    or ascii.lower(text):match "^%d+[%s./-]*(%a%a%a)%a*$"
  return word ~= nil and MONTHS[word] == true
end

-- Whether a text without ' in front would not come back from a spreadsheet as it is.
local function is_changed(text)
  return text:find "^[=+%-@\t\r\n]" ~= nil or WORDS[ascii.lower(text)] == true
    or text:find "^#%u" ~= nil or text:find "^%[" ~= nil
    or is_number_or_date(text) or is_month(text)
end

--- protect(text) -> the text with a ' before it if a spreadsheet would change it, or if it looks as
-- if it had one already.
function M.protect(text)
  return is_changed((text:gsub("^'+", ""))) and "'" .. text or text
end

--- unprotect(text) -> the text that protect() was given, and whether it had put a ' before it.
function M.unprotect(text)
  if text:sub(1, 1) ~= "'" or not is_changed((text:gsub("^'+", ""))) then return text, false end
  return text:sub(2), true
end

return M
