-- The Makefile knows its flags and its files: a build follows them, in a folder with a blank in
-- its name. The help lists every target.

local process = require "process"

-- Copies the files that the module alone is built from.
local COPY = "cp -R --parents Makefile spec/checks.mk .ci lua scripts src %s"

describe("make", function()
  local folder

  setup(function()
    folder = process.folder()
    local result = process.shell(("mkdir %s && " .. COPY):format(process.quote(folder .. "/a tree"),
      process.quote(folder .. "/a tree")))
    assert.are.equal("", result.err)
  end)
  teardown(function() process.clean(folder) end)

  -- How many C files make compiled, and all that it printed.
  local function make(words)
    local line = "make -j2 BUILD=build OPT=-O0 HARDEN= NEEDS=rock " .. words .. " rock"
    local result = process.shell(line, { cwd = folder .. "/a tree" })
    assert.are.same({ 0, "" }, { result.status, result.err })
    return select(2, result.out:gsub("\n  CC ", "")), result.out
  end

  local function holds(name)
    return process.shell("nm build/codeocean/core.so | grep -c " .. name,
      { cwd = folder .. "/a tree" }).out ~= "0\n"
  end

  it("rebuilds the targets of changed flags and files, and nothing else", function()
    local files = tonumber(process.shell("find src/core src/binding -name '*.c' | wc -l").out)
    assert.is_true(files > 30)
    local extra = folder .. "/a tree/src/core/extra.c"
    process.write(extra, "int co_extra(void);\nint co_extra(void) { return 1; }\n")
    assert.is_true(make "" >= files)
    assert.is_true(holds "co_extra")
    local count, out = make ""
    assert.are.equal(0, count, out)
    assert.is_nil(out:find("LINK", 1, true), out)
    assert.is_true(make "CFLAGS=-DANOTHER" >= files)
    assert.are.equal(0, (make "CFLAGS=-DANOTHER"))
    os.remove(extra)
    count, out = make "CFLAGS=-DANOTHER"
    assert.are.equal(0, count)
    assert.is_truthy(out:find("LINK", 1, true))
    assert.is_false(holds "co_extra")
  end)

  it("begins again with Lua files for 5.3 that it could not write", function()
    for _ = 1, 2 do
      local result = process.shell("make BUILD=build/none LUA_VERSION=5.3 LUA=false build/none/lua",
        { cwd = folder .. "/a tree" })
      assert.are.equal(2, result.status, result.out)
    end
  end)

  it("names the headers of a Lua that are missing", function()
    local result = process.shell("make BUILD=build/none NEEDS=rock LUA_VERSION=5.0 rock",
      { cwd = folder .. "/a tree" })
    assert.are.equal(2, result.status)
    assert.is_truthy(result.err:find("make: the headers of Lua 5.0 are missing: ", 1, true),
      result.err)
  end)

  it("lists every target in its help", function()
    local help = process.shell "make help".out
    for line in help:gmatch "[^\n]+" do assert.is_true(utf8.len(line) < 80, line) end
    local count = 0
    for _, path in ipairs { "Makefile", "spec/checks.mk" } do
      for targets in ("\n" .. process.read(path)):gmatch "\n([%l][%l%- ]*):[^=]" do
        for target in targets:gmatch "%S+" do
          local listed = help:find("%f[%w%-]" .. target:gsub("%-", "%%-") .. "%f[^%w%-]")
          assert.is_truthy(listed or target:find "^needs%-", target)
          count = count + 1
        end
      end
    end
    assert.is_true(count > 40, count)
  end)

  for target in ("all check lint docs docs-check bench bench-quick"):gmatch "%S+" do
    it(target .. " installs nothing", function()
      local result = process.shell("make -n " .. target)
      assert.are.equal(0, result.status, result.err)
      assert.is_true(#result.out > 0)
      for line in result.out:gmatch "[^\n]+" do
        local installs = line:find(".ci/setup", 1, true) and not line:find("--check", 1, true)
        assert.is_falsy(installs, line)
      end
    end)
  end
end)
