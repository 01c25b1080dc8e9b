-- What the packages contain, as far as it can be checked without building them: versions, files,
-- packages that a build needs.

local process = require "process"

local version = process.read "src/version.h":match 'COLUA_VERSION "([^"]+)"'

describe("packaging/debian", function()
  it("has the version of everything else", function()
    local first = process.read "packaging/debian/changelog":match "[^\n]+"
    assert.are.equal("colua (" .. version .. "-1) ", first:sub(1, #version + 11))
  end)

  it("has the tests that its control file names", function()
    local count = 0
    for names in process.read "packaging/debian/tests/control":gmatch "Tests: ([^\n]+)" do
      for name in names:gmatch "%S+" do
        count = count + 1
        assert.are.equal(0, process.shell("sh -n packaging/debian/tests/" .. name).status, name)
      end
    end
    assert.are.equal(3, count)
  end)

  it("runs specs that are there", function()
    local count = 0
    for path in process.read "packaging/debian/tests/hosts":gmatch "spec/[%w_/.]+" do
      count = count + 1
      assert.are.equal(0, process.shell("test -e " .. path).status, path)
    end
    assert.are.equal(7, count)
  end)

  it("builds with what .ci/packages names for the build", function()
    local control = process.read "packaging/debian/control":match "Build%-Depends: (.-)\nStandards"
    local count = 0
    for _, name in ipairs { "libcurl4-openssl-dev", "liblua5.4-dev", "libmicrohttpd-dev",
      "libsqlite3-dev", "lua-argparse", "lua5.4" } do
      count = count + 1
      assert.is_truthy(control:find(name, 1, true), name)
      assert.is_truthy(process.read ".ci/packages":find("| " .. name .. " ", 1, true), name)
    end
    assert.are.equal(6, count)
  end)
end)
