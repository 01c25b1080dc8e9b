-- The generated texts of colua: manual page, completions, list of commands.

local assert = require "luassert"
local process = require "process"

local M = {}

-- What the binary writes: "man", or a shell.
function M.generated(what)
  local words = what == "man" and { "man" } or { "completion", what }
  local done = process.run(process.colua, words, { cwd = "/" })
  assert.are.same({ 0, "" }, { done.status, done.err })
  return done.out
end

-- Run by colua itself: the parsers are those of the scripts.
function M.commands()
  local path = os.tmpname()
  local file = assert(io.open(path, "w"))
  file:write [[
package.path = "./?.lua;" .. package.path
for _, entry in ipairs(require("codeocean.cli.manual.commands").list()) do
  for _, option in ipairs(entry.options) do
    print(("%s\t%s\t%s"):format(entry.name, option.name, option.about))
  end
end]]
  file:close()
  local done = process.run(process.colua, { path })
  os.remove(path)
  assert.are.equal(0, done.status, done.err)
  local list = {}
  for name, option, about in done.out:gmatch("(%l+)\t(%S+)\t([^\n]*)\n") do
    list[#list + 1] = { name = name, option = option, about = about }
  end
  assert.is_true(#list > 100)
  return list
end

return M
