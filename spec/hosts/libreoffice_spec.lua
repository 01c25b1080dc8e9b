-- A listing that LibreOffice opened and saved unedited changes nothing: texts that look like
-- numbers, dates, formulas or errors come back as they were. Pending if LibreOffice is not
-- installed.

local deployment = require "deployment"
local process = require "process"

local ODD = { "plain", "=1+1", "007", "2021", "1/2", "TRUE", "nan", "MARCH1", "'x", "'007", "a;b",
  "a,b", 'a "b"', "-5", "\\N", "#REF!", "['a']", "Größe µm", "1e5", "12:30", "2021-01-05", "5%",
  "1,234", " lead", "trail ", "3.10", ".5", "Jan 5", "5 Mar 2021", "$5", "+49 123", "@x", "0x1F",
  "12345678901234567890", "1-2", "(5)", "\ttab", "5-Jan-21", "10:00 PM", "1/2/2021 10:00" }

local FIELDS = "id,name,type,size,created,description,mount,tags,custom_metadata.text,"
  .. "custom_metadata.number,custom_metadata.flag"

local function is_installed()
  return process.shell("command -v soffice").status == 0
end

describe("a listing saved by LibreOffice", function()
  it("writes nothing", function()
    if not is_installed() then return pending "LibreOffice is not installed" end
    local here = deployment.start()
    finally(function() here:stop() end)
    for i, text in ipairs(ODD) do
      assert(here.client.data_assets:create { name = text, mount = "m" .. i, tags = { text, "t" },
        description = text .. "\nline two", source = { aws = { bucket = "open-neuro" } },
        custom_metadata = { text = text, number = i * 1000.5, flag = true } })
    end
    local listing = here:run { "search", "--csv", "--output", "list.csv", "--fields", FIELDS }
    assert.equal(0, listing.status, listing.err)
    local saved = process.shell(("cd %s && HOME=%s timeout 120 soffice --headless --convert-to csv "
      .. "--outdir saved list.csv"):format(process.quote(here.folder), process.quote(here.folder)))
    assert.equal(0, saved.status, saved.out)
    local result = here:run { "update", "--from", "saved/list.csv", "--yes" }
    assert.equal(0, result.status, result.err)
    assert.same({}, here:written())
    assert.is_truthy(result.err:find(("%d unchanged"):format(#ODD), 1, true), result.err)
  end)
end)
