-- Opening the journals of a run: an error or Ctrl-C meanwhile leaves no lock and no file.

local bulk = require "codeocean.bulk"
local core = require "codeocean.core"
local creates = require "codeocean.bulk.journal.creates"
local deployment = require "deployment"
local fixture = require "fixture"
local journal = require "codeocean.bulk.journal"
local process = require "process"
local resume = require "codeocean.bulk.resume"
local undo = require "codeocean.bulk.undo"

local methods = debug.getmetatable(core.journal_file()).__index

-- Calls fn, and raises an error in it at the n-th call or return after the first one that opens a
-- journal file, as Ctrl-C does at the prompt: by a hook, but not in a close function. Returns
-- whether fn got that far. pause() ends the count, resume_count() continues it.
local function interrupt(n, fn)
  local own, steps, was_raised = {}, 0, false
  local function step()
    steps = steps + 1
    if steps < n or debug.traceback():find "in metamethod 'close'" then return end
    debug.sethook()
    was_raised = true
    error("interrupted!", 0)
  end
  local function resume_count() debug.sethook(step, "cr") end
  for _, name in ipairs { "open", "create" } do
    own[name] = methods[name]
    methods[name] = function(...)
      resume_count()
      return own[name](...)
    end
  end
  pcall(function()
    fn(debug.sethook, resume_count)
    debug.sethook()
  end)
  debug.sethook()
  for name, method in pairs(own) do methods[name] = method end
  return was_raised
end

-- How many files in the folder this process has open.
local function open_files(folder)
  local count = 0
  for _, name in ipairs(core.list_folder "/proc/self/fd") do
    local path = core.absolute("/proc/self/fd/" .. name)
    if path and path:sub(1, #folder) == folder then count = count + 1 end
  end
  return count
end

describe("codeocean.bulk.open_journals", function()
  local client, folder, ids, with

  local function open(finally)
    with = fixture.new(finally)
    client = with:client(with:sandbox { seed = 4, ready_after = 0 }, { dialect = "current" })
    folder = with:folder()
    ids = {}
    for asset in client.data_assets:each { archived = false, limit = 2 } do
      ids[#ids + 1] = asset.id
    end
    assert.equal(2, #ids)
  end

  local function path(name) return folder .. "/" .. name .. ".jsonl" end

  local REQUESTS = { { name = "a", mount = "a", tags = {}, source = { aws = { bucket = "b" } } } }
  local RULE = { fields = { description = "ours" } }

  local function stopped() return true end

  -- A run that stopped behind its plan.
  local function cut_run()
    assert(bulk.run(client, { ids = ids, rule = RULE, journal = path "run",
      confirm = function() return true end, stop = stopped }))
  end

  -- Runs the spec; interrupted while it opens journals, and while it ends.
  local function run(spec, pause, resume_count)
    spec.stop = stopped
    function spec.on_event() pause() end
    client.hooks.report = { resume_count }
    bulk.run(client, spec)
  end

  -- Begins creates; interrupted until they have all that they open.
  local function begin(pause, fn, ...)
    local scheduler, on_idle = client.scheduler, client.scheduler.on_idle
    function scheduler.on_idle(...)
      scheduler.on_idle = nil
      pause()
      return on_idle(...)
    end
    fn(client, ...):close()
  end

  -- Each opens journals, and writes nothing.
  local OPENINGS = {
    ["a new run"] = function(n, ...)
      run({ ids = ids, rule = RULE, journal = path("new" .. n) }, ...)
    end,
    ["a resume"] = function(_, ...) run(assert(resume.spec(path "run")), ...) end,
    ["an undo"] = function(n, ...)
      local spec = assert(undo.spec(path "done"))
      spec.journal = path("undo" .. n)
      run(spec, ...)
    end,
    ["new creates"] = function(n, pause)
      begin(pause, creates.begin, REQUESTS, { journal = path("create" .. n) })
    end,
    ["creates that are resumed"] = function(_, pause)
      begin(pause, creates.resume, path "create")
    end,
  }

  for what, fn in pairs(OPENINGS) do
    it("leaves no lock, wherever it is interrupted: " .. what, function()
      if _VERSION == "Lua 5.3" and what == "an undo" then
        return pending "docs/hosts.md: the collector closes there"
      end
      open(finally)
      cut_run()
      assert(bulk.run(client, { ids = ids, rule = RULE, journal = path "done" }))
      creates.begin(client, REQUESTS, { journal = path "create" }):close()
      collectgarbage()
      collectgarbage "stop"
      with:at_end(function() collectgarbage "restart" end)
      local texts, n = {}, 0
      for _, name in ipairs { "run", "done", "create" } do
        texts[name] = process.read(path(name))
      end
      repeat
        n = n + 3 -- each call would take some seconds more
        for name, text in pairs(texts) do process.write(path(name), text) end
        local was_interrupted = interrupt(n, function(...) fn(n, ...) end)
        for _, name in ipairs { "run", "done", "create", "new" .. n, "create" .. n, "undo" .. n } do
          assert.is_false(journal.is_busy(path(name)), name .. " at step " .. n)
        end
      until not was_interrupted
      assert.is_true(n > 50, n)
    end)
  end

  it("leaves no file open in a run that fails", function()
    open(finally)
    cut_run()
    collectgarbage()
    collectgarbage "stop"
    with:at_end(function() collectgarbage "restart" end)
    local before = open_files(folder)
    local function fail() error("failed", 0) end
    for _, spec in ipairs { assert(resume.spec(path "run")), assert(undo.spec(path "run")),
      { ids = ids, rule = RULE, journal = path "new" } } do
      spec.on_event = fail
      if not spec.resume then spec.journal = path(spec.name or "new") end
      assert.same({ false, "failed" }, { pcall(bulk.run, client, spec) })
      assert.equal(before, open_files(folder), spec.name)
    end
  end)
end)

describe("a dry run of colua resume and of colua undo", function()
  local here, id

  before_each(function()
    here = deployment.start()
    id = here:asset { name = "a" }
    assert.equal(0, here:run({ "tag", id, "--add", "n", "--yes", "--journal", "run" }).status)
  end)
  after_each(function() here:stop() end)

  -- What the real run says, and the dry one, of a journal that `prepare` has made unwritable; both
  -- with the status.
  local function answers(command, prepare, around)
    local texts = {}
    for i, option in ipairs { "--yes", "--dry-run" } do
      local words = ("%s colua %s ./run %s 2>&1"):format(around, command, option)
      local result = here:shell(prepare .. words, {})
      assert.same({}, result.written)
      texts[i] = result.status .. " " .. result.out
    end
    return texts
  end

  local LINKED = "test -L run || { mv run own && ln -s own run; }; "
  for _, command in ipairs { "resume", "undo" } do
    it("foretells that the journal is a link: " .. command, function()
      local texts = answers(command, LINKED, "")
      local expected = ("6 colua %s: refused: journal ./run: it is a symbolic link; name the file "
        .. "itself\n"):format(command)
      assert.same({ expected, expected }, texts)
    end)
  end

  local mounts = process.shell("unshare -rm true").status == 0
  local it_mounted = mounts and it or pending
  for _, command in ipairs { "resume", "undo" } do
    it_mounted("foretells that the journal is read-only: " .. command, function()
      local texts = answers(command, "", "unshare -rm sh -c 'mount --bind run run && "
        .. "mount -o remount,ro,bind run && exec \"$@\"' sh")
      assert.equal(texts[1], texts[2])
      assert.matches("^6 .*/run: it cannot be written: Read%-only file system\n$", texts[1])
    end)
  end
end)
