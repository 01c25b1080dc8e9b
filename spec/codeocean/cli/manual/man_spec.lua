-- The manual page, as `colua man` writes it.

local manual = require "manual_text"
local reference = require "codeocean.reference"

describe("colua man", function()
  it("has every option, variable and status in the man page", function()
    local page = manual.generated("man"):gsub("\\%-", "-")
    for _, row in ipairs(manual.commands()) do
      assert.is_truthy(page:find(row.option, 1, true), row.name .. " " .. row.option)
    end
    for _, list in ipairs { reference.ENVIRONMENT, reference.STATUSES } do
      for _, row in ipairs(list) do
        assert.is_truthy(page:find("\\fB" .. row[1] .. "\\fR", 1, true), row[1])
      end
    end
    for line in page:gmatch("[^\n]+") do -- a request by accident
      assert.is_truthy(not line:find("^['.]") or line:find("^%.%u%u?") or line:find("^%.[nf][fi]"),
        line)
    end
  end)
end)
