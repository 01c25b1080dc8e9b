--- Cursor: finds where in a statement the cursor is: after which path, in which call, in which
-- table. Called by colua.complete. Works on the tokens (colua.complete.lexer) of the text before
-- the cursor. Pure.
--
-- A path is {name, separator, key, separator, key, …}; a separator is ".", ":" or "[": that of
-- `page.results[1]` is {"page", ".", "results", "[", 1}.

local M = {}

--- text_of(token) -> its text, or nil without one.
local function text_of(token)
  return token and token.text
end
M.text_of = text_of

--- joins(tokens, at) -> whether the token is a "." or ":" of a path.
function M.joins(tokens, at)
  local text = text_of(tokens[at])
  return (text == "." and text_of(tokens[at - 1]) ~= ".") or text == ":"
end

-- The value of a number or a quoted string between [ and ], or nil.
local function literal(token)
  if not token or not token.complete then return nil end
  if token.kind == "number" then return math.tointeger(token.text) or tonumber(token.text) end
  if token.kind == "string" then return token.text:match("^[\"']([^\\]*)[\"']$") end
end

--- path(tokens, last) -> the path that ends at that token, and the index of its first token; nil if
-- a call or a computed index stands before.
function M.path(tokens, last)
  local path, at = {}, last
  while tokens[at] do
    local key = text_of(tokens[at]) == "]" and text_of(tokens[at - 2]) == "["
      and literal(tokens[at - 1])
    if key then
      table.insert(path, 1, key)
      table.insert(path, 1, "[")
      at = at - 3
    elseif tokens[at].kind == "name" then
      table.insert(path, 1, tokens[at].text)
      if not M.joins(tokens, at - 1) then return path, at end
      table.insert(path, 1, tokens[at - 1].text)
      at = at - 2
    else
      return nil
    end
  end
end

local CLOSING = { [")"] = true, ["}"] = true, ["]"] = true }
local OPENING = { ["("] = true, ["{"] = true, ["["] = true }

local function symbol(token)
  return token.kind == "symbol" and token.text
end

-- The index and the text of the bracket that is open after `last`.
local function bracket(tokens, last)
  local depth = 0
  for i = last, 1, -1 do
    local text = symbol(tokens[i])
    if CLOSING[text] then depth = depth + 1 end
    if OPENING[text] then
      if depth == 0 then return i, text end
      depth = depth - 1
    end
  end
end

-- The number of the argument after `last`, in the call whose bracket is at `first`.
local function argument_at(tokens, first, last)
  local depth, argument = 0, 1
  for i = first + 1, last do
    local text = symbol(tokens[i])
    if OPENING[text] then depth = depth + 1 end
    if CLOSING[text] then depth = depth - 1 end
    if text == "," and depth == 0 then argument = argument + 1 end
  end
  return argument
end

--- table_key(tokens, last) -> the name that the innermost open table is assigned to (`tags = {`) or
-- nil, and the index of its brace; nil if no table is open.
function M.table_key(tokens, last)
  local brace, kind = bracket(tokens, last)
  if kind ~= "{" then return nil end
  if text_of(tokens[brace - 1]) ~= "=" then return nil, brace end
  return text_of(tokens[brace - 2]), brace
end

local SEARCH = { "assets", ":", "search" } -- what `select` of a bulk run takes

--- call(tokens, last) -> the path of the function whose call is open after `last`; the number of
-- the argument there; the index of the brace, if the cursor is in a table of options. nil: no call.
function M.call(tokens, last)
  local opened, kind = bracket(tokens, last)
  local brace = kind == "{" and opened or nil
  if brace and text_of(tokens[brace - 1]) == "=" then
    local path = text_of(tokens[brace - 2]) == "select" and SEARCH or nil
    return path, 1, brace
  elseif brace then
    local path = M.path(tokens, brace - 1)
    if path then return path, 1, brace end
    last = brace - 1
    opened, kind = bracket(tokens, last)
  end
  if kind ~= "(" then return nil end
  return M.path(tokens, opened - 1), argument_at(tokens, opened, last), brace
end

return M
