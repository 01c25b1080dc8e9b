--- Keys: names for the bytes that a terminal sends.
--
-- A key is a character as UTF-8 ("a", "ü"), or a name of two or more letters: "enter", "up",
-- "ctrl-a", "alt-b". A pasted text is the key "paste" with the text. Called by colua.line.

local M = {}

local PASTE_MAX = 16 * 1024 * 1024 -- bytes; what is pasted beyond is dropped
local ESCAPE_MS = 50               -- longest wait for the next byte of an escape sequence
local MORE_MS = 5000               -- the same for a paste and for a character of several bytes
local REPLACEMENT = "\u{FFFD}"

local CONTROLS = { [8] = "backspace", [9] = "tab", [10] = "enter", [13] = "enter", [27] = "escape",
  [28] = "ctrl-backslash", [29] = "ctrl-]", [30] = "ctrl-^", [31] = "ctrl-_", [0] = "ctrl-space",
  [127] = "backspace" }
for byte = 1, 26 do
  CONTROLS[byte] = CONTROLS[byte] or "ctrl-" .. string.char(byte + 96)
end

-- The keys, by the bytes that follow the escape.
local SEQUENCES = {
  ["[A"] = "up", ["[B"] = "down", ["[C"] = "right", ["[D"] = "left",
  ["OA"] = "up", ["OB"] = "down", ["OC"] = "right", ["OD"] = "left",
  ["[H"] = "home", ["[F"] = "end", ["OH"] = "home", ["OF"] = "end",
  ["[1~"] = "home", ["[4~"] = "end", ["[7~"] = "home", ["[8~"] = "end",
  ["[3~"] = "delete", ["[5~"] = "page-up", ["[6~"] = "page-down", ["[Z"] = "shift-tab",
  ["[1;5C"] = "alt-f", ["[1;5D"] = "alt-b", ["[1;3C"] = "alt-f", ["[1;3D"] = "alt-b",
  ["[1;5A"] = "page-up", ["[1;5B"] = "page-down", ["[200~"] = "paste",
}

local PASTE_END = "\27[201~"

-- Pasted text without control characters. A return, which terminals send for a newline, becomes a
-- newline.
local function cleaned(text)
  return (text:gsub("\r\n?", "\n"):gsub("[%z\1-\8\11-\31\127]", ""):gsub("\n+$", ""))
end

local function read_paste(byte)
  local parts, length = {}, 0
  local tail = ""
  while tail ~= PASTE_END do
    local b = byte(MORE_MS)
    if not b then break end
    tail = (tail .. string.char(b)):sub(-#PASTE_END)
    if length < PASTE_MAX then
      length = length + 1
      parts[length] = string.char(b)
    end
  end
  return cleaned((table.concat(parts):gsub("\27%[201~$", "")))
end

-- A control sequence: parameters, then one final byte; "[[" and a letter are function keys of
-- Linux's console.
local function read_sequence(byte, opener)
  local sequence = opener
  repeat
    local b = byte(ESCAPE_MS)
    if not b then return sequence end
    sequence = sequence .. string.char(b)
  until opener == "O" or b >= 0x40 and sequence ~= "[[" or #sequence > 16
  return sequence
end

local function read_escape(byte)
  local b = byte(ESCAPE_MS)
  if not b then return "escape" end
  local char = string.char(b)
  if b >= 0x80 then return "unknown" end
  if char ~= "[" and char ~= "O" then return "alt-" .. (CONTROLS[b] or char) end
  local name = SEQUENCES[read_sequence(byte, char)] or "unknown"
  if name == "paste" then return name, read_paste(byte) end
  return name
end

-- A character whose first byte is given; what is not UTF-8, and the C1 controls, are U+FFFD.
local function read_character(byte, first)
  local more = first >= 0xF8 and 0 or first >= 0xF0 and 3 or first >= 0xE0 and 2
    or first >= 0xC0 and 1 or 0
  local char = string.char(first)
  for _ = 1, more do
    local b = byte(MORE_MS)
    if not b or b & 0xC0 ~= 0x80 then return REPLACEMENT end
    char = char .. string.char(b)
  end
  if not utf8.len(char) or utf8.codepoint(char) < 0xA0 then return REPLACEMENT end
  return char
end

--- read(byte) -> key, pasted text; or nil and what came instead of a key. `byte([milliseconds])`
-- gives the next byte; or nil and why there is none.
function M.read(byte)
  local b, why = byte()
  if not b then return nil, why end
  if b == 27 then return read_escape(byte) end
  if CONTROLS[b] then return CONTROLS[b] end
  if b >= 0x80 then return read_character(byte, b) end
  return string.char(b)
end

return M
