--- Where a bulk run comes from: the program, its arguments, folder and input files, and the
-- position of the run among the program's runs. The journal's header holds all this, so that the
-- same program can plan the rest of a run that was interrupted, and another program is refused.
--
-- A process is one program. This module keeps the number of runs that the process has begun and the
-- journal that one of them resumes. prepare_rerun() sets the global `arg`, as lua does before it
-- runs a script: a script, and bulk.main, read their arguments nowhere else.

local clients = require "codeocean.client"
local core = require "codeocean.core"
local equal = require "codeocean.equal"
local errors = require "codeocean.error"
local expressions = require "codeocean.expression"
local files = require "codeocean.input.read_files"
local json = require "codeocean.json"
local system = require "codeocean.lua.system"
local text = require "codeocean.text"

local M = {}

local refused = errors.refused

local runs_begun = 0
local prompts = setmetatable({}, { __mode = "k" }) -- confirmations that mark_prompt() marked
local resumption -- {path, header, confirm, forced} while a script is rerun

-- colua's own commands; nil in another interpreter.
local function commands()
  local ok, module = pcall(require, "colua.commands")
  return ok and module or nil
end

local function words_of(args)
  local words = {}
  for i = 1, #(args or {}) do words[i] = args[i] end
  return #words > 0 and words or nil
end

-- The program: {command =} or {script =, called = the name that was given, hash =}, with arguments;
-- nil in a session.
local function origin()
  local name = arg and arg[0]
  local own, words = commands(), words_of(arg)
  if not name or own and not own.has_script() then return nil end
  if own and not name:find("/") and own.load(name) then
    return { command = name, arguments = words }
  end
  local path = core.absolute(name)
  if not path then return nil end
  return { script = path, called = name, hash = files.hash(path), arguments = words }
end

-- The header -------------------------------------------------------------------------------------

local function selection_of(spec, ids)
  if spec.select then return { select = spec.select } end
  if spec.patches then return { patches = spec.patches.undoes or true } end
  if ids then return { ids = ids.count, hash = ids:hash() } end
  return spec.ids and { iterator = true } or nil
end

local KEPT = { "check_used", "even_if_used", "allow_unarchived", "replace_metadata", "whole_tags",
  "permissions", "verify", "max_delete", "max_changes", "limit" }

-- The value; nil if it holds a function, which JSON cannot. (The search refuses such a select.)
local function encodable(value)
  return value and pcall(json.encode, value) and value or nil
end

-- The options for the header. where: the text of an expression; true for a function, which only the
-- script has.
local function options_of(spec)
  local kept = {}
  for _, name in ipairs(KEPT) do kept[name] = spec[name] end
  if spec.where then kept.where = encodable(expressions.text_of(spec.where)) or true end
  local given = spec.patches
  kept.patches = given and { partial = given.partial, undoes = given.undoes } or nil
  return kept
end

--- estate(client) -> the name of the estate if the client talks to the sandbox of `colua
-- --sandbox`; nil for any other deployment.
function M.estate(client)
  local name, domain = system.getenv "CODEOCEAN_SANDBOX", system.getenv "CODEOCEAN_DOMAIN"
  local here = domain and domain:gsub("^https?://", ""):gsub("/.*$", "") == client.host
  return here and name ~= "" and name or nil
end

--- header(client, spec, ids) -> the header of the journal of the next run of this process. ids: the
-- codeocean.bulk.journal.id_list of spec.ids if that is a list.
function M.header(client, spec, ids)
  runs_begun = runs_begun + 1
  local user, host, folder = core.whereabouts()
  return {
    name = spec.name, action = spec.action, deployment = client.host,
    estate = M.estate(client), profile = client.profile, version = core.version,
    started = system.time(),
    user = user and text.valid(user), host = host and text.valid(host),
    folder = folder and text.valid(folder), note = spec.note, origin = origin(),
    position = runs_begun, inputs = files.list(),
    selection = encodable(selection_of(spec, ids)),
    change = spec.rule, options = options_of(spec), shard = spec.shard,
    dates = client.schema:dates() or spec.patches and spec.patches.dates,
  }
end

-- Resuming ---------------------------------------------------------------------------------------

--- check_deployment(header, client, path) -> true; nil, err if a journal or plan is of another
-- deployment. A sandbox is recognized by the name of its estate; its port may differ.
function M.check_deployment(header, client, path)
  local estate = M.estate(client)
  local alike = header.deployment == nil or header.deployment == client.host
  if header.estate or estate then alike = header.estate == estate end
  if alike then return true end
  local function called(host, name)
    return name and ("the sandbox %s"):format(text.escape(name)) or tostring(host)
  end
  return nil, refused("%s is of %s, this is %s", text.escape(path),
    called(text.escape(header.deployment or "?"), header.estate), called(client.host, estate))
end

-- The fields of the header that a journal and the run that resumes it must have in common.
local ALIKE = {
  { "action", "does something else" },
  { "name", "has another name" },
  { "selection", "selects something else" },
  { "change", "changes something else" },
}

