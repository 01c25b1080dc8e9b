-- colua check: is the deployment there, and is the token good?
local command = require "codeocean.command"

local parser = command.parser("check", "Sends one search and says what came of it.")

return command.run("check", parser, function(client)
  local page, err = client.data_assets:search { limit = 1 }
  if not page then error(err, 0) end
  local stats = client:stats()
  print(("%s: reachable, token accepted, %s assets, %.0f ms"):format(client.host,
    page.total or "some", stats.latency_p50 * 1000))
end)
