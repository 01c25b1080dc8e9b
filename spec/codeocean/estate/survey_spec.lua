-- The figures of a survey, from assets given one by one.

local surveys = require "codeocean.estate.survey"

local JANUARY, MARCH = 1609459200, 1614556800 -- 2021-01-01, 2021-03-01

local function survey_of(list, idle_before)
  local survey = surveys.new(idle_before or 0)
  for _, asset in ipairs(list) do survey:add(asset) end
  return survey
end

describe("codeocean.estate.survey", function()
  it("has bytes by month and type, without a gap between months", function()
    local months, types, bytes = survey_of({
      { created = JANUARY, type = "dataset", size = 5 },
      { created = JANUARY + 9, type = "dataset", size = 7 },
      { created = MARCH, type = "result", size = 2 },
    }):growth()
    assert.same({ "2021-01", "2021-02", "2021-03" }, months)
    assert.same({ "dataset", "result" }, types)
    assert.same({ 12.0, 0, 0, 2.0 }, { bytes("2021-01", "dataset"), bytes("2021-02", "dataset"),
      bytes("2021-01", "result"), bytes("2021-03", "result") })
  end)

  it("goes over the turn of a year", function()
    assert.same({ "2021-11", "2021-12", "2022-01" },
      surveys.without_gaps { "2021-11", "2022-01" })
    assert.same({}, surveys.without_gaps {})
  end)

  it("finds names that several assets have", function()
    assert.same({ { "a", 3 }, { "b", 2 } }, survey_of({ { name = "a" }, { name = "b" },
      { name = "a" }, { name = "c" }, { name = "b" }, { name = "a" } }):duplicates())
  end)

  it("drops a name that only one asset has", function()
    local survey, filler = surveys.new(0), ("x"):rep(200)
    collectgarbage()
    local before = collectgarbage "count"
    for i = 1, 20000 do survey:add { name = filler .. i } end
    collectgarbage()
    assert.is_true(collectgarbage "count" - before < 2000)
    assert.same({}, survey:duplicates())
  end)

  it("lists the largest idle assets, and no more than 50", function()
    local list = {}
    for i = 1, 80 do list[i] = { id = "i" .. i, size = i, created = 1 } end
    list[81] = { id = "used", size = 1000, created = 1, last_used = 500 }
    local idle = survey_of(list, 100).idle
    assert.equal(50, #idle)
    assert.same({ "i80", "i79", "i31" }, { idle[1].id, idle[2].id, idle[50].id })
  end)

  it("lists drafts and failures with their reason, and counts those beyond 100", function()
    local list = { { id = "r", state = "ready" }, { id = "s" } }
    for i = 1, 120 do list[#list + 1] = { id = "d" .. i, state = "draft" } end
    local survey = survey_of(list)
    assert.same({ 120, 100 }, { survey.not_ready_count, #survey.not_ready })
    local failed = survey_of({ { id = "f", state = "failed", failure_reason = "no bucket" } })
    assert.equal("no bucket", failed.not_ready[1].reason)
  end)

  it("counts the keys of custom metadata, and the assets that have any", function()
    local survey = survey_of { { custom_metadata = { rig = 1, date = 2 } },
      { custom_metadata = { rig = 2 } }, { custom_metadata = {} }, {} }
    assert.equal(2, survey.with_metadata)
    assert.same({ { "rig", 2 }, { "date", 1 } }, survey:metadata())
  end)

  it("accepts values of the wrong type", function()
    local survey = survey_of { { created = "x", name = 7, tags = "t", custom_metadata = "no",
      size = 1.5, type = {}, state = 9 }, { created = 1 << 62, size = -1 } }
    assert.equal(2, survey:total().count)
    assert.same({}, (survey:growth()))
  end)
end)
