--- Lines that begin with a dot: what Lua has no good form for.

local core = require "codeocean.core"
local history = require "colua.history"

local M = {}

local function switch(words)
  if words == "on" or words == "off" then return words == "on" end
end

local function time(repl, words)
  local chunk, problem = repl.session:compile(words)
  if words == "" then
    return repl.show:failure ".time STATEMENT: which one?"
  elseif not chunk then
    return repl.show:failure(problem)
  end
  local client = repl.deployment.client
  local requests, started = client and client:stats().requests or 0, core.now()
  repl:run(chunk)
  local seconds = core.now() - started
  requests = (client and client:stats().requests or 0) - requests
  repl.show:line(("%s, %d %s"):format(seconds < 1 and ("%.1f ms"):format(seconds * 1000)
    or ("%.2f s"):format(seconds), requests, requests == 1 and "request" or "requests"), "dim")
end

local function needs_client(repl)
  if repl.deployment.client then return repl.deployment.client end
  repl.show:failure(tostring(repl.deployment.problem))
end

local function trace(repl, words)
  local client, on = needs_client(repl), switch(words)
  if not client then return end
  if on ~= nil then
    client.engine:trace() -- what was noted until now is nobody's business
    client.trace = on
  end
  repl.show:line("trace is " .. (client.trace and "on: each request on stderr" or "off"))
end

local function dry(repl, words)
  local client, on = needs_client(repl), switch(words)
  if not client then return end
  if on ~= nil then
    local done, problem = client:set_dry_run(on)
    if not done then return repl.show:failure(problem) end
  end
  repl.show:line(client.dry_run and "dry run is on: no request that writes is sent"
    or "dry run is off")
end

-- .save ------------------------------------------------------------------------------------------

local HEADER = [[
-- A session of colua, saved. Run it by: colua %s
local codeocean = require "codeocean"
local bulk = require "codeocean.bulk"
local tags = require "codeocean.tags"
local client = assert(codeocean.client())
local assets = client.data_assets
local _

]]

-- An expression's value goes on being `_`.
local function as_statement(entry)
  local text = entry.text:gsub("^%s*return%s+", "", 1)
  if entry.expression and entry.values then return "_ = " .. text end
  if not entry.expression and text ~= entry.text then return "_ = " .. text end
  return entry.text
end

local function script_of(repl, path)
  local parts = { HEADER:format((path:gsub("%c", "?"))) }
  for _, entry in ipairs(repl.saved) do
    local secret = history.is_secret(entry.text, repl.deployment.secrets)
    parts[#parts + 1] = secret and "-- (a line with a secret was left out)" or as_statement(entry)
  end
  return table.concat(parts, "\n") .. "\n"
end

local function exists(path)
  local file = io.open(path, "rb")
  if file then file:close() end
  return file ~= nil
end

local function save(repl, path)
  if path == "" then return repl.show:failure ".save FILE: which one?" end
  if exists(path) then return repl.show:failure(path .. " is there already; name another file") end
  local file, problem = io.open(path, "wb")
  if not file then return repl.show:failure(problem) end
  file:write(script_of(repl, path))
  file:close()
  repl.show:line(("%d statements saved; run them by: colua %s"):format(#repl.saved, path))
end

local function help(repl)
  repl.help()
end

-- Rows -------------------------------------------------------------------------------------------

--- name, what stands behind it, what it does, how.
M.rows = {
  { ".time", "STATEMENT", "run it and tell how long it took", time },
  { ".trace", "on|off", "show each request as it is sent", trace },
  { ".dry", "on|off", "hold back whatever would write", dry },
  { ".save", "FILE", "write the session so far as a script", save },
  { ".help", "", "what help() says", help },
}

--- is_command(line): Lua has no statement that begins with a dot and a letter.
function M.is_command(line)
  return line:find("^%s*%.%a") ~= nil
end

local function unknown(repl, name)
  local names = {}
  for i, row in ipairs(M.rows) do names[i] = row[1] end
  repl.show:failure(("there is no %s; there are %s"):format(name, table.concat(names, ", ")))
end

--- run(repl, line): carries out the command.
function M.run(repl, line)
  local name, words = line:match("^%s*(%.%a+)%s*(.-)%s*$")
  for _, row in ipairs(M.rows) do
    if row[1] == name then return row[4](repl, words) end
  end
  unknown(repl, name)
end

return M
