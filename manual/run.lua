--- Writes the files that are generated from codeocean.reference and the commands' own options.
--
--   build/colua manual/run.lua GENERATOR FILE …

package.path = "./?.lua;" .. package.path

local function write(path, text)
  local file = assert(io.open(path, "w"))
  file:write(text)
  file:close()
end

for i = 1, #arg, 2 do
  write(arg[i + 1], require("manual." .. arg[i]).text(arg[i + 1]))
end
