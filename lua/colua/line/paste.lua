--- Paste: the statements of a session that was copied, without its prompts and without what it
-- printed. Called by colua.line for every pasted text. Pure.

local M = {}

-- The text behind a first prompt; nil for another line.
local function statement_of(line, prompts)
  line = line:match "^%s*(.*)$"
  for _, prompt in ipairs(prompts) do
    if line:sub(1, #prompt) == prompt then return line:sub(#prompt + 1) end
  end
end

--- statements(text, prompt) -> the text to insert. `prompt`: that of this session; "> " (lua5.4,
-- the help) and "sandbox > " are known too. A text whose first line has no prompt stays as it is.
function M.statements(text, prompt)
  local prompts, kept = { prompt, "> ", "sandbox > " }, {}
  for line in (text .. "\n"):gmatch "(.-)\n" do
    local statement = statement_of(line, prompts)
    if #kept == 0 and not statement then return text end
    kept[#kept + 1] = statement or line:match "^%s*>> ?(.*)$"
  end
  return table.concat(kept, "\n")
end

return M
