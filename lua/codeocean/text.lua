--- Makes untrusted text safe to show, and measures it: escapes characters that a terminal would
-- obey or that deceive a reader, replaces bytes that are not UTF-8, counts columns.
--
-- Called wherever names, descriptions and answers reach a terminal, a message or a file. Pure.

local M = {}

local REPLACEMENT = "\u{FFFD}"

-- Invisible characters (two different texts would look the same) and those that reorder the text
-- around them, as patterns of their bytes: C1 controls, U+061C, U+200B, U+200E-F,
-- U+2028-E, U+2060, U+2066-9, U+FEFF, U+E0000-7F.
local UNSEEN = {
  "\xC2[\x80-\x9F]", "\xD8\x9C", "\xE2\x80[\x8B\x8E\x8F\xA8-\xAE]",
  "\xE2\x81[\xA0\xA6-\xA9]", "\xEF\xBB\xBF", "\xF3\xA0[\x80\x81][\x80-\xBF]",
}

-- Marks drawn on the character before them: first and last code points, sorted.
local COMBINING = {
  { 0x0300, 0x036F }, { 0x0483, 0x0489 }, { 0x0591, 0x05BD }, { 0x05BF, 0x05BF },
  { 0x05C1, 0x05C2 }, { 0x05C4, 0x05C5 }, { 0x05C7, 0x05C7 }, { 0x0610, 0x061C },
  { 0x064B, 0x065F }, { 0x0670, 0x0670 }, { 0x06D6, 0x06DC }, { 0x06DF, 0x06E4 },
  { 0x06E7, 0x06E8 }, { 0x06EA, 0x06ED }, { 0x0900, 0x0902 }, { 0x093A, 0x093A },
  { 0x093C, 0x093C }, { 0x0941, 0x0948 }, { 0x094D, 0x094D }, { 0x0E31, 0x0E31 },
  { 0x0E34, 0x0E3A }, { 0x0E47, 0x0E4E }, { 0x1AB0, 0x1AFF }, { 0x1DC0, 0x1DFF },
  { 0x200B, 0x200F }, { 0x2028, 0x202E }, { 0x2060, 0x2069 }, { 0x20D0, 0x20FF },
  { 0x302A, 0x302D }, { 0x3099, 0x309A }, { 0xFE00, 0xFE0F }, { 0xFE20, 0xFE2F },
  { 0xFEFF, 0xFEFF }, { 0xE0000, 0xE01EF },
}

-- East Asian wide and full-width characters, and emoji; in the same form.
local WIDE = {
  { 0x1100, 0x115F }, { 0x231A, 0x231B }, { 0x2329, 0x232A }, { 0x23E9, 0x23EC },
  { 0x23F0, 0x23F0 }, { 0x23F3, 0x23F3 }, { 0x25FD, 0x25FE }, { 0x2614, 0x2615 },
  { 0x2648, 0x2653 }, { 0x267F, 0x267F }, { 0x2693, 0x2693 }, { 0x26A1, 0x26A1 },
  { 0x26AA, 0x26AB }, { 0x26BD, 0x26BE }, { 0x26C4, 0x26C5 }, { 0x26CE, 0x26CE },
  { 0x26D4, 0x26D4 }, { 0x26EA, 0x26EA }, { 0x26F2, 0x26F3 }, { 0x26F5, 0x26F5 },
  { 0x26FA, 0x26FA }, { 0x26FD, 0x26FD }, { 0x2705, 0x2705 }, { 0x270A, 0x270B },
  { 0x2728, 0x2728 }, { 0x274C, 0x274C }, { 0x274E, 0x274E }, { 0x2753, 0x2755 },
  { 0x2757, 0x2757 }, { 0x2795, 0x2797 }, { 0x27B0, 0x27B0 }, { 0x27BF, 0x27BF },
  { 0x2B1B, 0x2B1C }, { 0x2B50, 0x2B50 }, { 0x2B55, 0x2B55 }, { 0x2E80, 0x303E },
  { 0x3041, 0x4DBF }, { 0x4E00, 0xA4CF }, { 0xA960, 0xA97F }, { 0xAC00, 0xD7A3 },
  { 0xF900, 0xFAFF }, { 0xFE30, 0xFE6F }, { 0xFF00, 0xFF60 }, { 0xFFE0, 0xFFE6 },
  { 0x16FE0, 0x18AFF }, { 0x1B000, 0x1B2FF }, { 0x1F004, 0x1F004 }, { 0x1F0CF, 0x1F0CF },
  { 0x1F18E, 0x1F18E }, { 0x1F191, 0x1F19A }, { 0x1F200, 0x1F265 }, { 0x1F300, 0x1F320 },
  { 0x1F32D, 0x1F335 }, { 0x1F337, 0x1F37C }, { 0x1F37E, 0x1F393 }, { 0x1F3A0, 0x1F3CA },
  { 0x1F3CF, 0x1F3D3 }, { 0x1F3E0, 0x1F3F0 }, { 0x1F3F4, 0x1F3F4 }, { 0x1F3F8, 0x1F43E },
  { 0x1F440, 0x1F440 }, { 0x1F442, 0x1F4FC }, { 0x1F4FF, 0x1F53D }, { 0x1F54B, 0x1F567 },
  { 0x1F57A, 0x1F57A }, { 0x1F595, 0x1F596 }, { 0x1F5A4, 0x1F5A4 }, { 0x1F5FB, 0x1F64F },
  { 0x1F680, 0x1F6C5 }, { 0x1F6CC, 0x1F6CC }, { 0x1F6D0, 0x1F6DF }, { 0x1F6EB, 0x1F6FC },
  { 0x1F7E0, 0x1F7EB }, { 0x1F90C, 0x1F9FF }, { 0x1FA70, 0x1FAFF }, { 0x20000, 0x3FFFD },
}

