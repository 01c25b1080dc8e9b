--- Lexer: splits a text, complete or not, into Lua's tokens. Called by colua.evaluate for the
-- locals of a chunk, by colua.complete and by colua.line.highlight. Pure.

local M = {}

local KEYWORDS = {}
for word in ([[and break do else elseif end false for function goto if in local nil not or repeat
    return then true until while]]):gmatch("%a+") do
  KEYWORDS[word] = true
end
M.KEYWORDS = KEYWORDS

local OPENERS = { ["do"] = true, ["if"] = true, ["function"] = true, ["repeat"] = true }
local CLOSERS = { ["end"] = true, ["until"] = true }

-- The position after the long bracket that opens at `at` (nil: none does), and whether it is
-- closed.
local function long_bracket(text, at)
  local _, opened, equals = text:find("^%[(=*)%[", at)
  if not opened then return nil end
  local _, closed = text:find("]" .. equals .. "]", opened + 1, true)
  return (closed or #text) + 1, closed ~= nil
end

local function short_string(text, at)
  local quote, i = text:sub(at, at), at + 1
  while true do
    local found = text:find("[\\\n" .. quote .. "]", i)
    if not found then return #text + 1, false end
    local c = text:sub(found, found)
    if c == quote then return found + 1, true end
    if c == "\n" then return found, true end -- the compiler will say what is wrong
    i = found + (text:find("^\\z", found) and text:find("%S", found + 2) or found + 2) - found
  end
end

-- The kind of the token at `at` and the position after it; for strings and comments also whether it
-- is complete.
local function scan(text, at)
  local c = text:sub(at, at)
  if c:find("[%a_]") then
    local _, last = text:find("^[%w_]+", at)
    return KEYWORDS[text:sub(at, last)] and "keyword" or "name", last + 1
  elseif c:find("%d") then
    local _, last = text:find("^[%w.]+", at)
    return "number", last + 1
  elseif c == '"' or c == "'" then
    return "string", short_string(text, at)
  elseif text:find("^%-%-", at) then
    local behind, complete = long_bracket(text, at + 2)
    if behind then return "comment", behind, complete end
    local line_end = text:find("\n", at, true)
    return "comment", line_end or #text + 1, line_end ~= nil
  end
  local behind, complete = long_bracket(text, at)
  if behind then return "string", behind, complete end
  return "symbol", at + (text:find("^::", at) and 2 or 1)
end

--- tokens(text) -> list of {kind, text, first, complete}; kind is name, keyword, number, string,
-- symbol or comment. `complete` is false for a string or comment that the end of the text cuts.
function M.tokens(text)
  local list, at = {}, text:find("%S")
  while at do
    local kind, behind, complete = scan(text, at)
    list[#list + 1] = { kind = kind, text = text:sub(at, behind - 1), first = at,
      complete = complete ~= false }
    at = text:find("%S", behind)
  end
  return list
end

local function without_comments(tokens)
  local list = {}
  for _, token in ipairs(tokens) do
    if token.kind ~= "comment" then list[#list + 1] = token end
  end
  return list
end

-- Adds the names after `local`, with their attributes (a, b <const>), to `found`.
local function names_at(tokens, at, found)
  if tokens[at] and tokens[at].text == "function" then
    found[#found + 1] = { name = tokens[at + 1] and tokens[at + 1].text }
    return
  end
  while tokens[at] and tokens[at].kind == "name" do
    local entry = { name = tokens[at].text }
    at = at + 1
    if tokens[at] and tokens[at].text == "<" then
      entry.attribute = tokens[at + 1] and tokens[at + 1].text
      at = at + 3
    end
    found[#found + 1] = entry
    if not (tokens[at] and tokens[at].text == ",") then return end
    at = at + 1
  end
end

--- outline(text) -> { locals = list of {name, attribute}, those that live to the end of the chunk;
-- returns = position of its own `return`, or nil; names = set of the names in it }.
function M.outline(text)
  local tokens, depth = without_comments(M.tokens(text)), 0
  local outline = { locals = {}, names = {} }
  for i, token in ipairs(tokens) do
    local keyword = token.kind == "keyword" and token.text
    if token.kind == "name" then outline.names[token.text] = true end
    if OPENERS[keyword] then depth = depth + 1 end
    if CLOSERS[keyword] then depth = depth - 1 end
    if depth == 0 and keyword == "local" then names_at(tokens, i + 1, outline.locals) end
    if depth == 0 and keyword == "return" then outline.returns = token.first end
  end
  return outline
end

return M
