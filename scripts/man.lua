-- colua man: writes the manual page
local command = require "codeocean.cli"
local man = require "codeocean.cli.manual.man"

local parser = command.parser("man", "Writes the manual page of colua, with all its commands, as "
  .. "roff, which man -l shows.", "[-h]", [[
colua man > colua.1]])

return command.run("man", parser, function() io.write(man.text()) end, true)
