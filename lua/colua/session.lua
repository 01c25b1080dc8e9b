--- The interactive session: reads a statement, runs it and shows the results, until the user
-- leaves. Called by the interpreter, with the terminal (src/colua/lterminal.c). Each part of the
-- session is a file beside this one.

local advice = require "colua.advice"
local commands = require "colua.dot_commands"
local complete = require "colua.complete"
local core = require "codeocean.core"
local dates = require "codeocean.output.dates"
local format = require "codeocean.output.format"
local errors = require "codeocean.error"
local evaluate = require "colua.evaluate"
local confirmation = require "colua.confirmation"
local help = require "colua.help"
local highlight = require "colua.line.highlight"
local history = require "colua.history"
local editors = require "colua.line"
local deployment = require "colua.deployment"
local pager = require "colua.pager"
local protection = require "colua.protection"
local queries = require "codeocean.assets.query"
local regular_file = require "codeocean.input.regular_file"
local save = require "colua.save"
local seen_values = require "colua.complete.seen_values"
local settings = require "colua.settings"
local show = require "colua.show"
local progresses = require "colua.progress"
local texts = require "codeocean.text"
local undo = require "colua.undo"
local user_folders = require "codeocean.user_folders"
local variables = require "colua.complete.variables"

local M = {}

local ENOENT = 2

local Repl = { __name = "colua.session" }
Repl.__index = Repl

-- Its parts --------------------------------------------------------------------------------------

local function write(text)
  io.stdout:write(text)
  io.stdout:flush()
end

local function width()
  return core.columns(io.stdout)
end

local function new_show(terminal)
  return show.new { write = write, width = width,
    pager = terminal.edited and pager.new(terminal, write) or nil,
    colour = format.colours(os.getenv, width() ~= nil) }
end

local function new_progress(terminal)
  return terminal.edited and progresses.new { out = io.stderr,
    width = function() return core.columns(io.stderr) end } or nil
end

-- The history, and why it has no file, or nil: the session works without a file.
local function new_history(terminal, secrets)
  local kept = history.new { path = history.path(os.getenv), secrets = secrets,
    private = function(path)
      user_folders.make(path:match "^(.*)/")
      return terminal.private(path)
    end }
  local loaded, problem = kept:load()
  return kept, not loaded and problem or nil
end

local function is_incomplete(self, source)
  return not commands.is_command(source) and not advice.is_block(source)
    and self.session:is_incomplete(source)
end

local function hint(self, source, at)
  local found = complete.hint(source:sub(1, at), self.known)
  return found and self.show.paint.dim(texts.clip(found, (width() or 80) - 1))
end

local function new_editor(self)
  return editors.new {
    terminal = self.terminal, write = write, entries = self.history.entries,
    complete = function(source, at)
      return complete.insertion(source:sub(1, at), self.known, width())
    end,
    incomplete = function(source) return is_incomplete(self, source) end,
    hint = function(source, at) return hint(self, source, at) end,
    spans = self.show.colour and highlight.spans or nil,
  }
end

local function new(terminal, version)
  local self = setmetatable({
    terminal = terminal, version = version, show = new_show(terminal), globals = _G,
  }, Repl)
  self.settings = settings.read(os.getenv)
  self.progress = new_progress(terminal)
  self.deployment = deployment.new(os.getenv, self.progress)
  if self.progress and self.deployment.client then self.progress:watch(self.deployment.client) end
  self.deployment:install(self.globals)
  self.saved = save.new(self.deployment.secrets)
  self.seen = seen_values.new(self.deployment.client)
  protection.watch(self.deployment.client)
  self.undo = undo.new(self)
  self.globals.undo = self.undo
  self.confirmation = confirmation.new(self)
  self.help = help.new(self)
  self.globals.help = self.help
  self.session = evaluate.new(function(...) return self.advice:explain(...) end)
  local client = self.deployment.client
  if client then self.show.with_days = dates.reader(client.schema) end
  self.known = variables.new { session = self.session, globals = self.globals, help = self.help,
    seen = self.seen, commands = commands.rows, files = terminal.files,
    schema = client and function() return client.schema.fields end }
  self.advice = advice.new(self.help, self.known)
  self.history, self.history_problem = new_history(terminal, self.deployment.secrets)
  self.editor = terminal.edited and new_editor(self)
  return self
end

-- Reading ----------------------------------------------------------------------------------------

-- The prompt that the user has set, as in lua5.4, or nil.
local function own_prompt(name)
  local value = rawget(_G, name)
  if value == nil then return nil end
  local ok, text = pcall(tostring, value)
  return ok and text or nil
end

-- The text with \1 around each escape sequence: in a prompt, \1 encloses what takes no column.
local function marked(text)
  return (text:gsub("\27%[[%d;]*m", "\1%0\1"))
end

local function painted(self, text, style)
  if not (self.terminal.edited and self.show.colour) then return text end
  return marked(self.show.paint[style](text))
end

