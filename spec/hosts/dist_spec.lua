-- The source archive.

local process = require "process"

describe("make dist", function()
  it("gives the same bytes twice, and all that builds", function()
    if not os.execute "git rev-parse --verify --quiet HEAD >/dev/null" then
      return pending "this is not a clone"
    end
    local folder = process.folder()
    local result = process.shell(("packaging/dist %s && cp %s/*.gz %s/first && packaging/dist %s "
      .. "&& cmp %s/*.gz %s/first && tar -tzf %s/first"):format(folder, folder, folder, folder,
      folder, folder, folder))
    process.clean(folder)
    assert.are.same({ 0, "" }, { result.status, result.err })
    for _, name in ipairs { "Makefile", "README.md", "src/core/engine.c", "packaging/install",
      "lua/codeocean/init.lua", ".ci/setup" } do
      assert.is_truthy(result.out:find("/" .. name .. "\n", 1, true), name)
    end
  end)
end)
