-- Every name that a folder of C exports has the folder's prefix, so that no name clashes with
-- those of a host that links the library. No C files call each other in a circle.

local process = require "process"

local PREFIXES = { core = "^co_", binding = "^cb_", colua = "^cl_", sandbox = "^sb_" }

describe("the C of", function()
  for folder, prefix in pairs(PREFIXES) do
    it(folder .. " exports names of one prefix only", function()
      local build = os.getenv "BUILD" or "build"
      local code = ("for f in $(find src/%s -name '*.c'); do b=${f#src/}; "
        .. "nm -g --defined-only %s/obj/${b%%.c}.o || exit; done"):format(folder, build)
      local result = process.shell(code)
      if result.status ~= 0 then return pending("no objects of this build: " .. result.err) end
      local count = 0
      for name in result.out:gmatch "%x+ [TDBRVC] ([%w_]+)" do
        count = count + 1
        local free = name == "main" or name:find "^luaopen_" or name:find "^__"
        if not free then
          assert.is_truthy(name:find(prefix), name)
        end
      end
      assert.is_true(count > 10)
    end)
  end
end)
