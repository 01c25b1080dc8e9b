-- What is said of mistakes that Lua's own message leaves unclear.

local session = require "session"


describe("advice on", function()
  local rows = {
    { "assets.get('fea84ebf-b58b-4ad2-994d-7169dc3880fb')",
      "write a colon: assets:get(…), not assets.get(…)" },
    { "assets.search { limit = 1 }", "write a colon: assets:search(…)" },
    { "assets.find 'x'", "write a colon: assets:find(…)" },
    { "client.map({}, print)", "write a colon: client:map(…)" },
    { "assets:serach {}", "(method 'serach'); did you mean 'search'?" },
    { "bulk.rum(client, {})", "(field 'rum'); did you mean 'run'?" },
    { "asserts:search {}", "(global 'asserts'); did you mean 'assets'?" },
    { "pirnt(1)", "(global 'pirnt'); did you mean 'print'?" },
  }

  it("a dot for a colon, and names nearly another", function()
    local steps = {}
    for _, row in ipairs(rows) do
      steps[#steps + 1] = { row[1] .. "\r", row[2] }
      steps[#steps + 1] = { nil, "\n" .. session.PROMPT }
    end
    steps[#steps + 1] = { "zzzzzz.x = 1\r", "attempt to index a nil value (global 'zzzzzz')\n" }
    session.play(steps)
  end)
end)
