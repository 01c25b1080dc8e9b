-- build/static/colua, if `make static` built it: it needs no library of the system, finds the
-- certificates in a folder that has nothing else, and no linked library replaces a name of the C
-- library. Also the colua of `make static CROSS=aarch64-linux-gnu`, in qemu.

local deployment = require "deployment"
local process = require "process"
local tls = require "tls"

local BUILT = (os.getenv "BUILD" or "build") .. "/static/colua"
local LIBRARIES = (os.getenv "BUILD" or "build") .. "/static/prefix/lib/"

-- Where systems have their authorities.
local BUNDLES = { "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem" }

local function missing()
  if process.shell("test -x " .. BUILT).status ~= 0 then return BUILT .. " is not built" end
end

local function defined(file)
  local names = {}
  local shown = process.shell(("nm --defined-only --extern-only %s 2>/dev/null"):format(file)).out
  for name in shown:gmatch "%x+ [TDBRWV] (%S+)" do names[name] = true end
  return names
end

describe("the static colua", function()
  it("needs no library and no loader, exports nothing, and is position-independent", function()
    if missing() then return pending(missing()) end
    local shown = process.shell("LC_ALL=C readelf -Wlhd --dyn-syms " .. BUILT).out
    assert.is_truthy(shown:find "Type: +DYN")
    assert.is_truthy(shown:find "GNU_RELRO")
    assert.is_nil(shown:find "NEEDED" or shown:find "INTERP" or shown:find "TEXTREL")
    assert.is_nil(shown:find " GLOBAL +DEFAULT +%d+ ")
  end)

  it("has no library that replaces a name of the C library", function()
    if missing() then return pending(missing()) end
    local libc = defined(process.shell("ls /usr/lib/*-linux-musl/libc.a").out:match "[^\n]+")
    assert.is_true(libc.getentropy and libc.malloc)
    local count = 0
    for file in process.shell("ls " .. LIBRARIES .. "*.a").out:gmatch "[^\n]+" do
      for name in pairs(defined(file)) do
        count = count + 1
        assert.is_nil(libc[name], file .. ": " .. name)
      end
    end
    assert.is_true(count > 1000, count)
  end)

  it("works in a folder with nothing but certificates, wherever they are", function()
    if missing() then return pending(missing()) end
    if process.shell("test $(id -u) = 0").status ~= 0 then return pending "only root may chroot" end
    local here, folder = deployment.start { seed = 30 }, process.folder()
    local authority = tls.authority(folder)
    local nginx = tls.nginx(folder, { web = { to = here.server.url, http2 = true,
      identity = authority:issue "DNS:localhost,IP:127.0.0.1" } })
    finally(function()
      nginx:stop()
      here:stop()
      process.clean(folder)
    end)
    local url = "https://127.0.0.1:" .. nginx.port.web
    local function searched(bundle)
      local root = folder .. "/root"
      local place = root .. (bundle or "/etc/none/none")
      process.shell(("mkdir -p %s && cp %s %s && cp %s %s/colua"):format(place:match "^(.*)/",
        authority.file, place, BUILT, root))
      local result = process.run("chroot", { root, "/colua", "search", "--limit", "3", "--tsv" }, {
        env = { CODEOCEAN_DOMAIN = url, CODEOCEAN_TOKEN = here.server.token } })
      process.clean(root)
      return result
    end
    for _, bundle in ipairs(BUNDLES) do
      local result = searched(bundle)
      assert.are.equal(0, result.status, bundle .. ": " .. result.err)
      assert.are.equal(4, select(2, result.out:gsub("\n", "")))
    end
    local none = searched()
    assert.are.equal(7, none.status)
    assert.are.equal("colua search: search: tls: error setting certificate file: " .. BUNDLES[1]
      .. " (it has no authorities; ca_file names a file of them)\n", none.err)
  end)

  it("keeps a sandbox, commands and Lua modules in a folder with nothing else", function()
    if missing() then return pending(missing()) end
    if process.shell("test $(id -u) = 0").status ~= 0 then return pending "only root may chroot" end
    local root = process.folder()
    finally(function() process.clean(root) end)
    process.shell(("cp %s %s/colua && mkdir %s/tmp"):format(BUILT, root, root))
    process.write(root .. "/own.lua", "return { name = 'own' }")
    process.write(root .. "/program.lua", [[
      print(require("own").name, package.loadlib("none.so", "*") == nil, os.tmpname() ~= nil)]])
    local function run(...)
      local result = process.run("chroot", { root, "/colua", ... }, { env = { HOME = "/tmp" } })
      assert.are.equal(0, result.status, result.err)
      return result.out
    end
    assert.are.equal("own\ttrue\ttrue\n", run "program.lua")
    local shown = run("--sandbox", "search", "--limit", "3", "--tsv")
    assert.are.equal(4, select(2, shown:gsub("\n", "")))
  end)
end)

describe("the static colua for arm64", function()
  local built = (os.getenv "BUILD" or "build") .. "/static-aarch64-linux-gnu/colua"
  local qemu = process.shell("command -v qemu-aarch64-static qemu-aarch64").out:match "%S+"

  local function lacking()
    if process.shell("test -x " .. built).status ~= 0 then return built .. " is not built" end
    if not qemu then return "qemu-aarch64 is not here" end
  end

  -- In a folder of its own: in a checkout colua takes the Lua files that are there.
  local function run(...)
    local folder = process.folder()
    process.shell(("cp %s %s/colua"):format(built, folder))
    local result = process.run(qemu, { folder .. "/colua", ... }, { env = { HOME = folder } })
    process.clean(folder)
    assert.are.equal(0, result.status, result.err)
    return result.out
  end

  it("needs no library and no loader", function()
    if lacking() then return pending(lacking()) end
    local shown = process.shell("LC_ALL=C readelf -Wlhd " .. built).out
    assert.is_truthy(shown:find "Machine: +AArch64")
    assert.is_truthy(shown:find "Type: +DYN")
    assert.is_nil(shown:find "NEEDED" or shown:find "INTERP" or shown:find "TEXTREL")
  end)

  it("runs Lua, and finds, reads and tags assets of its own sandbox", function()
    if lacking() then return pending(lacking()) end
    assert.is_truthy(run("--version"):find "^colua %d")
    assert.are.equal("1099511627776\tarm\n", run("-e", "print(1 << 40, 'arm')"))
    local found = run("--sandbox", "search", "--limit", "3", "--tsv")
    assert.are.equal(4, select(2, found:gsub("\n", "")))
    assert.are.equal("true\n", run("--sandbox", "-e", [[
      local client = assert(require "codeocean".client())
      local first = assert(client.data_assets:search { limit = 1 }).results[1]
      assert(client.data_assets:update(first.id, { tags = { "arm" } }))
      print(client.data_assets:get(first.id).tags[1] == "arm")]]))
  end)
end)
