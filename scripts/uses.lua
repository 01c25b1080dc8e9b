-- colua uses: lists what uses assets
local command = require "codeocean.cli"
local options = require "codeocean.cli.options"
local report = require "codeocean.output.report"
local rows = require "codeocean.cli.fetch"
local uses = require "codeocean.assets.uses"

local parser = command.parser("uses", "Lists what uses an asset: combined assets that contain "
  .. "it, results made from it, capsules that have it attached. Reads the whole estate once and "
  .. "writes nothing.", "[options] [ID …]", [[
colua uses fea84ebf-b58b-4ad2-994d-7169dc3880fb
colua uses --query tag:scratch --archived true --csv > uses.csv]])
options.selection(parser)
options.run(parser, options.jobs(parser), options.rate(parser))
options.output(parser)
options.rows(parser, { "asset", "type", "id", "name" })

return command.run("uses", parser, function(client, args)
  local list, bad = command.ids(client, args)
  local of = uses.new(client)
  of:refresh()
  local named = #args.id > 0 or args.ids
  -- Reads a named asset that has no uses: a mistyped id must fail, not look like an unused asset.
  local function users_of(id)
    local found, err = of:of(id)
    local asset = true
    if found and #found == 0 and named then asset, err = client.data_assets:get(id) end
    if asset then return found, err end
    return nil, err
  end
  local found, errs = rows.gather(client, list, "searching", users_of, { jobs = args.jobs })
  local users, problems = {}, {}
  for i, id in ipairs(list) do
    for _, use in ipairs(found[i] or {}) do
      use.asset = id
      users[#users + 1] = use
    end
    problems[#problems + 1] = errs[i]
  end
  local failures = {}
  for i, err in ipairs(problems) do failures[#users + i] = err end
  local code = rows.print(#users + #problems, users, failures, args,
    { bad = bad, fields = { "asset", "type", "id", "name" } })
  command.eprint("%s, %s", report.count(#list, "asset"), report.count(#users, "use"))
  return code
end)
