-- Writes lua/codeocean out for Lua 5.3, which has no <close> variables:
--
--   lua5.3 packaging/lua53/write_out.lua lua/codeocean BUILD/lua/codeocean
--
--     local file <close> = open(path)        local file = open(path) return held(file, function()
--     …                                 to   …
--   end                                      end) end
--
-- held() closes the variable when the rest of the function returns or raises. Lines stay where they
-- were. Blocks are told apart by how far their lines are indented. A <close> variable in an inner
-- block of a function is refused: from a function of its own the rest could not leave that block.
-- What is written is read by the Lua that runs this.

local HELD = "local held = require 'codeocean.lua.held' "

local function indent_of(line) return #line:match "^ *" end

-- The number of the line where the statement ends that begins at `first`: the next that is not
-- indented more.
local function statement_end(lines, first)
  local last, indent = first, indent_of(lines[first])
  while indent_of(lines[last + 1]) > indent do last = last + 1 end
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

-- Whether the nearest line above that is indented less begins a function.
local function is_in_body(lines, first)
  local i, indent = first, indent_of(lines[first])
  repeat i = i - 1 until lines[i]:find "%S" and indent_of(lines[i]) < indent
  return lines[i]:find "function"
end

local function write_out(lines)
  local found = false
  for i, line in ipairs(lines) do
    local name = line:match "^ *local .-([%w_]+) <close>"
    if name then
      found = true
      assert(is_in_body(lines, i), ("line %d: <close> in an inner block"):format(i))
      local own = name == "_" and "closed_" or name
      lines[i] = line:gsub(name .. " <close>", own)
      local last, body = statement_end(lines, i), body_end(lines, i)
      lines[last] = ("%s return held(%s, function()"):format(lines[last], own)
      lines[body] = lines[body]:gsub("end", "end) end", 1)
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
