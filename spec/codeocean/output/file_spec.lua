-- Files that are replaced as a whole or not at all.

local core = require "codeocean.core"
local files = require "codeocean.output.file"
local fixture = require "fixture"
local process = require "process"

local function entries(folder)
  local list = {}
  for _, name in ipairs(assert(core.list_folder(folder))) do
    if name ~= "." and name ~= ".." then list[#list + 1] = name end
  end
  table.sort(list)
  return list
end

local function link(target, path)
  assert(os.execute(("ln -s %s %s"):format(process.quote(target), process.quote(path))))
end

describe("codeocean.output.file", function()
  local folder, path
  before_each(function()
    folder = process.folder()
    path = folder .. "/list.csv"
  end)
  after_each(function() process.clean(folder) end)

  local function write(to, text)
    local file <close> = assert(files.open(to))
    assert(file.out:write(text))
    return file:commit()
  end

  it("replaces its target when it is committed, and not before", function()
    process.write(path, "before")
    local file = assert(files.open(path))
    file.out:write("after")
    file.out:flush()
    assert.equal("before", process.read(path))
    assert.is_true(file:commit())
    assert.equal("after", process.read(path))
    assert.same({ "list.csv" }, entries(folder))
    assert.is_true(file:commit())
  end)

  it("leaves its target unchanged when it is not committed", function()
    process.write(path, "before")
    do
      local file <close> = assert(files.open(path))
      file.out:write("half")
    end
    assert.equal("before", process.read(path))
    assert.same({ "list.csv" }, entries(folder))
  end)

  it("touches no other file: not X.part, not a temporary one of somebody else", function()
    process.write(path .. ".part", "mine")
    assert.is_true(write(path, "new"))
    assert.equal("mine", process.read(path .. ".part"))
    assert.same({ "list.csv", "list.csv.part" }, entries(folder))
    local beside = files.beside
    finally(function() files.beside = beside end)
    local tries = 0
    function files.beside(place)
      tries = tries + 1
      return tries == 1 and path .. ".part" or beside(place)
    end
    assert.is_true(write(path, "newer"))
    assert.equal("mine", process.read(path .. ".part"))
  end)

  it("replaces the target of a symbolic link, and keeps the link", function()
    assert(core.make_folder(folder .. "/deep"))
    process.write(folder .. "/deep/real.csv", "before")
    link("deep/real.csv", path)
    assert.is_true(write(path, "after"))
    assert.is_true(core.is_link(path))
    assert.equal("after", process.read(folder .. "/deep/real.csv"))
    assert.same({ "real.csv" }, entries(folder .. "/deep"))
  end)

  it("refuses a dangling link and leaves it", function()
    link("/nonexistent/elsewhere.csv", path)
    local file, problem = files.open(path)
    assert.is_nil(file)
    assert.equal(path .. ": it is a symbolic link to nothing", problem)
    assert.is_true(core.is_link(path))
    assert.same({ "list.csv" }, entries(folder))
    os.remove(path)
    link(path, path)
    assert.is_nil((files.open(path)))
  end)

  it("keeps the rights of the file that it replaces", function()
    process.write(path, "before")
    assert(os.execute("chmod 640 " .. path))
    assert.is_true(write(path, "after"))
    assert.equal("640\n", process.shell("stat -c %a " .. path).out)
  end)

  it("writes directly to a target that is not a regular file", function()
    assert.is_true(write("/dev/null", "x"))
    local pipe = folder .. "/pipe"
    assert(os.execute("mkfifo " .. pipe .. "; cat " .. pipe .. " > " .. path .. " &"))
    assert.is_true(write(pipe, "through"))
    assert.same({ "list.csv", "pipe" }, entries(folder))
  end)

  it("names the obstacle in one line", function()
    for _, row in ipairs { { folder .. "/none/x.csv", "cannot be written" },
      { folder, "directory" }, { "\27[2J/x", "cannot be written" } } do
      local file, problem = files.open(row[1])
      assert.is_nil(file)
      assert.is_truthy(problem:lower():find(row[2], 1, true), problem)
      assert.is_nil(problem:find("[\n\27]"))
    end
  end)

  it("takes a long name", function()
    local long = folder .. "/" .. ("n"):rep(255)
    assert.is_true(write(long, "x"))
    assert.equal("x", process.read(long))
  end)

  it("reports a full disk, and leaves nothing", function()
    local file = assert(files.open("/dev/full"))
    file.out:write("x")
    local ok, problem = file:commit()
    assert.is_nil(ok)
    assert.matches("No space left", problem)
    assert.is_nil(problem:find("\n"))
  end)
end)

describe("core.create_file", function()
  it("makes a new file, and no other", function()
    local with = fixture.new(finally)
    local folder = with:folder()
    local out = assert(core.create_file(folder .. "/a"))
    assert.equal("file", io.type(out))
    assert(out:write("x"))
    assert.is_true(out:close())
    assert.equal("x", process.read(folder .. "/a"))
    local again, message, code = core.create_file(folder .. "/a")
    assert.same({ nil, "File exists", 17 }, { again, message, code })
    link("/nonexistent/b", folder .. "/b")
    assert.is_nil((core.create_file(folder .. "/b")))
    assert.equal("x", process.read(folder .. "/a"))
  end)
end)
