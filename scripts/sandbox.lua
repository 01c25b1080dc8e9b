-- colua sandbox: serves a simulated deployment until interrupted
local choices = require "codeocean.cli.choices"
local command = require "codeocean.cli"
local options = require "codeocean.cli.options"
local sandboxes = require "codeocean.sandbox"

local SEED = 1000

local parser = command.parser("sandbox",
  "Serves a simulated deployment, with an estate of assets, until interrupted.", nil, [[
colua sandbox --db trial.db --port 8080
colua sandbox --seed 5000 --dialect 2022 --latency 0.05 --page-cap 100
colua sandbox --rate-limit 20 --retry-after 2 --max-connections 50
colua sandbox --lag 3 > sandbox.env]])

-- Reads a number above 0, in this range.
local function number(least, most)
  return function(word)
    local n, problem = options.positive(word)
    if n and n < least then return nil, ("'%s' is less than %.14g"):format(word, least) end
    if n and n > most then return nil, ("'%s' is more than %.14g"):format(word, most) end
    return n, problem
  end
end

local delay = number(0, 1000000)

local value, whole = options.value, options.whole
value(parser, "--port -p", "<port>", "port on this machine (default: a free one)", whole(0, 65535))
value(parser, "--db", "<file>", "file that keeps the assets (default: memory); joins the server "
  .. "that another process runs on it")
value(parser, "--seed", "<n>", ("assets of a new estate (default: %d)"):format(SEED),
  whole(0, 10000000))
choices.set(parser:option("--dialect", "release of the API (default: both)"),
  { "2022", "current", "both" })
value(parser, "--latency", "<seconds>", "delay of each answer, in seconds", delay)
value(parser, "--lag", "<seconds>", "seconds until a search sees what was written", delay)
value(parser, "--page-cap", "<n>", "most rows of a page, 1 to 1000", whole(1, 1000))
value(parser, "--rate-limit", "<n>", "requests a second; above it the answer is 429",
  number(0.001, 1000000000))
value(parser, "--retry-after", "<seconds>", "Retry-After of that answer (default: none)", delay)
value(parser, "--max-connections", "<n>", "open connections; above it the answer is 503",
  whole(1, 1000000))

-- Prints address and token as lines that a shell can source, below a comment for people.
local function announce(sandbox, verb)
  print(("# %s %s until Ctrl-C"):format(verb, sandbox.url))
  print("export CODEOCEAN_DOMAIN=" .. sandbox.url)
  print("export CODEOCEAN_TOKEN=" .. sandbox.token)
  io.stdout:flush()
end

-- Settings that only a new server takes, not one that runs already.
local SETTINGS = { "port", "dialect", "latency", "lag", "page_cap", "rate_limit", "retry_after",
  "max_connections", "seed" }

local function start(args)
  local settings = { db = args.db, keep_requests = 0 }
  for _, name in ipairs(SETTINGS) do settings[name] = args[name] end
  settings.seed = args.seed or SEED
  return sandboxes.start(settings)
end

-- Joins the server of another process that has the file.
local function join(args)
  local joined = args.db and sandboxes.join(args.db)
  for _, name in ipairs(joined and SETTINGS or {}) do
    if args[name] then
      command.eprint("colua sandbox: %s is served already, at %s: --%s cannot change that server",
        args.db, joined.url, (name:gsub("_", "-")))
      return nil, command.status.usage
    end
  end
  return joined
end

return command.run("sandbox", parser, function(_, args)
  local sandbox <close>, problem = start(args)
  if sandbox then
    announce(sandbox, "serves")
    while sandbox:wait() do end
  end
  local joined <close>, status = join(args)
  if not joined then
    if not status then command.eprint("colua sandbox: %s", problem) end
    return status or command.status.script
  end
  announce(joined, "joined the server of " .. args.db .. " at")
  while joined:wait(1) do end
  command.eprint("colua sandbox: the server of %s has ended", args.db)
  return command.status.script
end, true)
