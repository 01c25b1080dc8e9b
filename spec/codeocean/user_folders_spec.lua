-- The user's folders, from the environment.

local process = require "process"
local user_folders = require "codeocean.user_folders"

local function env(values) return function(name) return values[name] end end

-- Each folder with its variable and its place below HOME.
local FOLDERS = {
  { "state", "XDG_STATE_HOME", "/.local/state/colua" },
  { "config", "XDG_CONFIG_HOME", "/.config/colua" },
}

describe("codeocean.user_folders", function()
  for _, row in ipairs(FOLDERS) do
    local name, variable, place = table.unpack(row)
    local function path(values) return user_folders[name](env(values)) end

    it("has " .. name .. " in " .. variable .. ", else below HOME", function()
      assert.equal("/s/colua", path { [variable] = "/s", HOME = "/h" })
      assert.equal("/s/colua", path { [variable] = "/s" })
      assert.equal("/h" .. place, path { HOME = "/h" })
    end)

    it("ignores a variable of " .. name .. " that is no absolute path", function()
      assert.equal("/h" .. place, path { [variable] = "relative", HOME = "/h" })
      assert.equal("/h" .. place, path { [variable] = "", HOME = "/h" })
      assert.is_nil(path { HOME = "" })
      assert.is_nil(path { HOME = "here" })
      assert.is_nil(path {})
    end)
  end

  it("has a home only if HOME is an absolute path", function()
    assert.equal("/h", user_folders.home(env { HOME = "/h" }))
    for _, home in ipairs { "", "here", "./here" } do
      assert.is_nil(user_folders.home(env { HOME = home }))
    end
    assert.is_nil(user_folders.home(env {}))
  end)

  it("gives no file a place in the current folder", function()
    for _, home in ipairs { "", "here" } do
      local getenv = env { HOME = home, XDG_STATE_HOME = "here", XDG_CONFIG_HOME = "here" }
      assert.is_nil(require("codeocean.credentials").path(getenv))
      assert.is_nil(require("codeocean.bulk.journal").folder(getenv))
    end
  end)

  it("makes each missing folder, private to the user", function()
    local top = process.folder()
    local function mode(path) return process.shell("stat -c %a " .. process.quote(path)).out end
    assert.is_true(user_folders.make(top .. "/a/b"))
    assert.are.equal("700\n", mode(top .. "/a"))
    assert.are.equal("700\n", mode(top .. "/a/b"))
    assert.is_true(user_folders.make(top .. "/a/b"))
  end)

  it("names the part that cannot be made", function()
    local top = process.folder()
    process.write(top .. "/file", "")
    local made, message, part = user_folders.make(top .. "/file/b")
    assert.is_nil(made)
    assert.are.equal(top .. "/file/b", part)
    assert.is_string(message)
  end)
end)
