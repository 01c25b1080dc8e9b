-- codeocean.json in other locales, beside lua-cjson, and with values of any form.

local json = require "codeocean.json"
local optional = require "optional"
local process = require "process"

local cjson = optional.module "cjson"

-- Other locales ----------------------------------------------------------------------------------

-- Names of this machine's locales in which a point is not a point.
local function comma_locales()
  local pipe, names = io.popen("locale -a 2>/dev/null"), {}
  for name in pipe:lines() do
    if os.setlocale(name) and ("%.1f"):format(1.5) ~= "1.5" then names[#names + 1] = name end
  end
  pipe:close()
  os.setlocale("C")
  return names
end


describe("json in a comma locale", function()
  it("reads and writes a decimal point", function()
    local names = comma_locales()
    if #names == 0 then pending("this machine has no such locale") end
    finally(function() os.setlocale("C") end)
    for _, name in ipairs(names) do
      os.setlocale(name)
      assert.equal("[1.5,-0.25,1e+300,2.0,7]", json.encode { 1.5, -0.25, 1e300, 2.0, 7 }, name)
      assert.same({ 1.5, -0.25, 1e300, 7 }, json.decode "[1.5,-25e-2,1.0e300,7]", name)
      assert.is_nil((json.decode "1,5"))
    end
  end)
end)


-- Beside lua-cjson -------------------------------------------------------------------------------

-- The printed lines of Lua code in an interpreter of its own.
local function run(code)
  local result = process.run(process.colua, { "-e", code })
  assert.equal("", result.err)
  assert.equal(0, result.status)
  return result.out
end


describe("the application's cjson", function()
  optional.it("cjson", "keeps its settings and its behaviour", function()
    assert.equal("same\n", run [[
      local cjson = require "cjson"
      cjson.encode_sparse_array(true, 3, 7)
      cjson.encode_max_depth(20)
      cjson.decode_max_depth(30)
      cjson.encode_number_precision(5)
      cjson.encode_keep_buffer(false)
      cjson.encode_invalid_numbers("null")
      cjson.decode_invalid_numbers(true)
      local function settings()
        local all = {}
        for _, name in ipairs { "encode_sparse_array", "encode_max_depth", "decode_max_depth",
          "encode_number_precision", "encode_keep_buffer", "encode_invalid_numbers",
          "decode_invalid_numbers" } do
          all[#all + 1] = table.concat({ name, tostring(cjson[name]()) }, " ")
        end
        all[#all + 1] = cjson.encode { {}, 0/0, 1/3, { [5] = 1 } }
        all[#all + 1] = tostring(cjson.decode "[NaN, 0x10]"[2])
        all[#all + 1] = tostring(getmetatable(cjson.decode "[]"))
        for name, value in pairs(cjson) do all[#all + 1] = name .. tostring(value) end
        table.sort(all)
        return table.concat(all, "\n")
      end
      local before = settings()
      local json = require "codeocean.json"
      json.encode(json.decode '[{"a":[]},1.5,9007199254740993]')
      json.decode "[NaN]"
      pcall(json.encode, { print })
      print(before == settings() and "same" or before .. "\n\n" .. settings())
    ]])
  end)

  -- The OpenResty line of lua-cjson marks lists by a metatable and [] by an address.
  optional.it("cjson", "shares its array mark with ours if it has one", function()
    assert.equal('true\ttrue\n[]\n{"a":[],"b":[],"c":null}\nfalse\n', run [[
      local real = require "cjson"
      local function address(of) return debug.upvalueid(function() return of end, 1) end
      local theirs = { null = real.null, array_mt = {}, empty_array = address(real) }
      package.loaded.cjson = theirs
      local json = require "codeocean.json"
      print(getmetatable(json.decode "[]") == theirs.array_mt, json.null == theirs.null)
      print(json.encode(setmetatable({}, theirs.array_mt)))
      print(json.encode { a = theirs.empty_array, b = json.array(), c = theirs.null })
      print((pcall(json.encode, address(json))))
    ]])
  end)

  optional.it("cjson", "reads what we write, and we what it writes", function()
    local value = { name = "a \"b\" \\ é\n", tags = { "x", "y" }, ok = true, size = 12, part = 0.5 }
    assert.same(value, cjson.decode(json.encode(value)))
    local back = json.decode(cjson.encode(value))
    assert.same(value.tags, { table.unpack(back.tags) })
    back.tags = value.tags
    assert.same(value, back)
  end)

  optional.it("cjson", "has the same null", function() assert.equal(cjson.null, json.null) end)
end)


-- Whatever there is ------------------------------------------------------------------------------

-- A generator of values of its own, so that the same come every time.
local function generator(seed)
  local state = seed
  local function random(n)
    state = state * 6364136223846793005 + 1442695040888963407
    return (state >> 33) % n
  end

  local function bits()
    return random(1 << 31) << 33 ~ random(1 << 31) << 11 ~ random(1 << 31)
  end

  local function integer()
    local kind = random(4)
    if kind == 0 then return random(2001) - 1000 end
    if kind == 1 then return bits() end
    local edge = 1 << random(64)
    return edge + random(3) - 1
  end

  local function float()
    local value = ("d"):unpack(("i8"):pack(bits()))
    if value ~= value or value - value ~= 0 then return 0.5 end
    return random(2) == 0 and value or (random(200000) - 100000) / 64
  end

  local ranges = { { 0, 32 }, { 32, 95 }, { 0x7F, 0x781 }, { 0x800, 0xD000 }, { 0xE000, 0x2000 },
    { 0x10000, 0x100000 } }
  local function text()
    local parts = {}
    for i = 1, random(9) do
      local range = ranges[random(#ranges) + 1]
      parts[i] = utf8.char(range[1] + random(range[2]))
    end
    return table.concat(parts)
  end

  local value
  local function list(depth)
    local all = json.array()
    for i = 1, random(5) do all[i] = value(depth - 1, true) end
    return all
  end

  local function object(depth)
    local all = {}
    for _ = 1, random(5) do all[text()] = value(depth - 1) end
    return all
  end

  function value(depth, in_list)
    local kind = random(depth > 0 and 10 or 6)
    if kind == 0 then return random(2) == 0 end
    if kind == 1 then return in_list and json.null or text() end
    if kind == 2 then return float() end
    if kind <= 4 then return integer() end
    if kind == 5 then return text() end
    if kind <= 7 then return list(depth) end
    return object(depth)
  end
  return value
end


-- The place where two values differ, or nil. Floats to the bit, lists by their mark.
local function difference(a, b, at)
  if math.type(a) ~= math.type(b) or type(a) ~= type(b) then return at end
  if math.type(a) == "float" then
    return ("d"):pack(a) ~= ("d"):pack(b) and at or nil
  end
  if type(a) ~= "table" then return a ~= b and at or nil end
  if getmetatable(a) ~= getmetatable(b) then return at end
  for key in pairs(b) do
    if a[key] == nil then return ("%s.%s"):format(at, key) end
  end
  for key in pairs(a) do
    local where = difference(a[key], b[key], ("%s.%s"):format(at, key))
    if where then return where end
  end
end


describe("a value of any form", function()
  it("is the same after encode and decode", function()
    local value = generator(2022)
    for i = 1, 4000 do
      local before = value(5)
      local text = json.encode(before)
      local after, problem = json.decode(text)
      assert(after ~= nil, problem)
      local where = difference(before, after, "value " .. i)
      if where then error(where .. " in " .. text) end
      assert.equal(text, json.encode(after))
    end
  end)

  optional.it("cjson", "is read by lua-cjson, as far as that can", function()
    local value, theirs = generator(1970), cjson.new()
    local function agree(ours, other)
      if type(ours) == "number" then
        return type(other) == "number" and ours + 0.0 == other + 0.0
      end
      if type(ours) ~= "table" then return ours == other end
      for key in pairs(ours) do
        if not agree(ours[key], other[key]) then return false end
      end
      return true
    end
    for _ = 1, 1000 do
      local before = value(4)
      local text = json.encode(before)
      if not agree(before, theirs.decode(text)) then error(text) end
    end
  end)

  it("that is cut, or has one byte changed, is decoded or refused", function()
    local value, byte = generator(7), 0
    for _ = 1, 1000 do
      local text = json.encode { value(3) }
      byte = (byte * 31 + 17) % 257
      local at = byte * #text // 257 + 1
      assert.is_nil((json.decode(text:sub(1, at - 1))))
      local found, problem = json.decode(text:sub(1, at - 1) .. string.char(byte % 256)
        .. text:sub(at + 1))
      assert.is_true(found ~= nil or type(problem) == "string")
    end
  end)
end)
