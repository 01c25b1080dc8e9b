-- colua delete: deletes assets permanently
local command = require "codeocean.cli"
local face = require "codeocean.cli.bulk"
local options = require "codeocean.cli.options"

local parser = command.parser("delete", "Deletes archived assets. This cannot be undone.",
  "[options] [ID …]", [[
colua delete --query tag:scratch --dry-run
colua delete fea84ebf-b58b-4ad2-994d-7169dc3880fb
colua delete --query tag:scratch --check-used
colua delete --ids old.csv --check-used --even-if-used
colua delete --query tag:scratch --archived any --allow-unarchived \
  --max-delete 200]])
options.selection(parser)
face.add_options(parser, options.value(parser, "--max-delete", "<n>",
  "refuse to delete more than this (default: 100)", options.whole(1)),
  parser:flag("--allow-unarchived", "also delete assets that are not archived"),
  options.check_used(parser),
  parser:flag("--even-if-used", "with --check-used: also delete assets in use"))

return command.run("delete", parser, function(client, args)
  local spec, bad = command.selection(args, client)
  spec.action, spec.max_delete = "delete", args.max_delete
  spec.allow_unarchived = args.allow_unarchived
  spec.check_used, spec.even_if_used = args.check_used, args.even_if_used
  return face.carry_out(client, spec, args, bad)
end)
