-- Every file and folder that the pages for contributors name exists, and every spec that a comment
-- names.

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

describe("the comments", function()
  -- The name of a spec, with or without its folder, as it ends the path of one.
  local function is_spec(name, specs)
    return specs:find("/" .. name:gsub("^spec/", "") .. ".lua\n", 1, true) ~= nil
  end

  it("name specs that are there", function()
    local specs = process.shell "find spec -name '*_spec.lua'".out
    local lines = process.shell("grep -rnE '^ *(--|\\*\\*|/\\*).*_spec' lua src scripts spec; "
      .. "grep -rn _spec spec/faults/README.md").out
    local count = 0
    for line in lines:gmatch "[^\n]+" do
      for name in line:gsub("^[^:]*:", ""):gmatch "[%w_/]*%w_spec%f[^%w_]" do
        count = count + 1
        assert.is_true(is_spec(name, specs), line)
      end
    end
    assert.is_true(count > 40, count)
  end)
end)
