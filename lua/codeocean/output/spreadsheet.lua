--- Protects text in CSV that a spreadsheet would run or change: formulas, and texts that look like
-- numbers, dates or truth values. codeocean.output.csv puts a ' before them; codeocean.input.cell
-- removes it. What must hold: unprotect(protect(text)) is the text. Pure.

local ascii = require "codeocean.ascii"

local M = {}

-- Words that spreadsheets and readers of CSV do not read as text.
local WORDS = { ["true"] = true, ["false"] = true, nan = true, ["<na>"] = true, nat = true,
  none = true, null = true, ["\\n"] = true }
local LONGEST = 5 -- letters of the longest word

local MONTHS = {}
for month in ("jan feb mar apr may jun jul aug sep oct nov dec"):gmatch "%a+" do
  MONTHS[month] = true
end

local function is_number_or_date(text)
  return text:find "^[%d%s.,:/eE+%%$-]+$" ~= nil and text:find "%d" ~= nil
end

-- Whether a text looks like a month with a number: a spreadsheet makes a date of MARCH1, a gene.
local function is_month(text)
  local word = text:match "^(%a%a%a)%a*[%s./-]*%d+$" or text:match "^%d+[%s./-]*(%a%a%a)%a*$"
  return word ~= nil and MONTHS[ascii.lower(word)] == true
end

local function is_word(text) return #text <= LONGEST and WORDS[ascii.lower(text)] == true end

-- Whether a spreadsheet would change the text unless a ' stands before it.
local function is_changed(text)
  return text:find "^[=+%-@%[\t\r\n]" ~= nil or text:find "^#%u" ~= nil or is_word(text)
    or is_number_or_date(text) or is_month(text)
end

--- protect(text) -> the text, with a ' before it if a spreadsheet would change it or if unprotect()
-- would take it for a protected text.
function M.protect(text)
  local bare = text:find "^'" and text:gsub("^'+", "") or text
  return is_changed(bare) and "'" .. text or text
end

--- unprotect(text) -> the text that protect() was given, and whether it was protected.
function M.unprotect(text)
  if text:sub(1, 1) ~= "'" or not is_changed((text:gsub("^'+", ""))) then return text, false end
  return text:sub(2), true
end

return M
