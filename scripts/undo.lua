-- colua undo: takes back the changes of a bulk run
local command = require "codeocean.cli"
local face = require "codeocean.cli.bulk"
local undo = require "codeocean.bulk.undo"

local parser = command.parser("undo", "Takes back the changes of a run that still stand: removes "
  .. "the tags that it added, adds the tags that it removed, restores the old values of fields. "
  .. "Fields that somebody changed since are not touched.", "[options] RUN",
  "colua undo last --dry-run\n"
  .. "colua undo cb52bc\ncolua undo cb52bc --force\n"
  .. "colua undo ~/.local/state/colua/runs/20261123T101500Z-tag-3f2a1b.jsonl")
parser:argument("run", "its name, its journal, or last (colua runs lists them)"):argname "RUN"
parser:flag("--force", "also if the run was undone already: take back the rest")
face.add_options(parser)

return command.run("undo", parser, function(client, args)
  local path = face.find(args.run, "undo")
  local spec, err = undo.spec(path, args.force)
  if not spec then error(err, 0) end
  return face.carry_out(client, spec, args, 0)
end)
