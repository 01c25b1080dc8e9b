-- Messages about wrong arguments on the command line.

local options = require "codeocean.cli.options"
local usage = require "codeocean.cli.usage"

describe("codeocean.cli.usage", function()
  local parser = options.parser("colua x", "About x.")
  parser:argument("of", "the journal"):argname "JOURNAL"
  parser:argument("id", "an id")
  options.search(parser)
  local other = options.parser("colua y", "About y.")
  local run = options.parser("colua z", "About z.")
  run:argument("run", "a run")
  options.selection(run)
  options.value(run, "--add", "<tag>", "a tag")
  options.dry_run(run)

  local rows = {
    { parser, "missing argument 'of'", "missing argument JOURNAL" },
    { parser, "missing argument 'id'", "missing argument id" },
    { parser, "missing argument 'else'", "missing argument 'else'" },
    { parser, "unknown option '--tag'", "unknown option '--tag'; did you mean --query tag:…?" },
    { parser, "unknown option '--name'", "unknown option '--name'; did you mean --query name:…?" },
    { other, "unknown option '--tag'", "unknown option '--tag'" },
    { run, "unknown option '--dry_run'", "unknown option '--dry_run'; did you mean '--dry-run'?" },
    { run, "unknown option '--LIMIT'", "unknown option '--LIMIT'; did you mean '--limit'?" },
    { other, "unknown option '--sandbox'",
      "'--sandbox' is an option of colua and stands before the command" },
    { other, "unknown option '--ca-file'",
      "'--ca-file' is an option of colua and stands before the command" },
    { other, "unknown option '--qery'\nDid you mean '--query'?",
      "unknown option '--qery'; did you mean '--query'?" },
    { parser, "unknown option '--sort'",
      "unknown option '--sort'; did you mean '--sort-field' or '--sort-order'?" },
    { parser, "unknown option '--order'",
      "unknown option '--order'; did you mean '--sort-order'?" },
    { parser, "unknown option '-z'\nDid you mean one of these: '-h' '-q'?",
      "unknown option '-z'" },
    { run, "unknown option '-l'\nDid you mean one of these: '-h' '-n'?",
      "unknown option '-l'; did you mean --limit?" },
    { other, "unknown option '-l'", "unknown option '-l'" },
    { other, "too many arguments", "too many arguments" },
    { run, "unknown option '--last'", "unknown option '--last'; did you mean last?" },
    { other, "unknown option '--last'", "unknown option '--last'" },
    { run, "unknown option '--tag'\nDid you mean '--tags'?",
      "unknown option '--tag'; did you mean '--tags'?" },
    { run, "unknown option '--name'", "unknown option '--name'; did you mean --query name:…?" },
    { run, "unknown option '--tag'", "unknown option '--tag'; did you mean --add, or --query "
      .. "tag:…?" },
    { run, "unknown option '--desc'", "unknown option '--desc'" },
    { parser, "unknown option '--own'", "unknown option '--own'; did you mean '--ownership'?" },
    { parser, "unknown option '--since'",
      "unknown option '--since'; did you mean --where 'created > date \"2024-01-31\"'?" },
    { parser, "unknown option '--mine'",
      "unknown option '--mine'; did you mean --ownership owner?" },
    { other, "unknown option '--mine'", "unknown option '--mine'" },
    { run, "unknown option '--file'", "unknown option '--file'; did you mean --ids FILE?" },
    { other, "unknown option '--verbose'",
      "unknown option '--verbose'; did you mean colua --trace, before the command?" },
    { other, "unknown option '-1'", "'-1': no option takes a negative number" },
    { other, "unknown option '--token'", "unknown option '--token'; colua login keeps a deployment "
      .. "and its token, CODEOCEAN_DOMAIN and CODEOCEAN_TOKEN name others" },
    { other, "unknown option '--\27[2J'", "unknown option '--\\27[2J'" },
  }
  for i, row in ipairs(rows) do
    it("proposes what was meant, row " .. i, function()
      assert.equal(row[3], usage.explain(row[1], row[2]))
    end)
  end

  it("names a long option with one hyphen", function()
    for words, problem in pairs {
      ["-query x"] = "'-query' has one hyphen; did you mean --query?",
      ["-limit=5"] = "'-limit=5' has one hyphen; did you mean --limit?",
      ["x -sort-field name"] = "'-sort-field' has one hyphen; did you mean --sort-field?",
    } do
      local list = {}
      for word in words:gmatch "%S+" do list[#list + 1] = word end
      assert.equal(problem, usage.problem_of_hyphen(parser, list))
    end
    assert.is_nil(usage.problem_of_hyphen(parser,
      { "-q", "x", "-h", "-nosuch", "-", "-5", "--limit" }))
    assert.is_nil(usage.problem_of_hyphen(parser, { "--", "-limit" }))
    assert.is_nil(usage.problem_of_hyphen(other, { "-limit" }))
  end)

  it("proposes --query for a word, --output for the name of a file", function()
    assert.equal("did you mean --query 'a b.csv'?",
      usage.problem_of_words(parser, { words = { "a", "b.csv" } }))
    assert.equal("did you mean --query out.html?",
      usage.problem_of_words(parser, { words = { "out.html" } }))
    assert.equal("did you mean --query 'tag:raw'?",
      usage.problem_of_words(parser, { words = { "tag=raw" } }))
    local given = { fields = { "id" }, words = { "name", "size" } }
    assert.equal("did you mean --fields id,name,size?", usage.problem_of_words(parser, given))
    given.words[1] = "mouse"
    assert.equal("did you mean --query 'mouse size'?", usage.problem_of_words(parser, given))
    local writer = options.parser("colua z", "About z.")
    options.value(writer, "--output", "<file>", "a file")
    assert.equal("did you mean --output out.html?",
      usage.problem_of_words(writer, { words = { "out.html" } }))
    assert.equal("did you mean --query ecephys?",
      usage.problem_of_words(writer, { words = { "ecephys" } }))
  end)

  it("proposes the option for a file in place of an argument too many", function()
    local server = options.parser("colua z", "About z.")
    options.value(server, "--db", "<file>", "a file")
    assert.equal("did you mean --db 'my x.db'?", usage.problem_of_surplus(server, "my x.db"))
    assert.equal("too many arguments: trial", usage.problem_of_surplus(server, "trial"))
    assert.equal("too many arguments: trial.db", usage.problem_of_surplus(other, "trial.db"))
    options.value(server, "--from", "<file>", "a file")
    assert.equal("did you mean --from a.csv?", usage.problem_of_surplus(server, "a.csv"))
  end)

  it("for an argument that is no id proposes a name or a query, or counts its digits", function()
    local names = "; did you mean --by-name or --query %s?"
    for word, said in pairs { mouse = names:format "mouse",
      ["ecephys_690116_2026-11-08"] = names:format "ecephys_690116_2026-11-08",
      ["mouse 12"] = names:format "'mouse 12'",
      ["3d7ec2bf-3088-489e-b952-5ef5725701d"] = "; it has 35",
      ["1234"] = "", ["a/b"] = "" } do
      assert.equal(said, usage.of_no_id(word), word)
    end
  end)

  it("quotes a word as a shell reads it back", function()
    assert.equal("a/b_c.d-1", usage.quoted "a/b_c.d-1")
    assert.equal("'a b'", usage.quoted "a b")
    assert.equal("'it'\\''s'", usage.quoted "it's")
    assert.equal("''", usage.quoted "")
    assert.is_nil(usage.quoted("\27[2J"):find("\27", 1, true))
  end)
end)
