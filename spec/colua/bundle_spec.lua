-- colua has its Lua files compiled in. Those of the checkout that it was built in come first.

local process = require "process"


local function copy(path)
  os.execute("mkdir -p " .. process.quote(path:match("(.*)/")))
  os.execute("cp " .. process.quote(process.colua) .. " " .. process.quote(path))
  return path
end


describe("colua, copied elsewhere,", function()
  local folder, colua

  setup(function()
    folder = process.folder()
    colua = copy(folder .. "/colua")
  end)

  teardown(function() process.clean(folder) end)

  local function evaluate(code, env)
    local result = process.run(colua, { "-e", code }, { cwd = folder, env = env })
    assert.are.equal("", result.err)
    return result.out
  end

  local bare = { LUA_PATH = "/nowhere/?.lua", LUA_CPATH = "/nowhere/?.so" }

  it("runs no file of the current folder in a command", function()
    local here = process.folder()
    finally(function() process.clean(here) end)
    for _, name in ipairs { "argparse", "cjson", "codeocean", "codeocean/core", "colua/signals",
      "codeocean/output", "cjson/safe", "lfs", "socket" } do
      process.shell("mkdir -p '" .. (name:match("^(.*)/") or ".") .. "'", { cwd = here })
      process.write(here .. "/" .. name .. ".lua", "io.stderr:write 'foreign' os.exit(9)")
    end
    for _, words in ipairs { { "search", "--help" }, { "tag", "--help" }, { "runs" },
      { "--sandbox", "search", "--limit", "1" } } do
      local result = process.run(process.colua, words, { cwd = here,
        env = { HOME = here, LUA_PATH = "./?.lua;./?/init.lua" } })
      assert.are.equal(0, result.status, result.err)
      assert.is_nil(result.err:find("foreign", 1, true))
    end
  end)

  it("takes no sources that another user put into a folder like /tmp", function()
    if process.shell("id -u").out ~= "0\n" then return pending "only root gives files away" end
    local here = process.folder()
    finally(function() process.clean(here) end)
    local copied = copy(here .. "/build/colua")
    process.shell("chmod 1777 . && mkdir -p lua/codeocean", { cwd = here })
    process.write(here .. "/lua/codeocean/init.lua", "return 'foreign'")
    local function loaded()
      return process.run(copied, { "-e", "print(require 'codeocean' == 'foreign')" },
        { cwd = here }).out
    end
    assert.are.equal("true\n", loaded())
    process.shell("chown -R 65534 lua", { cwd = here })
    assert.are.equal("false\n", loaded())
  end)

  it("has every module of the house", function()
    local pipe = io.popen("find lua -name '*.lua'")
    for path in pipe:lines() do
      local name = path:gsub("^lua/", ""):gsub("%.lua$", ""):gsub("/init$", ""):gsub("/", ".")
      local code = ("io.write(package.searchers[2](%q) ~= nil and 'found')"):format(name)
      assert.are.equal("found", evaluate(code, bare), name)
    end
    pipe:close()
  end)

  it("has the C modules", function()
    assert.are.equal("table table\n", evaluate([[print(type(require "codeocean.core") .. " "
      .. type(require "codeocean.sandbox"))]], bare))
  end)

  it("has the libraries that its commands need", function()
    assert.are.equal("function\n", evaluate([[print(type(require("argparse")().parse))]], bare))
  end)

  it("prefers the user's libraries", function()
    process.write(folder .. "/argparse.lua", "return 'mine'")
    assert.are.equal("mine\n", evaluate([[print((require "argparse"))]],
      { LUA_PATH = "./?.lua", LUA_CPATH = "" }))
    os.remove(folder .. "/argparse.lua")
  end)

  it("prefers its own codeocean to one on package.path", function()
    os.execute("mkdir -p " .. folder .. "/codeocean")
    process.write(folder .. "/codeocean/tags.lua", "return 'stale'")
    assert.are.equal("table\n", evaluate([[print(type(require "codeocean.tags"))]],
      { LUA_PATH = "./?.lua" }))
  end)

  it("prefers package.preload to its own files", function()
    assert.are.equal("mine\n", evaluate([[
      package.preload["codeocean.tags"] = function() return "mine" end
      print((require "codeocean.tags"))]], bare))
  end)

  it("names its own files in errors", function()
    local out = evaluate([[
      print(debug.getinfo(require("codeocean.tags").equal, "S").short_src)]], bare)
    assert.are.equal("codeocean/tags.lua\n", out)
  end)

  it("names a module it does not have", function()
    assert.is_truthy(evaluate([[print(pcall(require, "codeocean.nonesuch"))]], bare)
      :find("no module 'codeocean.nonesuch' in colua", 1, true))
  end)

  it("adds nothing to the message about other modules", function()
    assert.is_falsy(evaluate([[print(pcall(require, "nonesuch"))]], bare):find("colua", 1, true))
  end)

  it("lists its commands with what they do", function()
    local result = process.run(colua, { "--help" })
    assert.are.equal(0, result.status)
    local pipe = io.popen("ls scripts")
    for file in pipe:lines() do
      local name = file:gsub("%.lua$", "")
      local about = process.read("scripts/" .. file):match("^%-%- colua " .. name .. ": ([^\n]+)")
      assert.is_truthy(result.out:find(("  %-18s %s\n"):format(name, about), 1, true), name)
    end
    pipe:close()
  end)

  -- The HTTP server of the sandbox wants GnuTLS, which not every libcurl brings.
  it("needs no more of the machine than liblua, libcurl and libgnutls bring", function()
    local result = process.shell(([[
      ldd %s > all
      names() { awk '{ print $1 }' "$@" | sort -u; }
      { for path in $(awk '/liblua|libcurl|libgnutls/ { print $3 }' all); do ldd $path; done
        awk '/liblua|libcurl|libgnutls/' all; } | names > expected
      ! grep -q libasan all || sed -i '/san\.\|libgcc_s\|libstdc/d' all
      names all | comm -23 - expected
      grep -c 'liblua\|libcurl' all]]):format(process.quote(colua)), { cwd = folder })
    assert.are.same({ status = 0, out = "2\n", err = "" }, result)
  end)
end)


