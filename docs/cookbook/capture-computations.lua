-- Captures results: computations.csv has the columns computation (its id) and name.
local codeocean = require "codeocean"
local ids = require "codeocean.ids"

local client <close> = assert(codeocean.client())
local rows, complaints = assert(ids.load("computations.csv", { column = "computation" }))
for _, complaint in ipairs(complaints) do io.stderr:write(complaint.message, "\n") end

local captured, errors = client:map(rows, function(row)
  return client.data_assets:create({
    name = row.row.name, mount = row.row.name, tags = { "captured" },
    source = { computation = { id = row.id } },
  }, { unless_exists = true })
end)
for i, row in ipairs(rows) do
  print(row.row.name, captured[i] and captured[i].id or tostring(errors[i]))
end
os.exit(next(errors) == nil and #complaints == 0, true)
