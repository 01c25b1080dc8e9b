-- The JSON reader accepts exactly what is JSON.

local json = require "codeocean.json"


-- Texts that cannot be read. The message contains `why` and ends with the place.
local function unreadable(text, why)
  local value, message = json.decode(text)
  assert.is_nil(value)
  assert.is_string(message)
  assert.is_truthy(message:find("%(byte %d+%)$"), message)
  if why then assert.is_truthy(message:find(why, 1, true), message) end
end


describe("json.decode of numbers", function()
  local integers = {
    { "0", 0 }, { "7", 7 }, { "-7", -7 }, { "1633277005", 1633277005 },
    { "7184869799906702", 7184869799906702 }, { "9007199254740991", 9007199254740991 },
    { "9007199254740992", 9007199254740992 }, { "9007199254740993", 9007199254740993 },
    { "-9007199254740993", -9007199254740993 },
    { "9223372036854775806", math.maxinteger - 1 }, { "9223372036854775807", math.maxinteger },
    { "-9223372036854775807", math.mininteger + 1 }, { "-9223372036854775808", math.mininteger },
  }
  for _, row in ipairs(integers) do
    it("keeps the integer " .. row[1], function()
      local value = json.decode(row[1])
      assert.equal("integer", math.type(value))
      assert.equal(row[2], value)
      assert.equal(row[1], json.encode(value))
      assert.equal(row[1], json.encode { x = value }:match "%-?%d+")
    end)
  end

  local beyond = {
    "9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616",
    "18446744073709551617", "99999999999999999999", "-99999999999999999999",
    "1" .. ("0"):rep(400), "1e400",
    "-1e400",
    "1." .. ("1"):rep(500),
  }
  for _, text in ipairs(beyond) do
    it("keeps the digits of " .. text:sub(1, 24), function()
      local value = json.decode(text)
      assert.same({ digits = text }, value)
      assert.equal(text, tostring(value))
      assert.equal(text, json.encode(value))
      assert.equal('{"x":[' .. text .. "]}", json.encode(json.decode('{"x":[' .. text .. "]}")))
    end)
  end

  local floats = {
    { "1.0", 1.0 }, { "-0", -0.0 }, { "-0.0", -0.0 }, { "0.0", 0.0 }, { "1.5", 1.5 },
    { "1e3", 1000.0 }, { "1E3", 1000.0 }, { "1e+3", 1000.0 }, { "25e-1", 2.5 }, { "0e0", 0.0 },
    { "9223372036854775808.0", 2.0 ^ 63 }, { "1e308", 1e308 }, { "5e-324", 5e-324 },
    { "0.1", 0.1 }, { "1e-400", 0.0 }, { "00.5" }, { "-" }, { "+1" }, { "01" }, { "-01" }, { "1." },
    { ".5" }, { "-.5" }, { "1e" }, { "1e+" }, { "1.e3" }, { "0x10" }, { "1_000" }, { "1,5" },
    { "NaN" }, { "nan" }, { "-NaN" }, { "Infinity" }, { "-Infinity" }, { "inf" },
    { "1 2" }, { "--1" }, { "1f" }, { "٣" },
  }
  for _, row in ipairs(floats) do
    it((row[2] and "reads " or "refuses ") .. row[1], function()
      if not row[2] then return unreadable(row[1]) end
      local value = json.decode(row[1])
      assert.equal("float", math.type(value))
      assert.equal(("%a"):format(row[2]), ("%a"):format(value))
    end)
  end

  it("writes only valid digits", function()
    for _, digits in ipairs { "1,2", "", "01", "x", "1 ", "1e", "[1]" } do
      local number = json.decode "99999999999999999999"
      number.digits = digits
      assert.error_matches(function() json.encode { a = number } end, "invalid digits")
    end
  end)
end)


