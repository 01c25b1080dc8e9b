--- The options of bulk.run, checked before anything is opened or sent.

local core = require "codeocean.core"
local options = require "codeocean.options"
local selection = require "codeocean.bulk.select"
local shard = require "codeocean.bulk.shard"

local M = {}

local function ids(value)
  if type(value) ~= "table" and type(value) ~= "function" then return "list or iterator of ids" end
end

local function journal(value)
  if value ~= false and options.text(value) then return "path or false" end
end

local function resumable(value)
  if options.text(value) then return "path of a journal" end
end

local function part(value)
  if not shard.valid(value) then return "{i, n} with i from 1 to n" end
end

-- A number of assets, or a share of those selected: "10%".
local function most(value)
  local percent = type(value) == "string" and tonumber(value:match "^(%d+%.?%d*)%%$")
  local good = math.type(value) == "integer" and value >= 0 or percent and percent <= 100
  if not good then return "integer of 0 or more, or a share such as \"10%\"" end
end

M.OPTIONS = {
  { "select", nil, options.table },
  { "ids", nil, ids },
  { "patches", nil, options.table },
  { "all", false, options.boolean },
  { "where", nil, options.callable },
  { "change", nil, options.callable },
  { "rule", nil, options.table },
  { "action", "update", options.choice("update", "archive", "unarchive", "delete") },
  { "name", "bulk", options.text },
  { "note", nil, options.text },
  { "limit", nil, options.integer(1) },
  { "shard", nil, part },
  { "jobs", nil, options.integer(1, 1000) },
  { "dry_run", false, options.boolean },
  { "confirm", nil, options.callable },
  { "journal", nil, journal },
  { "resume", nil, resumable },
  { "even_if_undone", false, options.boolean },
  { "fail_fast", false, options.boolean },
  { "max_errors", 50, options.integer(1) },
  { "max_changes", nil, most },
  { "max_delete", 100, options.integer(0) },
  { "allow_unarchived", false, options.boolean },
  { "check_used", false, options.boolean },
  { "even_if_used", false, options.boolean },
  { "replace_metadata", false, options.boolean },
  { "whole_tags", false, options.boolean },
  { "permissions", false, options.boolean },
  { "verify", false, options.boolean },
  { "stop", nil, options.callable },
  { "on_event", nil, options.callable },
  { "about", nil, options.text },
}

-- What codeocean.bulk.undo, plan_file and input.update_rows give as `patches`.
local PATCHES = {
  { "rows", nil, options.callable },
  { "undoes", nil, options.text },
  { "path", nil, options.text },
  { "partial", false, options.boolean },
  { "dates", nil, options.table },
}

local function expect(good, name, expected)
  if not good then core.complain("bulk.run", name, expected .. " expected") end
end

local function count(own, ...)
  local n = 0
  for _, name in ipairs { ... } do
    if own[name] ~= nil then n = n + 1 end
  end
  return n
end

local function check_sources(own)
  local rows = own.patches and (own.patches.rows or own.patches.undoes)
  expect(not own.patches or own.resume or rows, "patches", "{rows = iterator}")
  local sources = count(own, "select", "ids") + (rows and 1 or 0)
  expect(sources == 1 or own.resume and sources == 0, "select", "either select or ids")
  local changes = count(own, "change", "rule", "patches")
  if own.action ~= "update" then
    expect(changes == 0, "change", "no function (this action takes none)")
  else
    expect(changes == 1 or own.resume and changes == 0, "change", "function of an asset")
  end
end

--- read(spec) -> a checked copy with the defaults; raises in the name of bulk.run.
function M.read(spec)
  options.check("bulk.run", M.OPTIONS, spec, "spec")
  local own = options.read("bulk.run", M.OPTIONS, spec)
  if own.patches then options.check("bulk.run", PATCHES, own.patches) end
  check_sources(own)
  selection.check(own)
  return own
end

return M
