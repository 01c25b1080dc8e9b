-- The words of a message about an unknown name.

local near_name = require "codeocean.near_name"

local NAMES = { "description", "name", "tags" }

describe("codeocean.near_name", function()
  it("names the near one", function()
    assert.are.equal("did you mean 'tags'?", near_name.hint("tgas", NAMES))
    assert.are.equal("; did you mean 'tags'?", near_name.behind("tgas", NAMES))
    assert.are.equal("did you mean 'tags'?", near_name.or_all("tgas", NAMES))
  end)

  it("has nothing to say, or names all, if none is near", function()
    assert.is_nil(near_name.hint("colour", NAMES))
    assert.are.equal("", near_name.behind("colour", NAMES))
    assert.are.equal("there are description, name, tags", near_name.or_all("colour", NAMES))
  end)

  it("does not propose the name itself", function()
    assert.is_nil(near_name.hint("tags", NAMES))
    assert.are.equal("", near_name.behind("tags", NAMES))
  end)

  it("escapes names, which may come from a server", function()
    assert.are.equal("did you mean 'sub\\27ject'?", near_name.hint("subject", { "sub\27ject" }))
    assert.are.equal("there are \\a", near_name.or_all("colour", { "\7" }))
  end)
end)
