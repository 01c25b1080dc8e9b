--- Highlight: the colours of a statement while it is typed. Called by colua.line on a terminal with
-- colours. Pure.

local lexer = require "colua.complete.lexer"

local M = {}

-- Escape sequences by the kind of a token; other kinds stay as they are.
local COLOURS = { keyword = "\27[1m", string = "\27[32m", number = "\27[36m", comment = "\27[2m" }

--- spans(text) -> list of {first, last, escape}, in the order of the text: first and last byte, and
-- the escape sequence that colours them. An unfinished string counts as a string; a dot command
-- has no spans.
function M.spans(text)
  local spans = {}
  if text:find "^%s*%.%a" then return spans end
  for _, token in ipairs(lexer.tokens(text)) do
    local escape = COLOURS[token.kind]
    if escape then
      spans[#spans + 1] = { token.first, token.first + #token.text - 1, escape }
    end
  end
  return spans
end

return M
