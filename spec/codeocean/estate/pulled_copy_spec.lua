-- Copies of an estate. Making one changes no file of the user.

local copy = require "codeocean.estate.pulled_copy"
local fixture = require "fixture"
local process = require "process"

describe("a copy of an estate", function()
  local folder, client

  local function open(finally)
    local with = fixture.new(finally)
    folder, client = with:folder(), with:client(with:sandbox { seed = 12 }, { dialect = "current" })
  end

  local function names()
    return process.shell("ls -A " .. process.quote(folder)).out
  end

  it("leaves another process's .part alone, and a file at its name", function()
    open(finally)
    process.write(folder .. "/copy.db.part", "theirs")
    assert.are.equal(12, copy.pull(client, folder .. "/copy.db", {}))
    assert.are.equal("copy.db\ncopy.db.part\n", names())
    assert.are.equal("theirs", process.read(folder .. "/copy.db.part"))
    local before = process.read(folder .. "/copy.db")
    local count, err = copy.pull(client, folder .. "/copy.db", {})
    assert.are.same({ nil, "refused" }, { count, err.kind })
    assert.are.equal(before, process.read(folder .. "/copy.db"))
  end)

  it("does not replace a dangling link", function()
    open(finally)
    os.execute("ln -s nowhere " .. folder .. "/link")
    local count, err = copy.pull(client, folder .. "/link", {})
    assert.are.same({ nil, "refused" }, { count, err.kind })
    assert.is_truthy(err.message:find("it exists", 1, true))
    assert.are.equal("link\n", names())
  end)

  it("that fails leaves nothing behind", function()
    open(finally)
    local count, err = copy.pull(client, folder .. "/none/copy.db", {})
    assert.are.same({ nil, "refused" }, { count, err.kind })
    client:close()
    count, err = copy.pull(client, folder .. "/copy.db", {})
    assert.are.same({ nil, "closed" }, { count, err.kind })
    assert.are.equal("", names())
  end)

  it("is only read by a comparison: neither its bytes nor its times change", function()
    open(finally)
    local path = folder .. "/copy.db"
    assert.are.equal(12, copy.pull(client, path, {}))
    assert(os.execute("chmod 400 " .. path .. " && touch -d 2020-01-01 " .. path))
    local before = { process.read(path), process.shell("stat -c %y%z " .. path).out }
    assert.are.same({}, assert(copy.diff(path)))
    assert.are.same(before, { process.read(path), process.shell("stat -c %y%z " .. path).out })
    assert.are.equal("copy.db\n", names())
  end)

  it("is not created in an empty file by a comparison", function()
    open(finally)
    process.write(folder .. "/empty.db", "")
    local rows, err = copy.diff(folder .. "/empty.db")
    assert.are.same({ nil, "refused" }, { rows, err.kind })
    assert.are.equal("", process.read(folder .. "/empty.db"))
    assert.are.equal("empty.db\n", names())
  end)
end)
