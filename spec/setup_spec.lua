-- .ci/setup on a machine without any of the packages: it names what is missing, and asks for
-- nothing before it has said what it will install.

local process = require "process"

local TOOLS = "sh sed awk cut tr dirname printf cat grep dpkg-query"

describe(".ci/setup", function()
  local folder

  before_each(function()
    folder = process.folder()
    process.shell(("for tool in %s; do ln -s $(command -v $tool) . ; done"):format(TOOLS),
      { cwd = folder })
  end)
  after_each(function() process.clean(folder) end)

  -- A program of this machine: a line of shell code.
  local function program(name, code)
    process.write(folder .. "/" .. name, "#!/bin/sh\n" .. code .. "\n")
    os.execute("chmod +x " .. process.quote(folder .. "/" .. name))
  end

  local function setup_with(words)
    program("id", "echo 1000")
    return process.shell(("PATH=%s .ci/setup %s"):format(process.quote(folder), words))
  end

  it("names what is missing and what it is for, and installs nothing unasked", function()
    program("apt-get", "echo called >&2")
    program("sudo", "echo called >&2")
    for _, use in ipairs { "build", "test", "lint", "bench", "checks", "rock" } do
      local result = setup_with("--check " .. use)
      assert.are.equal(1, result.status)
      assert.is_truthy(result.err:find("\n  libcurl4%-openssl%-dev +HTTP\n"), result.err)
      assert.is_truthy(result.err:find("\nsetup: make setup[%l-]* installs it; nothing was "))
      assert.is_nil(result.err:find("called", 1, true))
    end
  end)

  it("says what it installs and why before sudo asks", function()
    program("apt-get", "")
    program("sudo", "echo \"sudo asks: $*\" >&2")
    local result = setup_with "test"
    local named = result.err:find("\n  lua%-busted +runs the specs\n")
    local asked = result.err:find("\nsudo asks: sh .ci/apt-install ", 1, true)
    assert.is_truthy(named and asked and named < asked, result.err)
    assert.is_truthy(result.err:find(" lua-busted ", asked, true))
  end)

  it("names the packages for a user who may not install them", function()
    program("apt-get", "echo called >&2")
    local result = setup_with ""
    assert.are.equal(1, result.status)
    assert.is_truthy(result.err:find("\n  apt-get install --no-install-recommends gcc ", 1, true))
    assert.is_nil(result.err:find("called", 1, true))
  end)

  it("names them also if sudo refuses, but not if apt-get failed", function()
    program("apt-get", "")
    local line = "\nsetup: sudo refused; ask an administrator for this:\n"
      .. "  apt-get install --no-install-recommends gcc "
    for status, named in pairs { [1] = true, [2] = false } do
      program("sudo", "exit " .. status)
      local result = setup_with ""
      assert.are.equal(1, result.status)
      assert.are.equal(named, result.err:find(line, 1, true) ~= nil, result.err)
    end
  end)

  it("names the packages of the system's own manager, those of the tests apart", function()
    program("dnf", "")
    local result = setup_with ""
    assert.are.equal(1, result.status)
    local build, tests = result.err:match(
      "\n  for the build:\n(.*)\n  only for the tests:\n(.*)$")
    assert.is_truthy(build:find("    dnf install gcc glibc-devel ", 1, true), build)
    assert.is_truthy(build:find("\n    luarocks --lua-version 5.4 install argparse", 1, true))
    assert.is_truthy(tests:find("    dnf install luarocks ", 1, true), tests)
    assert.is_truthy(tests:find("install busted cqueues luv", 1, true), tests)
    assert.is_nil(result.err:find("apt-get install", 1, true))
  end)

  it("names them for every manager where it knows none", function()
    local result = setup_with ""
    assert.are.equal(1, result.status)
    for _, start in ipairs { "apt-get install gcc ", "dnf install gcc ", "apk add gcc ",
      "pacman -S gcc ", "brew install gcc " } do
      assert.is_truthy(result.err:find("    " .. start, 1, true), start)
    end
  end)
end)

describe(".ci/packages", function()
  it("has eight columns in each row, and no name twice for one use", function()
    local count, seen = 0, {}
    for line in io.lines ".ci/packages" do
      if not line:find "^#" then
        local _, bars = line:gsub("|", "")
        assert.are.equal(7, bars, line)
        local uses, probe = line:match "^(%S+) *|[^|]*| ([^|]-) *|"
        for use in uses:gmatch "[^,]+" do
          local key = use .. " " .. probe
          assert.is_true(probe == "pkg" or not seen[key], key)
          seen[key] = true
        end
        count = count + 1
      end
    end
    assert.is_true(count > 30)
  end)
end)
