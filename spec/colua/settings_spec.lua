-- The user's settings for the session, in ~/.config/colua.

local process = require "process"
local settings = require "colua.settings"
local terminal = require "terminal"


describe("the settings", function()
  local folder

  before_each(function()
    folder = process.folder()
    assert(os.execute("mkdir -p " .. folder .. "/.config/colua"))
  end)
  after_each(function() process.clean(folder) end)

  local function read(text)
    if text then process.write(folder .. "/.config/colua/config.json", text) end
    return settings.read(function(name) return name == "HOME" and folder or nil end)
  end

  it("may be absent", function()
    assert.are.same({}, read().colours)
    assert.are.same({ colours = {} }, (settings.read(function() end)))
  end)

  it("have colours by deployment", function()
    assert.are.same({ acme = "red" }, read('{"colours": {"acme": "red"}}').colours)
  end)

  it("that are wrong leave the session without a client, and name the file", function()
    process.write(folder .. "/.config/colua/config.json", '{"protekt": {}}')
    assert.are.same({}, read().colours)
    local all = select(2, terminal.play({ argv = { "--sandbox" },
      env = { HOME = folder, XDG_STATE_HOME = folder .. "/state", XDG_CONFIG_HOME = "" } },
      { { nil, "> " }, { "assets:all()\r", "protect" } }))
    assert.is_truthy(all:find("protekt: no such name; did you mean 'protect'?", 1, true), all)
  end)

  local function play(steps)
    table.insert(steps, 1, { nil, "> " })
    return select(2, terminal.play({ argv = { "--sandbox" },
      env = { HOME = folder, XDG_STATE_HOME = folder .. "/state", XDG_CONFIG_HOME = "" } }, steps))
  end

  it("run init.lua, whose functions are the session's", function()
    process.write(folder .. "/.config/colua/init.lua",
      "function mine(q) return #assets:search { query = q, limit = 3 } end")
    play { { "mine 'ecephys'\r", "\n3\n" } }
  end)

  it("name an init.lua that is no file, and do not wait for it", function()
    for _, command in ipairs { "mkfifo", "mkdir" } do
      local path = folder .. "/.config/colua/init.lua"
      process.shell(command .. " " .. path)
      local all = play { { "6 * 7\r", "\n42\n" } }
      assert.is_truthy(all:find(path .. ": it is a folder, a pipe or a device", 1, true), all)
      process.shell("rm -r " .. path)
    end
  end)

  it("have no place without an absolute path in the environment", function()
    local env = { HOME = "here", XDG_CONFIG_HOME = "there" }
    local found = settings.read(function(name) return env[name] end)
    assert.are.same({ colours = {} }, found)
  end)

  it("may lack their folder", function()
    process.shell("rm -r " .. folder .. "/.config")
    local all = play { { "6 * 7\r", "\n42\n" } }
    assert.is_truthy(all:find("exit leaves.\nsandbox > ", 1, true), all)
  end)

  it("name what fails in init.lua", function()
    process.write(folder .. "/.config/colua/init.lua", "local a\na.b = 1")
    local all = play { { "6 * 7\r", "\n42\n" } }
    assert.is_truthy(all:find("init.lua:2: attempt to index a nil value (local 'a')", 1, true))
  end)
end)
