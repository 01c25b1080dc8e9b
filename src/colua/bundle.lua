-- Writes a bundle.c: the Lua files and the third-party libraries named on the command line, as
-- precompiled chunks. Run by the Makefile under lua5.4.
--
--   lua5.4 bundle.lua lua/codeocean/init.lua … scripts/tag.lua … argparse > build/bundle.c
--
-- A library is taken from the build machine's package.path; colua uses it if the user has none.
-- Debian 11 has argparse only for Lua 5.3 and older, but the file is the same.

local PATH = package.path .. ";/usr/share/lua/5.3/?.lua"
local KINDS = { "CL_BUNDLE_MODULE", "CL_BUNDLE_COMMAND", "CL_BUNDLE_FALLBACK" }


local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("a")
  file:close()
  return (text:gsub("^#[^\n]*", ""))
end


-- lua/codeocean/bulk/plan/init.lua -> codeocean.bulk.plan: an init.lua has its folder's name.
local function module_name(path)
  local name = path:match("^lua/(.+)%.lua$")
  return name and name:gsub("/init$", ""):gsub("/", ".")
end


local function about(path, name, text)
  local opening = "^%s*%-%- colua " .. name:gsub("%p", "%%%0") .. ": "
  return text:match(opening .. "([^\n]+)")
    or error(path .. ": the first line must be `-- colua " .. name .. ": what it does`", 0)
end


local function library(name)
  local path = package.searchpath(name, PATH)
    or error("no Lua library '" .. name .. "' on this machine (Debian: lua-" .. name .. ")", 0)
  return { kind = 3, name = name, text = read(path), about = "", chunk = "@" .. name .. ".lua" }
end


local function describe(path)
  if not path:find("/", 1, true) then return library(path) end
  local text = read(path)
  local command = path:match("^scripts/([^/]+)%.lua$")
  if command then
    return { kind = 2, name = command, text = text, about = about(path, command, text),
      chunk = "@" .. path }
  end
  local name = module_name(path) or error(path .. ": neither lua/*.lua nor scripts/*.lua", 0)
  return { kind = 1, name = name, text = text, about = "", chunk = "@" .. path:gsub("^lua/", "") }
end


-- The bytes as a C string. Escapes are octal with three digits, so that a digit after an escape
-- is not read as part of it.
local function literal(bytes)
  return '"' .. bytes:gsub('[^%w ,.;:()%[%]{}<>=+*/_|!#$&~^-]', function(c)
    return ("\\%03o"):format(c:byte())
  end) .. '"'
end


local function code_literal(bytes)
  local lines = {}
  for i = 1, #bytes, 64 do
    lines[#lines + 1] = literal(bytes:sub(i, i + 63))
  end
  return table.concat(lines, "\n    ")
end


local function row(file)
  local code = string.dump(assert(load(file.text, file.chunk, "t")))
  return ("  {%s, %s, %s,\n    %s, %d},\n"):format(
    KINDS[file.kind], literal(file.name), literal(file.about), code_literal(code), #code)
end


local files = {}
for _, path in ipairs(arg) do
  files[#files + 1] = describe(path)
end
table.sort(files, function(a, b)
  if a.kind ~= b.kind then return a.kind < b.kind end
  return a.name < b.name
end)

io.write("/* Written by src/colua/bundle.lua. */\n#include \"colua/bundle.h\"\n\n",
  "const struct cl_bundle_file cl_bundle[] = {\n")
for _, file in ipairs(files) do
  io.write(row(file))
end
io.write("};\n\nconst size_t cl_bundle_count = sizeof cl_bundle / sizeof cl_bundle[0];\n")
