-- README.md and docs/embedding.md, block by block: commands run on a terminal, scripts under colua
-- and stock Lua; the output must be what the page shows. The sessions are in
-- colua/recording_spec.lua.

local deployment = require "deployment"
local process = require "process"

local COLUMNS = 80

local function blocks_of(text)
  local blocks = {}
  for kind, body in text:gmatch("\n```(%w+)\n(.-)\n```\n") do
    blocks[#blocks + 1] = { kind = kind, body = body }
  end
  return blocks
end

-- What differs from run to run, and from machine to machine.
local function settled(text)
  return (text:gsub("\27%[%d*m", ""):gsub("[^\n]*\r\27%[K", "")
    :gsub("127%.0%.0%.1:%d+", "HOST"):gsub("acmecorp%.codeocean%.com", "HOST")
    :gsub("%d+%.%d s%)", "T)"):gsub("works: %d+ ms", "works: T ms")
    :gsub("undo: %x+ (%b()), started [%d:Z -]+", "undo: %1")
    :gsub("journal: [^\n]*%-(%a+)%-%x+%.jsonl", "journal: %1"):gsub(" +", " "))
end

-- "$ command" and the lines below it.
local function dialogue_of(body)
  local turns = {}
  for line in (body .. "\n"):gmatch("(.-)\n") do
    local command = line:match("^%$ (.*)$")
    if command then
      turns[#turns + 1] = { command = command, shown = "" }
    else
      turns[#turns].shown = turns[#turns].shown .. line .. "\n"
    end
  end
  return turns
end

describe("README.md", function()
  local text = process.read "README.md"
  local pages = { readme = blocks_of(text),
    embedding = blocks_of(process.read "docs/embedding.md") }
  local root = process.shell("pwd").out:match("[^\n]+")
  local build = process.colua:match("^(.*)/")
  local here

  setup(function() here = deployment.start { seed = 1000, ready_after = 0 } end)
  teardown(function() here:stop() end)

  local function of_kind(kind, page)
    local own = {}
    for _, block in ipairs(pages[page or "readme"]) do
      if block.kind == kind then own[#own + 1] = block.body end
    end
    return own
  end

  local function environment()
    return here:environment { PATH = build .. ":" .. os.getenv "PATH", TERM = "xterm" }
  end

  it("has blocks of the kinds that are run, and no others", function()
    local kinds = { readme = { sh = 1, console = 1, lua = 1, text = 3 },
      embedding = { sh = 3, lua = 1 } }
    for page, counts in pairs(kinds) do
      for _, block in ipairs(pages[page]) do assert.is_truthy(counts[block.kind], block.kind) end
      for kind, count in pairs(counts) do assert.are.equal(count, #of_kind(kind, page), kind) end
    end
  end)

  -- The first page ends at the recorded session, which is folded at the end.
  it("has a first page of less than 900 words", function()
    local page, rest = text:match "^(.-\n)(<details>\n<summary>A recorded session</summary>\n.*)$"
    assert.is_truthy(rest:find "\n</details>\n$")
    local words = select(2, page:gsub("%S+", ""))
    assert.is_true(words < 900, words .. " words")
  end)

  it("shows the lines that the demo prints", function()
    local result = process.run(process.colua, { "examples/demo.lua" })
    assert.are.equal(0, result.status, result.err)
    for line in of_kind("text")[1]:gmatch("[^\n]+") do
      assert.is_truthy(result.out:find(line, 1, true), line .. "\n" .. result.out)
    end
  end)

  it("names targets that make knows", function()
    for line in of_kind("sh")[1]:gmatch("[^\n]+") do
      local dry = line:gsub("^make", "make -n") .. " >/dev/null"
      assert.are.equal(0, process.shell(dry).status, line)
    end
    for target in text:gmatch("`make (%w+)") do
      assert.are.equal(0, process.shell("make -n " .. target .. " >/dev/null").status, target)
    end
  end)

  it("shows what its commands print on a terminal", function()
    for _, body in ipairs(of_kind "console") do
      for _, turn in ipairs(dialogue_of(body)) do
        if not turn.command:find("^export ") then
          local words = { root .. "/spec/support/dialogue.py", COLUMNS, "--", "sh", "-c",
            turn.command }
          local result = process.run("python3", words, { env = environment(), cwd = here.folder })
          assert.are.equal(settled(turn.shown), settled(result.out), turn.command)
        end
      end
    end
  end)

  it("quotes its bulk script as it stands in examples, and that runs", function()
    local script = of_kind("lua")[1]
    local file = process.read "examples/tag-by-year.lua"
    assert.are.equal(file, file:match("^%-%-[^\n]*\n") .. script .. "\n")
    assert.is_true(select(2, script:gsub("\n", "\n")) <= 11)
    local function run(...)
      return process.run(process.colua, { "examples/tag-by-year.lua", ... },
        { env = environment() })
    end
    local preview = run("--dry-run", "--jsonl")
    assert.are.equal(0, preview.status)
    assert.is_truthy(preview.out:find('"change":"+year-20', 1, true))
    local limited = run("--limit", "20", "--yes")
    assert.are.same({ 0, 21 }, { limited.status, select(2, limited.out:gsub("\n", "\n")) })
    assert.are.equal(0, run("--limit", "20").status)
    assert.are.equal(6, run().status)
    assert.are.equal(2, run("--bogus").status)
  end)

  -- Each world's block, run to the letter in a copy of this tree.
  for i, world in ipairs { "LuaRocks", "a C program", "cqueues" } do
    it("gets the program running with " .. world, function()
      if not process.stock_loads() or world == "LuaRocks"
        and not os.execute "command -v luarocks >/dev/null" then
        return pending "not here"
      end
      local copy = process.folder()
      process.shell("cp -rp .ci * " .. copy)
      process.write(copy .. "/program.lua", of_kind("lua", "embedding")[1])
      local own, words = environment(), {}
      own.LUA_PATH, own.LUA_CPATH = nil, nil
      for name, value in pairs(own) do
        words[#words + 1] = ("export %s=%s"):format(name, process.quote(value))
      end
      local result = process.shell("unset LUA_PATH LUA_CPATH\nset -e\n" .. table.concat(words, "\n")
        .. "\nexec 3>&1 >/dev/null\n" .. of_kind("sh", "embedding")[i]:gsub("[^\n]*$", "%0 >&3"),
        { cwd = copy })
      process.clean(copy)
      assert.are.equal(0, result.status, result.err)
      assert.is_truthy(result.out:find("^%x+%-%x+%-%x+%-%x+%-%x+\t[^\n]+\n"), result.out)
      assert.is_nil(result.out:find("\tnil\n", 1, true))
    end)
  end

  local function embedded(program, env)
    local own = environment()
    for name, value in pairs(env) do own[name] = value end
    local script = process.write(here.folder .. "/embedded.lua", of_kind("lua", "embedding")[1])
    return process.run(program, { script }, { env = own })
  end

  it("can be embedded as it says, from a clone", function()
    local result = embedded(process.hosts()[1], { LUA_PATH = "lua/?.lua;lua/?/init.lua;;",
      LUA_CPATH = build .. "/?.so;;" })
    assert.are.same({ 0, "" }, { result.status, result.err })
    assert.is_truthy(result.out:find("^%x+%-%x+%-%x+%-%x+%-%x+\t[^\n]+\n"))
    assert.is_nil(result.out:find("\tnil\n", 1, true))
  end)

  it("can be embedded as it says, after make install; and colua stands alone", function()
    local own = here.folder .. "/installed"
    local made = process.shell(("make install BUILD=%s DESTDIR=%s PREFIX=/usr >/dev/null"):format(
      os.getenv "BUILD" or "build", process.quote(own)))
    assert.are.same({ 0, "" }, { made.status, made.err })
    local share, lib = own .. "/usr/share/lua/5.4/", own .. "/usr/lib/lua/5.4/"
    local result = embedded(process.hosts()[1], {
      LUA_PATH = share .. "?.lua;" .. share .. "?/init.lua;;", LUA_CPATH = lib .. "?.so;;" })
    assert.are.same({ 0, "" }, { result.status, result.err })
    process.shell(("mkdir %s/alone && cp %s/usr/bin/colua %s/alone/"):format(here.folder, own,
      here.folder))
    local alone = process.run(here.folder .. "/alone/colua", { "search", "--limit", "1", "--fields",
      "id" }, { env = here:environment { LUA_PATH = "/nowhere/?.lua", LUA_CPATH = "/nowhere/?.so" },
      cwd = here.folder .. "/alone" })
    assert.are.same({ 0, "id\n" }, { alone.status, alone.out:sub(1, 3) })
  end)

  it("points at files that are there", function()
    for folder, page in pairs { [""] = text, ["docs/"] = process.read "docs/embedding.md" } do
      for path in page:gmatch("%]%(([^)]+)%)") do
        local file = io.open(folder .. path)
        assert.is_truthy(file, path)
        file:close()
      end
    end
  end)
end)
