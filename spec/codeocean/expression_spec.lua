-- Expressions of --where and --print: values, refusals with their column, hints.

local expression = require "codeocean.expression"

local ASSET = {
  id = "a1", name = "rat 7", size = 3000000000000, created = 86400, last_used = 0, state = "ready",
  tags = { "keep", "x" }, custom_metadata = { subject = "632522", rig = 3 },
}

local function value_of(text, asset)
  return assert(expression.compile(text))(asset or ASSET)
end

describe("codeocean.expression", function()
  local good = {
    { "size > 2*TB", true }, { "size > 2*TB and not has(tags, 'keep')", false },
    { "has(tags, \"x\")", true }, { "has(mount, 'x')", false }, { "name == 'rat 7'", true },
    { "match(name, '^rat')", true }, { "match(description, 'x')", false },
    { "name:upper()", "RAT 7" }, { "name:find 'rat' ~= nil", true },
    { "idle > days(365)", true }, { "age > days(1e6)", false }, { "now > created", true },
    { "created == date '1970-01-02'", true }, { "date '2000-03-01' == 951868800", true },
    { "date '2024-02-29' == 1709164800", true }, { "date '2024' == 1704067200", true },
    { "1*KB, 1*KiB", 1000 }, { "PiB == 1 << 50", true }, { "PB == 1000000000000000", true },
    -- an absent field
    { "files > 3", false }, { "files < 3", false }, { "files <= 3 or true", true },
    { "not (files > 3)", true }, { "files == nil", true }, { "files + 1 > 0", false },
    { "#app_parameters > 0", false }, { "provenance.commit == 'x'", false },
    { "provenance.capsule.id == nil", true }, { "custom_metadata.subject == '632522'", true },
    { "custom_metadata.other > 3", false }, { "description .. 'x'", "x" },
    { "-files == nil", true },
    { "#tags", 2 }, { "tags[1]", "keep" }, { "state ~= 'ready' or size // 1", 3000000000000 },
    { "name .. size", "rat 73000000000000" }, { "'siez' == \"siez\"", true },
    { "[[siez]]", "siez" },
    { "0x1F == 31 and 1e3 == 1000", true }, { "'it\\'s siez'", "it's siez" },
    { "state, id", "ready" },
  }
  for _, row in ipairs(good) do
    it("evaluates " .. row[1], function() assert.equal(row[2], (value_of(row[1]))) end)
  end

  local bad = {
    { "siez > 3", "column 1: no field is called 'siez'; did you mean 'size'?" },
    { "size > 3 and nmae", "column 14: no field is called 'nmae'; did you mean 'name'?" },
    { "os.exit()", "column 1: no field is called 'os'" }, { "io", "column 1:" },
    { "require 'os'", "column 1:" }, { "_G", "column 1:" }, { "_ENV.x", "column 1:" },
    { "size = 3", "column 6: " }, { "size > > 3", "column 8: " }, { "size >", "column 7: " },
    { "has(tags, 'x'", "column 14: " }, { "size ! 3", "column 6: " }, { "'x", "column 3: " },
    { "", "it is empty" }, { " \n", "it is empty" }, { "function() end", "column" },
    { "name; os.exit()", "column 7: " },
    { "true end os.exit() if true", "column" }, { "size > \27[2J", "column 8: " },
  }
  for _, row in ipairs(bad) do
    it(("refuses %q with its column"):format(row[1]), function()
      local compiled, problem = expression.compile(row[1])
      assert.is_nil(compiled)
      assert.is_truthy(problem:find(row[2], 1, true), problem)
      assert.is_nil(problem:find("[\n\27]"))
    end)
  end

  -- the whole message: the Lua form, and the column
  local foreign = {
    { "size > 2TB", "column 8: write 2*TB for '2TB'" },
    { "size > 1.5 gib", "column 8: write 1.5*GiB for '1.5 gib'" },
    { "type = 'dataset'", "column 6: write == for '='" },
    { "type === 'dataset'", "column 6: write == for '==='" },
    { "size > 1 AND size < 4", "column 10: write and for 'AND'" },
    { "size > 1 OR size < 4", "column 10: write or for 'OR'" },
    { "NOT (size > 1)", "column 1: write not for 'NOT'" },
    { "size > 1 && size < 4", "column 10: write and for '&&'" },
    { "size > 1 || size < 4", "column 10: write or for '||'" },
    { "type != 'dataset'", "column 6: write ~= for '!='" },
    { "type <> 'dataset'", "column 6: write ~= for '<>'" },
    { "size => 3", "column 6: write >= for '=>'" }, { "size =< 3", "column 6: write <= for '=<'" },
    { "!mount", "column 1: write not for '!'" },
    { "mount == NULL", "column 10: write nil for 'NULL'" },
    { "archived == True", "column 13: write true for 'True'" },
    { "name == \u{201C}x\u{201D}", "column 9: write \" for '\u{201C}'" },
    { "name:ecephys", "column 1: write --query name:ecephys for 'name:ecephys'" },
    { "tags contains 'x'", "column 6: write has(tags, \"…\") for 'contains'" },
    { "type == dataset",
      "column 9: no field is called 'dataset'; a text needs quotes: \"dataset\"" },
    { "has(tags, raw)", "column 11: no field is called 'raw'; a text needs quotes: \"raw\"" },
    { "tags == 'raw'", "column 1: tags is a list; write has(tags, \"raw\")" },
    { "size > 1 and created > '2024-01-01'",
      "column 14: created is a time; write date \"2024-01-01\"" },
    { "last_used < '2024'", "column 1: last_used is a time; write date \"2024\"" },
    { "created > 2024-01-01", "column 11: write date \"2024-01-01\" for a date" },
    { "size > 1 and created>=2024", "column 14: created is a time; write date \"2024\"" },
    { "last_used < 2023", "column 1: last_used is a time; write date \"2023\"" },
    { "size > 1 and idle > 90", "column 14: idle is in seconds; write days(90)" },
    { "(age >= 365) or size > 1", "column 2: age is in seconds; write days(365)" },
    { "tags[0] == 'raw'", "column 1: lists count from 1: tags[1]" },
    { "tags[-1] == 'raw'", "column 1: the last of a list is tags[#tags]" },
    { "name.startswith('a')", "column 1: write match(name, \"^…\")" },
    { "not mount.endswith('a')", "column 5: write match(mount, \"…$\")" },
    { "name.lower() == 'a'", "column 1: a method has a colon: name:lower(…)" },
    { "len(tags) > 2", "column 1: write #tags for 'len(tags)'" },
    { "size > 1,000",
      "one condition expected; a comma stands between values (1,000 is two)" },
    { "", "it is empty" }, { " ", "it is empty" },
  }
  for _, row in ipairs(foreign) do
    it(("proposes what to write instead of %q"):format(row[1]), function()
      assert.same({ nil, row[2], n = 2 }, table.pack(expression.condition(row[1])))
    end)
  end

  for _, row in ipairs {
    { "%s", 'a form is a text in quotes, and values follow: "%s", name' },
    { " %-20s\27 ", 'a form is a text in quotes, and values follow: "%-20s\\27", name' },
    { "'%s'", "values follow the form: '%s', name" },
    { '"x %d"', 'values follow the form: "x %d", name' },
  } do
    it("proposes what a line lacks: " .. row[1]:gsub("\27", "ESC"), function()
      assert.same({ nil, row[2], n = 2 }, table.pack(expression.line(row[1])))
    end)
  end

  it("compiles a line of one text, and of a format with values", function()
    for _, text in ipairs { "'100 %'", "'%s', name", "name", "name .. '%s'", '"a", "%s"' } do
      assert.is_function(expression.line(text), text)
    end
  end)

  it("compiles a condition whose quoted text looks like another language", function()
    for _, text in ipairs { "name == 'tags == 2TB AND x != y && z'", "size >= 1 and size <= 4",
      "size ~= 3", "match(name, '!=')", "name:find('=') == nil", "size > 0x1Fb",
      "name == \"created > '2024'\"", "size > 1 -- TB", "idle > 90 * 60", "age < 90",
      "idle > 7200", "created > 1704067200", "last_used == 0", "name == 'tags[0] 2024-01-01'",
      "name == 'x' and custom_metadata.lower == 1", "idle > 90 + days(1)" } do
      local fn, problem = expression.condition(text)
      assert.is_function(fn, text .. ": " .. tostring(problem))
      fn(ASSET)
    end
  end)

  local ADDED = _VERSION == "Lua 5.3" and "arithmetic on a string" or "attempt to add a 'string'"
  local unfit = {
    { "custom_metadata.subject > 3", "attempt to compare number with string" },
    { "name + 1", ADDED },
    { "date 'soon' > 3", "'soon' is not a date" }, { "date '2024-13'", "is not a date" },
    { "name.x.y()", "attempt to call" },
  }
  for _, row in ipairs(unfit) do
    it("names the asset whose values do not fit " .. row[1], function()
      local ok, problem = pcall(value_of, row[1])
      assert.is_false(ok)
      assert.is_truthy(problem:find(row[2], 1, true), problem)
      assert.is_truthy(problem:find("(asset a1)", 1, true), problem)
    end)
  end

  it("changes nil for expressions alone", function()
    pcall(value_of, "name + 1")
    value_of "files > 3"
    assert.is_nil(debug.getmetatable(nil))
    assert.is_false((pcall(function() return nil < 3 end)))
  end)

  it("formats values into a line", function()
    assert.equal("a1\trat 7", expression.format("%s\t%s", "a1", "rat 7"))
    assert.equal("a1\t\t3", expression.format("a1", nil, 3.0))
    assert.equal('["x"]\ttrue', expression.format({ "x" }, true))
    assert.equal("50%", expression.format("50%"))
    assert.equal("", expression.format(nil))
    assert.equal("7: ", expression.format("%d: %s", 7, nil))
    assert.equal("3000000000000", expression.format("%d", 3e12))
  end)

  it("is constant where it names no field of an asset", function()
    for _, words in ipairs { "true", "1 < 2", "now > 0", '"size"', 'date "2024" < now', "GB" } do
      assert.is_true(expression.is_constant((expression.compile(words))), words)
    end
    for _, words in ipairs { "size > 1", "true or name", "idle > 1", 'has(tags, "x")', "not mount" }
    do
      assert.is_false(expression.is_constant((expression.compile(words))), words)
    end
    assert.is_false(expression.is_constant(function() return true end))
  end)
end)
