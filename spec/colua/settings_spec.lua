-- What a user has set for the session, in ~/.config/colua.

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
    local found, problem = read()
    assert.are.same({}, found.colours)
    assert.is_nil(problem)
    assert.are.same({ colours = {} }, (settings.read(function() end)))
  end)

  it("have colours by deployment", function()
    assert.are.same({ acme = "red" }, read('{"colours": {"acme": "red"}}').colours)
  end)

  for text, problem in pairs { ["{"] = "is not JSON", ['{"colours": 1}'] = "an object expected",
    ['{"colours": {"acme": "pink"}}'] = "acme: bold, dim, red, green or yellow expected" } do
    it("that are " .. text .. " are named, and the session goes on", function()
      local found, why = read(text)
      assert.is_truthy(why:find(problem, 1, true))
      assert.are.same({}, found.colours)
    end)
  end

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

  it("name what fails in init.lua", function()
    process.write(folder .. "/.config/colua/init.lua", "local a\na.b = 1")
    local all = play { { "6 * 7\r", "\n42\n" } }
    assert.is_truthy(all:find("init.lua:2: attempt to index a nil value (local 'a')", 1, true))
  end)
end)
