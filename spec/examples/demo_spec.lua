-- The demo, as `make demo` runs it. Its figures agree with each other.

local process = require "process"

describe("examples/demo.lua", function()
  local home, result

  setup(function()
    home = process.folder()
    result = process.run(process.colua, { "examples/demo.lua" }, { env = { HOME = home,
      XDG_STATE_HOME = home } })
  end)
  teardown(function() process.clean(home) end)

  local function figures(pattern)
    local found = { result.out:match(pattern) }
    for i, text in ipairs(found) do found[i] = tonumber(text) end
    return table.unpack(found)
  end

  it("succeeds, and says nothing on standard error", function()
    assert.are.same({ 0, "" }, { result.status, result.err })
  end)

  it("creates one asset for each line of the list", function()
    local lines = 0
    for _ in io.lines("examples/open-data.jsonl") do lines = lines + 1 end
    assert.are.equal(lines,
      figures "\ncreate +(%d+) assets from examples/open%-data.jsonl, all ready")
  end)

  it("tags what it said it would, and proves it", function()
    local planned, selected = figures "\npreview +(%d+) of (%d+) would get"
    local ok, right, without, failed =
      figures "\ntag +(%d+) ok, (%d+) already right, (%d+) without a year, (%d+) failed"
    assert.is_true(planned > 1000)
    assert.are.same({ planned, 0, 0 }, { ok, right, failed })
    assert.are.equal(selected, ok + without)
    assert.are.equal(planned, (figures "\nproof +a fresh search finds (%d+) assets tagged"))
  end)

  it("counts its requests and its time", function()
    local requests, seconds = figures "\ntotal +(%d+) requests in ([%d.]+) s"
    local ok = figures "\ntag +(%d+) ok"
    assert.is_true(requests >= 2 * ok)
    assert.is_true(seconds < 60)
  end)

  it("leaves nothing behind", function()
    assert.are.equal("", process.shell("find . -type f", { cwd = home }).out)
  end)
end)
