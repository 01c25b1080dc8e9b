--- Dot commands: lines of the session that begin with a dot. Called by colua.session with the line.

local core = require "codeocean.core"
local shown_lists = require "colua.shown_list"
local user_folders = require "codeocean.user_folders"

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
    client.engine:trace() -- drops the requests recorded until now
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

-- Files ------------------------------------------------------------------------------------------

-- The path that a user wrote for a file; "~/" is the home, as in a shell.
local function path_of(words)
  local home = user_folders.home(os.getenv)
  return home and words:match "^~/" and home .. words:sub(2) or words
end

local function quoted(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

local function write_file(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
end

local function read_file(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read("a")
end

local EEXIST = 17

-- A new file; or nil, and the reason was shown. What is there already stays, even a dangling link.
local function create_file(repl, path)
  local file, problem, code = core.create_file(path)
  if file then return file end
  repl.show:failure(code == EEXIST and path .. " is there already; name another file"
    or path .. ": " .. problem)
end

local function save(repl, words)
  if words == "" then return repl.show:failure ".save FILE: which one?" end
  local path = path_of(words)
  local file = create_file(repl, path)
  if not file then return end
  local script, count = repl.saved:script(path)
  file:write(script)
  file:close()
  repl.show:line(("%d statement%s saved; run: colua %s"):format(count, count == 1 and "" or "s",
    path))
end

local function help(repl)
  repl.help()
end

-- Lists ------------------------------------------------------------------------------------------

-- The parameters of the next page.
local function params_of_next(params, page)
  local own = {}
  for name, value in pairs(params) do own[name] = value end
  local from = params.offset or params.start or 0
  own.next_token, own.start, own.offset = page.next_token, nil, nil
  if not page.next_token then own.offset = from + #page.results end
  return own
end

local function next_page(repl, page)
  local params = repl.seen:search_of(page)
  if not params then return repl.show:failure "another client searched for this page" end
  local assets = repl.deployment.client.data_assets
  local function run() return assets:search(params_of_next(params, page)) end
  repl:run { run = run, expression = true, entries = {} }
end

local function more(repl)
  local list = repl.show.list
  if not list:is_over() then return repl.show:text(list:more(repl.show:options())) end
  if list.page and list.page.has_more then return next_page(repl, list.page) end
  repl.show:line(list.rows and "that was all" or "there is no list; .more goes on with one")
end

local function columns(repl, words)
  local names = {}
  local apart = words:find(",", 1, true) and "[^,]+" or "%S+" -- a key may have blanks
  for name in words:gmatch(apart) do names[#names + 1] = name:match "%S.*%f[%s\0]" end
  local chosen, problem = repl.show.list:choose(names, repl.seen:all "fields")
  if not chosen then return repl.show:failure(problem) end
  repl.show:line(#names > 0 and "columns: " .. table.concat(names, ", ") or "the usual columns")
end

local function csv(repl, words)
  local list, path = repl.show.list, path_of(words)
  local rows = shown_lists.rows(repl.globals._) or list.rows
  if path == "" then return repl.show:failure ".csv FILE: which one?" end
  if not rows then return repl.show:failure "there is no list of assets to write" end
  local file = create_file(repl, path)
  if not file then return end
  local count, err = list:csv(rows, file)
  file:close()
  if not count then return repl.show:failure(err) end
  repl.show:line(("%d rows in %s"):format(count, path))
end

-- The user's editor, as a command of the shell: it may have arguments. The path of a program is
-- one word, also with blanks.
local function editor_of(getenv)
  local found = getenv "VISUAL" or ""
  if found == "" then found = getenv "EDITOR" or "" end
  if found == "" then return "vi" end
  return core.absolute(found) and quoted(found) or found
end

-- A new file whose name shows editors that it is Lua.
local function new_scratch()
  local path = os.tmpname()
  return os.rename(path, path .. ".lua") and path .. ".lua" or path
end

-- Opens the last statement in the user's editor; the edited text stands at the next prompt.
local function edit(repl)
  local entries, path = repl.history.entries, new_scratch()
  local last = #entries
  while entries[last] and M.is_command(entries[last]) do last = last - 1 end
  write_file(path, (entries[last] or "") .. "\n")
  local editor = editor_of(os.getenv)
  local done = os.execute(editor .. " " .. quoted(path))
  if done then repl.draft = read_file(path):gsub("%s+$", "") end
  os.remove(path)
  if not done then repl.show:failure(("%s failed; EDITOR names another"):format(editor)) end
end

-- Rows -------------------------------------------------------------------------------------------

--- {name, argument, help, function}.
M.rows = {
  { ".more", "", "show the next rows of the last list", more },
  { ".columns", "a,b,c", "show these columns of assets; none: the usual", columns },
  { ".csv", "FILE", "write the last list as CSV", csv },
  { ".edit", "", "edit the last statement in $EDITOR", edit },
  { ".time", "STATEMENT", "run it and tell how long it took", time },
  { ".trace", "on|off", "show each request as it is sent", trace },
  { ".dry", "on|off", "hold back whatever would write", dry },
  { ".save", "FILE", "write the session so far as a script", save },
  { ".help", "", "what help() says", help },
}

--- is_command(line) -> whether it begins with a dot and a letter, as no statement of Lua does.
function M.is_command(line)
  return line:find("^%s*%.%a") ~= nil
end

local function unknown(repl, name)
  local names = {}
  for i, row in ipairs(M.rows) do names[i] = row[1] end
  local leaves = name == ".exit" or name == ".quit"
  repl.show:failure(("there is no %s; %s"):format(name, leaves and "exit leaves, without a point"
    or "there are " .. table.concat(names, ", ")))
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
