-- colua cat prints a file of an asset unchanged.

local deployment = require "deployment"
local json = require "codeocean.json"

describe("colua cat", function()
  local here, id

  setup(function() here, id = deployment.with_asset() end)
  teardown(function() here:stop() end)

  local function cat(words) return here:run { "cat", table.unpack(words) } end

  it("prints a file, or a part of it", function()
    local result = cat { id, "data_description.json" }
    assert.are.same({ 0, "" }, { result.status, result.err })
    assert.are.equal("first", json.decode(result.out).name)
    assert.are.same({ status = 0, out = "time_s,event", err = "" },
      cat { id, "data/events.csv", "--range", "0-11" })
    assert.are.equal(9, #cat({ id, "data/events.csv", "--range=-9" }).out)
  end)

  it("prints nothing of a file that is too large or not there", function()
    local large = cat { id, "data/events.csv", "--max", "10" }
    assert.are.same({ 3, "" }, { large.status, large.out })
    assert.is_truthy(large.err:find("larger than 10 bytes: say more with", 1, true))
    local missing = cat { id, "nothing" }
    assert.are.same({ 3, "" }, { missing.status, missing.out })
    assert.is_truthy(missing.err:find("missing 404", 1, true))
  end)

  it("proposes only options that it has", function()
    assert.is_nil(cat({ "mouse", "f" }).err:find("did you mean", 1, true))
  end)

  it("refuses wrong words before any request", function()
    for _, words in ipairs { {}, { id }, { "x", "y" }, { id, "f", "--range", "2-1" },
      { id, "f", "--max", "0" } } do
      assert.are.equal(2, cat(words).status)
      assert.are.same({}, here:sent())
    end
  end)
end)
