-- The files that were read as input, and whether they changed since.

local process = require "process"

describe("codeocean.input.read_files", function()
  local folder, own

  -- What was noted lasts as long as the module: each test has one of its own.
  before_each(function()
    folder = process.folder()
    local kept = package.loaded["codeocean.input.read_files"]
    package.loaded["codeocean.input.read_files"] = nil
    own = require "codeocean.input.read_files"
    package.loaded["codeocean.input.read_files"] = kept
  end)

  after_each(function() process.clean(folder) end)

  local function file(name, content)
    return process.write(folder .. "/" .. name, content)
  end

  it("hashes a file by FNV-1a over all of its bytes", function()
    assert.equal("cbf29ce484222325", own.hash(file("empty", "")))
    assert.equal("85944171f73967e8", own.hash(file("foobar", "foobar")))
    local long = ("x"):rep(64 * 1024)
    assert.not_equal(own.hash(file("a", long .. "a")), own.hash(file("b", long .. "b")))
    assert.is_nil(own.hash(folder .. "/none"))
    assert.is_nil(own.hash(folder))
  end)

  it("lists each file once, by its path from the root, sorted", function()
    assert.is_nil(own.list())
    local b, a = file("b", "foobar"), file("a", "")
    own.add(b)
    own.add(a)
    own.add(folder .. "/../" .. folder:match "[^/]*$" .. "/b")
    local list = own.list()
    assert.equal(2, #list)
    assert.same({ { path = a, hash = "cbf29ce484222325" },
      { path = b, hash = "85944171f73967e8" } }, list)
  end)

  it("leaves out what cannot be read again", function()
    own.add "/dev/null"
    assert.is_nil(own.list())
  end)

  it("names the first file that was edited or removed", function()
    assert.is_nil(own.changed(nil))
    local a, b = file("a", "1"), file("b", "2")
    own.add(a)
    own.add(b)
    local list = own.list()
    assert.is_nil(own.changed(list))
    file("b", "3")
    assert.equal(b, own.changed(list))
    os.remove(a)
    assert.equal(a, own.changed(list))
  end)
end)
