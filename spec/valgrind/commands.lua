-- Runs commands and a short session under memcheck, against a sandbox in this process, which is
-- not. A row is a command and its status. Errors of memory go to the files of MEMCHECK
-- (spec/valgrind/lua); here the commands are checked to have done their work.
--
--   colua spec/valgrind/commands.lua

package.path = "spec/support/?.lua;" .. package.path
local deployment = require "deployment"
local process = require "process"
local session = require "session"

local here = deployment.start { ready_after = 0, seed = 40, dialect = "current" }
process.colua = process.shell("realpath spec/valgrind/lua").out:match "[^\n]+"
local id = here:asset { name = "one", tags = { "raw" } }
process.write(here.folder .. "/sheet.csv", "id,description\n" .. id .. ",written\n")
process.write(here.folder .. "/new.csv", "name,bucket\nfrom-a-sheet,open-neuro\n")

local ROWS = {
  { 0, "search", "--query", "name:one", "--where", "#tags > 0", "--csv" },
  { 0, "search", "--archived", "any", "--json" },
  { 0, "tag", id, "--add", "qc", "--yes" },
  { 0, "undo", "last", "--yes" },
  { 0, "create", "--name", "new", "--bucket", "open-neuro" },
  { 0, "create", "--from", "new.csv", "--yes" },
  { 0, "update", "--from", "sheet.csv", "--yes" },
  { 0, "report", "--output", "estate.html" },
  { 0, "share", id, "--everyone", "viewer", "--yes" },
  { 0, "cat", id, "data_description.json" },
  { 0, "uses", id },
  { 0, "runs" },
  { 3, "get", "ffffffff-0000-4000-8000-000000000404" },
  { 2, "search", "--no-such-option" },
}

local failed = 0

local function check(name, good, shown)
  if good then return end
  failed = failed + 1
  io.stderr:write(("valgrind: %s did not end as expected:\n%s\n"):format(name, shown))
end

for _, row in ipairs(ROWS) do
  local result = here:run { table.unpack(row, 2) }
  check(table.concat(row, " ", 2), result.status == row[1], result.status .. result.err)
end

local ok, problem = pcall(session.play, {
  { "6 * 7\r", "42", 60 },
  { ("assets:get '%s'\r"):format(id), "written", 60 },
  { "assets:up\t", "assets:update", 60 },
  { "\3", "> ", 60 },
  { "for asset in assets:each { limit = 2 } do print(asset.id) end\r", "-", 60 },
  { ".trace on\r", "trace is on", 60 },
  { ("#assets:read_file('%s', 'processing.json')\r"):format(id), "(a file) 200", 60 },
  { "error 'x'\r", "x", 60 },
  { "\4", "", 60 },
}, { peer = here.server, prompt = "> ", leaves = true })
check("a session", ok, problem)

here:stop()
print(("%d commands and a session, %d failed"):format(#ROWS, failed))
os.exit(failed == 0, true)
