-- colua delete: only archived assets, within the limits, and after a confirmation.

local deployment = require "deployment"

describe("colua delete", function()
  local here, a, b
  before_each(function()
    here = deployment.start()
    a, b = here:asset { name = "first" }, here:asset { name = "second" }
    assert(here.client.data_assets:archive(a))
    assert(here.client.data_assets:archive(b))
  end)
  after_each(function() here:stop() end)

  local function delete(words) return here:run { "delete", table.unpack(words) } end

  it("deletes what is selected", function()
    local result = delete { "--archived", "true", "--yes" }
    assert.are.equal(0, result.status)
    assert.are.equal(2, #here:written())
    assert.are.equal("missing", select(2, here.client.data_assets:get(a)).kind)
  end)

  it("sends exactly the method and path of the API", function()
    delete { a, "--yes" }
    assert.are.same({ "DELETE /data_assets/" .. a }, here:written())
  end)

  it("needs the number typed on a terminal", function()
    for answer, status in pairs { y = 6, ["1"] = 6, ["2"] = 0 } do
      local result = here:type({ "delete", a, b }, { "number of assets to delete: ", answer })
      assert.are.equal(status, result.status, answer)
      assert.are.equal(status == 0 and 2 or 0, #here:written())
      if status == 0 then break end
    end
  end)

  it("deletes nothing without a terminal and without --yes", function()
    local result = delete { a }
    assert.are.equal(6, result.status)
    assert.is_truthy(result.err:find("^delete 1 asset %("))
    assert.are.same({}, here:written())
  end)

  it("deletes nothing that is not archived, unless told", function()
    local c = here:asset { name = "third" }
    local result = delete { c, "--yes" }
    assert.are.equal(6, result.status)
    assert.is_truthy(result.err:find("^colua delete: refused: " .. c:gsub("%-", "%%-")))
    assert.are.same({}, here:written())
    assert.are.equal(0, delete({ c, "--yes", "--allow-unarchived" }).status)
  end)

  it("deletes no more than --max-delete", function()
    local result = delete { a, b, "--yes", "--max-delete", "1" }
    assert.are.equal(6, result.status)
    assert.is_truthy(result.err:find("--max-delete", 1, true))
    assert.are.same({}, here:written())
  end)

  it("has no id that means all of them", function()
    for _, id in ipairs { "", "/", "..", "%2e%2e", "*" } do
      assert.are.equal(2, delete({ id, "--yes" }).status)
      assert.are.same({}, here:sent())
    end
  end)
end)
