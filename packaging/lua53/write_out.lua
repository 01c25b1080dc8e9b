-- Writes lua/codeocean out for Lua 5.3, which has no <close> variables:
--
--   lua5.3 packaging/lua53/write_out.lua lua/codeocean BUILD/lua/codeocean
--
--     local file <close> = open(path)        local file = open(path) return close_after(file,
--     …                                 to     function() …
--   end                                      end) end
--
-- close_after() closes the variable when the rest of the function returns or raises, and passes on
-- the function's `...` if it has one. Line numbers do not change. Blocks are found by their
-- indentation. A <close> variable in an inner block of a function is refused: the rest, as a
-- function of its own, could not leave that block. The result must compile in the Lua that runs
-- this.

local REQUIRE = "local close_after = require 'codeocean.lua.close_after' "

local function indent_of(line) return #line:match "^ *" end

-- Whether the line goes on with a statement that began on a line indented like it: `end })`.
local function goes_on(line, indent)
  return indent_of(line) > indent
    or indent_of(line) == indent and (line:find "^ *end *[)}]" or line:find "^ *[)}]") ~= nil
end

-- The number of the line where the statement ends that begins at `first`.
local function statement_end(lines, first)
  local last, indent = first, indent_of(lines[first])
  while goes_on(lines[last + 1], indent) do last = last + 1 end
  return last
end

-- The number of the line that ends the function's body.
local function body_end(lines, first)
  local indent = indent_of(lines[first])
  local i = first
  repeat i = i + 1 until lines[i]:find "%S" and indent_of(lines[i]) < indent
  assert(lines[i]:match "^ *end", ("line %d: <close> not in a function's body"):format(first))
  return i
end

-- The nearest line above that is indented less, if it begins a function.
local function head_of(lines, first)
  local i, indent = first, indent_of(lines[first])
  repeat i = i - 1 until lines[i]:find "%S" and indent_of(lines[i]) < indent
  return lines[i]:find "function" and lines[i]
end

local function write_out(lines)
  local found = false
  for i, line in ipairs(lines) do
    local name = line:match "^ *local .-([%w_]+) <close>"
    if name then
      found = true
      local head = assert(head_of(lines, i), ("line %d: <close> in an inner block"):format(i))
      local more = head:find("...)", 1, true) and "..." or ""
      local own = name == "_" and "closed_" or name
      lines[i] = line:gsub(name .. " <close>", own)
      local last, body = statement_end(lines, i), body_end(lines, i)
      lines[last] = ("%s return close_after(%s, function(%s)"):format(lines[last], own, more)
      lines[body] = lines[body]:gsub("end", more == "" and "end) end" or "end, ...) end", 1)
    end
  end
  -- The first statement may follow comments only.
  if found then lines[1] = REQUIRE .. lines[1] end
  return lines
end

local function read_lines(path)
  local lines = {}
  for line in io.lines(path) do lines[#lines + 1] = line end
  return lines
end

local function copy_close_after(to)
  local file = assert(io.open(to .. "/lua/close_after.lua", "w"))
  for line in io.lines((arg[0]:gsub("[^/]*$", "close_after.lua"))) do assert(file:write(line, "\n")) end
  assert(file:close())
end

local from, to = ...
local pipe = assert(io.popen("cd '" .. from .. "' && find . -name '*.lua' ! -path ./lua/close_after.lua"))
for path in pipe:lines() do
  local lines = write_out(read_lines(from .. "/" .. path))
  os.execute(("mkdir -p '%s/%s'"):format(to, path:match "^(.*)/"))
  local file = assert(io.open(to .. "/" .. path, "w"))
  assert(file:write(table.concat(lines, "\n"), "\n"))
  assert(file:close())
  assert(loadfile(to .. "/" .. path))
end
copy_close_after(to)
