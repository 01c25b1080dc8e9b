-- help() at the prompt. It needs no network.

local session = require "session"

local ENTER, PROMPT = session.ENTER, session.PROMPT


describe("help", function()
  it("is help(), help(f) and help 'name'", function()
    session.play({
      { "help()" .. ENTER, "\nTry, one after the other:\n" }, { nil, PROMPT },
      { "help" .. ENTER, "\nTry, one after the other:\n" }, { nil, PROMPT },
      { "help(assets.search)" .. ENTER, "\nassets:search([params]) -> page\n" },
      { nil, "sort_field" }, { nil, "  > assets:search {" }, { nil, "err.kind: " },
      { nil, PROMPT },
      { "help(assets.delete)" .. ENTER, "\nassets:delete(id) -> true\n" }, { nil, PROMPT },
      { "help(client)" .. ENTER, "client:map " }, { nil, PROMPT },
      { 'help "bulk.run"' .. ENTER, "\nbulk.run(client, spec) -> report\n" }, { nil, PROMPT },
      { 'help "errors"' .. ENTER, "throttled" }, { nil, PROMPT },
      { 'help "zzz"' .. ENTER, "There is no help on 'zzz'." }, { nil, PROMPT },
      { "client:stats().requests" .. ENTER, "\n0\n" },
    }, { rows = 100 })
  end)

  it("explains the query language, the keys, the environment", function()
    session.play {
      { 'help "query"' .. ENTER, "\n  tag:raw " }, { nil, "no wildcards" }, { nil, PROMPT },
      { 'help "session"' .. ENTER, "Ctrl-R " }, { nil, "init.lua" }, { nil, PROMPT },
      { 'help "environment"' .. ENTER, "CODEOCEAN_DOMAIN" }, { nil, PROMPT },
    }
  end)
end)
