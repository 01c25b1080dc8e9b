-- colua undo: takes a bulk run back
local command = require "codeocean.cli"
local face = require "codeocean.cli.bulk"
local origin = require "codeocean.bulk.provenance"
local undo = require "codeocean.bulk.undo"

local parser = command.parser("undo", "Writes back the fields that a run wrote and that still hold "
  .. "what it wrote; what somebody changed since is left alone.", "[options] JOURNAL",
  "colua undo ~/.local/state/colua/runs/20261123T101500Z-tag-3f2a1b.jsonl --dry-run")
parser:argument("of", "the run's journal (colua runs lists them)"):argname "JOURNAL"
face.add_options(parser)

return command.run("undo", parser, function(client, args)
  local spec, err, header = undo.spec(args.of)
  if not spec then error(err, 0) end
  local same, elsewhere = origin.check_deployment(header, client, args.of)
  if not same then error(elsewhere, 0) end
  return face.carry_out(client, spec, args, 0)
end)
