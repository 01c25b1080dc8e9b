-- .save writes the statements of a session as a script.

local saved_module = require "colua.save"


describe("a saved session", function()
  local function lines(entries)
    local saved = saved_module.new { "my-token" }
    for _, entry in ipairs(entries) do saved:add(entry) end
    local script, count = saved:script "x.lua"
    assert.is_truthy(load(script))
    return script:match("local _\n\n(.*)\n$"), count
  end

  it("has statements as they were, and values as _", function()
    assert.are.same({ "x = 1\n_ = x + 1\nprint(x)\n_ = 7", 4 }, { lines {
      { text = "x = 1" }, { text = "x + 1", expression = true, values = true },
      { text = "print(x)", expression = true }, { text = "=7", expression = true, values = true },
    } })
  end)

  it("has as _ the expression that a text ends with", function()
    assert.are.same({ "x = 1\n_ = x", 1 }, { lines {
      { text = "x = 1\nx", head = "x = 1\n", expression = true, values = true } } })
    assert.are.same({ "x = 1\nprint(x)", 1 }, { lines {
      { text = "x = 1\nprint(x)", head = "x = 1\n", expression = true, values = false } } })
  end)

  it("leaves out help, undo, what undo took back, and secrets", function()
    assert.are.same({ "a()\n-- (a line with a secret was left out)", 1 }, { lines {
      { text = "help(assets.get)", expression = true }, { text = "undo()", expression = true },
      { text = "a()", expression = true }, { text = "b()", expression = true, undone = true },
      { text = "t = 'my-token'" },
    } })
  end)

  it("is a dry run if the session was one", function()
    assert.are.same({ "a()\nclient:set_dry_run(true)\nb()\nclient:set_dry_run(false)\nc()", 3 }, {
      lines { { text = "a()" }, { text = "b()", dry = true }, { text = "c()" } } })
  end)
end)
