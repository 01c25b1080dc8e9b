-- The JSON writer gives one text for a value, or names the place that cannot be written.

local json = require "codeocean.json"


-- Values that cannot be written. The message contains `why`.
local function refused(value, why)
  local good, message = pcall(json.encode, value)
  assert.is_false(good)
  assert.is_truthy(message:find(why, 1, true), message)
end


describe("json.encode of numbers", function()
  local rows = {
    { 1.0, "1.0" }, { -1.0, "-1.0" }, { 0.0, "0.0" }, { -0.0, "-0.0" }, { 1.5, "1.5" },
    { 0.1, "0.1" }, { 0.1 + 0.2, "0.30000000000000004" }, { 1 / 3, "0.3333333333333333" },
    { 123456.789, "123456.789" }, { 1e100, "1e+100" }, { 1e-7, "1e-07" },
    { 2.0 ^ 53, "9007199254740992.0" }, { 1633277005.0, "1633277005.0" },
    { 1.7976931348623157e308, "1.7976931348623157e+308" },
    { 2.2250738585072014e-308, "2.2250738585072014e-308" },
    { math.pi, "3.141592653589793" },
  }
  for _, row in ipairs(rows) do
    it("writes " .. row[2], function()
      assert.equal(row[2], json.encode(row[1]))
      assert.equal(row[2], json.encode(json.decode(row[2])))
    end)
  end

  it("writes the smallest float exactly", function()
    assert.equal(5e-324, json.decode(json.encode(5e-324)))
  end)

  for name, value in pairs { NaN = 0 / 0, infinity = 1 / 0, ["minus infinity"] = -1 / 0 } do
    it("refuses " .. name, function()
      refused(value, "not finite")
      refused({ x = { 1, value } }, "x[2]: ")
    end)
  end
end)


describe("json.encode of strings", function()
  local rows = {
    { "", [[""]] }, { "a", [["a"]] }, { '"', [["\""]] }, { "\\", [["\\"]] }, { "/", [["/"]] },
    { "\b\f\n\r\t", [["\b\f\n\r\t"]] }, { "\0", [["\u0000"]] }, { "\x01\x1F", [["\u0001\u001f"]] },
    { "\x7F", [["\u007f"]] }, { "\27[31m", [["\u001b[31m"]] }, { "é🧠", [["é🧠"]] },
    { "\u{10FFFF}", '"\u{10FFFF}"' },
  }
  for _, row in ipairs(rows) do
    it("writes " .. row[2], function()
      assert.equal(row[2], json.encode(row[1]))
      assert.equal(("{%s:1}"):format(row[2]), json.encode { [row[1]] = 1 })
      assert.equal(row[1], json.decode(row[2]))
    end)
  end

  local bad = {
    { "\xFF", 1 }, { "caf\xE9", 4 }, { "\xC3", 1 }, { "ab\xED\xA0\x80", 3 }, { "\xC0\xAF", 1 },
    { "\xF4\x90\x80\x80", 1 }, { ("x"):rep(100) .. "\x80", 101 },
  }
  for _, row in ipairs(bad) do
    it(("refuses %q"):format(row[1]:sub(-8)), function()
      refused(row[1], "not valid UTF-8 at byte " .. row[2])
      refused({ a = { b = { row[1] } } }, "a.b[1]: ")
      refused({ [row[1]] = 1 }, "not valid UTF-8")
    end)
  end
end)


