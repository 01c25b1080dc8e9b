--- History: the statements of this session and of earlier ones, and the file that keeps them. The
-- session makes one and adds each statement; the editor and .edit read its entries.
--
-- The file has one entry per line, with `\` and newlines escaped. What must hold: only the owner
-- can read the file; a statement that holds a secret, or seems to, is kept neither in the file nor
-- in memory.

local ascii = require "codeocean.ascii"
local output_file = require "codeocean.output.file"
local regular_file = require "codeocean.input.regular_file"
local user_folders = require "codeocean.user_folders"

local M = {}

M.MOST = 5000 -- entries; a file twice as long is cut

local History = { __name = "colua.history" }
History.__index = History

-- Patterns, in lower case, of text that may be a secret or stand beside one.
local SUSPECTS = {
  "secret_access_key", "access_key_id", "client_secret", "password", "passwd",
  "cop_%w%w%w%w", "akia%w%w%w%w%w%w%w%w", "token['\"]?%]?%s*=%s*['\"%[]", "authorization",
  "codeocean_token%s*=",
}

--- path(getenv) -> the history's file in the state folder; nil if there is no such folder.
function M.path(getenv)
  local folder = user_folders.state(getenv)
  return folder and folder .. "/history"
end

--- is_secret(text, secrets) -> whether it holds one of the secrets, or text that may be another.
function M.is_secret(text, secrets)
  for _, secret in ipairs(secrets or {}) do
    if secret ~= "" and text:find(secret, 1, true) then return true end
  end
  local lower = ascii.lower(text)
  for _, pattern in ipairs(SUSPECTS) do
    if lower:find(pattern) then return true end
  end
  return false
end

local function encode(text)
  return (text:gsub("\\", "\\\\"):gsub("\n", "\\n"))
end

local function decode(line)
  return (line:gsub("\\(.)", function(c) return c == "n" and "\n" or c end))
end

--- new(options) -> history; `entries` are its statements, the newest last. options: path (nil:
-- memory only), private(path) -> true or nil, message (makes the file, readable by its owner only),
-- secrets (list).
function M.new(options)
  return setmetatable({
    path = options.path, private = options.private, secrets = options.secrets or {}, entries = {},
  }, History)
end

local function read_entries(path)
  local entries, file <close> = {}, regular_file.open(path)
  for line in file and file:lines() or function() end do entries[#entries + 1] = decode(line) end
  return entries
end

-- Replaces the file as a whole: a session that is killed midway leaves the old file as it was.
local function rewrite(self, entries, first)
  local lines = {}
  for i = first, #entries do lines[#lines + 1] = encode(entries[i]) .. "\n" end
  output_file.replace(self.path, table.concat(lines), true)
end

--- load() -> true: the entries of earlier sessions are loaded; or nil, message: no file can be
-- used, and none is written.
function History:load()
  if not self.path then return nil, "HOME names no folder" end
  local usable, problem = self.private(self.path)
  if not usable then
    self.path = nil
    return nil, problem
  end
  local entries = read_entries(self.path)
  local first = math.max(1, #entries - M.MOST + 1)
  table.move(entries, first, #entries, 1, self.entries)
  if #entries > 2 * M.MOST then rewrite(self, entries, first) end
  return true
end

--- add(text): keeps the statement unless it is blank, a secret, or equal to the last one.
function History:add(text)
  if not text:find("%S") or text == self.entries[#self.entries] then return end
  if M.is_secret(text, self.secrets) then return end
  self.entries[#self.entries + 1] = text
  local file <close> = self.path and regular_file.append(self.path)
  if not file then return end
  file:setvbuf("no") -- one write: entries of sessions side by side do not mix
  file:write(encode(text) .. "\n")
end

return M
