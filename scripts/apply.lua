-- colua apply: writes the changes of a plan that --plan wrote
local command = require "codeocean.cli"
local face = require "codeocean.cli.bulk"
local provenance = require "codeocean.bulk.provenance"
local planfile = require "codeocean.bulk.plan_file"

local parser = command.parser("apply", "Writes the changes of a plan. If somebody else changed a "
  .. "field since, that is drift, and the asset is not touched.", "[options] PLAN",
  "colua tag --query name:2021 --add x --plan plan.jsonl\ncolua apply plan.jsonl")
parser:argument("file", "plan that --plan wrote"):argname "PLAN"
face.add_options(parser)

return command.run("apply", parser, function(client, args)
  local spec, header = planfile.spec(args.file)
  if not spec then error(header, 0) end
  local ok, elsewhere = provenance.check_deployment(header, client, args.file)
  if not ok then error(elsewhere, 0) end
  return face.carry_out(client, spec, args, 0)
end)
