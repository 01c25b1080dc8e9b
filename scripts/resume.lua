-- colua resume: goes on with an interrupted bulk run
local command = require "codeocean.cli"
local origin = require "codeocean.bulk.provenance"

local parser = command.parser("resume", "Goes on with a bulk run where it was cut: what was on its "
  .. "way is looked up first, what was not yet done is done.", "[options] JOURNAL",
  "colua resume ~/.local/state/colua/runs/20261123T101500Z-tag-3f2a1b.jsonl")
parser:argument("journal", "its journal (colua runs lists them)")
parser:flag("--force", "even if the script has changed since")

local chunk
local status = command.run_as("colua resume", parser, function(args)
  local problem
  chunk, problem = origin.again(args.journal, args.force)
  if not chunk then error(problem, 0) end
end)
if not chunk then return status end
return chunk(table.unpack(arg))
