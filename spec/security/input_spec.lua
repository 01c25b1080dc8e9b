-- Bad input gets one line that names it, and the exit status that the README states.

local deployment = require "deployment"
local process = require "process"

local NOWHERE = { CODEOCEAN_DOMAIN = "", CODEOCEAN_TOKEN = "" }
local function domain(text) return { CODEOCEAN_DOMAIN = text } end

-- words, status, what the line must hold, environment
local ROWS = {
  { "search", 4, "no deployment and no token", NOWHERE },
  { "check", 4, 'domain "a b"', domain "a b" },
  { "check", 4, 'domain "x/../y"', domain "x/../y" },
  { "check", 4, 'domain "https://": it is empty', domain "https://" },
  { "check", 4, "http would send the token in the clear", domain "http://x.example" },
  { "check", 4, "a user or a token before an '@'", domain "user:p@host" },
  { "check", 4, "after the host only a port", domain "x:99999" },
  { "get --ids nowhere", 2, "nowhere: No such file or directory" },
  { "get --ids .", 2, ".: cannot be read: Is a directory" },
  { "get --ids binary", 2, "binary: binary data; text is expected" },
  { "get --ids utf16", 3, "utf16:1: \"a\" is not a data asset id" },
  { "get --ids loop", 2, "loop: Too many levels of symbolic links" },
  { "get --ids marked", 3, 'marked:2: "no-id" is not a data asset id' },
  { "create --from loop", 2, "loop: Too many levels of symbolic links" },
  { "search --output nowhere/x", 2, "nowhere/x: its folder cannot be written to: No such file" },
  { "search --output folder", 2, "--output: folder: Is a directory" },
  { "search", 4, "CODEOCEAN_DRY_RUN: 'maybe' is neither 1 nor 0", { CODEOCEAN_DRY_RUN = "maybe" } },
  { "search", 4, "CODEOCEAN_TRACE: 'a\\nb' is neither", { CODEOCEAN_TRACE = "a\nb" } },
  { "search", 4, "credentials.json is not JSON of the form", { HOME = "torn" } },
  { "search", 4, "credentials.json: it is a folder, a pipe or a device; a regular file is needed",
    { HOME = "folder" } },
  { "search", 4, "config.json: Too many levels of symbolic links", { HOME = "loop" } },
  { "get no-id", 2, "\"no-id\" is not a data asset id" },
  { "create --from nowhere", 2, "nowhere: No such file or directory" },
  { "create --from .", 2, ".: cannot be read: Is a directory" },
  { "resume nowhere", 2, "no run and no file is called 'nowhere'; colua runs lists" },
  { "resume .", 3, "journal .: it is a folder, a pipe or a device; a regular file is needed" },
  { "resume loop", 3, "journal loop: Too many levels of symbolic links" },
  { "resume binary", 3, "binary: it is not a journal" },
  { "undo .", 3, "journal .: it is a folder, a pipe or a device; a regular file is needed" },
  { "apply nowhere", 2, "plan nowhere: no such file; --plan of a command writes one" },
  { "apply .", 2, "plan .: it is a folder, a pipe or a device; a regular file is needed" },
  { "apply binary", 2, "plan binary: it is not a plan" },
  { "resume typed", 3, "typed: its header is damaged (origin)" },
  { "resume lost", 6, "lost: an earlier colua wrote it" },
  { "undo nowhere", 2, "no run and no file is called 'nowhere'; colua runs lists" },
  { "undo binary", 3, "binary: it is not a journal" },
  { "search --limit x", 2, "--limit: 'x' is not an integer of 1 or more" },
  { "search --limit 0", 2, "--limit: '0' is not an integer of 1 or more" },
  { "search --limit 99999999999999999999", 2, "'99999999999999999999' is not an integer" },
  { "search --fields=", 2, "--fields: no field is named" },
  { "search --json --csv", 2, "'--csv' can not be used together with option '--json'" },
  { "search --nonsense", 2, "unknown option '--nonsense'" },
  { "tag --query x --add", 2, "'--add' requires an argument" },
  { "tag --query x --add=", 2, "--add: an item must not be empty" },
  { "tag --query x --add a --jobs 0", 2, "--jobs: '0' is not an integer from 1 to 1000" },
  { "tag --query x --add a --jobs 99999", 2, "--jobs: '99999' is not an integer from 1 to 1000" },
  { "get no-id --jobs 1001", 2, "--jobs: '1001' is not an integer from 1 to 1000" },
  { "tag --query x --add a --rate 0", 2, "--rate: '0' is not a number above 0" },
  { "tag --query x --add a --yes --journal .", 6, "journal .: it exists" },
  { "tag --query x --add a --yes --journal no/x", 6, "journal no/x: No such file" },
  { "wait", 2, "which assets?" },
  { "sandbox --port 65536", 2, "'65536' is not an integer from 0 to 65535" },
  { "sandbox --port x", 2, "'x' is not an integer from 0 to 65535" },
  { "sandbox --seed 10000001", 2, "'10000001' is not an integer from 0 to 10000000" },
  { "sandbox --latency 1e7", 2, "'1e7' is more than 1000000" },
  { "sandbox --latency x", 2, "'x' is not a number above 0" },
  { "sandbox --db .", 1, ".: is not a database of this sandbox" },
  { "--sandbox=. search", 1, ".: is not a database of this sandbox" },
  { "--sandbox=binary search", 1, "binary: is not a database of this sandbox" },
  { "diff nowhere", 6, "nowhere: there is no such file" },
  { "./binary", 1, "binary:1:" },
}

