-- The fields of an asset act on no terminal: every command that reads it shows as escapes what a
-- terminal would obey, what reorders text and what cannot be seen.

local commands = require "commands"
local deployment = require "deployment"
local process = require "process"

local ODD = "a\27[31m\27]0;t\7b\r\u{9B}2J\u{202E}c\u{2066}\u{200B}\u{FEFF}"

-- What terminals obey or do not show.
local FORBIDDEN = { "[\0-\8\11\12\14-\31\127]", "\r[^\r\n]", "\xC2[\x80-\x9F]",
  "\xE2\x80[\x8B\x8E\x8F\xA8-\xAE]", "\xE2\x81[\xA0\xA6-\xA9]", "\xEF\xBB\xBF" }

-- What the commands themselves send: colours, and the line of progress that is drawn anew.
local function without_ours(shown)
  return (shown:gsub("\27%[K", ""):gsub("\27%[[%d;]*m", ""):gsub("\27%[%?%d+[hl]", ""))
end

local function assert_harmless(shown, words)
  for _, pattern in ipairs(FORBIDDEN) do
    local found = without_ours(shown):find(pattern)
    assert.is_nil(found, found and ("%s shows %q:\n%q"):format(table.concat(words, " "), pattern,
      shown))
  end
end

describe("an asset with odd fields", function()
  local function start()
    local here = deployment.start { seed = 0, ready_after = 0, dialect = "current" }
    finally(function() here:stop() end)
    return here, here:asset { name = ODD, mount = "m", description = ODD, tags = { ODD } }
  end

  local rows, shown_escaped = {}, 0
  for _, row in ipairs(commands) do
    if row[1] ~= "cat" then rows[#rows + 1] = row end -- its output is the file's bytes
  end
  for _, row in ipairs {
    { "tag", { "tag", "ID", "--add", ODD, "--dry-run" } },
    { "delete", { "delete", "ID", "--allow-unarchived", "--dry-run" } },
    { "search", { "search", "--csv" } }, { "search", { "search", "--tsv" } },
    { "search", { "search", "--fields", "name,description,tags" } },
    { "stats", { "stats", "--by", "tag" } },
    { "runs", { "runs" },
      before = function(_, run) run { "tag", "ID", "--add", ODD, "--yes" } end },
  } do rows[#rows + 1] = row end

  for _, row in ipairs(rows) do
    local title = table.concat(row[2], " "):gsub(" %-%-json", "")
    it(("is shown by escapes in %q"):format(title), function()
      local here, id = start()
      if row.before then
        row.before(here, function(words) here:run(commands.words_of(here, id, words)) end)
      end
      local words = { process.colua }
      for _, word in ipairs(commands.words_of(here, id, row[2])) do
        if word ~= "--json" then words[#words + 1] = word end
      end
      local shown = process.on_terminal(words, { cwd = here.folder, env = here:environment() }).out
      assert_harmless(shown, row[2])
      if shown:find("\\27[31m", 1, true) then shown_escaped = shown_escaped + 1 end
    end)
  end

  it("was shown by several of them", function()
    assert.is_true(shown_escaped >= 15, tostring(shown_escaped))
  end)
end)