describe("colua in a checkout", function()
  local folder

  setup(function()
    folder = process.folder()
    os.execute("mkdir -p " .. folder .. "/lua/codeocean/part")
    process.write(folder .. "/lua/codeocean/init.lua", "return { checkout = true }")
    process.write(folder .. "/lua/codeocean/tags.lua", "return { newer = true }")
    process.write(folder .. "/lua/codeocean/bad.lua", "x = = 1")
    process.write(folder .. "/lua/codeocean/part/piece.lua", "return ...")
  end)

  teardown(function() process.clean(folder) end)

  local function evaluate(place, code)
    local colua = copy(folder .. "/" .. place)
    local result = process.run(colua, { "-e", code }, { cwd = "/" })
    os.remove(colua)
    return result.out
  end

  for _, place in ipairs { "build/colua", "build-debug/colua", "build/asan/colua" } do
    it("as " .. place .. " runs the checkout's files", function()
      assert.are.equal("true\ttrue\tcodeocean.part.piece\n", evaluate(place, [[
        print(require("codeocean").checkout, require("codeocean.tags").newer,
          (require "codeocean.part.piece"))]]))
    end)
  end

  for _, place in ipairs { "bin/colua", "colua", "build/a/b/colua" } do
    it("as " .. place .. " runs its own files", function()
      assert.are.equal("nil\n", evaluate(place, [[print(require("codeocean.tags").newer)]]))
    end)
  end

  it("falls back to its own files for what the checkout lacks", function()
    assert.are.equal("table\n", evaluate("build/colua", [[print(type(require "codeocean.tags"))]]))
  end)

  it("names the file that does not compile", function()
    assert.is_truthy(evaluate("build/colua", [[print(pcall(require, "codeocean.bad"))]])
      :find("lua/codeocean/bad.lua':\n\t", 1, true))
  end)
end)