local function check_where(old, new, path)
  local was, is = (old.options or {}).where, (new.options or {}).where
  if was == is then return true end
  if was == true and is == nil then
    return nil, refused("journal %s: its `where` is a function; only its script can resume it",
      text.escape(path))
  end
  return nil, refused("journal %s is of another run: this one selects something else (where)",
    text.escape(path))
end

--- check_alike(old, new, path) -> true; nil, err if the journal is of another run.
function M.check_alike(old, new, path)
  for _, row in ipairs(ALIKE) do
    local field, what = row[1], row[2]
    local known = old[field] ~= nil and (new[field] ~= nil or field == "selection")
    if known and new[field] and not equal(old[field], new[field]) then
      return nil, refused("journal %s is of another run: this one %s (%s)", text.escape(path), what,
        field)
    end
  end
  return check_where(old, new, path)
end

--- mark_prompt(confirm) -> confirm. Marks it as a function that calls confirm_rerun() itself, so
-- that a rerun of the script does not call the resumption's confirmation as well.
function M.mark_prompt(confirm)
  prompts[confirm] = true
  return confirm
end

--- confirm_rerun(plan) -> the answer to a plan of the command that reruns a script; nil if no
-- script is rerun.
function M.confirm_rerun(plan)
  if resumption then return resumption.confirm(plan) end
end

-- The confirmation for a run of a rerun script: first the command that reruns the script confirms,
-- then the script's own function, if it has one.
local function confirmed_anew(own)
  if prompts[own] then return own end
  local confirm = resumption.confirm
  return function(plan) return confirm(plan) and (not own or own(plan)) end
end

--- journal_to_resume(header, confirm) -> path of the journal that this run resumes, nil for a new
-- run; the function that confirms it in place of `confirm`; whether its script may have changed.
-- Or nil, nil, nil, err if a script is rerun and this run stands at the position of the run that
-- was interrupted but is another one.
function M.journal_to_resume(header, confirm)
  if not resumption then return nil, confirm end
  confirm = confirmed_anew(confirm)
  if header.position ~= resumption.header.position then return nil, confirm end
  local alike, err = M.check_alike(resumption.header, header, resumption.path)
  if not alike then return nil, nil, nil, err end
  return resumption.path, confirm, resumption.forced
end

-- Refuses the writes of a rerun script outside bulk runs: no journal says whether they were done
-- before.
local function refuse_other_writes(client, from)
  client:on("write", function(call)
    if call.run or client.dry_run then return nil end
    return errors.new { kind = "refused", operation = call.operation, id = call.id,
      outcome = "not_sent", message = ("outside a bulk run, and %s runs again: it may have been "
        .. "done before. Take it out of the script and resume with --force, or run the script "
        .. "itself"):format(text.escape(from.script)) }
  end)
end

local function check_unchanged(origin_of_run, header, force)
  local hash = files.hash(origin_of_run.script)
  if not hash then return nil, refused("the script %s is gone", origin_of_run.script) end
  if force then return true end
  if hash ~= origin_of_run.hash then
    return nil, refused("the script %s has changed since; --force plans the rest again",
      origin_of_run.script)
  end
  local input = files.changed(header.inputs)
  if input then
    return nil, refused("the input file %s has changed since; --force plans the rest again", input)
  end
  return true
end

local function enter(folder)
  local own = commands()
  if not folder or not own or not own.change_folder then return true end
  local ok, message = own.change_folder(folder)
  if ok then return true end
  return nil, refused("the folder %s, where the run began: %s", folder, message)
end

-- Subscribes to every client that the rerun script makes.
local function watch_clients(from, dry)
  clients.on_new(function(client)
    if dry then client:lock_dry_run() end
    refuse_other_writes(client, from)
  end)
end

--- prepare_rerun(path, header, options) -> the chunk of the script that made the journal; or nil,
-- err. Sets this process's arguments and folder to the script's. Then the run at the same
-- position resumes the journal, options.confirm confirms every plan, and writes outside bulk runs
-- are refused. options.force: also if the script or an input file has changed; options.dry_run: no
-- client writes.
function M.prepare_rerun(path, header, options)
  local from = header.origin
  if not (from and from.script) then
    return nil, refused("journal %s does not say which script made it", text.escape(path))
  end
  local unchanged, err = check_unchanged(from, header, options.force)
  if not unchanged then return nil, err end
  local absolute = core.absolute(path)
  local entered, problem = enter(header.folder)
  if not entered then return nil, problem end
  local chunk, message = loadfile(from.script)
  if not chunk then return nil, refused("%s", message) end
  _G.arg = { [0] = from.called or from.script, table.unpack(from.arguments or {}) }
  runs_begun = 0
  resumption = { path = absolute, header = header, confirm = options.confirm,
    forced = options.force }
  watch_clients(from, options.dry_run)
  return chunk
end

return M
