-- colua resume: goes on with an interrupted bulk run
local clients = require "codeocean.client"
local command = require "codeocean.cli"
local confirmation = require "codeocean.cli.confirmation"
local face = require "codeocean.cli.bulk"
local provenance = require "codeocean.bulk.provenance"
local register = require "codeocean.cli.create"
local resume = require "codeocean.bulk.resume"
local runs = require "codeocean.bulk.runs"

local parser = command.parser("resume", "Goes on with a bulk run where it was cut, from its "
  .. "journal: what was on its way is looked up first. What only the script can plan is planned by "
  .. "it and confirmed anew.", "[options] RUN", "colua resume last\ncolua resume cb52bc --yes\n"
  .. "colua resume cb52bc --force --dry-run")
parser:argument("run", "its name, its journal, or last (colua runs lists them)"):argname "RUN"
parser:flag("--force", "though the script or its input has changed, or the run was undone")
face.add_options(parser)

local function is_create(path)
  local run = runs.read(path)
  return run and run.action == "create"
end

local function open(path, args)
  local ledger, err = resume.read(path, args.force)
  if not ledger then error(err, 0) end
  return ledger
end

-- The script's own options say how it runs.
local function script_of(path, ledger, args)
  local client <close>, unknown = clients.new {}
  if not client then error(unknown, 0) end
  local ok, elsewhere = provenance.check_deployment(ledger.header, client, path)
  if not ok then error(elsewhere, 0) end
  local chunk, err = provenance.prepare_rerun(path, ledger.header, { force = args.force,
    dry_run = args.dry_run,
    confirm = args.yes and function() return true end or confirmation.confirm })
  if not chunk then error(err, 0) end
  return chunk
end

local path, ledger, chunk
local status = command.run_as("colua resume", parser, function(args)
  path = face.find(args.run, "resume")
  if is_create(path) then return end
  ledger = open(path, args)
  if resume.needs_script(ledger) then chunk = script_of(path, ledger, args) end
end)
if status ~= 0 then return status end
if chunk then return chunk(table.unpack(arg)) end
if not ledger then
  return command.run("resume", parser, function(client, args)
    return register.resume(client, path, args)
  end)
end
return command.run("resume", parser, function(client, args)
  return face.carry_out(client, resume.spec(path, ledger), args, 0)
end)
