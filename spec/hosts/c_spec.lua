-- The C hosts in examples/, built as their comments say against what `make install` installed, and
-- run without this build.

local deployment = require "deployment"
local process = require "process"

local SCRIPT = [[
local codeocean = require "codeocean"
local client <close> = assert(codeocean.client { jobs = 8 })
local found = assert(client.data_assets:all { page_size = 10 })
print(#found, package.loaded["codeocean.core"].version == codeocean.version)
for _, name in ipairs { "bulk", "output", "tags" } do require("codeocean." .. name) end
print(codeocean.json.encode { codeocean.json.null })
]]

describe("a C host", function()
  local here, top
  local build = os.getenv "BUILD" or "build"
  local sanitize = process.stock_loads() and "" or "-fsanitize=address,undefined "

  setup(function()
    here = deployment.start { seed = 30 }
    top = here.folder .. "/installed"
    local made = process.shell(("make install BUILD=%s DESTDIR= PREFIX=%s >/dev/null"):format(
      build, process.quote(top)))
    assert.are.same({ 0, "" }, { made.status, made.err })
  end)

  teardown(function() here:stop() end)

  -- The line in the example's own comment.
  local function build_example(name)
    local root = process.shell("pwd").out:match "[^\n]+"
    local path = ("%s/examples/%s.c"):format(root, name)
    local line = process.read(path):match "%*%*   (cc [^\n]+)"
    local rest = assert(line:match(("^cc %s%%.c (.+)$"):format(name)))
    local made = process.shell(("PKG_CONFIG_PATH=%s; export PKG_CONFIG_PATH\n"
      .. "cc -Wall -Wextra -Werror %s%s %s"):format(process.quote(top .. "/lib/pkgconfig"),
      sanitize, process.quote(path), rest), { cwd = here.folder })
    assert.are.same({ 0, "" }, { made.status, made.err })
    return here.folder .. "/" .. name
  end

  local function run(program, words, env)
    return process.run(program, words, { env = here:environment(env), cwd = here.folder })
  end

  it("runs a script, with other Lua libraries in reach or none, and ends by itself", function()
    local host = build_example "host"
    local script = process.write(here.folder .. "/script.lua", SCRIPT)
    local nowhere = { LUA_PATH = "/nowhere/?.lua", LUA_CPATH = "/nowhere/?.so" }
    for _, env in ipairs { {}, nowhere } do
      local result = run(host, { script }, env)
      assert.are.same({ 0, "", "29\ttrue\n[null]\n" }, { result.status, result.err, result.out })
    end
  end)

  it("gets an error with a traceback", function()
    local host = build_example "host"
    local script = process.write(here.folder .. "/wrong.lua",
      "require('codeocean').client { jobs = 'many' }")
    local result = run(host, { script })
    assert.are.equal(1, result.status)
    assert.is_truthy(result.err:find("jobs", 1, true), result.err)
    assert.is_truthy(result.err:find("stack traceback", 1, true), result.err)
  end)

  it("has a state and a client in each of several threads", function()
    local result = run(build_example "threads", {})
    local lines = {}
    for i = 1, 4 do lines[i] = ("thread %d: 29 assets\n"):format(i) end
    assert.are.same({ 0, "", table.concat(lines) }, { result.status, result.err, result.out })
  end)

  it("gets one global name from the library", function()
    local names = process.shell("nm --defined-only --extern-only " .. process.quote(
      top .. "/lib/libcodeocean.a")).out
    assert.are.equal("luaopen_codeocean\n", (names:gsub("^\n.-:\n%x+ T ", "")))
  end)

  it("leaves nothing behind when uninstalled", function()
    local own = here.folder .. "/gone"
    local function make(target)
      local made = process.shell(("make %s BUILD=%s DESTDIR=%s PREFIX=/usr >/dev/null"):format(
        target, build, process.quote(own)))
      assert.are.same({ 0, "" }, { made.status, made.err })
    end
    make "install"
    assert.is_true(os.execute("test -x " .. process.quote(own .. "/usr/bin/colua")))
    process.write(own .. "/usr/bin/other", "")
    make "uninstall"
    local left = process.shell("find " .. process.quote(own) .. " ! -type d").out
    assert.are.equal(own .. "/usr/bin/other\n", left)
  end)
end)
