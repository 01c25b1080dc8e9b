-- The statements of a session: which are expressions, which are incomplete, which locals live on.

local evaluate = require "colua.evaluate"


describe("a session", function()
  local session

  before_each(function() session = evaluate.new() end)

  -- Runs lines; the results of the last.
  local function run(...)
    local results
    for _, line in ipairs { ... } do
      local chunk, problem = session:compile(line)
      assert(chunk, problem)
      results = table.pack(session:run(chunk))
    end
    if not results[1] then error(results[2].value, 0) end
    return table.unpack(results, 2, results.n)
  end

  local function failure(line)
    local ok, found = session:run(assert(session:compile(line)))
    assert.is_false(ok)
    return found
  end

  for line, value in pairs {
    ["1 + 1"] = 2, ["=6 * 7"] = 42, ["return 4"] = 4, ["'a' -- comment"] = "a", ["5;"] = 5,
    ["(function(...) return select('#', ...) end)(1, nil)"] = 2,
    ["[[two\nlines]]"] = "two\nlines", ["local x = 3 return x"] = 3,
  } do
    it("evaluates " .. line, function() assert.are.equal(value, (run(line))) end)
  end

  it("gives all results", function()
    assert.are.same({ 1, nil, 3, n = 3 }, table.pack(run "1, nil, 3"))
    assert.are.equal(0, select("#", run "local x = 1"))
  end)

  for _, text in ipairs { "for i = 1, 2 do", "x = {", "f(", "if a then\nb = 1", "x = [[a",
    "local function f()", "x =", "return function()", "--[[ a" } do
    it("waits for the end of " .. text, function()
      local chunk, _, incomplete = session:compile(text)
      assert.is_nil(chunk)
      assert.is_true(incomplete)
    end)
  end

  for _, text in ipairs { "x = = 1", "end", "1 end, function() return 2", "'a", "f)" } do
    it("refuses " .. text, function()
      local chunk, problem, incomplete = session:compile(text)
      assert.is_nil(chunk)
      assert.is_truthy(problem:find("^stdin:1: "))
      assert.is_false(incomplete or false)
    end)
  end

  it("keeps locals", function()
    assert.are.equal(3, run("local a, b = 1, 2", "a + b"))
    assert.are.equal(7, run("local a = a + 6", "a"))
    assert.is_nil(rawget(_G, "a"))
  end)

  it("keeps them as variables that functions share", function()
    assert.are.equal(3, run("local n = 0; local function inc() n = n + 1 return n end",
      "local function twice() inc() return inc() end", "inc()", "twice()"))
    assert.are.equal(3, run "n")
    assert.are.equal(11, run("n = 10", "inc()"))
  end)

  it("makes a new variable of a second local", function()
    assert.are.equal(1, run("local n = 0; local function inc() n = n + 1 return n end",
      "local n = 50", "inc()"))
    assert.are.equal(50, run "n")
  end)

  it("keeps what a recursive function needs", function()
    assert.are.equal(120, run("local function f(n) return n < 2 and 1 or n * f(n - 1) end", "f(5)"))
  end)

  it("gives the values of the expression that several lines end with", function()
    assert.are.equal(3, run "local a = 1\nlocal b = 2 -- two\na + b -- three")
    assert.are.equal(3, run "a + b")
    assert.are.equal("5", run "  x = 5\n  tostring(x)")
    assert.are.equal(6, run "function six()\nlocal y = 6\nreturn y\nend\nsix(\n1,\n2)")
    assert.are.equal("stdin:3: late", failure("a = 1\n\nerror 'late'").value)
    for _, text in ipairs { "a = 1\na", "a = 1\nf(a)", "local function f()\n  x = 1\nend\nf" } do
      assert.is_false(session:is_incomplete(text), text)
      local chunk = session:compile(text)
      assert.are.equal(text, chunk.head .. text:match "[^\n]*$")
    end
    _G.x, _G.six, _G.a = nil, nil, nil
  end)

  it("does not mistake the end of a statement for such an expression", function()
    for _, text in ipairs { "a = print\n('x')", "a = 5\n-a", "a = [[\na]]", "a = 1\nb = 2",
      "for i = 1, 2 do\ni = 1\nend", "goto x\n::x::", "a = {\nb\n}" } do
      local chunk = session:compile(text)
      assert.is_truthy(chunk, text)
      assert.is_nil(chunk.head, text)
    end
    for _, text in ipairs { "if a then\nb", "f(\na", "a = {\nb", "local function f()\nreturn f" } do
      assert.is_true(session:is_incomplete(text), text)
    end
  end)

  it("keeps locals of a chunk that returns or fails", function()
    assert.are.equal(9, run("local q = 9 return q", "q"))
    failure "local a, f = 5, function() return 6 end error 'x'"
    assert.are.equal(11, run "a + f()")
  end)

  it("keeps only locals of the outermost block", function()
    run("do local inner = 1 end for i = 1, 2 do local looped = i end",
      "local s, t = 'local quoted = 1', [[\nlocal long = 1]] -- local commented = 1",
      "local function f() local deep = 1 end local outer = function() local deeper = 2 end")
    assert.are.same({ "f", "outer", "s", "t" }, (function()
      local names = {}
      for name in pairs(session.cells) do names[#names + 1] = name end
      table.sort(names)
      return names
    end)())
  end)

  it("keeps a constant constant", function()
    assert.are.equal(7, run("local c <const> = 7", "c"))
    assert.is_nil((session:compile "c = 8"))
  end)

  it("ends a variable to be closed with its line", function()
    _G.closed = false
    run "local z <close> = setmetatable({}, { __close = function() closed = true end })"
    assert.is_true(_G.closed)
    assert.is_nil(run "z")
    _G.closed = nil
  end)

  it("keeps none if a label is the last statement", function()
    run "goto done; local w = 1; ::done::"
    assert.is_nil(run "w")
  end)

  it("takes more locals than a function may have", function()
    for i = 1, 300 do run(("local v%d = %d"):format(i, i)) end
    assert.are.equal(301, run "v1 + v300")
  end)

  it("places errors in their lines", function()
    assert.are.equal("stdin:3: here", failure("local a = 1\n\nerror 'here'").value)
    assert.are.equal("stdin:2: here", failure("print(\nerror 'here')").value)
    assert.is_truthy(failure("nope.x = 1").value:find("global 'nope'", 1, true))
  end)

  it("traces an error to the prompt, and no further", function()
    local found = failure("local function f() error 'deep' end\nlocal function g() f() end\n"
      .. "pcall(type, nil)\ng()")
    assert.are.same({ "  stdin:1: in function 'f'", "  stdin:2: in function 'g'",
      "  stdin:4: at the prompt" }, found.trace)
    assert.are.same({}, failure("error 'at once'").trace)
    run "function raise() error 'late' end"
    assert.are.same({ "  stdin:1: in function 'raise'", "  stdin:1: at the prompt" },
      failure("raise()").trace)
    _G.raise = nil
  end)

  it("shortens a long trace", function()
    local found = failure("local function f(n) if n == 0 then error 'x' end f(n - 1) end f(50)")
    assert.are.equal(13, #found.trace)
    assert.is_truthy(found.trace[7]:find("… %d+ more"))
  end)

  it("survives a stack overflow", function()
    local found = failure("local function f() return 1 + f() end f()")
    assert.is_truthy(tostring(found.value):find("overflow"))
    assert.are.equal(2, run "1 + 1")
  end)
end)
