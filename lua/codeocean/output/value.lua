--- Writes any value as the session shows it: an asset, a list of assets, a page, other values.
-- Escapes text from the server. Pure: width and colours are parameters.

local card = require "codeocean.output.card"
local columns = require "codeocean.output.columns"
local pretty = require "codeocean.output.pretty"
local tables = require "codeocean.output.table"

local M = {}

local SHOWN_ROWS = 20

--- is_asset(value) -> whether it is shown as an asset: a table with an id and a name or a state.
function M.is_asset(value)
  return type(value) == "table" and type(rawget(value, "id")) == "string"
    and (rawget(value, "name") ~= nil or rawget(value, "state") ~= nil)
end

local function is_list_of_assets(value)
  if type(value) ~= "table" or not M.is_asset(rawget(value, 1)) then return false end
  for i = 2, math.min(#value, SHOWN_ROWS) do
    if not M.is_asset(value[i]) then return false end
  end
  return true
end

local function asset_list(list, options)
  local limit = options.rows or SHOWN_ROWS
  local shown = tables.render(table.move(list, 1, math.min(#list, limit), 1, {}), nil, options)
  if #list <= limit then return shown end
  return ("%s\n… %d more"):format(shown, #list - limit)
end

local function page_note(page)
  local note = ("%d shown"):format(#page.results)
  if page.total then note = ("%s of %s"):format(note, columns.text(page.total)) end
  return page.has_more and note .. ", there are more pages" or note
end

--- show(value [, options]) -> text without a line end: an asset as a card, a list of assets as a
-- table of its first rows, a page of a search as a table with its totals, other values as Lua
-- writes them.
--   options  { width = columns, colour = boolean, rows = of a list of assets, 20 } and those of
--            codeocean.output.pretty: depth, length, lines
function M.show(value, options)
  options = options or {}
  if M.is_asset(value) then
    return card.asset(value, options)
  elseif is_list_of_assets(value) then
    return asset_list(value, options)
  elseif type(value) == "table" and is_list_of_assets(rawget(value, "results")) then
    return asset_list(value.results, options) .. "\n" .. page_note(value)
  end
  return pretty.value(value, options)
end

return M
