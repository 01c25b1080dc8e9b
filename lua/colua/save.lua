--- Save: writes the statements of a session that succeeded as a script (.save). It leaves out
-- help(), undo() and what undo() took back, and lines with a secret. Statements of a dry run are
-- dry in the script too. The session adds each statement.

local history = require "colua.history"
local lexer = require "colua.complete.lexer"

local M = {}

local HEADER = [[
-- A session of colua, saved. Run it by: colua %s
local codeocean = require "codeocean"
local bulk = require "codeocean.bulk"
local ids = require "codeocean.ids"
local output = require "codeocean.output"
local sandbox = require "codeocean.sandbox"
local tags = require "codeocean.tags"
local client = assert(codeocean.client())
local assets = client.data_assets
local _

]]

local Saved = { __name = "colua.save" }
Saved.__index = Saved

--- new(secrets) -> saved. `secrets`: texts that must not stand in a script.
function M.new(secrets)
  return setmetatable({ entries = {}, secrets = secrets }, Saved)
end

local ASIDE = { help = true, undo = true }

-- Whether the statement is only a call of help or undo.
local function is_aside(entry)
  local first = lexer.tokens(entry.text)[1]
  return entry.expression and first and ASIDE[first.text] or false
end

--- add(entry): a statement that succeeded. entry: {text, expression, head (the statements before
-- the expression; nil: none), values (whether it gave any), dry (whether nothing that writes was
-- sent), undone (nil; true once undo() took it back)}.
function Saved:add(entry)
  if not is_aside(entry) then self.entries[#self.entries + 1] = entry end
end

-- The statement for the script. An expression is assigned to `_`, as in the session.
local function as_statement(entry)
  local head = entry.head or ""
  local text = entry.text:sub(#head + 1):gsub("^%s*return%s+", "", 1):gsub("^%s*=", "", 1)
  if entry.expression and entry.values then return head .. "_ = " .. text end
  if not entry.expression and text ~= entry.text then return "_ = " .. text end
  return entry.text
end

-- The statements to write, with the switches of the dry run between them, and their number.
local function lines_of(self)
  local lines, dry, count = {}, false, 0
  for _, entry in ipairs(self.entries) do
    if history.is_secret(entry.text, self.secrets) then
      lines[#lines + 1] = "-- (a line with a secret was left out)"
    elseif not entry.undone then
      if (entry.dry or false) ~= dry then
        dry = not dry
        lines[#lines + 1] = ("client:set_dry_run(%s)"):format(dry)
      end
      lines[#lines + 1] = as_statement(entry)
      count = count + 1
    end
  end
  return lines, count
end

--- script(path) -> the text of the script for that file, and how many statements it has.
function Saved:script(path)
  local lines, count = lines_of(self)
  return HEADER:format((path:gsub("%c", "?"))) .. table.concat(lines, "\n") .. "\n", count
end

return M
