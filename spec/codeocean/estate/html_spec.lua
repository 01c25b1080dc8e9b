-- Text from outside is escaped in HTML.

local html = require "codeocean.estate.html"

describe("codeocean.estate.html", function()
  it("escapes every name", function()
    assert.equal("&lt;script&gt;alert(&quot;1&quot;)&amp;&#39;&lt;/script&gt;",
      html.escape "<script>alert(\"1\")&'</script>")
    assert.equal("\\27[2J", html.escape "\27[2J")
    assert.equal("7", html.escape(7))
  end)

  it("writes a table with a title to click, and what its cells sort by", function()
    local text = html.table_of("A <table>", { { "name" }, { "size", right = true }, { "bar" } },
      { { "<b>", { "1 KiB", sort = 1024 }, { "<svg/>", html = true } } })
    assert.is_truthy(text:find("<caption>A &lt;table&gt;</caption>", 1, true))
    assert.is_truthy(text:find('<th scope="col"><button type="button">name</button></th>', 1, true))
    assert.is_truthy(text:find('<td>&lt;b&gt;</td><td class="number" data-sort="1024">1 KiB</td>'
      .. "<td><svg/></td>", 1, true), text)
  end)
end)
