-- A Prosody module: GET /newest_assets answers with the names of the newest assets. The server goes
-- on meanwhile.
--
--   plugin_paths = { "/…/examples/prosody" }
--   modules_enabled = { …, "http", "newest_assets" }

local codeocean = require "codeocean"

local client = assert(codeocean.client { deadline = 5, wait = require "codeocean.loop.prosody" })

local function newest(event)
  local page, err = client.data_assets:search { sort_field = "created", limit = 3 }
  if not page then
    event.response.status_code = 502
    return tostring(err) .. "\n"
  end
  local lines = {}
  for i, asset in ipairs(page.results) do lines[i] = asset.name .. "\n" end
  return table.concat(lines)
end

-- luacheck: globals module
module:provides("http", { route = { GET = newest } })

function module.unload() client:close() end