local SHORT = {
  ["\a"] = "\\a", ["\b"] = "\\b", ["\t"] = "\\t", ["\n"] = "\\n", ["\v"] = "\\v",
  ["\f"] = "\\f", ["\r"] = "\\r",
}

local function within(ranges, code)
  local low, high = 1, #ranges
  while low <= high do
    local middle = (low + high) // 2
    if code < ranges[middle][1] then
      high = middle - 1
    elseif code > ranges[middle][2] then
      low = middle + 1
    else
      return true
    end
  end
  return false
end

-- Steps through the characters of a text: position, bytes, code point. A byte that is not part of
-- valid UTF-8 comes alone and without a code point.
local function characters(text)
  local position = 1
  return function()
    local start = position
    if start > #text then return nil end
    if not utf8.len(text, start, start) then
      position = start + 1
      return start, text:sub(start, start), nil
    end
    position = utf8.offset(text, 2, start)
    return start, text:sub(start, position - 1), utf8.codepoint(text, start)
  end
end

-- Writes three digits only if a digit follows, which would otherwise join the escape.
local function escape_control(char, digit)
  local escape = SHORT[char] or (digit == "" and "\\%d" or "\\%03d"):format(char:byte())
  return escape .. digit
end

-- Every byte that is not part of valid UTF-8 replaced.
local function repaired(text)
  local parts = {}
  for _, char, code in characters(text) do
    parts[#parts + 1] = code and char or REPLACEMENT
  end
  return table.concat(parts)
end

--- The text, every byte that is not part of valid UTF-8 replaced by U+FFFD.
function M.valid(text)
  return utf8.len(text) and text or repaired(text)
end

local function escape_unseen(text, escape)
  for _, pattern in ipairs(UNSEEN) do text = text:gsub(pattern, escape) end
  return text
end

local function lua_escape(char) return ("\\u{%X}"):format(utf8.codepoint(char)) end

local function json_escape(char)
  local code = utf8.codepoint(char)
  if code < 0x10000 then return ("\\u%04x"):format(code) end
  code = code - 0x10000
  return ("\\u%04x\\u%04x"):format(0xD800 + (code >> 10), 0xDC00 + (code & 0x3FF))
end

--- escape(text) -> valid UTF-8 that a terminal shows as it is. Control characters (`\n`, `\27`),
-- the C1 controls, bidirectional and zero-width characters (`\u{202E}`) are written as Lua writes
-- them; each byte of invalid UTF-8 becomes U+FFFD. A backslash stays as it is.
function M.escape(text)
  if type(text) ~= "string" then error("text must be a string", 2) end
  if text:find "^[\32-\126]*$" then return text end
  text = text:gsub("([\0-\31\127])(%d?)", escape_control)
  if not text:find("[\128-\255]") then return text end
  return escape_unseen(M.valid(text), lua_escape)
end

--- escape_json(json) -> the same for encoded JSON: the result is JSON with the same meaning.
function M.escape_json(json)
  if not json:find("[\127-\255]") then return json end
  return escape_unseen(json:gsub("\127", "\\u007f"), json_escape)
end

local function columns_of(code)
  if not code then
    return 1
  elseif code < 0x20 or code >= 0x7F and within(COMBINING, code) then
    return 0
  end
  return code >= 0x1100 and within(WIDE, code) and 2 or 1
end

--- width(text) -> the columns that a terminal needs for a text without control characters: two for
-- a wide character, none for a combining mark.
function M.width(text)
  if not text:find("[\0-\31\127-\255]") then return #text end
  local width = 0
  for _, _, code in characters(text) do width = width + columns_of(code) end
  return width
end

--- clip(text, columns) -> the text, cut to that many columns if it takes more; a cut text ends in
-- an ellipsis. Marks stay with their character, no character is halved.
function M.clip(text, columns)
  if M.width(text) <= columns then return text end
  if columns < 1 then return "" end
  local width = 0
  for position, _, code in characters(text) do
    width = width + columns_of(code)
    if width > columns - 1 then return text:sub(1, position - 1) .. "…" end
  end
end

--- pad(text, columns [, right]) -> the text filled up with blanks; `right`: blanks on its left.
function M.pad(text, columns, right)
  local blanks = (" "):rep(columns - M.width(text))
  return right and blanks .. text or text .. blanks
end

--- because(reason) -> ": " and the reason, escaped: the end of a message; "" for nil.
function M.because(reason) return reason and ": " .. M.escape(reason) or "" end

--- quoted(word) -> the word as a shell reads it back.
function M.quoted(word)
  if word ~= "" and not word:find "[^%w_./=:,@+-]" then return word end
  return "'" .. word:gsub("'", "'\\''") .. "'"
end

--- number(n) -> the shortest text that reads back as the same number, in any locale. A float
-- without a fraction is written as an integer.
function M.number(n)
  local integer = math.tointeger(n)
  if integer then return ("%d"):format(integer) end
  for digits = 14, 17 do
    local text = ("%." .. digits .. "g"):format(n)
    if tonumber(text) == n or digits == 17 then return (text:gsub(",", ".")) end
  end
end

return M
