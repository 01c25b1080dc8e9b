-- make install, install-strip and uninstall, into a folder with a blank in its name: all that was
-- installed works from there, with the settings that the installation prints.

local process = require "process"

local build = os.getenv "BUILD" or "build"

describe("make install", function()
  local folder, prefix

  before_each(function()
    folder = process.folder()
    prefix = folder .. "/a b"
  end)
  after_each(function() process.clean(folder) end)

  local function make(target, words)
    local line = ("make %s BUILD=%s PREFIX=%s %s"):format(target, build, process.quote(prefix),
      words or "")
    local result = process.shell(line)
    assert.are.same({ 0, "" }, { result.status, result.err }, line)
    return result.out
  end

  local function files()
    local list = {}
    local found = process.shell("find . ! -type d | sort", { cwd = prefix }).out
    for name in found:gmatch "%./([^\n]+)" do list[#list + 1] = name end
    return list
  end

  -- Shell code after what the installation says belongs into ~/.profile.
  local function with_settings(shown, code)
    local settings = shown:match "add this to ~/%.profile and log in again:\n(.-\n)and, "
    local result = process.shell("unset LUA_PATH LUA_CPATH PKG_CONFIG_PATH MANPATH\n" .. settings
      .. code, { cwd = folder })
    return result.err .. result.out
  end

  it("names the variables to set; with them everything is found", function()
    local shown = make "install"
    assert.is_truthy(shown:find("Installed in " .. prefix .. ":\n", 1, true))
    assert.are.equal(prefix .. "/bin/colua\n", with_settings(shown, "command -v colua"))
    assert.are.equal(prefix .. "/share/man/man1/colua.1\n", with_settings(shown,
      "command -v man >/dev/null && man -w colua || echo \"${MANPATH%:}/man1/colua.1\""))
    assert.is_truthy(with_settings(shown, "pkg-config --cflags --libs codeocean")
      :find("-L" .. prefix:gsub(" ", "\\ ") .. "/lib -lcodeocean", 1, true))
    local zsh = shown:match "\n  fpath=%(\"(.-)\" %$fpath%)\n"
    assert.is_truthy(io.open(zsh .. "/_colua"))
    if process.stock_loads() then
      assert.are.equal("true\n", with_settings(shown, [[lua5.4 -e '
        local version = require("codeocean").version
        require "codeocean.sandbox"
        print(version == require("codeocean.core").version
          and package.searchpath("codeocean", package.path):find("a b", 1, true) ~= nil)']]))
    end
  end)

  it("keeps the paths that are set already", function()
    local shown = make "install"
    local set = "export LUA_PATH='/mine/?.lua' LUA_CPATH='/mine/?.so' PKG_CONFIG_PATH=/mine "
      .. "MANPATH=/m\n"
    local settings = shown:match "log in again:\n(.-\n)and, "
    local result = process.shell(set .. settings
      .. 'echo "$LUA_PATH" "$LUA_CPATH" "$PKG_CONFIG_PATH" "$MANPATH"')
    for _, kept in ipairs { "init.lua;/mine/?.lua ", "?.so;/mine/?.so ", "pkgconfig:/mine ",
      "man:/m\n" } do
      assert.is_truthy(result.out:find(kept, 1, true), result.out)
    end
  end)

  it("refuses a prefix that is no whole path, or cannot be written to", function()
    for words, problem in pairs { ["here"] = "PREFIX is a whole path",
      ["~/.local"] = "PREFIX is a whole path", ["/proc/here"] = "is not yours to write to" } do
      local result = process.shell(("make install BUILD=%s PREFIX=%s"):format(build,
        process.quote(words)))
      assert.are.equal(2, result.status)
      assert.is_truthy(result.err:find("install: ", 1, true), result.err)
      assert.is_truthy(result.err:find(problem, 1, true), result.err)
    end
  end)

  it("is undone by make uninstall, whatever was built since", function()
    make "install"
    local count = #files()
    assert.is_true(count > 50, count)
    process.write(prefix .. "/bin/other", "")
    local shown = process.shell(("PREFIX=%s packaging/uninstall"):format(process.quote(prefix)))
    assert.are.same({ 0, "" }, { shown.status, shown.err })
    assert.are.same({ "bin/other" }, files())
    assert.are.equal("bin\n", process.shell("ls", { cwd = prefix }).out)
    local again = process.shell(("PREFIX=%s packaging/uninstall"):format(process.quote(prefix)))
    assert.are.equal(1, again.status)
    assert.is_truthy(again.err:find("is not installed in", 1, true))
  end)

  it("removes the files that only an older version had", function()
    make "install"
    local list = prefix .. "/share/colua/installed"
    local old = prefix .. "/share/lua/5.4/codeocean/gone.lua"
    process.write(old, "return {}")
    process.write(list, process.read(list) .. old .. "\n")
    make "install"
    assert.is_nil(io.open(old))
  end)

  it("asks for Lua under the name that this system's pkg-config has", function()
    process.write(folder .. "/pkg-config", '#!/bin/sh\n[ "$2" = "$KNOWN" ] && echo 5.4.6\n')
    os.execute("chmod +x " .. process.quote(folder .. "/pkg-config"))
    for known, required in pairs { ["lua-5.4"] = "lua-5.4 ", lua = "lua ", none = "" } do
      local result = process.shell(("KNOWN=%s PKG_CONFIG=%s BUILD=%s PREFIX=%s packaging/install")
        :format(known, process.quote(folder .. "/pkg-config"), build, process.quote(prefix)))
      assert.are.same({ 0, "" }, { result.status, result.err })
      assert.is_truthy(process.read(prefix .. "/lib/pkgconfig/codeocean.pc")
        :find("\nRequires: " .. required .. "libcurl >= 7.74\n", 1, true), known)
    end
  end)

  it("takes LIBDIR, DESTDIR and strips on demand", function()
    local top = folder .. "/package"
    make("install-strip", ("LIBDIR=/lib64 DESTDIR=%s PREFIX=/usr"):format(process.quote(top)))
    for _, name in ipairs { "/usr/bin/colua", "/lib64/lua/5.4/codeocean/core.so",
      "/lib64/lua/5.4/codeocean/sandbox.so", "/lib64/libcodeocean.a",
      "/lib64/pkgconfig/codeocean.pc", "/usr/include/codeocean.h",
      "/usr/share/lua/5.4/codeocean/init.lua" } do
      assert.is_truthy(io.open(top .. name), name)
    end
    assert.is_truthy(process.read(top .. "/lib64/pkgconfig/codeocean.pc")
      :find("\nlibdir=/lib64\n", 1, true))
    local sections = process.shell("readelf -S usr/bin/colua", { cwd = top }).out
    assert.is_truthy(sections:find("%.text"))
    assert.is_nil(sections:find("%.debug_info") or sections:find("%.symtab"))
    make("uninstall", ("DESTDIR=%s PREFIX=/usr"):format(process.quote(top)))
    assert.are.equal("", process.shell("find . ! -type d", { cwd = top }).out)
  end)
end)