local function prompt(self, first)
  local own = own_prompt(first and "_PROMPT" or "_PROMPT2")
  if own then return marked(own) end
  local label = self.deployment:label()
  if not first then return (" "):rep(label and #label + 1 or 0) .. ">> " end
  return label and painted(self, label, self.deployment:style(self.settings.colours)) .. " > "
    or "> "
end

-- Reads a statement of one or more lines on a terminal that cannot edit.
local function read_plain(self)
  local text, why = self.terminal.read(prompt(self, true))
  while text and is_incomplete(self, text) do
    local more
    more, why = self.terminal.read(prompt(self, false))
    if not more then return nil, why, text end
    text = text .. "\n" .. more
  end
  return text, why
end

-- Reads a statement; or nil, "end" or "interrupted", and the incomplete text, if any.
local function read(self)
  if not self.editor then return read_plain(self) end
  local draft = self.draft
  self.draft = nil
  return self.editor:read(prompt(self, true), prompt(self, false), draft)
end

-- Running ----------------------------------------------------------------------------------------

-- Shows a hint on the query of a search at the prompt: an odd query, or why it found nothing.
local function explain_query(self, page)
  local params = self.seen:search_of(page)
  local query = params and params.query
  local why = query and (queries.hint(query)
    or #page.results == 0 and queries.hint_for_nothing(query))
  if why then self.show:line(why, "yellow") end
end

-- Runs a chunk -> true, its results.
local function run_chunk(self, chunk)
  local results = table.pack(self.session:run(chunk))
  if not results[1] then return false, results[2] end
  return true, table.pack(table.unpack(results, 2, results.n))
end

-- Shows the results of a chunk.
local function show_results(self, chunk, results)
  for i = 1, results.n do deployment.load(results[i]) end
  if chunk.expression and results.n > 0 then self.globals._ = show.last(results) end
  chunk.is_nil = chunk.expression and results.n == 1 and results[1] == nil
  self.show:results(results)
  if type(results[1]) == "table" then explain_query(self, results[1]) end
  if errors.is(chunk.lost) then
    local why = texts.escape(tostring(chunk.lost))
    self.show:line(("%s is nil: %s"):format(chunk.name, why), "yellow")
  end
end

local function interrupted(self)
  self.deployment:cancel()
  if self.editor then self.editor:begin_row() else write "\n" end
  self.show:line("interrupted", "yellow")
end

--- protect(fn, …) -> whether it succeeded, and its second value. Calls fn as a line of the session:
-- Ctrl-C ends it, and errors are shown; the results of an interrupted call are dropped.
function Repl:protect(fn, ...)
  local called, done, failure = self.terminal.call(fn, ...)
  if self.progress then self.progress:clear() end
  if self.terminal.interrupted() then
    interrupted(self)
    return false
  end
  if called and done == false then
    self.show:failure(failure.value, failure.trace)
  elseif not called then
    self.show:failure(done)
  end
  return called and done ~= false, failure
end

--- run(chunk): runs a compiled chunk as a line of the session.
function Repl:run(chunk)
  self.confirmation:begin()
  self.undo:begin()
  if self.progress then self.progress:begin() end
  local client = self.deployment.client
  local dry = client and client.dry_run
  local good, results = self:protect(run_chunk, self, chunk)
  good = good and self:protect(show_results, self, chunk, results)
  local lines, undoable = self.undo:finish(not good)
  for _, line in ipairs(lines) do self.show:line(line, "yellow") end
  if good and chunk.text then
    local entry = { text = chunk.text, head = chunk.head, expression = chunk.expression,
      values = results.n > 0, dry = dry }
    self.saved:add(entry)
    if undoable then undoable.saved = entry end
  end
  for _, note in ipairs(self.confirmation:notes()) do self.show:line(note, "yellow") end
end

-- Whether the text is "exit" or "quit" (called or not), and no variable of the user's.
local function leaves(self, source)
  local word = source:match "^%s*(%a+)[%s;]*$" or source:match "^%s*(%a+)%s*%(%s*%d*%s*%)[%s;]*$"
  return (word == "exit" or word == "quit") and not select(2, self.known:lookup(word))
end

local function step(self, source)
  if not source:find("%S") then return end
  self.history:add(source)
  if commands.is_command(source) then return self:protect(commands.run, self, source) end
  local chunk, problem = self.session:compile(source)
  if not chunk then return self.show:failure(self.advice:syntax(problem, source)) end
  self:run(chunk)
  local meant = chunk.is_nil and (self.advice:name(source) or self.advice:field(source))
    or self.advice:result(source)
  if meant then self.show:line(meant, "yellow") end
end

-- Runs the user's own file, which is trusted; its globals are the session's.
local function run_file(self, path)
  local file, unreadable, code = regular_file.open(path)
  if not file then return code ~= ENOENT and self.show:failure(unreadable) end
  file:close()
  local chunk, problem = loadfile(path, "t")
  if not chunk then return self.show:failure(problem) end
  self:protect(chunk)
end

local function banner(self)
  self.show:line(self.version)
  for _, line in ipairs(self.deployment:banner()) do self.show:line(line) end
  local warning = self.deployment.client and self.deployment.client.warning
  if warning then self.show:line("Warning: " .. warning, "yellow") end
  if self.history_problem then
    self.show:line("No history is kept: " .. self.history_problem, "yellow")
  end
  if self.settings.init then run_file(self, self.settings.init) end
end

--- run(terminal, version): runs a session until the input ends or the user leaves.
function M.run(terminal, version)
  local self = new(terminal, version)
  banner(self)
  while true do
    local source, why, cut = read(self)
    if why == "end" and not cut then return write("\n") end
    if why == "interrupted" then self.history:add(cut or "") end
    if source and leaves(self, source) then return end
    if why ~= "interrupted" then step(self, source or cut) end
  end
end

return M
