-- Texts for terminals: escapes, widths, cuts, numbers.

local text = require "codeocean.text"

describe("codeocean.text.escape", function()
  local rows = {
    { "plain text", "Neuropixels 2021", "Neuropixels 2021" },
    { "letters of other scripts", "Größe 大脑 é", "Größe 大脑 é" },
    { "an escape sequence", "\27[31mred", "\\27[31mred" },
    { "a control before a digit", "\0271\0", "\\0271\\0" },
    { "line ends and tabs", "a\r\n\tb", "a\\r\\n\\tb" },
    { "a newline before a digit", "\n1", "\\n1" },
    { "delete", "a\127", "a\\127" },
    { "an encoded C1 control", "\u{9B}2J", "\\u{9B}2J" },
    { "a bare C1 byte", "\x9b2J", "\u{FFFD}2J" },
    { "a bidirectional override", "a\u{202E}b", "a\\u{202E}b" },
    { "a bidirectional isolate", "\u{2066}\u{2069}", "\\u{2066}\\u{2069}" },
    { "a zero-width space", "a\u{200B}b", "a\\u{200B}b" },
    { "the marks of a direction", "\u{61C}\u{200E}\u{200F}", "\\u{61C}\\u{200E}\\u{200F}" },
    { "a word joiner and a byte order mark", "\u{2060}\u{FEFF}", "\\u{2060}\\u{FEFF}" },
    { "zero-width joiners, which scripts need", "\u{200C}\u{200D}", "\u{200C}\u{200D}" },
    { "the ends of its ranges", "\u{80}\u{9F}\u{A0}\u{200F}\u{2010}\u{2028}\u{202F}\u{2065}",
      "\\u{80}\\u{9F}\u{A0}\\u{200F}\u{2010}\\u{2028}\u{202F}\u{2065}" },
    { "an invisible tag character", "\u{E0041}", "\\u{E0041}" },
    { "a joined emoji", "👩\u{200D}🔬", "👩\u{200D}🔬" },
    { "invalid bytes", "a\xff\xfeb", "a\u{FFFD}\u{FFFD}b" },
    { "a cut sequence", "\xe5\xa4", "\u{FFFD}\u{FFFD}" },
    { "a surrogate", "\xed\xa0\x80", "\u{FFFD}\u{FFFD}\u{FFFD}" },
    { "an overlong slash", "\xc0\xaf", "\u{FFFD}\u{FFFD}" },
    { "a backslash", "a\\b", "a\\b" },
    { "nothing", "", "" },
  }
  for _, row in ipairs(rows) do
    it("shows " .. row[1], function()
      if _VERSION == "Lua 5.3" and row[1] == "a surrogate" then
        return pending "utf8.len of Lua 5.3 takes a surrogate for a character"
      end
      assert.equal(row[3], text.escape(row[2]))
      assert.is_truthy(utf8.len(text.escape(row[2])))
    end)
  end

  it("refuses a value that is not a string", function()
    assert.error_matches(function() text.escape(7) end, "text must be a string")
  end)
end)

describe("codeocean.text.escape_json", function()
  local rows = {
    { '{"a":1}', '{"a":1}' },
    { '"\u{202E}\u{9B}"', [["\u202e\u009b"]] },
    { '"\127 大脑"', [["\u007f 大脑"]] },
    { '"\u{E0041}"', [["\udb40\udc41"]] },
  }
  for _, row in ipairs(rows) do
    it("writes " .. row[2], function() assert.equal(row[2], text.escape_json(row[1])) end)
  end
end)

describe("codeocean.text.width", function()
  local rows = {
    { "", 0 }, { "abc", 3 }, { "é", 1 }, { "e\u{301}", 1 }, { "大脑", 4 }, { "ｱ", 1 },
    { "Ａ", 2 }, { "한글", 4 }, { "🧠", 2 }, { "a\u{200D}b", 2 }, { "…", 1 }, { "\xff", 1 },
    { "日本語データ", 12 }, { "กำ", 2 }, { "ที่", 1 },
    { "é é", 3 }, { "a\u{300}\u{36F}", 1 }, { "\u{370}", 1 }, { "\u{1100}\u{115F}", 4 },
  }
  for _, row in ipairs(rows) do
    it(("counts %q"):format(row[1]), function() assert.equal(row[2], text.width(row[1])) end)
  end
end)

describe("codeocean.text.clip", function()
  local rows = {
    { "abc", 3, "abc" }, { "abcd", 3, "ab…" }, { "abcd", 1, "…" }, { "abcd", 0, "" },
    { "大脑图谱", 8, "大脑图谱" }, { "大脑图谱", 7, "大脑图…" }, { "大脑图谱", 6, "大脑…" },
    { "e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…" }, { "", 0, "" }, { "a\xff\xff", 2, "a…" },
  }
  for _, row in ipairs(rows) do
    it(("cuts %q to %d"):format(row[1], row[2]), function()
      local clipped = text.clip(row[1], row[2])
      assert.equal(row[3], clipped)
      assert.is_true(text.width(clipped) <= row[2])
    end)
  end
end)

describe("codeocean.text.pad", function()
  it("fills up in columns, not bytes", function()
    assert.equal("é  |", text.pad("é", 3) .. "|")
    assert.equal(" 大", text.pad("大", 3, true))
    assert.equal("abcd", text.pad("abcd", 3))
  end)
end)

describe("codeocean.text.number", function()
  local rows = {
    { 7184869799906702, "7184869799906702" }, { math.maxinteger, "9223372036854775807" },
    { 1633277005.0, "1633277005" }, { -3, "-3" }, { 0.1, "0.1" }, { 1 / 3, "0.3333333333333333" },
    { 1e300, "1e+300" }, { math.huge, "inf" }, { 2.0 ^ 62, "4611686018427387904" },
  }
  for _, row in ipairs(rows) do
    it("writes " .. row[2], function() assert.equal(row[2], text.number(row[1])) end)
  end

  it("quotes a word as a shell reads it back", function()
    for word, quoted in pairs { ["a/b-c_1.jsonl"] = "a/b-c_1.jsonl", ["--by=tag"] = "--by=tag",
      [""] = "''", ["a b"] = "'a b'", ["it's"] = "'it'\\''s'", ["$x"] = "'$x'", ["~"] = "'~'" } do
      assert.equal(quoted, text.quoted(word))
    end
  end)
end)
