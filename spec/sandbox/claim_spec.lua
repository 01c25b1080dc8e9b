-- Several processes with one database file: the first serves it, the others join, the last one
-- closes it.

local http = require "http"
local peer = require "peer"
local process = require "process"
local sandboxes = require "codeocean.sandbox"

describe("a sandbox's file", function()
  local folder, file

  before_each(function()
    folder = process.folder()
    file = folder .. "/estate"
  end)

  after_each(function() process.clean(folder) end)

  local function colua(words, options)
    options = options or {}
    options.cwd, options.env = folder, { HOME = folder, XDG_STATE_HOME = folder .. "/state" }
    return process.run(process.colua, words, options)
  end

  local function shell(code)
    local names = [[export HOME=%s XDG_STATE_HOME=%s/state
      colua=%s; colua() { "$colua" "$@"; }; ]]
    return process.shell(names:format(folder, folder, process.quote(process.colua)) .. code,
      { cwd = folder })
  end

  local function mode(path)
    local pipe = assert(io.popen("stat -c %a " .. process.quote(path)))
    local text = pipe:read "l"
    pipe:close()
    return text
  end

  it("has its address and token beside it, for its owner, while it is served", function()
    local sandbox = assert(sandboxes.start { db = file })
    assert.equal("600", mode(file .. ".server"))
    assert.equal("600", mode(file))
    local text = process.read(file .. ".server")
    for _, field in ipairs { "url", "token", "estate" } do
      assert.truthy(text:find(field .. " " .. sandbox[field] .. "\n", 1, true), field)
    end
    sandbox:stop()
    assert.is_nil(io.open(file .. ".server"))
    assert.is_nil(io.open(file .. "-journal"))
  end)

  it("has its token in no list of processes and in no file but that beside it", function()
    local script = process.write(folder .. "/look.lua", [[
      local at = io.open("estate.server"):read "a"
      print(at:match "token (%S+)")
      for _, pid in ipairs { at:match "pid (%d+)", "self" } do
        print((io.open("/proc/" .. pid .. "/cmdline"):read("a"):gsub("%z", " ")))
      end
      local id = require("codeocean").client().data_assets:search { limit = 1 }.results[1].id
      os.execute("colua tag " .. id .. " --add x --yes > said 2>&1")
      os.execute("grep -rl " .. at:match "token (%S+)" .. " .")]])
    local result = shell(("PATH=${colua%%/*}:$PATH colua --sandbox=estate %s"):format(script))
    local token, server, own, holders = result.out:match "^(cop_%x+)\n([^\n]+)\n([^\n]+)\n(.*)$"
    assert.is_truthy(token, result.out .. result.err)
    for _, words in ipairs { server, own } do
      assert.is_truthy(words:find("--sandbox=estate", 1, true), words)
      assert.is_nil(words:find(token, 1, true), words)
    end
    assert.equal("./estate.server\n", holders)
    assert.is_truthy(process.read(folder .. "/said"):find("1 ok", 1, true))
  end)

  it("is joined by a second process, which reads and writes the same assets", function()
    local it_has = peer.start { db = file, seed = 20, ready_after = 0 }
    local joined = assert(sandboxes.join(file))
    for _, field in ipairs { "url", "token", "estate" } do
      assert.equal(it_has.sandbox[field], joined[field])
    end
    joined:stop()
    joined:stop()
    local code = ([[local c = require("codeocean").client()
      assert(c.data_assets:update(%q, { description = "theirs" }))
      print(os.getenv "CODEOCEAN_DOMAIN", os.getenv "CODEOCEAN_SANDBOX")]]):format(peer.VENDORS)
    local result = colua { "--sandbox=" .. file, "-e", code }
    assert.equal("", result.err)
    assert.equal(it_has.sandbox.url .. "\t" .. it_has.sandbox.estate .. "\n", result.out)
    assert.equal("theirs", select(2, it_has:call("GET", "/" .. peer.VENDORS)).description)
    it_has.sandbox:stop()
  end)

  it("is one estate under all names of the file", function()
    local sandbox = assert(sandboxes.start { db = file })
    os.execute(("ln -s estate %s/link"):format(folder))
    for _, name in ipairs { folder .. "/link", folder .. "/./estate", folder .. "/../"
      .. folder:match "[^/]+$" .. "/estate" } do
      local joined = assert(sandboxes.join(name))
      assert.equal(sandbox.url, joined.url)
      joined:stop()
      local other, problem = sandboxes.start { db = name }
      assert.is_nil(other)
      assert.truthy(problem:find("is locked", 1, true), problem)
      assert.truthy(problem:find(sandbox.url, 1, true), problem)
    end
    sandbox:stop()
  end)

  it("keeps its estate's name for good", function()
    local sandbox = assert(sandboxes.start { db = file, seed = 1 })
    local estate = sandbox.estate
    sandbox:stop()
    sandbox = assert(sandboxes.start { db = file })
    assert.equal(estate, sandbox.estate)
    sandbox:stop()
  end)

  it("is not joined where nobody serves it", function()
    local joined, problem = sandboxes.join(file)
    assert.is_nil(joined)
    assert.equal(file .. ": no sandbox serves it", problem)
    -- What a server left that was killed is no longer true.
    process.write(file .. ".server", "codeocean sandbox 1\nurl http://127.0.0.1:9\ntoken cop_x\n"
      .. "estate 0\nend\n")
    assert.is_nil((sandboxes.join(file)))
    local sandbox = assert(sandboxes.start { db = file })
    assert.equal(sandbox.url, assert(sandboxes.join(file)).url)
    collectgarbage()
    sandbox:stop()
  end)

  it("is served again after its server was killed", function()
    local script = process.write(folder .. "/kill.lua", [[
      local text = io.open("estate.server"):read "a"
      os.execute("kill -9 " .. text:match "pid (%d+)")]])
    local result = shell(("colua --sandbox=estate %s; ls estate.server;"):format(script)
      .. "colua --sandbox=estate search --limit 1 --fields id --tsv")
    assert.truthy(result.out:find "^estate.server\nid\n%x+%-", result.out .. result.err)
  end)

  it("has no file beside it after the next server has ended, though one was killed", function()
    -- A write leaves a journal beside the file until the server ends.
    local result = shell [[
      "$colua" sandbox --db estate --seed 5 > address & server=$!
      i=0; while [ $i -lt 2000 ] && ! grep -q TOKEN address; do sleep 0.01; i=$((i+1)); done
      kill -9 $server; wait $server 2>/dev/null; ls estate*
      colua --sandbox=estate -e "require('codeocean').client().data_assets:search {}" ]]
    assert.equal("estate\nestate-journal\nestate.server\n", result.out, result.err)
    -- The server has left when this one starts.
    assert(sandboxes.start { db = file }):stop()
    assert.equal("estate\n", shell("ls estate*").out)
  end)

  it("is opened or joined while other processes open and close it", function()
    local loop = process.write(folder .. "/loop.lua", [[
      local sandboxes = require "codeocean.sandbox"
      for i = 1, 20 do
        local sandbox, problem = sandboxes.start { db = "estate" }
        if sandbox then sandbox:stop()
        else assert(problem:find("which serves it at http://", 1, true), problem) end
      end
      print "done"]])
    local result = shell(("for i in 1 2 3; do colua %s & done; wait"):format(loop))
    assert.equal("done\ndone\ndone\n", result.out, result.err)
  end)

  it("is whole after its server was killed in the middle of a bulk run", function()
    local script = process.write(folder .. "/kill.lua", [[
      local bulk, codeocean = require "codeocean.bulk", require "codeocean"
      local n = 0
      bulk.run(assert(codeocean.client { retries = 0 }), {
        select = { query = "mouse" }, jobs = 8, change = function(asset)
          n = n + 1
          if n == 60 then
            os.execute("kill -9 " .. io.open("estate.server"):read("a"):match "pid (%d+)")
          end
          return { tags = require("codeocean.tags").change(asset.tags, { add = { "cut" } }) }
        end })]])
    local count = process.write(folder .. "/count.lua", [[
      local assets, total, tagged = require("codeocean").client().data_assets, 0, 0
      for row in assets:each {} do
        total = total + 1
        local tags = table.concat(assert(assets:get(row.id)).tags, " ")
        if tags:find "cut" then tagged = tagged + 1 end
      end
      print(total, tagged, tagged == #assets:all { query = "tag:cut" })]])
    local result = shell(("colua --sandbox=estate %s; colua --sandbox=estate %s; "
      .. "python3 -c \"import sqlite3; print(sqlite3.connect('estate').execute("
      .. "'pragma integrity_check').fetchone())\""):format(script, count))
    local it_has = peer.start { seed = 1000 }
    local total = select(2, it_has:call("GET", "")).total
    it_has.sandbox:stop()
    local said, tagged, found = result.out:match "^(%d+)\t(%d+)\t(%a+)\n%('ok',%)\n$"
    assert.equal(total, tonumber(said), result.out .. result.err)
    assert.is_true(tonumber(tagged) > 0 and tonumber(tagged) < total)
    assert.equal("true", found)
  end)

  it("is not opened if a foreign file has the name of its address file", function()
    process.write(file .. ".server", "my notes\n")
    local sandbox, problem = sandboxes.start { db = file }
    assert.is_nil(sandbox)
    assert.truthy(problem:find(file .. ".server", 1, true), problem)
    assert.equal("my notes\n", process.read(file .. ".server"))
    assert.is_nil(io.open(file))
    os.remove(file .. ".server")
    process.write(folder .. "/theirs", "")
    os.execute(("ln -s theirs %s.server"):format(file))
    assert.is_nil((sandboxes.start { db = file }))
    assert.equal("", process.read(folder .. "/theirs"))
  end)

  it("serves a pipe of commands, whichever is first", function()
    for i = 1, 5 do
      local result = shell(([[
        colua --sandbox=estate search --limit 30 --fields id --tsv 2>/dev/null |
          colua --sandbox=estate tag --ids - --add pipe%d --yes >/dev/null; echo $?
        colua --sandbox=estate search --query tag:pipe%d --fields id --tsv | wc -l]]):format(i, i))
      assert.equal("0\n31\n", result.out, result.err)
    end
  end)

  it("is served until the last of its processes ends", function()
    -- Each reads a fifo to its end, which comes when this shell closes it.
    local result = shell [[
      until_there() { i=0; while [ $i -lt 2000 ] && ! [ -e $1 ]; do sleep 0.01; i=$((i+1)); done; }
      mkfifo hold go
      exec 3<>hold 4<>go
      "$colua" --sandbox=estate -e 'local hold = io.open "hold"
        io.open("one", "w"):close() hold:read "a" print "first" os.exit(0)' 3>&- 4>&- & first=$!
      until_there one
      "$colua" --sandbox=estate -e 'local go = io.open "go"
        io.open("two", "w"):close() go:read "a"
        print(#assert(require("codeocean").client().data_assets:search {}).results)' \
        3>&- 4>&- & second=$!
      until_there two
      exec 3>&-
      wait $first && echo ended
      exec 4>&-
      wait $second && echo ended]]
    assert.equal("first\nended\n100\nended\n", result.out, result.err)
    -- Whoever comes next waits for the server that is leaving.
    assert(sandboxes.start { db = file }):stop()
    assert.is_nil(io.open(file .. ".server"))
    assert.is_nil(io.open(file .. "-journal"))
  end)

  it("has a server that keeps no terminal and no pipe of its user open", function()
    local script = process.write(folder .. "/look.lua", [[
      local pid = io.open("estate.server"):read("a"):match "pid (%d+)"
      os.execute("ls -l /proc/" .. pid .. "/fd; cut -d' ' -f5,6 /proc/" .. pid
        .. "/stat /proc/$$/stat")]])
    local result = shell(("colua --sandbox=estate %s | cat"):format(script))
    -- colua is not dumpable, so only root may list its descriptors.
    if not result.err:find("^ls: [^\n]*: Permission denied\n$") then
      assert.equal("", result.err)
      assert.truthy(result.out:find("-> /dev/null", 1, true), result.out)
      -- Descriptor 0 may still be the pipe by which it learned that its first user had joined.
      assert.is_nil(result.out:find " [1-9]%d* %-> pipe:", result.out)
    end
    local group, session, our_group, our_session =
      result.out:match "(%d+) (%d+)\n(%d+) (%d+)\n$"
    assert.are_not.equal(group, our_group)
    assert.are_not.equal(session, our_session)
  end)

  it("that cannot be an estate is refused with the reason", function()
    process.write(file, ("no database at all\n"):rep(100))
    for _, path in ipairs { file, "/dev/null", "/nonexistent/folder/file", folder } do
      local result = colua { "--sandbox=" .. path, "-e", "print(1)" }
      assert.equal(1, result.status)
      assert.equal("", result.out)
      assert.truthy(result.err:find("cannot start the sandbox: " .. path .. ": ", 1, true),
        result.err)
    end
    assert.is_nil(io.open("/dev/null.server"))
  end)

  it("is no longer served to joined clients when a library's sandbox stops", function()
    local it_has = peer.start { db = file }
    local joined = assert(sandboxes.join(file))
    it_has.sandbox:stop()
    assert.is_nil((http.request { url = joined.url }))
    joined:stop()
  end)
end)
