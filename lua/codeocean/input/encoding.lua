--- Converts text to UTF-8. Tells by the first bytes of a file what it is: UTF-8 with or without a
-- byte order mark, UTF-16 of either byte order, or not text. Called by codeocean.input.lines. Does
-- not check that UTF-8 is valid.

local M = {}

local ENOUGH = 128    -- bytes that tell what a file is

-- First bytes of files that are not text: a pattern, what the file is and what to do about it.
local NO_TEXT = {
  { "^PK\3\4.-opendocument", "a LibreOffice document (.ods); save it as CSV (UTF-8)" },
  { "^PK\3\4", 'an Excel workbook (.xlsx); save it as "CSV UTF-8"' },
  { "^\xD0\xCF\x11\xE0", 'an old Excel workbook (.xls); save it as "CSV UTF-8"' },
  { "^\x1F\x8B", "compressed (gzip); unpack it first" },
  { "^PAR1", "a Parquet file; save it as CSV" },
  { "^%%PDF%-", "a PDF document; save the table as CSV" },
  { "^\xFF\xFE\0\0", "UTF-32 text; save it as UTF-8" },
  { "^\0\0\xFE\xFF", "UTF-32 text; save it as UTF-8" },
}

-- First bytes, bytes to skip, the byte order for string.unpack.
local UTF16 = {
  { "^\xFF\xFE", 2, "<" }, { "^\xFE\xFF", 2, ">" },
  { "^[%w\"#]\0[%w_=-]\0", 0, "<" }, { "^\0[%w\"#]\0[%w_=-]", 0, ">" },
}

local SURROGATES = "\xED([\xA0-\xAF][\x80-\xBF])\xED([\xB0-\xBF][\x80-\xBF])"

-- Bytes of one UTF-16 unit -> its UTF-8; a surrogate becomes three bytes, to be joined afterwards.
local function unit_table(order)
  return setmetatable({}, { __index = function(units, pair)
    local char = utf8.char((string.unpack(order .. "I2", pair)))
    units[pair] = char
    return char
  end })
end

local function join(high, low)
  local top = (high:byte(1) & 0x0F) << 6 | high:byte(2) & 0x3F
  local bottom = (low:byte(1) & 0x0F) << 6 | low:byte(2) & 0x3F
  return utf8.char(0x10000 + (top << 10) + bottom)
end

-- The number of bytes at the end that belong to an incomplete character.
local function unfinished(bytes, order)
  local odd = #bytes % 2
  local last = #bytes - odd - 1
  if last < 1 then return odd end
  local unit = string.unpack(order .. "I2", bytes, last)
  return unit & 0xFC00 == 0xD800 and odd + 2 or odd
end

local function utf16_reader(read, order)
  local units, rest = unit_table(order), ""
  return function(size)
    local chunk, problem = read(size)
    if not chunk and (problem or rest == "") then return nil, problem end
    local bytes = rest .. (chunk or "")
    local keep = chunk and unfinished(bytes, order) or #bytes % 2
    rest = keep > 0 and chunk and bytes:sub(-keep) or ""
    bytes = bytes:sub(1, #bytes - keep):gsub("..", units)
    return (bytes:gsub(SURROGATES, join))
  end
end

-- The first bytes of the source: `ENOUGH`, or all of a shorter one.
local function first_bytes(read, size)
  local head = ""
  while true do
    local chunk, problem = read(size)
    head = head .. (chunk or "")
    if not chunk or #head >= ENOUGH then return head, problem end
  end
end

local function no_text(head)
  for _, row in ipairs(NO_TEXT) do
    if head:find(row[1]) then return row[2] end
  end
end

-- A reader that gives `head` first, then what `read` gives. `problem`: the failure that came with
-- the head, if any, which is given after it.
local function with_head(head, read, problem)
  return function(size)
    if head ~= "" then
      local bytes = head
      head = ""
      return bytes
    elseif problem then
      return nil, problem
    end
    return read(size)
  end
end

--- reader(read) -> a function that gives the pieces of the text as UTF-8, without a byte order
-- mark; or nil and what the source is if it is not text. `read(size)` gives the next bytes; nil at
-- the end, nil and a message for a failure, which the reader passes on.
function M.reader(read)
  local head, problem = first_bytes(read, ENOUGH)
  local refusal = no_text(head)
  if refusal then return nil, refusal end
  for _, row in ipairs(UTF16) do
    if head:find(row[1]) then
      return utf16_reader(with_head(head:sub(row[2] + 1), read, problem), row[3])
    end
  end
  if head:find("\0") then return nil,
    "binary data; text is expected (CSV, JSONL or plain lines)" end
  return with_head(head:gsub("^\xEF\xBB\xBF", ""), read, problem)
end

return M
