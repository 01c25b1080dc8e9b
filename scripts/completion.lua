-- colua completion: writes the completions for a shell
local choices = require "codeocean.cli.choices"
local command = require "codeocean.cli"

local SHELLS = { "bash", "zsh", "fish" }

local parser = command.parser("completion", "Writes what completes colua's commands and options in "
  .. "a shell, for a binary that was copied; `make install` puts it in place. bash reads it from "
  .. "~/.local/share/bash-completion/completions/colua, zsh from a folder of $fpath as _colua, "
  .. "fish from ~/.config/fish/completions/colua.fish.", "[-h] SHELL", [[
colua completion bash > colua
colua completion zsh > _colua
colua completion fish > colua.fish]])
choices.set(parser:argument("shell", "bash, zsh or fish"):argname "SHELL", SHELLS)

local generators = {
  bash = require "codeocean.cli.manual.bash",
  zsh = require "codeocean.cli.manual.zsh",
  fish = require "codeocean.cli.manual.fish",
}

return command.run("completion", parser, function(_, args)
  io.write(generators[args.shell].text())
end, true)