describe("json.decode of strings", function()
  local good = {
    { [[""]], "" }, { [["a"]], "a" }, { [["\""]], '"' }, { [["\\"]], "\\" }, { [["\/"]], "/" },
    { [["/"]], "/" }, { [["\b\f\n\r\t"]], "\b\f\n\r\t" }, { [["\u0041"]], "A" },
    { [["\u0000"]], "\0" }, { [["a\u0000b"]], "a\0b" }, { [["\u007f"]], "\x7F" },
    { [["\u0080"]], "\u{80}" }, { [["\u07ff"]], "\u{7FF}" }, { [["\u0800"]], "\u{800}" },
    { [["\u00e9"]], "é" }, { [["\u00E9"]], "é" }, { [["\uD7FF"]], "\u{D7FF}" },
    { [["\uE000"]], "\u{E000}" }, { [["\uFFFF"]], "\u{FFFF}" },
    { [["\ud83e\udde0"]], "🧠" }, { [["\uD83E\uDDE0"]], "🧠" },
    { [["\ud800\udc00"]], "\u{10000}" }, { [["\udbff\udfff"]], "\u{10FFFF}" },
    { [["é🧠"]], "é🧠" }, { '"\x7F"', "\x7F" }, { [["\\u0041"]], "\\u0041" },
    { [["a\nb\tc"]], "a\nb\tc" },
  }
  for _, row in ipairs(good) do
    it(("reads %q"):format(row[1]), function() assert.equal(row[2], json.decode(row[1])) end)
  end

  local bad = {
    [["]], [["a]], [["\"]], [["\x"]], [["\a"]], [["\'"]], [["\u"]], [["\u12"]], [["\u123"]],
    [["\u12g4"]], [["\u 123"]], [["\U0041"]], [["\ud800"]], [["\ud800x"]], [["\ud800\n"]],
    [["\ud800\u0041"]], [["\ud800\ud800"]], [["\udc00"]], [["\udfff\ud800"]], [["\ud83e\ud83e"]],
    [["\ud800\u"]], '"\n"', '"\t"', '"\0"', '"a\0b"', '"\x1F"', '"a\\', '"a\\\n"', "'a'", [[a"]],
    [["a" "b"]], '"a\\\0"',
  }
  for _, text in ipairs(bad) do
    it(("refuses %q"):format(text), function() unreadable(text) end)
  end

  it("passes text that is not UTF-8 on unchanged", function()
    for _, text in ipairs { "\xFF", "caf\xE9", "\xC3", "\xED\xA0\x80", "\xC0\xAF" } do
      assert.equal(text, json.decode('"' .. text .. '"'))
      assert.equal(text, json.decode('"' .. text .. '\\n"'):sub(1, -2))
    end
  end)

  it("reads a string of any length", function()
    local long = ("x"):rep(3 * 1000 * 1000)
    assert.equal(long, json.decode('"' .. long .. '"'))
    assert.equal(long .. "\n", json.decode('"' .. long .. '\\n"'))
    unreadable('"' .. long .. "\\n")
  end)
end)


describe("json.decode of lists and objects", function()
  it("keeps an empty list a list", function()
    assert.equal("[]", json.encode(json.decode "[]"))
    assert.equal('{"a":[],"b":{}}', json.encode(json.decode '{"a":[],"b":{}}'))
    assert.equal("[[],{},[[]]]", json.encode(json.decode "[ [ ] , { } , [ [ ] ] ]"))
  end)

  it("encodes a list as a list after it was emptied", function()
    local tags = json.decode '["a","b"]'
    table.remove(tags)
    table.remove(tags)
    assert.equal("[]", json.encode(tags))
  end)

  it("keeps null in lists and leaves it out of objects", function()
    local list = json.decode "[null,1,null]"
    assert.equal(3, #list)
    assert.equal(json.null, list[1])
    assert.equal(json.null, list[3])
    assert.equal("[null,1,null]", json.encode(list))
    assert.is_nil(next(json.decode '{"a":null}'))
    assert.equal(json.null, json.decode "null")
  end)

  it("refuses a key that occurs twice in an object, by its name", function()
    local long = ("l"):rep(60)
    for text, key in pairs {
      ['{"a":1,"a":2}'] = "a", ['{"a":1,"b":0,"a":[]}'] = "a", ['{"a":false,"a":false}'] = "a",
      ['{"a":1,"a":null}'] = "a", ['{"a":null,"a":1}'] = "a", ['{"a":null,"a":null}'] = "a",
      ['{"a":1,"\\u0061":2}'] = "a", ['[{"x":{"in":{"b":{},"b":{}}}}]'] = "b",
      ['{"":1,"":2}'] = "", ['{"ä":1,"ä":2}'] = "ä",
      ['{"' .. long .. '":1,"' .. long .. '":2}'] = long:sub(1, 40),
      ['{"' .. ("l"):rep(39) .. 'ä":1,"' .. ("l"):rep(39) .. 'ä":2}'] = ("l"):rep(39),
    } do
      for _, padded in ipairs { text, text .. (" "):rep(1024) } do
        for _, nulls in ipairs { false, true } do
          local value, message = json.decode(padded, nulls)
          assert.is_nil(value)
          assert.matches('^the key "' .. key .. '" stands twice %(byte %d+%)$', message)
        end
      end
    end
    assert.same({ { a = 1 }, { a = { a = 2 } } }, json.decode '[{"a":1},{"a":{"a":2}}]')
  end)

  it("leaves nulls out of an object wherever they stand", function()
    local text = '{"a":null,"b":1,"c":null,"d":{"e":null,"f":[null]},"g":null}'
    assert.same({ b = 1, d = { f = { json.null } } }, json.decode(text))
    assert.same({ a = json.null, b = 1, c = json.null, g = json.null,
      d = { e = json.null, f = { json.null } } }, json.decode(text, true))
  end)

  it("reads true and false", function()
    assert.is_true(json.decode "true")
    assert.is_false(json.decode "false")
    assert.is_false(json.decode '{"a":false}'.a)
  end)

  it("passes over white space and nothing else", function()
    assert.same({ a = { 1, 2 } }, json.decode ' \t\r\n{ "a" : [ 1 ,\n2 ] }\n')
    for _, space in ipairs { "\v", "\f", "\u{A0}", "\u{FEFF}", "//x\n", "/**/", "#\n" } do
      unreadable(space .. "1")
      unreadable("[1," .. space .. "2]")
    end
  end)

  local bad = {
    "", " ", "[", "]", "{", "}", "[1", "[1,", "[1,]", "[,1]", "[,]", "[1 2]", "[1}", "{]", "{,}",
    '{"a"}', '{"a":}', '{"a":1', '{"a":1,', '{"a":1,}', '{"a" 1}', '{"a",1}', "{a:1}", "{1:1}",
    "{'a':1}", '{"a":1 "b":2}', '{"a":1}}', "[1]]", "[1]x", "[1] 2", "[1]\0", "[1]\0more", "1\0",
    "[1\0]", "\0", "[]\0\0", "{}{}", "true false", "tru", "truex", "nul", "fals", "True", "None",
    "undefined", "null null", ":", ",", "<html>", "\xEF\xBB\xBF{}",
  }
  for _, text in ipairs(bad) do
    it(("refuses %q"):format(text), function() unreadable(text) end)
  end

  it("names the byte at which it stopped", function()
    local _, message = json.decode '{"a": [1, 2,, 3]}'
    assert.equal("a value is missing or unknown (byte 13)", message)
  end)

  it("accepts 64 levels, not 65", function()
    for _, form in ipairs { { "[", "]" }, { '{"a":', "}" } } do
      local middle = form[1] == "[" and "" or "1"
      assert.is_table(json.decode(form[1]:rep(64) .. middle .. form[2]:rep(64)))
      unreadable(form[1]:rep(65) .. middle .. form[2]:rep(65), "64 deep")
    end
    unreadable(("["):rep(100000), "64 deep")
    assert.is_table(json.decode("[" .. ("[],"):rep(1000) .. "[]]"))
  end)

  it("raises for a value that is not text", function()
    for _, value in ipairs { {}, true, print } do
      assert.error_matches(function() json.decode(value) end, "string expected")
    end
  end)
end)


-- In a text of less, nothing is kept.
local LONG = (" "):rep(1024)

-- Keys are kept from object to object and first searched at their place in the last object.
describe("json.decode of repeated keys", function()
  local function all(texts, wanted)
    local text = "[" .. table.concat(texts, ",") .. "]"
    assert.same(wanted, json.decode(text))
    assert.same(wanted, json.decode(LONG .. text))
  end

  it("distinguishes keys of one length at one place", function()
    all({ '{"ab":1,"cd":2}', '{"ac":1,"cd":2}', '{"cd":1,"ab":2}', '{"ab":3}' },
      { { ab = 1, cd = 2 }, { ac = 1, cd = 2 }, { cd = 1, ab = 2 }, { ab = 3 } })
  end)

  it("distinguishes a key from its own beginning", function()
    all({ '{"abc":1}', '{"ab":1}', '{"abcd":1}', '{"":1}', '{"abc":2}' },
      { { abc = 1 }, { ab = 1 }, { abcd = 1 }, { [""] = 1 }, { abc = 2 } })
  end)

  it("reads escapes in keys", function()
    all({ [[{"a\u0062":1,"x":1}]], '{"ab":2,"x":2}', [[{"a\"":3}]], [[{"a\u0062":4}]],
      [[{"a\u0000b":5}]], [[{"a\u0000c":6}]] },
      { { ab = 1, x = 1 }, { ab = 2, x = 2 }, { ['a"'] = 3 }, { ab = 4 }, { ["a\0b"] = 5 },
        { ["a\0c"] = 6 } })
  end)

  it("keeps a key while it reads the keys of its value", function()
    local texts, wanted = {}, {}
    for i = 1, 500 do
      texts[i] = ('{"k%d":{"in%d":{"k%d":%d},"%s":1},"last":2}'):format(
        i, i, i + 1, i, ("l"):rep(i))
      wanted[i] = { ["k" .. i] = { ["in" .. i] = { ["k" .. i + 1] = i }, [("l"):rep(i)] = 1 },
        last = 2 }
    end
    all(texts, wanted)
  end)

  it("reads objects of any size one after another", function()
    local members, wanted = {}, {}
    for i = 1, 300 do members[i], wanted["k" .. i] = ('"k%d":%d'):format(i, i), i end
    local large = "{" .. table.concat(members, ",") .. "}"
    all({ large, "{}", large, '{"k1":1}' }, { wanted, {}, wanted, { k1 = 1 } })
  end)

  it("refuses a text that ends within a known key", function()
    for cut = 1, 10 do unreadable((LONG .. '[{"abcdef":1},{"abcdef":1}]'):sub(1, -1 - cut)) end
  end)
end)


describe("json.decode of lists", function()
  it("puts every element at its place, whatever the length", function()
    for _, n in ipairs { 0, 1, 15, 16, 17, 100 } do
      local list = json.array()
      for i = 1, n do list[i] = i end
      local got = json.decode(json.encode(list))
      assert.same(list, got)
      assert.equal(getmetatable(list), getmetatable(got))
    end
  end)
end)


describe("json.decode of repeated strings", function()
  it("distinguishes strings by every byte", function()
    local wanted = json.array()
    for round = 1, 2 do
      for length = 0, 30 do
        for _, last in ipairs { "a", "b", "\0", "\\", '"', "\u{e9}" } do
          wanted[#wanted + 1] = ("x"):rep(length) .. last
          wanted[#wanted + 1] = last .. ("x"):rep(length) .. round
        end
      end
    end
    assert.same(wanted, json.decode(json.encode(wanted)))
  end)

  it("distinguishes strings from keys", function()
    assert.same({ { a = "a", b = "a" }, { b = "b", a = "b" } },
      json.decode(LONG .. '[{"a":"a","b":"a"},{"b":"b","a":"b"}]'))
  end)
end)


describe("json.decode of a large text", function()
  local large = "[" .. ('{"id":"abc","tags":["a","b"]},'):rep(10000) .. "null]"

  it("does not restart a collector that was stopped", function()
    finally(function() collectgarbage("restart") end)
    collectgarbage()
    collectgarbage("stop")
    local weak = setmetatable({ {} }, { __mode = "v" })
    -- a collection falls due; not by one large string, for which Lua 5.5 runs a stopped collector
    for i = 1, 2 ^ 15 do assert(i .. ("x"):rep(1000)) end
    assert.equal(10001, #assert(json.decode(large)))
    assert.is_table(weak[1])
  end)
end)
