-- The values that an option or an argument accepts.

local choices = require "codeocean.cli.choices"
local options = require "codeocean.cli.options"

describe("codeocean.cli.choices", function()
  local function parse(...)
    local parser = options.parser("colua x", "About x.")
    local option = options.value(parser, "--order", "<order>", "an order")
    choices.set(option, { "asc", "desc" })
    choices.set(parser:argument("shell", "a shell"):argname "SHELL":args "?", { "bash", "fish" })
    assert.same({ "asc", "desc" }, choices.of(option))
    return parser:pparse { ... }
  end

  it("are accepted unchanged", function()
    local ok, args = parse("--order", "desc", "fish")
    assert.same({ true, "desc", "fish" }, { ok, args.order, args.shell })
    assert.is_nil(choices.of(options.parser("colua y", "About y."):option "--x"))
  end)

  for words, problem in pairs {
    ["--order down"] = "--order: 'down' is not one of asc, desc",
    ["--order descending"] = "--order: 'descending' is not one of asc, desc; did you mean 'desc'?",
    ["--order ASC"] = "--order: 'ASC' is not one of asc, desc; did you mean 'asc'?",
    ["Fish"] = "SHELL: 'Fish' is not one of bash, fish; did you mean 'fish'?",
    ["\27[2J"] = "SHELL: '\\27[2J' is not one of bash, fish",
  } do
    it("refuse any other value: " .. problem, function()
      local list = {}
      for word in words:gmatch "%S+" do list[#list + 1] = word end
      assert.same({ false, problem }, { parse(table.unpack(list)) })
    end)
  end
end)
