--- Search: searches the history while the pattern is typed (Ctrl-R). Pure; colua.line makes one at
-- Ctrl-R and gives it the keys.

local M = {}

local Search = { __name = "colua.line.search" }
Search.__index = Search

--- new(entries) -> a search in a list of texts, the newest last.
function M.new(entries)
  return setmetatable({ entries = entries, pattern = "", skip = 0 }, Search)
end

-- The newest text that holds the pattern, after skipping `skip` of them; or nil.
local function find(self, skip)
  if self.pattern == "" then return nil end
  for i = #self.entries, 1, -1 do
    if self.entries[i]:find(self.pattern, 1, true) then
      if skip == 0 then return self.entries[i] end
      skip = skip - 1
    end
  end
end

--- match() -> the text found, or nil.
function Search:match()
  return find(self, self.skip)
end

function Search:prompt()
  local missing = self.pattern ~= "" and not find(self, 0)
  return ("(%shistory: %s) "):format(missing and "no " or "", self.pattern)
end

--- key(name) -> "on" if the search used the key; "off" if it ends the search without a result; nil
-- for a key of the editor, which gets the text found.
function Search:key(name)
  if name == "ctrl-r" then
    if find(self, self.skip + 1) then self.skip = self.skip + 1 end
  elseif name == "ctrl-s" then
    self.skip = math.max(0, self.skip - 1)
  elseif name == "backspace" then
    self.pattern, self.skip = self.pattern:sub(1, (utf8.offset(self.pattern, -1) or 1) - 1), 0
  elseif name == "ctrl-g" or name == "ctrl-c" then
    return "off"
  elseif #name == 1 or name:byte() >= 0x80 then
    self.pattern, self.skip = self.pattern .. name, 0
  else
    return nil
  end
  return "on"
end

return M
