-- colua resume: finishes an interrupted bulk run
local clients = require "codeocean.client"
local command = require "codeocean.cli"
local confirmation = require "codeocean.cli.confirmation"
local face = require "codeocean.cli.bulk"
local ledgers = require "codeocean.bulk.journal.ledger"
local provenance = require "codeocean.bulk.provenance"
local register = require "codeocean.cli.create"
local resume = require "codeocean.bulk.resume"

local parser = command.parser("resume", "Finishes an interrupted bulk run from its journal. "
  .. "Requests that were under way are looked up first. Changes that only the script can plan "
  .. "are planned by it and confirmed again.", "[options] RUN",
  "colua resume last\ncolua resume cb52bc --yes\n"
  .. "colua resume cb52bc --force --dry-run")
parser:argument("run", "its name, its journal, or last (colua runs lists them)"):argname "RUN"
parser:flag("--force", "also if the script or its input has changed, or the run was undone")
face.add_options(parser)

local function must(value, err)
  if not value then error(err, 0) end
  return value
end

-- The chunk of the script that made the run. It runs with its own options, not with these.
local function script_of(path, header, args)
  local client <close> = must(clients.new {})
  must(provenance.check_deployment(header, client, path))
  return must(provenance.prepare_rerun(path, header, { force = args.force, dry_run = args.dry_run,
    confirm = args.yes and function() return true end or confirmation.confirm }))
end

local function needs_script(path, header, args)
  return resume.may_need_script(header)
    and resume.needs_script(must(resume.read(path, args.force)))
end

local path, header, chunk
local status = command.run_as("colua resume", parser, function(args)
  path = face.find(args.run, "resume")
  header = must(ledgers.read_header_at(path))
  if header.action ~= "create" and needs_script(path, header, args) then
    chunk = script_of(path, header, args)
  end
end)
if status ~= 0 then return status end
if chunk then return chunk(table.unpack(arg)) end
if header.action == "create" then
  return command.run("resume", parser, function(client, args)
    return register.resume(client, path, args)
  end)
end
return command.run("resume", parser, function(client, args)
  return face.carry_out(client, must(resume.spec(path, args.force)), args, 0)
end)
