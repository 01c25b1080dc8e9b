-- Writes lua/codeocean out for Lua 5.3, which has no <close> variables:
--
--   lua5.3 packaging/lua53/write_out.lua lua/codeocean BUILD/lua/codeocean
--
--     local file <close> = open(path)        local file = open(path) return held(file, function()
--     …                                 to   …
--   end                                      end) end
--
-- held() closes the variable when the rest of the function returns or raises; it hands the function
-- its `...`, where there is one. Lines stay where they were. Blocks are told apart by how far their lines are indented. A <close> variable in an inner
-- block of a function is refused: from a function of its own the rest could not leave that block.
-- What is written is read by the Lua that runs this.

local HELD = "local held = require 'codeocean.lua.held' "

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
      lines[last] = ("%s return held(%s, function(%s)"):format(lines[last], own, more)
      lines[body] = lines[body]:gsub("end", more == "" and "end) end" or "end, ...) end", 1)
    end
  end
  -- The first statement may follow comments only.
  if found then lines[1] = HELD .. lines[1] end
  return lines
end

local function read_lines(path)
  local lines = {}
  for line in io.lines(path) do lines[#lines + 1] = line end
  return lines
end

local function copy_held(to)
  local file = assert(io.open(to .. "/lua/held.lua", "w"))
  for line in io.lines((arg[0]:gsub("[^/]*$", "held.lua"))) do assert(file:write(line, "\n")) end
  assert(file:close())
end

local from, to = ...
local pipe = assert(io.popen("cd '" .. from .. "' && find . -name '*.lua' ! -path ./lua/held.lua"))
for path in pipe:lines() do
  local lines = write_out(read_lines(from .. "/" .. path))
  os.execute(("mkdir -p '%s/%s'"):format(to, path:match "^(.*)/"))
  local file = assert(io.open(to .. "/" .. path, "w"))
  assert(file:write(table.concat(lines, "\n"), "\n"))
  assert(file:close())
  assert(loadfile(to .. "/" .. path))
end
copy_held(to)
