-- Bars of text, with UTF-8 and in ASCII.

local bar = require "codeocean.estate.bar"

local function locale(values)
  return bar.is_unicode(function(name) return values[name] end)
end

describe("codeocean.estate.bar", function()
  it("draws a share in eighths of a column", function()
    assert.equal("████", bar.draw(1, 4, true))
    assert.equal("██", bar.draw(0.5, 4, true))
    assert.equal("██▌", bar.draw(0.625, 4, true))
    assert.equal("▏", bar.draw(1e-9, 4, true))
    assert.equal("████", bar.draw(7, 4, true))
  end)

  it("draws in ASCII where the terminal has no UTF-8", function()
    assert.equal("####", bar.draw(1, 4, false))
    assert.equal("##", bar.draw(0.5, 4, false))
    assert.equal("#", bar.draw(1e-9, 4, false))
  end)

  it("draws nothing for nothing", function()
    assert.equal("", bar.draw(0, 4, true))
    assert.equal("", bar.draw(0 / 0, 4, true))
    assert.equal("", bar.draw(-1, 4, false))
  end)

  it("asks the locale in the order of its variables", function()
    assert.is_true(locale { LANG = "en_US.UTF-8" })
    assert.is_true(locale { LC_CTYPE = "C.utf8", LANG = "C" })
    assert.is_false(locale { LC_ALL = "C", LANG = "en_US.UTF-8" })
    assert.is_false(locale { LC_ALL = "", LANG = "de_DE.ISO-8859-1" })
    assert.is_false(locale {})
  end)
end)
