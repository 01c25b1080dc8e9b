--- The listing just shown on a terminal: the beginnings of its ids are ids in the next command.
--
-- A file in the state folder holds the deployment and the ids, a line each. Written by the rows of
-- a command, read for ids that are arguments. What must hold: a beginning counts only for the same
-- deployment, and only where it is that of one id.

local ascii = require "codeocean.ascii"
local core = require "codeocean.core"
local output_file = require "codeocean.output.file"
local state_folder = require "codeocean.state_folder"

local M = {}

local MOST = 1000 -- ids that are kept
local LEAST = 4   -- digits of a beginning

local Listing = { __name = "codeocean.cli.listing" }
Listing.__index = Listing

local function path()
  local folder = state_folder.path(os.getenv)
  return folder and folder .. "/listing"
end

--- new(host) -> a listing of that deployment, to be filled and saved.
function M.new(host) return setmetatable({ host }, Listing) end

--- add(id): the listing shows this id. A value that is not an id is passed.
function Listing:add(id)
  if core.is_id(id) and #self <= MOST then self[#self + 1] = ascii.lower(id) end
end

local function make_folders(file)
  local at = 1
  repeat
    at = file:find("/", at + 1, true)
    if at and not core.make_folder(file:sub(1, at - 1)) then return false end
  until not at
  return true
end

--- save(): from now on it is the listing just shown. Where it cannot be kept, the one before stays.
function Listing:save()
  local file = #self > 1 and path()
  if file and make_folders(file) then
    output_file.replace(file, table.concat(self, "\n") .. "\n", true)
  end
end

--- find(word, host) -> the one id in the listing just shown that begins so; nil, and how many there
-- are: 0 too where the word is not a beginning of an id.
function M.find(word, host)
  local start = ascii.lower(word)
  local file <close> = #word >= LEAST and not start:find "[^%x-]" and io.open(path() or "", "rb")
  if not file or file:read "l" ~= host then return nil, 0 end
  local found, count = nil, 0
  for id in file:lines() do
    if id:sub(1, #start) == start and id ~= found then found, count = id, count + 1 end
  end
  return count == 1 and found or nil, count
end

return M
