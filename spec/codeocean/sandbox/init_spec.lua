-- codeocean.sandbox required outside colua: the C module of the same name.

local process = require "process"

-- Where the library is for the Lua that runs this.
local PATH = os.getenv "LUA_PATH":match "^[^;]+;[^;]+"

local function run(code, cpath)
  return process.run(process.lua, { "-e", ("package.path = '%s'\n%s"):format(PATH, code) },
    { env = { LUA_CPATH = cpath, LUA_PATH = ";;" } })
end

describe("codeocean.sandbox", function()
  it("is the C module", function()
    if not process.stock_loads() then return pending "stock Lua cannot load this build" end
    local result = run([[local server = assert(require "codeocean.sandbox".start { seed = 2 })
      print(server.url:match "^http://127%.0%.0%.1:")
      server:stop()]], os.getenv "LUA_CPATH")
    assert.are.same({ 0, "", "http://127.0.0.1:\n" }, { result.status, result.err, result.out })
  end)

  it("says that it is not installed where the C module is not", function()
    local result = run('require "codeocean.sandbox"', "/nowhere/?.so")
    assert.are.equal(1, result.status)
    assert.is_truthy(result.err:find("codeocean.sandbox is not installed here:\n\tno file "
      .. "'/nowhere/codeocean/sandbox.so'", 1, true), result.err)
  end)
end)
