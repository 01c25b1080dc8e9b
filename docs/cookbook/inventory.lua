-- Prints everything there is as CSV, with a column that says what is archived.
local codeocean = require "codeocean"
local output = require "codeocean.output"

local client <close> = assert(codeocean.client())
local writer = output.writer { format = "csv", fields = { "id", "name", "type", "state", "archived",
  "size", "files", "created", "last_used", "tags", "custom_metadata.subject" } }

local function list(archived)
  for asset in client.data_assets:each { archived = archived or nil } do
    asset.archived = archived
    assert(writer:row(asset))
  end
end

list(false)
list(true)
assert(writer:finish())