describe("json.encode of lists and objects", function()
  it("writes keys in their order", function()
    local object = { b = 1, a = 2, ["a b"] = 3, B = 4, [""] = 5, ["ä"] = 6, aa = 7, ["1"] = 8 }
    local text = '{"":5,"1":8,"B":4,"a":2,"a b":3,"aa":7,"b":1,"ä":6}'
    assert.equal(text, json.encode(object))
    local keys = {}
    for i = 1, 500 do keys[("k%03d"):format(i * 7 % 501)] = i end
    local last = ""
    for key in json.encode(keys):gmatch '"(k%d+)"' do
      assert.is_true(last < key)
      last = key
    end
  end)

  it("writes an empty table as an object, a marked one as a list", function()
    assert.equal("{}", json.encode {})
    assert.equal("[]", json.encode(json.array()))
    assert.equal('{"tags":[]}', json.encode { tags = json.array {} })
    local list = { 1 }
    assert.equal(list, json.array(list))
    assert.equal("[1]", json.encode(list))
    assert.error_matches(function() json.array(7) end, "#1 to .*table expected, got number")
  end)

  local holes = {
    { "a hole", { 1, 2, nil, 4 }, "a list with a hole at [3]" },
    { "a hole below", { tags = { "a", nil, "c" } }, "tags: a list with a hole at [2]" },
    { "a hole far below", { a = { { b = { 1, nil, 3 } } } }, "a[1].b: a list with a hole at [2]" },
    { "a hole at the start", { tags = { nil, "b" } }, "tags: " },
    { "a hole in a marked list", json.array { nil, "b" }, "a list with a hole at [1]" },
    { "a list with a name", { tags = { "a", x = 1 } }, "tags: a list expected" },
    { "a list with a place 0", { tags = { [0] = "z", "a" } }, "tags: a list expected" },
    { "a list with a place below", { tags = { [-1] = "z", "a" } }, "tags: a list expected" },
    { "a list with a broken place", { tags = { "a", [1.5] = 1 } }, "tags: a list expected" },
    { "a marked list with a name", { t = json.array { x = 1 } }, "t: a list expected" },
    { "a very sparse list", { t = { 1, [1 << 40] = 2 } }, "t: a list with a hole at [2]" },
    { "a list that ends at infinity", { t = { 1, [math.maxinteger] = 2 } }, "hole at [2]" },
    { "a number as a key", { t = { a = 1, [7] = 2 } }, "t: keys of an object must be strings" },
    { "a boolean as a key", { t = { [true] = 1 } }, "t: keys of an object must be strings" },
    { "a function", { a = { 1, print } }, "a[2]: a function has no JSON form" },
    { "a coroutine", { coroutine.create(print) }, "[1]: a thread has no JSON form" },
    { "a file", { f = io.stdout }, "f: a userdata has no JSON form" },
    { "a key with a point", { ["a.b"] = { print } }, "a.b[1]: " },
  }
  for _, row in ipairs(holes) do
    it("refuses " .. row[1], function() refused(row[2], row[3]) end)
  end

  it("places the error of a refusal at the caller's line", function()
    local here = debug.getinfo(1, "Sl")
    local _, message = pcall(function() json.encode(print) end)
    local place = ("%s:%d: "):format(here.short_src, here.currentline + 1)
    assert.equal(place, message:sub(1, #place))
  end)

  it("accepts 64 levels of lists or objects, not 65", function()
    local list, object = {}, {}
    for _ = 1, 63 do list, object = { list }, { a = object } end
    assert.is_string(json.encode(list))
    assert.is_string(json.encode(object))
    refused({ list }, "nested more than 64 deep")
    refused({ a = object }, "nested more than 64 deep")
  end)

  it("refuses a circle", function()
    local circle = {}
    circle.x = circle
    refused(circle, "nested more than 64 deep")
  end)

  it("calls no metamethod", function()
    local trap = function() error("called", 0) end
    local shy = setmetatable({ a = 1 }, {
      __index = trap, __len = trap, __pairs = trap, __tostring = trap, __eq = trap, __name = "shy",
    })
    assert.equal('{"a":1}', json.encode(shy))
    assert.equal('[{"a":1}]', json.encode { shy })
  end)

  it("writes booleans and null", function()
    assert.equal("[true,false,null]", json.encode { true, false, json.null })
    assert.equal('{"a":null}', json.encode { a = json.null })
    refused(nil, "nil")
  end)
end)


-- What is read beyond the keys that were counted shows under a sanitizer.
describe("json.encode of a table that a finalizer changes", function()
  -- Has the collector at work all the time, until the function that it returns is called.
  local function collect_always()
    if _VERSION ~= "Lua 5.3" then
      local mode = collectgarbage("incremental", 0, 1000, 4)
      return function() collectgarbage(mode) end
    end
    local pause, step = collectgarbage("setpause", 0), collectgarbage("setstepmul", 1000)
    return function()
      collectgarbage("setpause", pause)
      collectgarbage("setstepmul", step)
    end
  end

  local function encode_while(change)
    local restore = collect_always()
    finally(restore)
    local ran = 0
    for _ = 1, 200 do
      local value = {}
      for i = 1, 40 do value["key" .. i] = i end
      setmetatable({}, { __gc = function()
        ran = ran + 1
        change(value)
      end })
      local good, text = pcall(json.encode, value)
      -- the refusal depends on when the finalizer runs
      assert.is_truthy(good or text:find("has no JSON form", 1, true)
        or text:find("a list expected, but it has other keys too", 1, true), text)
    end
    restore()
    collectgarbage()
    assert.are.equal(200, ran)
  end

  it("survives keys that are added", function()
    encode_while(function(value)
      for i = 1, 500 do value["more" .. i] = i end
    end)
  end)

  it("survives keys that are removed", function()
    local collects = false -- a finalizer that collects runs others: not without end
    encode_while(function(value)
      for key in pairs(value) do value[key] = nil end
      if collects then return end
      collects = true
      collectgarbage()
      collects = false
    end)
  end)

  it("survives keys of other types that are added", function()
    encode_while(function(value) value[true], value[1] = 1, 2 end)
  end)
end)
