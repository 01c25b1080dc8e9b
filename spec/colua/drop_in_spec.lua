-- colua is a drop-in for lua5.4: both run the same command lines, and their outputs and statuses
-- are compared, without the program's own name.

local process = require "process"

local files = {
  ["args.lua"] = [[
    print(select("#", ...), ...)
    for i = -20, 20 do if arg[i] then io.write(i, "=", arg[i], " ") end end
    print(#arg)]],
  ["fail.lua"] = [[
    local function inner() error("told to") end
    local function outer() inner() end
    outer()]],
  ["syntax.lua"] = "x = = 1\n",
  ["shebang.lua"] = "#!/usr/bin/env lua5.4\nprint('line', debug.getinfo(1).currentline)\n",
  ["module.lua"] = "print('loading', ...) return { answer = 42 }\n",
  ["module-v2.lua"] = "print('loading', ...) return { answer = 43 }\n",
  ["show.lua"] = [[
    for _, name in ipairs { "module", "module-v2", "my", "my-own" } do
      print(name, type(_G[name]))
    end]],
  ["binary.lua"] = string.dump(load "print('compiled', ...)"),
  ["mute.lua"] = "return 'ignored', 7\n",
  ["init.lua"] = "print('from a file', arg[0])\n",
  ["upward.lua"] = "print(require('module').answer)\n",
  ["tag"] = "print('a file named tag')\n",
}

-- name, words, and what else differs from an empty stdin and environment
local rows = {
  { "runs a script", { "args.lua", "a", "b c", "" } },
  { "counts arg from the script", { "-W", "-e", "x = 1", "args.lua", "a", "-e", "b" } },
  { "ends its options at --", { "--", "args.lua", "-v" } },
  { "reads a script from stdin at -", { "-", "x", "y" }, stdin = "print(arg[0], ...)" },
  { "takes - behind -- for a file", { "--", "-" } },
  { "runs what is piped in", {}, stdin = "print(#arg, arg[0] ~= nil, ...)" },
  { "forgives an error in what is piped in", {}, stdin = "error('piped')" },
  { "has a shebang line", { "shebang.lua" } },
  { "ignores what a script returns", { "mute.lua" } },
  { "tells a missing script", { "./missing.lua" } },
  { "tells a folder from a script", { "." } },
  { "reports an error with a traceback", { "fail.lua" } },
  { "reports a syntax error", { "syntax.lua" } },
  { "reports a missing module", { "-e", "require 'no.such.module'" } },
  { "changes nothing in package.path", { "-e", "print(package.path) print(package.cpath)" } },

  { "-e runs", { "-e", "print(1)", "-eprint(2)", "-e", "print(...)" } },
  { "-e shares globals, not locals", { "-e", "a = 1 local b = 2", "-e", "print(a, b)" } },
  { "-e before a script", { "-e", "x = 5", "args.lua", "y" } },
  { "-e with an error", { "-e", "error('at once')", "args.lua" } },
  { "-e with a syntax error", { "-e", "x =" } },
  { "-e sees arg", { "-e", "print(arg[0] ~= nil, arg[1], arg[2])", "args.lua", "z" } },
  { "-e with a multi-line chunk", { "-e", "print(1)\nerror('second')" } },
  { "-l requires into a global", { "-l", "module", "-e", "print(module.answer)" } },
  { "-l with its name attached", { "-lmodule", "-e", "print(module.answer)" } },
  { "-l g=mod", { "-l", "m=module", "-e", "print(m.answer, module)" } },
  { "-l g=mod attached", { "-lm=module", "-e", "print(m.answer)" } },
  { "-l a standard library", { "-l", "string", "-e", "print(string.rep('x', 3))" } },
  { "-l a missing module", { "-l", "no.such.module" } },
  { "-l a module with a version", { "-l", "module-v2", "show.lua" } },
  { "-l g=mod with a version", { "-l", "my-own=module-v2", "show.lua" } },
  { "-l and -e in their order",
    { "-e", "print(module)", "-l", "module", "-e", "print(module.answer)" } },
  { "runs a compiled script", { "binary.lua", "a" } },
  { "a compiled script from stdin", { "-" }, stdin = string.dump(load "print 'compiled'") },
  { "a script that yields", { "-e", "coroutine.yield(1)" } },
  { "-v", { "-v" } },
  { "-v and a script", { "-v", "args.lua" } },
  { "-v -e", { "-v", "-e", "print(1)" } },
  { "-v reads no stdin", { "-v" }, stdin = "print('never')" },
  { "-W turns warnings on", { "-W", "-e", "warn('careful')" } },
  { "warnings are off", { "-e", "warn('careful')" } },
  { "warn takes control messages", { "-e", "warn('@on') warn('a', 'b') warn('@off') warn('c')" } },
  { "options in any order", { "-W", "-v", "-E", "-e", "warn('x')", "args.lua", "1" } },

  { "-i with a script", { "-i", "mute.lua" } },
  { "-i not after an error", { "-i", "fail.lua" } },
  { "_PROMPT", { "-i", "-e", "_PROMPT = 'p! ' _PROMPT2 = 'q! '" } },

  { "-i of piped lines", { "-i" }, stdin = "print(1)\n1 + 1\nfor i = 1, 2 do\nprint(i) end\n"
    .. "x x\n=7\nerror('e')\nreturn 1, 2" },
  { "-i of piped lines and -e", { "-i", "-e", "x = 3" }, stdin = "x\n" },
  { "-i of nothing", { "-i" }, stdin = "" },
  { "prompts that are changed midway", { "-i" },
    stdin = "_PROMPT = '? '\n1\n_PROMPT2 = '! '\nfor i = 1, 1 do\nend\n" },
  { "-i and stdin as the script", { "-i", "-" }, stdin = "print(1)" },
  { "a statement with an equals sign", { "-e", "=1" } },
  { "os.exit closes", { "-e", "local t <close> = setmetatable({}, { __close = function() "
    .. "print 'closed' end }) os.exit(3, true)" } },

  { "LUA_INIT", { "args.lua" }, env = { LUA_INIT = "print('init', arg[0])" } },
  { "LUA_INIT_5_4 first", { "args.lua" },
    env = { LUA_INIT = "print('old')", LUA_INIT_5_4 = "print('new')" } },
  { "LUA_INIT names a file", { "args.lua" }, env = { LUA_INIT = "@init.lua" } },
  { "LUA_INIT names a missing file", { "args.lua" }, env = { LUA_INIT = "@missing.lua" } },
  { "LUA_INIT fails", { "args.lua" }, env = { LUA_INIT = "error('in init')" } },
  { "LUA_INIT_5_4 fails", { "args.lua" }, env = { LUA_INIT_5_4 = "x = = 1" } },
  { "-E ignores LUA_INIT", { "-E", "args.lua" }, env = { LUA_INIT = "print('init')" } },
  { "-E ignores LUA_PATH", { "-E", "-e", "print(package.path)" }, env = { LUA_PATH = "mine" } },
  { "LUA_PATH", { "-e", "print(package.path)" }, env = { LUA_PATH = "mine;;" } },
  { "-E ignores LUA_CPATH", { "-E", "-e", "print(package.cpath)" }, env = { LUA_CPATH = "mine" } },
  { "LUA_PATH_5_4 first", { "-e", "print(package.path)" },
    env = { LUA_PATH = "old", LUA_PATH_5_4 = "new;;" } },
  { "LUA_INIT that is empty", { "args.lua" }, env = { LUA_INIT = "", LUA_INIT_5_4 = "" } },
  { "LUA_CPATH_5_4", { "-e", "print(package.cpath)" }, env = { LUA_CPATH_5_4 = "mine" } },

  { "an error that is a table", { "-e", "error({})" } },
  { "an error that is nil", { "-e", "error()" } },
  { "an error that is a number", { "-e", "error(42)" } },
  { "an error that is false", { "-e", "error(false)" } },
  { "an error with __tostring",
    { "-e", "error(setmetatable({}, { __tostring = function() return 'I speak' end }))" } },
  { "an error whose __tostring gives no string",
    { "-e", "error(setmetatable({}, { __tostring = function() return 1 end }))" } },
  { "an error whose __tostring fails",
    { "-e", "error(setmetatable({}, { __tostring = function() error('no') end }))" } },
  { "an error with __name", { "-e", "error(setmetatable({}, { __name = 'thing' }))" } },
  { "an error of level 0", { "-e", "error('bare', 0)" } },
  { "a long traceback", { "-e", "local function f(n) if n == 0 then error('deep') end f(n - 1) "
    .. "return 1 end f(40)" } },
  { "an error in a coroutine", { "-e", "coroutine.wrap(function() error('inside') end)()" } },
  { "a stack overflow", { "-e", "local function f() return 1 + f() end f()" } },
  { "an error while closing", { "-e", "local x <close> = setmetatable({}, { __close = "
    .. "function() error('closing') end })" } },
  { "finalizers at the end", { "-e", "x = setmetatable({}, { __gc = function() "
    .. "print('collected') end })" } },
  { "a finalizer that fails", { "-W", "-e", "x = setmetatable({}, { __gc = function() "
    .. "error('late') end })" } },
  { "finalizers not after os.exit", { "-e", "x = setmetatable({}, { __gc = function() "
    .. "print('collected') end }) os.exit(3)" } },
  { "finalizers after os.exit(…, true)", { "-e", "x = setmetatable({}, { __gc = function() "
    .. "print('collected') end }) os.exit(4, true)" } },
  { "os.exit(true)", { "-e", "os.exit(true)" } },
  { "os.exit(false)", { "-e", "os.exit(false)" } },
  { "an arg that is not a table", { "-e", "arg = 1", "args.lua" } },
  { "an arg that was changed", { "-e", "arg = { 'new', 'words' }", "mute.lua" } },
  { "too many arguments", { "-e", "arg = setmetatable({}, { __len = function() return 1e7 // 1 | 0 "
    .. "end })", "mute.lua" } },
  { "a generational collector", { "-e", "print(collectgarbage('incremental'))" } },
  { "the same globals", { "-e", "local t = {} for k in pairs(_G) do t[#t + 1] = k end "
    .. "table.sort(t) print(table.concat(t, ' '))" } },
  { "C modules of the machine", { "-e", "print(require('lfs').currentdir() ~= nil)" } },
}

-- Only the line that names the mistake is shared; the usage behind it is colua's own.
local misuse = {
  { "-x" }, { "-vv" }, { "-Ex" }, { "-ix" }, { "-Wx" }, { "-e" }, { "-l" }, { "-e", "-v" },
  { "-l", "-i" }, { "--x" }, { "---" }, { "--no-such" }, { "-e", "print(1)", "-z" }, { "-hello" },
}


describe("colua as lua5.4", function()
  local folder

  setup(function()
    folder = process.folder()
    for name, text in pairs(files) do process.write(folder .. "/" .. name, text) end
  end)

  teardown(function() process.clean(folder) end)

  local function run(program, words, row)
    local result = process.run(program, words,
      { cwd = folder, stdin = row.stdin, env = row.env or { LUA_INIT = "" } })
    local function plain(text)
      return (text:gsub("%f[^\0\n\t= ]" .. program:gsub("%p", "%%%0") .. "%f[%s:]", "PROGRAM"))
    end
    return { status = result.status, out = plain(result.out), err = plain(result.err) }
  end

  for _, row in ipairs(rows) do
    it(row[1], function()
      assert.are.same(run(process.lua, row[2], row), run(process.colua, row[2], row))
    end)
  end

  for _, words in ipairs(misuse) do
    it("refuses " .. table.concat(words, " "), function()
      local theirs = run(process.lua, words, words)
      local ours = run(process.colua, words, words)
      assert.are.equal(theirs.status, ours.status)
      assert.are.equal(theirs.out, ours.out)
      assert.are.equal(theirs.err:match("[^\n]*"), ours.err:match("[^\n]*"))
      assert.are.equal("PROGRAM: --help lists the options\n", ours.err:match("\n(.*)"))
    end)
  end
end)
