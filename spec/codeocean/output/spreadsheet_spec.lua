-- Text that a spreadsheet would run or change gets a ' in CSV, which the reader removes.

local spreadsheet = require "codeocean.output.spreadsheet"

describe("codeocean.output.spreadsheet", function()
  local changed = { "=1+1", "+a", "-a", "@a", "\tx", "\nx", "\rx", "007", "2021", "1e5", "1,5",
    "2021-01-05", "1/2", "12:30", "TRUE", "False", "MARCH1", "2-Sep", "nan", "None", "#REF!", "\\N",
    "['a', 'b']", "50%", "-" }
  for _, text in ipairs(changed) do
    it(("guards %q"):format(text), function()
      assert.equal("'" .. text, spreadsheet.protect(text))
      assert.equal("''" .. text, spreadsheet.protect("'" .. text))
      assert.same({ text, true }, { spreadsheet.unprotect(spreadsheet.protect(text)) })
      assert.same({ "'" .. text, true },
        { spreadsheet.unprotect(spreadsheet.protect("'" .. text)) })
    end)
  end

  local kept = { "", "mouse 12", "2021-mouse", "'90s data", "a;b", "E", "eE", "marching 1st",
    "'quoted'", "x=1", "v1.2", "true story", "N", "ids [3]" }
  for _, text in ipairs(kept) do
    it(("leaves %q alone"):format(text), function()
      assert.equal(text, spreadsheet.protect(text))
      assert.same({ text, false }, { spreadsheet.unprotect(text) })
    end)
  end
end)
