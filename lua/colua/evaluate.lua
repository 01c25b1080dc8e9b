--- Evaluate: compiles and runs the statements of a session, each as a chunk. A text that is an
-- expression, or ends with one on lines of its own, gives its values; a chunk sees the locals of
-- earlier chunks. Called by colua.session.
--
-- What must hold: a local lives on as the same variable, not as a copy of its value. A closure in
-- the chunk captures it, and a later chunk that names it is joined to the upvalue of that closure.
-- So functions that share a local keep sharing it, and a second `local n` is a new variable.

local lexer = require "colua.complete.lexer"

local M = {}

local CHUNK = "=stdin"
-- Names of the two functions that a chunk calls: KEEP keeps its locals, LIST returns its arguments
-- (a plain `return f()` would be a tail call, and the line would be missing from tracebacks).
local KEEP, LIST = "_keep_", "_list_"

local Session = { __name = "colua.evaluate" }
Session.__index = Session

--- new([explain]) -> a session without locals. `cells` maps their names to {fn, index, attribute}:
-- the variable is upvalue `index` of `fn`. explain(value, calls) -> the message in place of an
-- error value, or nil; calls: list of {func, first}, the functions that were called and their first
-- argument, the innermost first.
function M.new(explain)
  return setmetatable({ cells = {}, explain = explain }, Session)
end

-- Locals -----------------------------------------------------------------------------------------

local function index_of_upvalue(fn, wanted)
  for i = 1, 255 do
    local name = debug.getupvalue(fn, i)
    if name == nil then return nil end
    if name == wanted then return i end
  end
end

-- A new variable with that value.
local function new_cell(value, attribute)
  local function fn() return value end
  return { fn = fn, index = index_of_upvalue(fn, "value"), attribute = attribute }
end

-- Stores the locals as cells. `fn` captures them, and returns their values for constants, which are
-- no upvalues.
local function store_locals(self, entries, fn)
  local values
  for place, entry in ipairs(entries) do
    local index = index_of_upvalue(fn, entry.name)
    if not index then values = values or table.pack(fn()) end
    self.cells[entry.name] = index and { fn = fn, index = index, attribute = entry.attribute }
      or new_cell(values[place], entry.attribute)
  end
end

-- The last local of each name; without to-be-closed ones, which end with their chunk.
local function lasting(locals)
  local list, seen = {}, {}
  for i = #locals, 1, -1 do
    local entry = locals[i]
    if not seen[entry.name] and entry.attribute ~= "close" and entry.name ~= "_ENV" then
      table.insert(list, 1, entry)
    end
    seen[entry.name] = true
  end
  return list
end

local function names_of(entries)
  local names = {}
  for i, entry in ipairs(entries) do names[i] = entry.name end
  return table.concat(names, ", ")
end

--- value(name) -> the value of a session local; and whether there is one.
function Session:value(name)
  local cell = self.cells[name]
  if not cell then return nil, false end
  local _, value = debug.getupvalue(cell.fn, cell.index)
  return value, true
end

-- Compiling --------------------------------------------------------------------------------------

