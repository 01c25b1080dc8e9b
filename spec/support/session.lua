-- A session on a real pseudo-terminal, in a home of its own.
--
--   local session = require "session"
--   session.play { { "6 * 7\r", "\n42\n" }, { nil, session.PROMPT } }

local process = require "process"
local terminal = require "terminal"

local M = {}

M.PROMPT, M.ENTER = "sandbox > ", "\r"

--- play(steps [, options]): terminal.play with the steps behind the first prompt. options, beside
-- those: argv ({"--sandbox"}), prompt (the first one), folder (the home; a new one is removed),
-- peer (a sandbox of the spec, which is the deployment then).
function M.play(steps, options)
  local own = {}
  for name, value in pairs(options or {}) do own[name] = value end
  local folder = own.folder or process.folder()
  own.argv = own.argv or own.peer and {} or { "--sandbox" }
  own.env = { HOME = folder, XDG_STATE_HOME = folder .. "/state" }
  if own.peer then
    own.env.CODEOCEAN_DOMAIN, own.env.CODEOCEAN_TOKEN = own.peer.url, own.peer.token
  end
  for name, value in pairs(options and options.env or {}) do own.env[name] = value end
  local all = table.move(steps, 1, #steps, 2, { { nil, own.prompt or " > " } })
  local results = table.pack(pcall(terminal.play, own, all))
  if not own.folder then process.clean(folder) end
  if not results[1] then error(results[2], 0) end
  return table.unpack(results, 2, results.n)
end

--- in_one_home(before_each, after_each) -> play(steps, options), as M.play, and folder() -> the
-- home that all sessions of one test share. The arguments are busted's, of the block that plays.
function M.in_one_home(before_each, after_each)
  local folder
  before_each(function() folder = process.folder() end)
  after_each(function() process.clean(folder) end)
  return function(steps, options)
    local own = { folder = folder, prompt = M.PROMPT }
    for name, value in pairs(options or {}) do own[name] = value end
    return M.play(steps, own)
  end, function() return folder end
end

return M
