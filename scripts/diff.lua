-- colua diff: shows what a rehearsal changed in a pulled file
local command = require "codeocean.cli"
local options = require "codeocean.cli.options"
local rehearsal = require "codeocean.bulk.copy"
local report = require "codeocean.output.report"

local parser = command.parser("diff", "Compares a pulled file with what it was when it was pulled.",
  "[options] FILE", "colua diff copy.db")
parser:argument("file", "file that colua pull made"):argname "FILE"
parser:flag("--detailed-exitcode", "status 10 if anything differs")
options.output(parser)
options.rows(parser, { "status", "id", "name", "change", "fields" })

return command.run("diff", parser, function(_, args)
  local rows, err = rehearsal.diff(args.file)
  if not rows then error(err, 0) end
  local writer = command.writer(args, { "status", "id", "name", "change" })
  for _, row in ipairs(rows) do
    row.change = report.change(row)
    writer:row(row)
  end
  writer:finish()
  command.note("%d %s", #rows, #rows == 1 and "difference" or "differences")
  return args.detailed_exitcode and #rows > 0 and command.status.changes_pending or nil
end, true)
