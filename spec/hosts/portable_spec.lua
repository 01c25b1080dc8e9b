-- Files for systems that cannot be run here compile.

local process = require "process"

local FLAGS = " -std=c11 -Wall -Wextra -Wshadow -Wconversion -Wundef -Werror -D_GNU_SOURCE -Isrc "

describe("the kqueue branch", function()
  for _, compiler in ipairs { "gcc", "clang" } do
    it("compiles without a warning: " .. compiler, function()
      if not os.execute("command -v " .. compiler .. " >/dev/null") then
        return pending "it is not here"
      end
      local folder = process.folder()
      local result = process.shell(compiler .. FLAGS .. "-U__linux__ -Ispec/hosts/bsd -c "
        .. "src/core/wire/pollset_kqueue.c -o " .. folder .. "/p.o && nm " .. folder .. "/p.o")
      process.clean(folder)
      assert.are.same({ 0, "" }, { result.status, result.err })
      for name in process.read("src/core/wire/pollset.h"):gmatch "(co_pollset_%l+)%(" do
        assert.is_truthy(result.out:find(" T " .. name .. "\n", 1, true), name)
      end
    end)
  end
end)
