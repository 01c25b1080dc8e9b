-- colua sandbox: serves a stand-in for the platform until interrupted
local command = require "codeocean.cli"
local sandboxes = require "codeocean.sandbox"

local parser = command.parser("sandbox",
  "Serves a stand-in for the platform, with an estate of assets, until interrupted.")

local function delay(word)
  local seconds, problem = command.positive(word)
  if seconds and seconds > 1e6 then return nil, ("'%s' is more than 1000000"):format(word) end
  return seconds, problem
end

parser:option("--port -p", "port on this machine (default: a free one)")
  :convert(command.whole(0, 65535))
parser:option("--db", "file that keeps the assets (default: they are forgotten)"):argname "<file>"
parser:option("--seed", "assets of a new estate", "1000"):argname "<n>"
  :convert(command.whole(0, 10000000))
parser:option("--dialect", "what it answers as", "both"):choices { "2022", "current", "both" }
parser:option("--latency", "seconds that each answer is late"):argname "<seconds>":convert(delay)
parser:option("--lag", "seconds until a search sees what was written"):argname "<seconds>"
  :convert(delay)
parser:option("--page-cap", "most rows of a page, 1 to 1000"):argname "<n>"
  :convert(command.whole(1, 1000))
parser:option("--rate-limit", "requests a second; above it the answer is 429"):argname "<n>"
  :convert(command.positive)
parser:option("--retry-after", "what Retry-After says then (default: there is none)")
  :argname "<seconds>":convert(delay)
parser:option("--max-connections", "above it the answer is 503"):argname "<n>"
  :convert(command.whole(1, 1000000))

-- Standard output may be sourced by a shell: export lines, and comments for people.
local function announce(sandbox)
  print("# serves " .. sandbox.url .. " until Ctrl-C")
  print("export CODEOCEAN_DOMAIN=" .. sandbox.url)
  print("export CODEOCEAN_TOKEN=" .. sandbox.token)
  io.stdout:flush()
end

return command.run("sandbox", parser, function(_, args)
  local sandbox <close>, problem = sandboxes.start {
    port = args.port, db = args.db, seed = args.seed, dialect = args.dialect,
    latency = args.latency, lag = args.lag, page_cap = args.page_cap,
    rate_limit = args.rate_limit, retry_after = args.retry_after,
    max_connections = args.max_connections, keep_requests = 0,
  }
  if not sandbox then
    command.note("colua sandbox: %s", problem)
    return command.status.script
  end
  announce(sandbox)
  while sandbox:wait() do end
end, true)
