-- The variables of a session for Tab and advice: locals, then globals, by raw access.

local evaluate = require "colua.evaluate"
local names = require "colua.complete.variables"

describe("colua.complete.variables", function()
  local own, globals, session

  local function never() error "a metamethod ran" end

  before_each(function()
    session = evaluate.new()
    assert.is_true((session:run(assert(session:compile "local mine, both, gone = 1, 2"))))
    globals = setmetatable({ both = 3, theirs = false, ["no name"] = 1, ["end2"] = 1, [7] = 1 },
      { __index = never, __pairs = never, __newindex = never })
    own = names.new { session = session, globals = globals, help = { row_of = function(_, value)
      return value == print and { path = "print" } or nil
    end } }
  end)

  it("finds a local before a global, and distinguishes nil from no variable", function()
    local found = {}
    for _, name in ipairs { "mine", "both", "theirs", "gone", "never" } do
      found[#found + 1] = { own:lookup(name) }
    end
    assert.same({ { 1, true }, { 2, true }, { false, true }, { nil, true }, { nil, false } }, found)
  end)

  it("lists the names that can be written as names", function()
    assert.same({ mine = true, both = true, gone = true, theirs = true, end2 = true }, own:names())
  end)

  it("loads a module at its first look-up, and nothing else", function()
    rawset(globals, "module", setmetatable({}, { loader = function()
      return { run = print }
    end }))
    rawset(globals, "other", setmetatable({}, { __index = never }))
    local module = own:lookup "module"
    assert.same({ print, nil }, { rawget(module, "run"), getmetatable(module) })
    assert.is_table(getmetatable((own:lookup "other")))
  end)

  it("has the help of a function, by its name only where there is no value", function()
    assert.same({ path = "print" }, own:row({ "assets", ":search" }, print))
    assert.is_nil(own:row({ "assets", ":search" }, never))
    local row = own:row { "assets", ":search" }
    assert.equal("assets:search", row and row.name)
    assert.is_nil(own:row { "nowhere", ".x" })
  end)
end)