-- Files in the folder where they run.
local FILES = [[
printf '\0\377\376' > binary
printf '\377\376a\0' > utf16
printf '\357\273\277#\r\nno-id\r\n' > marked
ln -s loop loop
mkfifo pipe
echo '{"journal":1}' > nameless
echo '{"journal":1,"name":"x","origin":7}' > typed
echo '{"journal":1,"name":"x","origin":{"arguments":[]}}' > lost
mkdir -p torn/.codeocean folder/.codeocean/credentials.json
echo '{"domain": "a.example", "token": cop_torn' > torn/.codeocean/credentials.json
]]

-- code of a shell, status, what standard error holds
local SHELL = {
  { "colua get - <&-", 2, "stdin: cannot be read: Bad file descriptor" },
  { "colua create --from - <&-", 2, "stdin: cannot be read: Bad file descriptor" },
  { "colua tag --ids - --add a --yes <&-", 2, "stdin: cannot be read: Bad file descriptor" },
  { "colua get - < .", 2, "stdin: cannot be read: Is a directory" },
  { "colua create --from - < .", 2, "stdin: cannot be read: Is a directory" },
  { "colua create --from marked", 2, 'marked: no line of titles in its first lines' },
  { "colua - <&-", 1, "cannot read stdin: Bad file descriptor" },
  { "colua search --json >&-", 1, "output: Bad file descriptor" },
  { "colua search --limit 1 2>&- >&-", 1, "" },
  { "colua tag --all --add x <&-", 6, "there is no terminal to ask on" },
  { "colua search --output pipe --limit 1 & cat pipe > out; wait; test -p pipe && grep -q name out",
    0, "" },
  { "colua undo nameless", 0, "0 selected: nothing to do" },
  { "ln -s /dev/full full; colua search --output full; test -c full", 0,
    "output: No space left on device" },
  { "printf %300000s | tr ' ' a > long; colua create --from long", 2, "long: no line of titles" },
  { "env -u TERM colua search --limit 1 > out", 0, "cut after 1" },
  { "XDG_STATE_HOME=$PWD/binary colua tag --all --add x --yes", 6,
    "/binary/colua: Not a directory" },
  { "XDG_STATE_HOME=$PWD/binary colua runs", 3, "/binary/colua/runs: Not a directory" },
  { "XDG_STATE_HOME=$PWD/torn colua runs", 0, "" },
  { "XDG_STATE_HOME=/proc colua tag --all --add x --yes", 6,
    "journal /proc/colua: No such file or directory" },
  { "env -u HOME -u XDG_STATE_HOME colua tag --all --add x --yes", 6,
    "neither XDG_STATE_HOME nor HOME names a folder" },
}

describe("bad input:", function()
  local here
  setup(function()
    here = deployment.start { seed = 2 }
    process.shell(FILES, { cwd = here.folder })
  end)
  teardown(function() here:stop() end)

  it("the rows are there", function() assert.is_true(#ROWS >= 50 and #SHELL >= 12) end)

  for _, row in ipairs(ROWS) do
    it(row[1] .. " " .. row[3], function()
      local words = {}
      for word in row[1]:gmatch("%S+") do words[#words + 1] = word end
      local env = { CODEOCEAN_DOMAIN = row[4] and row[4].HOME and "" }
      for name, value in pairs(row[4] or {}) do
        env[name] = name == "HOME" and here.folder .. "/" .. value or value
      end
      local result = here:run(words, { env = env })
      assert.are.equal(row[2], result.status, result.err)
      assert.are.equal("", result.out:match("^id\t[^\n]*\n$") and "" or result.out)
      assert.is_truthy(result.err:find(row[3], 1, true), result.err)
      assert.are.equal(1, select(2, result.err:gsub("\n", "")), result.err)
      assert.are.same({}, here:written())
    end)
  end

  for _, row in ipairs(SHELL) do
    it(row[1], function()
      here:mark()
      local code = row[1]:gsub("colua ", process.quote(process.colua) .. " ")
      local result = process.run("sh", { "-c", code },
        { env = here:environment(), cwd = here.folder })
      assert.are.equal(row[2], result.status, result.err)
      assert.is_truthy(result.err:find(row[3], 1, true), result.err)
      assert.is_nil(result.err:find("traceback", 1, true), result.err)
      assert.are.same({}, here:written())
    end)
  end

  -- It would be the first free descriptor, or the database, or a connection.
  it("no journal takes the place of an output that is closed", function()
    local id = here:asset { name = "closed", tags = {} }
    for i, closed in ipairs { "<&-", ">&-", "2>&-", "<&- >&- 2>&-" } do
      local code = ("%s tag %s --add t%d --yes --journal j%d %s"):format(
        process.quote(process.colua), id, i, i, closed)
      process.run("sh", { "-c", code }, { env = here:environment(), cwd = here.folder })
      assert.are.same({ i }, { #here:tags_of(id) }, closed)
      assert(require("codeocean.bulk.journal").read(here.folder .. "/j" .. i))
      for line in process.read(here.folder .. "/j" .. i):gmatch("[^\n]+") do
        assert.is_truthy(line:find("^{"), line)
      end
    end
  end)
end)
