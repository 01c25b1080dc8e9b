--- Short ids: the first digits of an id, which a command accepts for an asset of the listing that
-- was last shown on a terminal.
--
-- A file in the state folder holds the deployment and the ids, a line each. codeocean.cli.output
-- writes it; codeocean.cli reads it for the ids among the arguments. What must hold: a short id
-- counts only for the same deployment, and only if one id of the listing begins with it.

local ascii = require "codeocean.ascii"
local core = require "codeocean.core"
local output_file = require "codeocean.output.file"
local regular_file = require "codeocean.input.regular_file"
local user_folders = require "codeocean.user_folders"

local M = {}

local MOST = 1000 -- ids that are kept
local LEAST = 4   -- digits that may stand for an id

local Listing = { __name = "codeocean.cli.short_ids" }
Listing.__index = Listing

-- The file, and its folder; nil without a state folder.
local function place()
  local folder = user_folders.state(os.getenv)
  return folder and folder .. "/listing", folder
end

--- new(host) -> an empty listing of that deployment.
function M.new(host) return setmetatable({ host }, Listing) end

--- add(id): adds an id. A value that is not an id is ignored.
function Listing:add(id)
  if core.is_id(id) and #self <= MOST then self[#self + 1] = ascii.lower(id) end
end

--- save(): replaces the listing that is kept. If the file cannot be written, the old one stays.
function Listing:save()
  local file, folder = place()
  if file and #self > 1 and user_folders.make(folder) then
    output_file.replace(file, table.concat(self, "\n") .. "\n", true)
  end
end

--- find(word, host) -> the id of the listing that begins with `word`; or nil and how many do (0 if
-- `word` has other characters than an id, or too few).
function M.find(word, host)
  local start = ascii.lower(word)
  local may_be_id = #word >= LEAST and not start:find "[^%x-]"
  local file <close> = may_be_id and regular_file.open(place() or "")
  if not file or file:read "l" ~= host then return nil, 0 end
  local found, count = nil, 0
  for id in file:lines() do
    if id:sub(1, #start) == start and id ~= found then found, count = id, count + 1 end
  end
  return count == 1 and found or nil, count
end

return M
