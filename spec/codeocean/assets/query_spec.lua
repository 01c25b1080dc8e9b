-- Queries built from tables. How they are sent is in search_spec.

local query = require "codeocean.assets.query"

describe("a query", function()
  local blank = { "", " ", "\t\n", '""', '" "', "tag:", "tag: ", 'tag:""', 'name:"" tag:', '"', "-",
   ": :", "\u{A0}", "\u{200B}", "\u{3000} \u{FEFF}", 'tag:"\u{A0}"', {}, { tag = " " },
    { text = "\t" }, '"" ""' }
  for i, value in ipairs(blank) do
    it(("is blank, row %d: %q"):format(i, tostring(value)):gsub("\n", "n"), function()
      assert.is_true(query.is_blank(value))
    end)
  end

  it("is blank if it is nil", function() assert.is_true(query.is_blank(nil)) end)

  local telling = { "x", "0", '"x"', "tag:x", 'tag:"x y"', '"" x', "tag: x", "é", "日本", "tag:x:",
    { tag = "x" }, { text = "x" }, '"x', 'tag:"x' }
  for i, value in ipairs(telling) do
    it(("is not blank, row %d: %q"):format(i, tostring(value)), function()
      assert.is_false(query.is_blank(value))
    end)
  end

  local terms = {
    { 'name:a "b c" d tag:"e f"', { { field = "name", value = "a" }, { value = "b c" },
      { value = "d" }, { field = "tag", value = "e f" } } },
    { 'a:b:c', { { field = "a", value = "b:c" } } },
    { 'x"y z"', { { value = "x" }, { value = "y z" } } },
    { 'tag:', { { field = "tag", value = "" } } },
  }
  for _, row in ipairs(terms) do
    it("has these terms: " .. row[1], function()
      local list, open = query.terms(row[1])
      assert.same(row[2], list)
      assert.is_false(open)
    end)
  end

  it("is parsed to its end, whatever it holds", function()
    for _, bytes in ipairs { '"', '""""', ':', '::::', 'a:"', '\0"\0', ("\""):rep(999),
      "\xff:\xff" } do
      query.terms(bytes)
    end
  end)

  local hints = {
    { "tags:x", "did you mean 'tag:'" }, { "Tags:x", "did you mean 'tag:'" },
    { "nmae:x", "did you mean 'name:'" },
    { "tag:raw AND tag:x", "AND is a word to search for; different fields must all match" },
    { "a OR b", "OR is a word to search for; one field twice finds either" },
    { "NOT tag:raw", "NOT is a word to search for; --where 'not has(tags" },
    { 'name:"x', "quote that is not closed" }, { '"x y', "quote that is not closed" },
  }
  for _, row in ipairs(hints) do
    it("gets a hint: " .. row[1]:gsub("\27", "ESC"), function()
      local hint = query.hint(row[1])
      assert.is_truthy(hint and hint:find(row[2], 1, true), hint)
      assert.is_nil(hint:find("\27", 1, true))
    end)
  end

  for _, good in ipairs { "x", "name:x tag:y", "NAME:x", 'run_script:"a b"', "commit_id:1",
    "contained_data_id:x", "CONTAINED_DATA_ID:x", "", { tag = "x" }, "12:30",
    "rock and roll", 'name:"A AND B"', "name:OR", "rig=3", "=x", "tag=", "tag:a=b" } do
    it("gets no hint: " .. tostring(good), function()
      assert.is_nil(query.hint(good))
      assert.is_nil(query.hint_for_nothing(good))
    end)
  end

  for given, meant in pairs { ["tag=raw"] = "tag:raw", ["x Tags==a=b"] = "tag:a=b",
    ["nmae=x"] = "name:x" } do
    it("gets a hint to write a colon after the field: " .. given, function()
      assert.is_nil(query.hint(given))
      assert.equal(("nothing was found: a field is followed by a colon; did you mean %s?")
        :format(meant), query.hint_for_nothing(given))
    end)
  end

  it("gets a hint to leave out its quotes when it finds nothing", function()
    for given, meant in pairs { ["'tag:raw'"] = "tag:raw", ['"name:a b"'] = "name:a b" } do
      assert.equal(("nothing was found: the query has quotes of its own; did you mean %s?")
        :format(meant), query.hint_for_nothing(given))
    end
    for _, given in ipairs { '"a b"', '"12:30"', '"tag:x" "name:y"', "it's", "'x'" } do
      assert.is_nil(query.hint_for_nothing(given))
    end
  end)

  for given, meant in pairs { ["tag:a,b"] = "tag:a tag:b", ["x name:a,b,"] = "name:a name:b",
    ['tag:"a b,c"'] = 'tag:"a b" tag:c' } do
    it("gets a hint to leave out the comma when it finds nothing: " .. given, function()
      assert.equal(("nothing was found: a comma is part of a value; did you mean %s?")
        :format(meant), query.hint_for_nothing(given))
    end)
  end

  it("gets no hint about other commas", function()
    for _, given in ipairs { "a,b", "tag:a,", "tag:,", "tag:a name:b" } do
      assert.is_nil(query.hint_for_nothing(given), given)
    end
  end)

  for given, named in pairs { ["subject:1"] = "subject:", ["session date:1664150400"] = "date:",
    ["name:x subject id:3"] = "id:", ["s3:\27x"] = "s3:" } do
    it("gets a hint only when it finds nothing: " .. named, function()
      assert.is_nil(query.hint(given))
      local hint = query.hint_for_nothing(given)
      assert.is_truthy(hint:find("'" .. named .. "' is not one of name, tag", 1, true), hint)
      assert.is_truthy(hint:find("or one that ends so", 1, true), hint)
    end)
  end
end)
