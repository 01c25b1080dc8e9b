-- Every file and folder that the pages for contributors name is there.

local process = require "process"

local PAGES = { "CONTRIBUTING.md", "docs/architecture.md", "docs/network.md", "docs/server.md",
  "docs/verification.md", "docs/security.md" }
local TOPS = { src = true, lua = true, scripts = true, spec = true, docs = true, bench = true,
  examples = true, [".ci"] = true }

local function exists(path)
  return process.shell("ls -d " .. path).status == 0
end

describe("the pages for contributors", function()
  for _, page in ipairs(PAGES) do
    it("name what is there: " .. page, function()
      local count = 0
      for name in process.read(page):gmatch "`([%w_./*-]+)`" do
        if TOPS[name:match "^([^/]+)/"] and not name:find "NAME" then
          count = count + 1
          assert.is_true(exists(name), name)
        end
      end
      assert.is_true(count > 0, page)
    end)
  end
end)
