-- Runs every command line that the documents show, document by document and in their order, in a
-- shell, on the estate that `colua --sandbox` starts with. Each must end with status 0 and select
-- something.

local process = require "process"
local texts = require "shown_commands"

-- What a command line needs in the reader's folder and estate, by a word of the line.
local RUN = "colua tag --query tag:raw --limit 4 --add x-$$ --yes > /dev/null\n"
local CUT = [[
path=$(colua runs --fields path --tsv | sed -n 2p)
head -n -2 "$path" > cut && mv cut "$path"
]]
local PREPARED = {
  { "%-%-ids %S+%.csv", "colua search --limit 3 --fields id --tsv > ids\n"
    .. "sed 1s/id/asset_id/ ids > sheet.csv; cp sheet.csv old.csv" },
  { "delete %-%-ids", "colua archive --ids ids" },
  { "%-%-remove tmp", "colua tag --ids ids --add tmp" },
  { "list%.txt", "colua search --limit 3 --fields id --tsv | tail -n +2 > list.txt" },
  { "update %-%-from sheet%.csv", "colua search --limit 3 --fields id --tsv > ids\n"
    .. "sed '1s/$/,+tags/; 2,$s/$/,sorted/' ids > sheet.csv" },
  { "update %-%-from names%.csv", "colua search --limit 3 --fields name --tsv > names\n"
    .. "sed '1s/$/,description/; 2,$s/$/,Rig 3/' names > names.csv" },
  { "create %-%-from sheet%.csv", "printf 'name,bucket\nRig 4,my-lab\n' > sheet.csv" },
  { "create %-%-from %S+%.jsonl", [[
    echo '{"name":"a","mount":"a","tags":[],"source":{"aws":{"bucket":"my-lab"}}}' > assets.jsonl
    cp assets.jsonl new.jsonl]] },
  { "%-%-ids new%.csv", "cp ids new.csv" },
  { "%-%-remove%-user bo@", "colua share fea84ebf-b58b-4ad2-994d-7169dc3880fb "
    .. "--add-user bo@example.org=viewer --add-group Guests=viewer" },
  { "colua resume", RUN .. CUT },
  { "colua undo", RUN },
  { "colua runs", RUN },
  { "shard%-%*", "colua tag --query tag:raw --limit 3 --add x --journal shard-1.jsonl --yes" },
  { "colua diff copy%.db", "[ -e copy.db ] || { colua pull copy.db --query name:2021\n"
    .. "colua --sandbox=copy.db tag --query tag:raw --add x; }" },
  { "colua logout", "echo cop_some | colua login --domain a.example --name test --with-token "
    .. "--unchecked" },
  { "< token%.txt", "echo cop_some > token.txt" },
  { "script%.lua", "echo 'print(1)' > script.lua" },
}

-- What differs from run to run, and its replacement: names of runs, a port that may be taken.
local NEWEST = {
  ["--port 8080"] = "--port 0",
  ["cb52bc"] = "$(colua runs --fields run --tsv | sed -n 2p)",
  ["~/.local/state/colua/runs/20261123T101500Z-tag-3f2a1b.jsonl"] =
    '"$(colua runs --fields path --tsv | sed -n 2p)"',
}

-- Running them -----------------------------------------------------------------------------------

-- Stands for colua in a text: works on the sandbox, says yes, and keeps what it printed and with
-- what status it ended. REAL and KEPT come from the environment.
local STAND_IN = [[
#!/bin/sh
kept=$(mktemp "$KEPT/XXXXXX")
printf '%s ' "$@" > "$kept.line"
case "$1" in --sandbox=*) sandbox=$1; shift ;; *) sandbox=--sandbox=trial.db ;; esac
case "$* " in
  *" --yes "* | *" --dry-run "*) ;;
  tag* | update* | archive* | unarchive* | delete* | create* | share* | undo* | resume* | apply*)
    set -- "$@" --yes ;;
esac
# Runs a server until it has said all that it says, and ends it.
serve() {
  mkfifo "$kept.pipe"
  "$REAL" "$@" > "$kept.pipe" &
  while read -r line; do
    echo "$line"
    case "$line" in *_TOKEN=*) kill $! ;; esac
  done < "$kept.pipe"
  wait $!
  ended=$?
  [ $ended = 143 ] || return $ended
}
case "$1" in
  sandbox) serve "$@" > "$kept.out" 2> "$kept.err" ;;
  *) "$REAL" "$sandbox" "$@" > "$kept.out" 2> "$kept.err" ;;
