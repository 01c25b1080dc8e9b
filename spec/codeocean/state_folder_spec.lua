-- The folder of the user's state, from the environment.

local state_folder = require "codeocean.state_folder"

local function path(values) return state_folder.path(function(name) return values[name] end) end

describe("codeocean.state_folder", function()
  it("is in XDG_STATE_HOME, else below HOME", function()
    assert.equal("/s/colua", path { XDG_STATE_HOME = "/s", HOME = "/h" })
    assert.equal("/h/.local/state/colua", path { HOME = "/h" })
  end)

  it("is nowhere where neither is an absolute path", function()
    assert.equal("/h/.local/state/colua", path { XDG_STATE_HOME = "relative", HOME = "/h" })
    assert.equal("/h/.local/state/colua", path { XDG_STATE_HOME = "", HOME = "/h" })
    assert.is_nil(path { HOME = "" })
    assert.is_nil(path { HOME = "here" })
    assert.is_nil(path {})
  end)
end)
