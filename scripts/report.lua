-- colua report: writes one page about an estate
local age = require "codeocean.cli.age"
local command = require "codeocean.cli"
local options = require "codeocean.cli.options"
local output_file = require "codeocean.output.file"
local page = require "codeocean.estate.report_page"
local report = require "codeocean.output.report"
local surveys = require "codeocean.estate.survey"
local text = require "codeocean.text"

local parser = command.parser("report", "Writes one HTML page about the assets that a search "
  .. "finds: growth by month, size and idle share by type, owner and tag, tags with similar "
  .. "spellings, duplicates, drafts and failures, missing metadata. The page loads nothing from "
  .. "the network.", nil, [[
colua report --output estate.html
colua report --type dataset --idle 6m --output datasets.html]])
options.search(parser)
parser:group("What to write",
  options.value(parser, "--output", "<file>", "the page; replaces a file of this name"),
  options.value(parser, "--idle", "<age>", "what counts as idle: 90d, 26w, 6m, 1y (default)",
    age.seconds))

-- The command line, from which the reader of the page sees which assets it is about.
local function made_by()
  local words = { "colua report" }
  for i, word in ipairs(arg) do words[i + 1] = text.quoted(word) end
  return table.concat(words, " ")
end

return command.run("report", parser, function(client, args)
  if not args.output then command.usage_error("which file? give --output estate.html") end
  local now = os.time()
  local idle_before = now - (args.idle or assert(age.seconds "1y"))
  local survey = surveys.new(idle_before)
  for asset in command.assets(client, args, { limit = args.limit }) do survey:add(asset) end
  local html = page.text(survey, { title = "Data assets of " .. client.host,
    about = os.date("!As of %Y-%m-%d %H:%M UTC, by ", now) .. made_by(),
    idle_since = os.date("!%Y-%m-%d", idle_before) })
  local written, problem = output_file.replace(args.output, html)
  if not written then command.usage_error("--output: %s", problem) end
  command.eprint("%s: %s, %s bytes", args.output, report.count(survey:total().count, "asset"),
    #html)
end)