esac
status=$?
echo $status > "$kept.status"
cat "$kept.out"
cat "$kept.err" >&2
exit $status
]]

local function prepared(line)
  local code = ""
  for _, row in ipairs(PREPARED) do
    if line:find(row[1]) then code = code .. row[2] .. "\n" end
  end
  for name, value in pairs(NEWEST) do
    local from, to = line:find(name, 1, true)
    if from then line = line:sub(1, from - 1) .. value .. line:sub(to + 1) end
  end
  return code, line
end

-- Commands that list: a title and at least a row.
local LISTS = { search = 2, get = 2, wait = 2, stats = 2, runs = 2, profiles = 2, diff = 2 }

-- 0 for the status 10 where a line asks for it.
local function expected_status(line, status)
  return status == 10 and line:find "%-%-detailed%-exitcode" and 0 or status
end

-- What is wrong with a call of colua whose output was kept, or nil.
local function fault_of(folder, call)
  local kept = folder .. "/kept/" .. call
  local out, err = process.read(kept .. ".out"), process.read(kept .. ".err")
  local line, status = process.read(kept .. ".line"), tonumber(process.read(kept .. ".status"))
  status = expected_status(line, status)
  if status ~= 0 then return ("%sends with status %d\n%s"):format(line, status, err) end
  local selected = err:match "%d+ selected: [^\n]*"
  if selected and not selected:find "would change" and not selected:find "[1-9]%d* ok" then
    return line .. "changes nothing: " .. selected
  end
  local least = LISTS[line:gsub("^%-%-sandbox%S* ", ""):match "^%l+"] or 0
  if line:find "%-%-print" or line:find "%-%-json" or line:find "%-%-merge" then least = 1 end
  local file = line:match "%-%-output (%S+)"
  local _, rows = (file and process.read(folder .. "/" .. file) or out):gsub("\n", "")
  if rows < least or out == "[]\n" then return line .. "finds nothing: " .. out end
end

local function run(text)
  local folder = process.folder()
  finally(function() process.clean(folder) end)
  process.shell(("cp -r docs/cookbook/* examples examples/*.lua %s"):format(folder))
  process.shell("mkdir bin kept", { cwd = folder })
  process.write(folder .. "/bin/colua", STAND_IN)
  process.shell("chmod +x bin/colua", { cwd = folder })
  local env = { REAL = process.colua, KEPT = folder .. "/kept", HOME = folder,
    XDG_STATE_HOME = folder .. "/.local/state", PATH = folder .. "/bin:" .. os.getenv "PATH" }
  for _, shown in ipairs(text) do
    local code, line = prepared(shown)
    local made = process.run("/bin/sh", { "-c", code }, { cwd = folder, env = env })
    assert.are.equal(0, made.status, code .. made.err)
    process.shell("rm -f kept/*", { cwd = folder })
    local result = process.run("/bin/sh", { "-c", line }, { cwd = folder, env = env })
    assert.are.equal(0, expected_status(shown, result.status), shown .. "\n" .. result.err)
    local calls = 0
    for kept in process.shell("ls kept | grep -v '[.]'", { cwd = folder }).out:gmatch "[^\n]+" do
      assert.is_nil(fault_of(folder, kept))
      calls = calls + 1
    end
    assert.is_true(calls > 0, shown)
  end
end

-- The expressions that the help of options has as samples.
local function samples()
  local help = process.run(process.colua, { "search", "--help" }).out:gsub("\n +", " ")
  return { ["--where"] = help:match "holds, such as (.-); words", ["--print"] =
    help:match "Lua gives, such as (.-) %-%-" }
end

describe("the command lines shown in", function()
  local list = texts.all()

  it("the texts are many", function()
    local lines = 0
    for _, text in ipairs(list) do lines = lines + #text end
    assert.is_true(#list > 20, #list)
    assert.is_true(lines > 50, lines)
  end)

  for option, sample in pairs(samples()) do
    it("the help of " .. option .. " do what they are shown for", function()
      run { ("colua search %s '%s'"):format(option, sample) }
    end)
  end

  for _, text in ipairs(list) do
    it(text.name .. " do what they are shown for", function() run(text) end)
  end
end)
