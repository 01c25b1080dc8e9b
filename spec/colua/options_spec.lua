-- The options of colua that lua5.4 does not have.

local process = require "process"


local function run(words, options)
  local result = process.run(process.colua, words, options)
  result.err = result.err:gsub(process.colua:gsub("%p", "%%%0"), "colua")
  return result
end


local function variable(words, name)
  words[#words + 1] = "-e"
  words[#words + 1] = ("io.write(tostring(os.getenv %q))"):format(name)
  return run(words).out
end


describe("colua", function()
  it("--profile reaches the client alone, without the environment's domain and token", function()
    local env = { CODEOCEAN_DOMAIN = "prod.example", CODEOCEAN_TOKEN = "cop_prod" }
    local code = [[for _, name in ipairs { "PROFILE", "DOMAIN", "TOKEN" } do
      io.write(tostring(os.getenv("CODEOCEAN_" .. name)), " ") end]]
    for _, words in ipairs { { "--profile", "test" }, { "--profile=test" } } do
      words[#words + 1], words[#words + 2] = "-e", code
      assert.are.equal("test nil nil ", run(words, { env = env }).out)
    end
    for _, words in ipairs { { "--profile" }, { "--profile", "-e", code },
      { "--profile", "test", "--sandbox", "-e", code } } do
      local result = run(words, { env = env })
      assert.are.same({ 1, "" }, { result.status, result.out })
      assert.is_truthy(result.err:find("--profile", 1, true), result.err)
    end
  end)

  it("--help prints on stdout", function()
    local result = run { "--help" }
    assert.are.equal(0, result.status)
    assert.are.equal("", result.err)
    for _, word in ipairs { "-e STAT", "--sandbox[=FILE]", "--dry-run", "-V", "--trace",
      "--version", "Commands", "./NAME" } do
      assert.is_truthy(result.out:find(word, 1, true), word)
    end
  end)

  it("--help fits 80 columns", function()
    for line in run({ "--help" }).out:gmatch("[^\n]+") do
      assert.is_true(#line:gsub(process.colua:gsub("%p", "%%%0"), "colua") <= 80, line)
    end
  end)

  it("--version names itself and its Lua", function()
    local result = run { "--version" }
    assert.is_truthy(result.out:find("^colua %d+%.%d+%.%d+  %(Lua 5%.4%.%d+%)\n$"))
    assert.are.equal(0, result.status)
  end)

  it("--dry-run and --trace reach the client by the environment", function()
    assert.are.equal("1", variable({ "--dry-run" }, "CODEOCEAN_DRY_RUN"))
    assert.are.equal("1", variable({ "--trace" }, "CODEOCEAN_TRACE"))
    assert.are.equal("1", variable({ "-V" }, "CODEOCEAN_TRACE"))
    assert.are.equal("nil", variable({}, "CODEOCEAN_DRY_RUN"))
    assert.are.equal("nil", variable({}, "CODEOCEAN_TRACE"))
  end)

  it("refuses a value where none belongs", function()
    for _, word in ipairs { "--dry-run=no", "--trace=", "--help=x", "-Vx", "--sandboxes" } do
      local result = run { word }
      assert.are.equal(1, result.status)
      assert.are.equal("colua: unrecognized option '" .. word .. "'", result.err:match("[^\n]*"))
    end
  end)

  it("counts its own options among the negative indexes of arg", function()
    local result = run({ "--dry-run", "-", "x" }, { stdin = "print(arg[-1], arg[0], arg[1])" })
    assert.are.equal("--dry-run\t-\tx\n", result.out)
  end)

  it("leaves options after the script to the script", function()
    assert.are.equal("--help\n", run({ "-", "--help" }, { stdin = "print(...)" }).out)
  end)
end)


describe("colua --dry-run", function()
  local SCRIPT = "print(os.getenv 'CODEOCEAN_DRY_RUN', ...)"

  it("works before a script and after it, where it stays in arg", function()
    assert.are.equal("1\n", run({ "--dry-run", "-" }, { stdin = SCRIPT }).out)
    assert.are.equal("1\ta\t--dry-run\n", run({ "-", "a", "--dry-run" }, { stdin = SCRIPT }).out)
  end)

  it("has one spelling", function()
    for _, word in ipairs { "--dry-runs", "--dry-run=1", "dry-run", "-dry-run" } do
      assert.are.equal("nil\t" .. word .. "\n", run({ "-", word }, { stdin = SCRIPT }).out)
    end
  end)

  it("sends no write of a script", function()
    local code = [[
      local client = require "codeocean".client()
      local asset = client.data_assets:search { limit = 1 }.results[1]
      local _, err = client.data_assets:update(asset.id, { name = "changed" })
      print(err and err.kind)]]
    local result = run({ "--sandbox", "-", "--dry-run" }, { stdin = code })
    assert.are.equal("dry_run\n", result.out, result.err)
  end)
end)


describe("words that newcomers type", function()
  it("work as the options that they mean", function()
    local help, version = run { "--help" }, run { "--version" }
    for _, words in ipairs { { "help" }, { "-h" } } do assert.are.same(help, run(words)) end
    assert.are.same(version, run { "version" })
    assert.are.same(run { "tag", "--help" }, run { "help", "tag" })
  end)

  local rows = {
    { { "help", "tga" }, 2,
      "help: there is no command 'tga'; did you mean the command 'tag'?" },
    { { "help", "nosuch" }, 2, "help: there is no command 'nosuch'; --help lists them" },
    { { "--limit", "5", "search" }, 1, "unrecognized option '--limit'",
      "an option of a command stands after it: colua search --limit" },
    { { "-y", "tag" }, 1, "unrecognized option '-y'",
      "an option of a command stands after it: colua tag -y" },
    { { "--x=cop_secret", "tag" }, 1, "unrecognized option '--x=cop_******'",
      "an option of a command stands after it: colua tag --x=cop_******" },
    { { "--sanbox" }, 1, "unrecognized option '--sanbox'", "did you mean '--sandbox'?" },
    { { "--sanbox=a.db", "tag" }, 1, "unrecognized option '--sanbox=a.db'",
      "did you mean '--sandbox'?" },
    { { "-sandbox", "tag" }, 1, "unrecognized option '-sandbox'", "did you mean '--sandbox'?" },
    { { "--dry-run=no" }, 1, "unrecognized option '--dry-run=no'", "'--dry-run' takes no value" },
    { { "--nosuch" }, 1, "unrecognized option '--nosuch'", "--help lists the options" },
    { { "-Vx" }, 1, "unrecognized option '-Vx'", "--help lists the options" },
    { { "--profile" }, 1, "'--profile' needs argument", "--help lists the options" },
    { { "--profile", "", "check" }, 1, "'--profile' needs argument", "--help lists the options" },
    { { "--profile=", "check" }, 1, "'--profile' needs argument", "--help lists the options" },
    { { "--sandbox=", "check" }, 1, "'--sandbox' needs argument", "--help lists the options" },
    { { "--sandbox", "my trial.db", "check" }, 1, "'--sandbox' needs argument",
      "did you mean --sandbox=my trial.db?" },
    { { "--token", "cop_x", "check" }, 1, "unrecognized option '--token'", "colua login keeps a "
      .. "deployment and its token; CODEOCEAN_DOMAIN and CODEOCEAN_TOKEN name others" },
    { { "--verbose", "check" }, 1, "unrecognized option '--verbose'", "did you mean '--trace'?" },
    { { "list" }, 1, "cannot open list: No such file or directory",
      "did you mean the command 'search'?" },
    { { "status" }, 1, "cannot open status: No such file or directory",
      "did you mean the command 'runs'?" },
    { { "repl" }, 1, "cannot open repl: No such file or directory",
      "colua without arguments, on a terminal, is the session" },
    { { "help", "rm" }, 2,
      "help: there is no command 'rm'; did you mean the command 'delete'?" },
    { { "--ca-file", "", "check" }, 1, "'--ca-file' needs argument", "--help lists the options" },
  }
  for _, row in ipairs(rows) do
    it("are refused with what was meant: " .. table.concat(row[1], " "), function()
      local result = run(row[1])
      local lines = "colua: " .. table.concat(row, "\ncolua: ", 3) .. "\n"
      assert.are.same({ row[2], "", lines }, { result.status, result.out, result.err })
    end)
  end
end)


describe("what other programs call a command", function()
  it("proposes a command that exists", function()
    local count = 0
    local source = process.read "src/colua/lbundle.c"
    local rows = source:match "other_commands%[%] = {(.-)\n};"
    for word, command in rows:gmatch '{"(%l+)", "(%l+)"}' do
      assert.are.equal(0, run({ command, "--help" }).status, command)
      assert.are_not.equal(0, run({ word, "--help" }).status, word)
      count = count + 1
    end
    assert.is_true(count > 30)
  end)
end)


describe("without a script", function()
  it("a file named colua is not run", function()
    local code = "print(require 'colua.commands'.has_script())"
    assert.are.equal("false\n", run { "-e", code }.out)
    assert.are.equal("true\n", run({ "-" }, { stdin = code }).out)
  end)
end)


describe("a script whose arg has a length of its own", function()
  for _, length in ipairs { "math.maxinteger", "2^31-1|0", "-9" } do
    it("is refused for " .. length, function()
      local code = "arg = setmetatable({}, {__len = function() return " .. length .. " end})"
      local result = run({ "-e", code, "-" }, { stdin = "print 'ran'" })
      assert.are.equal(1, result.status)
      assert.are.equal("", result.out)
      assert.is_truthy(result.err:find("'arg' has no usable length", 1, true)
        or result.err:find("too many arguments", 1, true), result.err)
    end)
  end
end)


describe("colua --sandbox", function()
  it("points the default client at itself", function()
    assert.is_truthy(variable({ "--sandbox" }, "CODEOCEAN_DOMAIN"):find("^http://127%.0%.0%.1:%d+"))
    assert.are_not.equal("nil", variable({ "--sandbox" }, "CODEOCEAN_TOKEN"))
    assert.is_truthy(variable({ "--sandbox" }, "CODEOCEAN_SANDBOX"):find("^%x+$"))
    assert.are.equal("nil", variable({}, "CODEOCEAN_SANDBOX"))
  end)

  it("is there for LUA_INIT", function()
    local result = run({ "--sandbox", "-e", "" },
      { env = { LUA_INIT_5_4 = "io.write(os.getenv 'CODEOCEAN_SANDBOX')" } })
    assert.is_truthy(result.out:find("^%x+$"))
  end)

  it("reports why it cannot start", function()
    local result = run { "--sandbox=/no/such/folder/db", "-e", "print(1)" }
    assert.are.equal(1, result.status)
    assert.are.equal("", result.out)
    assert.is_truthy(result.err:find("cannot start the sandbox: ", 1, true))
  end)

  it("says why it cannot start a process for it", function()
    if not process.stock_loads() then return pending "a sanitizer needs processes" end
    local result = process.shell(([[
      cd "$(mktemp -d)" && chmod 755 . && cp %s colua
      [ $(id -u) != 0 ] || as="setpriv --reuid=65534 --clear-groups"
      exec prlimit --nproc=1 $as ./colua --sandbox=db -e ""
    ]]):format(process.quote(process.colua)))
    assert.are.same({ 1, "./colua: cannot start the sandbox: Resource temporarily unavailable\n" },
      { result.status, result.err })
  end)
end)
