-- Prints which lines of lua/ and scripts/ were run: a row for each file, with the lines that were
-- not.
--
--   colua spec/coverage/lines.lua FOLDER      where hook.lua has written

local folder = assert(arg[1])

local function each_line(command)
  local pipe = assert(io.popen(command))
  return function()
    local line = pipe:read "l"
    if not line then pipe:close() end
    return line
  end
end

local seen = {}
for place in each_line("cat '" .. folder .. "'/*") do seen[place] = true end

-- Those with an instruction: the compiler's listing says.
local function lines_of(path)
  local has, list = {}, {}
  for row in each_line("luac5.4 -l -p '" .. path .. "'") do
    local line, name = row:match "^%s+%d+%s+%[(%d+)%]%s+(%u+)"
    line = name ~= "VARARGPREP" and math.tointeger(line)   -- a chunk's own; no line of it
    if line and not has[line] then list[#list + 1] = line end
    if line then has[line] = true end
  end
  table.sort(list)
  return list
end

local function report(path)
  local lines, missing = lines_of(path), {}
  for _, line in ipairs(lines) do
    if not seen[path .. ":" .. line] then missing[#missing + 1] = line end
  end
  print(("%-42s %5d %5d %4.0f%%  %s"):format(path, #lines, #lines - #missing,
    100 * (#lines - #missing) / math.max(#lines, 1), table.concat(missing, ",")))
  return #lines, #missing
end

local all, not_reached = 0, 0
for path in each_line "find lua scripts -name '*.lua' | sort" do
  local lines, missing = report(path)
  all, not_reached = all + lines, not_reached + missing
end
assert(all > 0, "no Lua file here")
print(("coverage of lua and scripts: lines %.1f%% (%d out of %d)"):format(
  100 * (all - not_reached) / all, all - not_reached, all))
