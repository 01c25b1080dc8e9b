-- Bad input gets one line that names it, and the status that the README gives.

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
  { "check", 4, "after the host only a port", domain "user:p@host" },
  { "check", 4, "after the host only a port", domain "x:99999" },
  { "get --ids nowhere", 2, "nowhere: No such file or directory" },
  { "get --ids .", 2, ".: cannot be read: Is a directory" },
  { "get --ids binary", 3, "binary:1:" },
  { "get --ids utf16", 2, "UTF-16" },
  { "get no-id", 2, "'no-id' is no data asset id" },
  { "create --from nowhere", 2, "nowhere: No such file or directory" },
  { "create --from .", 2, ".: Is a directory" },
  { "resume nowhere", 3, "nowhere: No such file or directory" },
  { "resume .", 3, ".: it is no journal" },
  { "resume binary", 3, "binary: it is no journal" },
  { "undo nowhere", 3, "nowhere: No such file or directory" },
  { "undo binary", 3, "binary: it is no journal" },
  { "search --limit x", 2, "--limit: 'x' is no integer of 1 or more" },
  { "search --limit 0", 2, "--limit: '0' is no integer of 1 or more" },
  { "search --limit 99999999999999999999", 2, "'99999999999999999999' is no integer" },
  { "search --fields=", 2, "--fields: no field is named" },
  { "search --json --csv", 2, "'--csv' can not be used together with option '--json'" },
  { "search --nonsense", 2, "unknown option '--nonsense'" },
  { "tag --query x --add", 2, "'--add' requires an argument" },
  { "tag --query x --add=", 2, "--add: a tag must not be empty" },
  { "tag --query x --add a --jobs 0", 2, "--jobs: '0' is no integer of 1 or more" },
  { "tag --query x --add a --rate 0", 2, "--rate: '0' is no number above 0" },
  { "tag --query x --add a --yes --journal .", 6, "journal .: it exists" },
  { "tag --query x --add a --yes --journal no/x", 3, "journal no/x: No such file" },
  { "wait", 2, "which assets?" },
  { "sandbox --port 65536", 2, "'65536' is no integer from 0 to 65535" },
  { "sandbox --port x", 2, "'x' is no integer from 0 to 65535" },
  { "sandbox --seed 10000001", 2, "'10000001' is no integer from 0 to 10000000" },
  { "sandbox --latency 1e7", 2, "'1e7' is more than 1000000" },
  { "sandbox --latency x", 2, "'x' is no number above 0" },
  { "sandbox --db .", 1, ".: unable to open database file" },
  { "--sandbox=. search", 1, ".: unable to open database file" },
  { "--sandbox=binary search", 1, "binary: file is not a database" },
  { "diff nowhere", 6, "nowhere: there is no such file" },
  { "./binary", 1, "binary:1:" },
}

describe("bad input:", function()
  local here
  setup(function()
    here = deployment.start { seed = 2 }
    process.write(here.folder .. "/binary", "\0\xFF\xFE")
    process.write(here.folder .. "/utf16", "\xFF\xFEa\0")
  end)
  teardown(function() here:stop() end)

  it("the rows are there", function() assert.is_true(#ROWS >= 35) end)

  for _, row in ipairs(ROWS) do
    it(row[1] .. " " .. (row[4] and row[4].CODEOCEAN_DOMAIN or ""), function()
      local words = {}
      for word in row[1]:gmatch("%S+") do words[#words + 1] = word end
      local result = here:run(words, { env = row[4] })
      assert.are.equal(row[2], result.status, result.err)
      assert.are.equal("", result.out:match("^id\t[^\n]*\n$") and "" or result.out)
      assert.is_truthy(result.err:find(row[3], 1, true), result.err)
      assert.are.equal(1, select(2, result.err:gsub("\n", "")), result.err)
      assert.are.same({}, here:written())
    end)
  end
end)