-- The source of a function around the body. Everything before the body stands in the first line, so
-- that errors have the line numbers of the text.
local function wrapped(self, body, outline)
  local names = { KEEP, LIST }
  for name in pairs(outline.names) do
    local cell = self.cells[name]
    if cell then
      names[#names + 1] = cell.attribute and ("%s <%s>"):format(name, cell.attribute) or name
    end
  end
  table.sort(names)
  return ("local %s = ... return function(...) %s\nend"):format(table.concat(names, ", "), body)
end

local function with_keeping(text, outline, entries)
  if #entries == 0 then return text end
  local call = ("\n;%s(function() return %s end) "):format(KEEP, names_of(entries))
  if not outline.returns then return text .. call end
  return text:sub(1, outline.returns - 1) .. call:sub(2) .. text:sub(outline.returns)
end

-- The parts of `name = value`: the text before the value, the name, the value; nil for another
-- text.
local function assignment(text)
  local head, name, value = text:match("^(%s*local%s+([%a_][%w_]*)%s*=)(.*)$")
  if not head then head, name, value = text:match("^(%s*([%a_][%w_.]*)%s*=)(.*)$") end
  if head and not value:find("^=") and load("return " .. value, CHUNK, "t") then
    return head, name, value
  end
end

-- A function that returns its arguments. For an assignment of nil, err it keeps err in chunk.lost.
local function list_of(chunk)
  return function(...)
    if chunk.name and ... == nil and select("#", ...) > 1 then chunk.lost = (select(2, ...)) end
    return ...
  end
end

local function join(self, chunk, main, entries)
  for i = 1, 255 do
    local name = debug.getupvalue(main, i)
    if name == nil then return end
    local cell = self.cells[name]
    if name == KEEP then
      debug.setupvalue(main, i, function(fn) store_locals(self, entries, fn) end)
    elseif name == LIST then
      debug.setupvalue(main, i, list_of(chunk))
    elseif cell then
      debug.upvaluejoin(main, i, cell.fn, cell.index)
    end
  end
end

-- Loads the first source that compiles. Some forms do not: after a label no statement may follow,
-- and a `;` may not stand in parentheses.
local function load_first(self, sources, outline)
  local problem
  for _, source in ipairs(sources) do
    local make, why = load(wrapped(self, source, outline), CHUNK, "t")
    if make then return make end
    problem = why
  end
  return nil, problem
end

-- The sources to try for an expression behind the statements of `head`.
local function sources_of_values(head, text, outline, entries)
  local sources = {}
  for i, form in ipairs { "%sreturn %s(%s)", "%sreturn %s(%s\n)" } do
    sources[i] = with_keeping(form:format(head, LIST, text), outline, entries)
  end
  sources[3] = with_keeping(head .. "return " .. text, outline, entries)
  return sources
end

-- The sources to try for a text, the best first. A newline before the parenthesis ends a comment,
-- but changes the line of errors.
local function sources_of(text, outline, entries)
  local sources, head, name, value = {}, assignment(text)
  if head then
    for i, form in ipairs { "%s %s(%s)", "%s %s(%s\n)" } do
      sources[i] = with_keeping(form:format(head, LIST, value), outline, entries)
    end
  end
  sources[#sources + 1] = with_keeping(text, outline, entries)
  sources[#sources + 1] = text
  return sources, name
end

local TRIES = 50

-- The statements of a text, and the expression on lines of its own that it ends with; nil for
-- another text. The expression begins with a name, so that it cannot belong to the statement before
-- it, and with the indentation of the first line.
local function last_expression(text)
  local starts = {}
  for start in text:gmatch("\n" .. text:match "^[ \t]*" .. "()[%a_]") do
    starts[#starts + 1] = start
  end
  for i = #starts, math.max(1, #starts - TRIES + 1), -1 do
    local head, tail = text:sub(1, starts[i] - 1), text:sub(starts[i])
    if load(head, CHUNK, "t") then
      if load("return " .. tail, CHUNK, "t") then return head, tail end
      return nil
    end
  end
end

-- Compiles a text whose last part, behind `head`, is an expression; without `head`, a text of
-- statements.
local function compile(self, text, head)
  local value = head and text:sub(#head + 1)
  local outline = lexer.outline(value and head .. "return " .. value or text)
  local chunk = { text = text, head = head, expression = head ~= nil,
    entries = lasting(outline.locals) }
  local sources, name
  if head then sources = sources_of_values(head, value, outline, chunk.entries)
  else sources, name = sources_of(text, outline, chunk.entries) end
  local make, problem = load_first(self, sources, outline)
  if not make then return nil, problem end
  chunk.run, chunk.name = make(), name
  join(self, chunk, chunk.run, chunk.entries)
  return chunk
end

-- Whether a text with this problem of load() only lacks its end. A quoted string ends with its line
-- unless a backslash continues it.
local function is_incomplete(problem, text)
  if problem:find("unfinished string near <eof>", 1, true) then
    return text:find("\\z?%s*$") ~= nil
  end
  return problem:find("<eof>$") ~= nil
end

--- is_incomplete(text) -> whether the text only lacks its end.
function Session:is_incomplete(text)
  text = text:gsub("^%s*=", "return ", 1)
  if load("return " .. text, CHUNK, "t") then return false end
  local plain, problem = load(text, CHUNK, "t")
  return not plain and is_incomplete(problem, text) and not last_expression(text)
end

--- compile(text) -> {run = function, text, expression = whether it gives values, head = the
-- statements before the expression, entries}; or nil, message, and true if the text is only
-- incomplete. After the run of an assignment of nil, err the chunk has `name`, and err as `lost`.
function Session:compile(text)
  text = text:gsub("^%s*=", "return ", 1)
  local head = load("return " .. text, CHUNK, "t") and "" or last_expression(text)
  if not head then
    local plain, problem = load(text, CHUNK, "t")
    if not plain then return nil, problem, is_incomplete(problem, text) end
  end
  return compile(self, text, head)
end

-- Running ----------------------------------------------------------------------------------------

-- Keeps the locals of a chunk that failed, with their values at that time.
local function rescue(self, chunk, level)
  local wanted = {}
  for _, entry in ipairs(chunk.entries) do wanted[entry.name] = entry end
  for i = 1, 200 do
    local name, value = debug.getlocal(level + 1, i)
    if name == nil then return end
    if wanted[name] then self.cells[name] = new_cell(value, wanted[name].attribute) end
  end
end

local function place_of(info)
  if info.currentline > 0 then return ("%s:%d"):format(info.short_src, info.currentline) end
  return info.short_src
end

local function frame_line(info)
  local kind = info.namewhat == "method" and "method" or "function"
  local what = info.name and ("in %s '%s'"):format(kind, info.name)
    or info.what == "main" and "in main chunk"
    or ("in function <%s:%d>"):format(info.short_src, info.linedefined)
  return ("  %s: %s"):format(place_of(info), what)
end

-- Frames of C functions and of this library are left out of traces.
local function is_users(info)
  return info.what ~= "C" and not info.source:find("^@.*codeocean/[%w_/]+%.lua$")
end

local DEEPEST = 200 -- frames examined; each access walks the stack

-- The frames between the error and the prompt, the level of the line itself, and the functions that
-- were called with their first arguments.
local function frames(chunk, level)
  local lines, calls = {}, {}
  for depth = level + 1, level + DEEPEST do
    local info = debug.getinfo(depth, "Slnf")
    if not info or info.func == Session.run then return lines, nil, calls end
    if info.func == chunk.run then
      if #lines > 0 then lines[#lines + 1] = ("  %s: at the prompt"):format(place_of(info)) end
      return lines, depth - 1, calls
    end
    calls[#calls + 1] = { func = info.func, first = select(2, debug.getlocal(depth, 1)) }
    if is_users(info) then lines[#lines + 1] = frame_line(info) end
  end
  return lines, nil, calls
end

local SHOWN_FRAMES = 12

local function trimmed(lines)
  if #lines <= SHOWN_FRAMES then return lines end
  local head = SHOWN_FRAMES // 2
  local short = table.move(lines, 1, head, 1, {})
  short[head + 1] = ("  … %d more"):format(#lines - SHOWN_FRAMES)
  return table.move(lines, #lines - head + 1, #lines, head + 2, short)
end

--- run(chunk) -> true, results; or false, {value, trace = list of lines}. Locals stay, also those
-- of a chunk that fails.
function Session:run(chunk)
  local failure
  local function on_error(value)
    local lines, level, calls = frames(chunk, 2)
    if level then rescue(self, chunk, level) end
    failure = { value = self.explain and self.explain(value, calls) or value,
      trace = trimmed(lines) }
    return failure
  end
  local results = table.pack(xpcall(chunk.run, on_error))
  if results[1] then return table.unpack(results, 1, results.n) end
  return false, failure or { value = results[2], trace = {} }
end

return M
