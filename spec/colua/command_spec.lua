-- A bare name runs a bundled script as a command, whose result is the exit status.

local process = require "process"

local commands = {
  echo = [[
-- colua echo: say what was given
print(arg[0], ...)
print(#arg, arg[1])]],
  status = [[
-- colua status: return what is named
local value = { three = 3, zero = 0, text = "x", yes = true }
return value[arg[1] ]
]],
  raise = "-- colua raise: fail\nerror('raised')\n",
  exit = "-- colua exit: leave at once\nos.exit(5)\n",
  broken = "-- colua broken: cannot be read\nx = = 1\n",
  interrupted = "-- colua interrupted: as if by Ctrl-C\nerror('interrupted!')\n",
}


describe("a command", function()
  local checkout, colua

  -- A checkout of its own: colua takes the commands from the folder it was built in.
  setup(function()
    checkout = process.folder()
    colua = checkout .. "/build/colua"
    os.execute("mkdir -p " .. checkout .. "/build " .. checkout .. "/scripts "
      .. checkout .. "/lua/codeocean && cp " .. process.quote(process.colua) .. " " .. colua)
    process.write(checkout .. "/lua/codeocean/init.lua", "return { checkout = true }\n")
    for name, text in pairs(commands) do
      process.write(checkout .. "/scripts/" .. name .. ".lua", text)
    end
  end)

  teardown(function() process.clean(checkout) end)

  local function run(words, options)
    options = options or {}
    options.cwd = options.cwd or checkout
    return process.run(colua, words, options)
  end

  it("gets its arguments as a script does", function()
    local result = run { "-e", "x = 1", "echo", "--add", "a b" }
    assert.are.equal("echo\t--add\ta b\n2\t--add\n", result.out)
    assert.are.equal(0, result.status)
  end)

  it("may stand after --", function()
    assert.are.equal("echo\n0\tnil\n", run({ "--", "echo" }).out)
  end)

  it("wins over a file of its name", function()
    process.write(checkout .. "/echo", "print 'the file'")
    assert.are.equal("echo\n0\tnil\n", run({ "echo" }).out)
    assert.are.equal("the file\n", run({ "./echo" }).out)
    os.remove(checkout .. "/echo")
  end)

  for word, status in pairs { three = 3, zero = 0, none = 0 } do
    it("returns its exit status: " .. word, function()
      local result = run { "status", word }
      assert.are.same({ status = status, out = "", err = "" }, result)
    end)
  end

  for word, kind in pairs { text = "string", yes = "boolean" } do
    it("may not return a " .. kind, function()
      local result = run { "status", word }
      assert.are.equal(1, result.status)
      assert.are.equal(colua .. ": command 'status' returned a " .. kind .. ", not a status\n",
        result.err)
    end)
  end

  it("that fails is reported as a script is, with 1", function()
    local result = run { "raise" }
    assert.are.equal(1, result.status)
    assert.is_truthy(result.err:find("raise.lua:2: raised\nstack traceback:", 1, true))
  end)

  it("may end by os.exit", function()
    assert.are.equal(5, run({ "exit" }).status)
  end)

  it("with a syntax error is named", function()
    local result = run { "broken" }
    assert.are.equal(1, result.status)
    assert.is_truthy(result.err:find("broken.lua:2:", 1, true))
  end)

  it("is not ended as interrupted by an error of that text", function()
    assert.are.equal(1, run({ "interrupted" }).status)
  end)

  it("has no path", function()
    assert.are.equal(1, run({ "scripts/status" }).status)
    assert.is_truthy(run({ "scripts/echo.lua", "x" }).out:find("^scripts/echo.lua\tx\n"))
  end)

  it("is run as a plain script by its path: the value returned is ignored", function()
    assert.are.equal(0, run({ "scripts/status.lua", "three" }).status)
  end)

  it("may be followed by a session", function()
    local result = run({ "-i", "echo" }, { stdin = "print('in session')\n" })
    assert.is_truthy(result.out:find("in session", 1, true))
  end)
end)


describe("a word that is not a command", function()
  local folder

  setup(function() folder = process.folder() end)
  teardown(function() process.clean(folder) end)

  local function complaint(word)
    local result = process.run(process.colua, { word }, { cwd = folder })
    assert.are.equal(1, result.status)
    return (result.err:gsub(process.colua:gsub("%p", "%%%0"), "colua"))
  end

  it("gets lua's message and the nearest command", function()
    assert.are.equal("colua: cannot open serch: No such file or directory\n"
      .. "colua: did you mean the command 'search'?\n", complaint("serch"))
    assert.is_truthy(complaint("udpate"):find("'update'", 1, true))
    assert.is_truthy(complaint("tags"):find("'tag'", 1, true))
  end)

  it("far from all gets a pointer to --help", function()
    assert.are.equal("colua: cannot open nothing-like-it: No such file or directory\n"
      .. "colua: no command has this name either (--help lists them)\n",
      complaint("nothing-like-it"))
  end)

  it("that looks like a path gets lua's message alone", function()
    for _, word in ipairs { "./serch", "serch.lua", "a/tag", "/no/such" } do
      assert.are.equal("colua: cannot open " .. word .. ": No such file or directory\n",
        complaint(word))
    end
  end)
end)
