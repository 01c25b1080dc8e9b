-- Pasted text, which may be a copied session.

local paste = require "colua.line.paste"


describe("a pasted text", function()
  for name, row in pairs {
    ["of a session has its statements only"] = {
      "acme > x = 1\nacme > for i = 1, 2 do\n    >>   f(i)\n    >>\n    >> end\n1\n2\nacme > x\n1",
      "x = 1\nfor i = 1, 2 do\n  f(i)\n\nend\nx" },
    ["of the README too"] = { "sandbox > x\nnil\nsandbox > y", "x\ny" },
    ["of the help too"] = { "  > a = 1\n  > a", "a = 1\na" },
    ["without a prompt stays as it is"] = { "x > y\n> z\n", "x > y\n> z\n" },
    ["may be empty"] = { "", "" },
  } do
    it(name, function() assert.are.equal(row[2], paste.statements(row[1], "acme > ")) end)
  end
end)
