-- colua undo: takes a bulk run back
local command = require "codeocean.cli"
local face = require "codeocean.cli.bulk"
local provenance = require "codeocean.bulk.provenance"
local undo = require "codeocean.bulk.undo"

local parser = command.parser("undo", "Takes back what a run changed and what still stands: tags "
  .. "that it added go, those it removed come back, fields get their old value; what somebody "
  .. "changed since is left alone.", "[options] RUN", "colua undo last --dry-run\n"
  .. "colua undo cb52bc\ncolua undo cb52bc --force\n"
  .. "colua undo ~/.local/state/colua/runs/20261123T101500Z-tag-3f2a1b.jsonl")
parser:argument("run", "its name, its journal, or last (colua runs lists them)"):argname "RUN"
parser:flag("--force", "though the run was undone already: what that undo did not take back")
face.add_options(parser)

return command.run("undo", parser, function(client, args)
  local path = face.find(args.run, "undo")
  local spec, header = undo.spec(path, args.force, args.dry_run or client.dry_run)
  if not spec then error(header, 0) end
  local ok, elsewhere = provenance.check_deployment(header, client, path)
  if not ok then error(elsewhere, 0) end
  return face.carry_out(client, spec, args, 0)
end)
