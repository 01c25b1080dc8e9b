-- The rocks as users get them: a release's rockspecs build from its tag in a public repository;
-- the packed rock is installed in a second tree, whose path has a blank, and works there.

local process = require "process"

local SCRIPT = [[
local codeocean, bulk = require "codeocean", require "codeocean.bulk"
assert(package.searchpath("codeocean", package.path):find("second tree", 1, true))
assert(package.searchpath("codeocean.core", package.cpath):find("second tree", 1, true))
local server = assert(require "codeocean.sandbox".start { seed = 4 })
local client = assert(codeocean.client { domain = server.url, token = server.token })
local report = assert(bulk.run(client, { name = "tag", select = { query = "" }, all = true,
  journal = "journal", change = function() return { tags = { "x" } } end }))
print(_VERSION, report.counts.ok)
server:stop()
]]

local COPY = [[
mkdir "$TOP/source"
for name in .ci *; do [ "$name" = build ] || cp -rp "$name" "$TOP/source/" || exit; done
cd "$TOP/source"
git init -q && git add -A && git -c user.name=x -c user.email=x@x commit -qm x && git tag v$VERSION
git clone -q --bare . "$TOP/colua.git"
]]

local function is_here(program) return process.shell("command -v " .. program).status == 0 end

describe("LuaRocks", function()
  local top = process.folder()
  local version = process.read "src/version.h":match 'COLUA_VERSION "([^"]+)"'

  teardown(function() process.clean(top) end)

  -- Runs shell code in the folder; if it fails, its output is shown.
  local function shell(code, cwd)
    local result = process.shell(("unset LUA_PATH LUA_CPATH\nexport OPT=-O0 TOP=%s VERSION=%s\n%s")
      :format(process.quote(top), version, code), { cwd = cwd or top })
    assert.are.equal(0, result.status, result.err .. result.out)
    return result.out
  end

  local function rocks(lua, tree, words)
    return shell(("luarocks --lua-version %s --tree '%s' %s"):format(lua, tree,
      words))
  end

  for _, lua in ipairs { "5.4", "5.3" } do
    it("builds a release, packs it, and installs the packed rocks: " .. lua, function()
      if not (is_here "luarocks" and is_here "git" and is_here("lua" .. lua))
        or not process.stock_loads()
        or process.shell("pkg-config --exists lua" .. lua).status ~= 0 then
        return pending "not here"
      end
      if not os.rename(top .. "/source", top .. "/source") then shell(COPY, ".") end
      shell 'source/packaging/rockspec "file://$TOP/colua.git" "$TOP/specs"'
      for _, name in ipairs { "codeocean", "codeocean-sandbox" } do
        local release = name .. "-" .. version .. "-1"
        rocks(lua, "first tree " .. lua, "build --deps-mode none specs/" .. release .. ".rockspec")
        rocks(lua, "first tree " .. lua, "pack " .. name)
        rocks(lua, "second tree " .. lua, "install --deps-mode none " .. release .. ".*.rock")
      end
      shell("rm -r source/build *.rock 'first tree " .. lua .. "'; true")
      process.write(top .. "/script.lua", SCRIPT)
      assert.are.equal(("Lua %s\t4\n"):format(lua), shell(([[
        eval "$(luarocks --lua-version %s --tree 'second tree %s' path)"
        XDG_STATE_HOME="$TOP" lua%s script.lua; rm -f journal]]):format(lua, lua, lua)))
      local there = ("/second tree %s/lib/luarocks/rocks-%s/codeocean/%s-1/docs/annotations/")
        :format(lua, lua, version)
      assert.is_truthy(io.open(top .. there .. "config.json"))
      assert.is_truthy(io.open(top .. there .. "library/codeocean/bulk.lua"))
    end)
  end

  it("has a rockspec with the address of the release, and none without it", function()
    local made = process.shell(("make rockspec URL=https://example.org/colua.git BUILD=%s"):format(
      process.quote(top .. "/build"):gsub(" ", "")))
    assert.are.equal(0, made.status, made.err)
    local text = process.read(top .. ("/build/codeocean-%s-1.rockspec"):format(version))
    assert.is_truthy(text:find(('source = { url = "git+https://example.org/colua.git", '
      .. 'tag = "v%s" }'):format(version), 1, true), text)
    assert.is_truthy(text:find('homepage = "https://example.org/colua"', 1, true))
    local refused = process.shell "make rockspec"
    assert.are.equal(2, refused.status)
    assert.is_truthy(refused.err:find("URL= is where others clone the repository", 1, true))
  end)
end)
