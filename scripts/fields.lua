-- colua fields: lists the keys of custom metadata that the deployment knows
local command = require "codeocean.cli"
local options = require "codeocean.cli.options"

local FIELDS = { "name", "type", "required", "multiple", "allowed_values", "range", "units",
  "category" }

local parser = command.parser("fields", "Lists the keys of custom metadata and the values that "
  .. "each may hold. colua update and bulk runs refuse other keys and values. A date is written "
  .. "as 2024-02-29.", nil,
  "colua fields\ncolua fields --json")
options.output(parser)
options.rows(parser, FIELDS)

return command.run("fields", parser, function(client, args)
  local schema, err = client:custom_metadata()
  if not schema and err.kind == "missing" then
    command.eprint("the deployment has no schema: it accepts any key and value")
    return command.status.done
  elseif not schema then
    error(err, 0)
  end
  local writer <close> = command.writer(args, { "name", "type", "required", "allowed_values" })
  for _, field in ipairs(schema.fields or {}) do
    if not writer:row(field) then break end
  end
  writer:finish()
  return writer.lost > 0 and command.status.items_failed or command.status.done
end)
