--- Finds the id of a data asset in text. Owns the forms in which an id may be written; called by
-- the readers of lists and sheets and by the command line. What must hold: only a whole id is
-- accepted and nothing is guessed, since an id becomes part of a request's path. Pure.

local core = require "codeocean.core"

local M = {}

local FORM = ("%x"):rep(8) .. ("%-" .. ("%x"):rep(4)):rep(3) .. "%-" .. ("%x"):rep(12)
local INSIDE = "%f[%w]" .. FORM .. "%f[^%w-]"
-- The address of an asset's page without its "https://", which some browsers do not copy.
local ADDRESS = "^[%w.:-]+%f[/][^%s]*[/=]data[-_]?assets?/(" .. FORM .. ")%f[^%w-]"

-- Bytes that look like a blank or like nothing: no-break space, zero-width space, byte order mark.
local UNSEEN = { "\xC2\xA0", "\xE2\x80\x8B", "\xEF\xBB\xBF" }

M.EXAMPLE = "fea84ebf-b58b-4ad2-994d-7169dc3880fb"

--- valid(value) -> whether it is an id: 8-4-4-4-12 hexadecimal digits or 32 of them, in any case.
M.valid = core.is_id

--- canonical(id) -> the one spelling that all spellings of an id share (lower case, with hyphens),
-- to compare ids; nil for what is not an id.
M.canonical = core.spelled_id

-- The text without the bytes at its beginning and its end.
local function without(text, bytes)
  if text:sub(1, #bytes) == bytes then text = text:sub(#bytes + 1) end
  if text:sub(-#bytes) == bytes then text = text:sub(1, -#bytes - 1) end
  return text
end

--- trim(text) -> the text without blanks around it, those that cannot be seen too. Blanks between
-- other characters stay.
function M.trim(text)
  text = text:match "^%s*(.-)%s*$"
  if not text:find "[\xC2\xE2\xEF]" then return text end
  local before
  repeat
    before = text
    for _, bytes in ipairs(UNSEEN) do text = without(text, bytes):match "^%s*(.-)%s*$" end
  until text == before
  return text
end

--- spaced(text) -> the text with blanks in place of the characters that cannot be seen.
function M.spaced(text)
  for _, bytes in ipairs(UNSEEN) do text = text:gsub(bytes, " ") end
  return text
end

--- parse(text) -> the id that the text consists of, as it is written there; or nil. Accepts quotes
-- or brackets around it, a spreadsheet's ="…", and the address of an asset's web page.
function M.parse(text)
  if M.valid(text) then return text end
  if type(text) ~= "string" then return nil end
  local inner = M.trim(text):gsub("^[\"'`<({%[=]+", ""):gsub("[\"'`>)}%],]+$", "")
  if M.valid(inner) then return inner end
  local address = inner:gsub("^https?://", "")
  return not address:find "^%a+://" and address:match(ADDRESS) or nil
end

--- list(text) -> the ids of a text that has only ids, with blanks or commas between them; nil for
-- any other text.
function M.list(text)
  local found, count = {}, 0
  for part in text:gmatch "[^%s,;|]+" do
    count = count + 1
    found[#found + 1] = M.parse(part)
  end
  if #found == count and count > 0 then return found end
  local whole = M.parse(text)
  return whole and { whole }
end

--- holds(text) -> whether an id with hyphens stands anywhere in the text.
function M.holds(text)
  return text:find(INSIDE) ~= nil
end

--- problem(text) -> the message that the text is not an id. The caller has escaped `text`.
function M.problem(text)
  return ('"%s" is not a data asset id (36 characters such as %s)'):format(text, M.EXAMPLE)
end

return M
