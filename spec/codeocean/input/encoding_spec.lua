-- Text of any usual encoding is converted to UTF-8, however it is split into pieces.

local encoding = require "codeocean.input.encoding"

local TEXT = "id\tGröße 😀\r\n" .. ("x"):rep(300) .. "€\n"

local function utf16(order)
  local units = {}
  for _, code in utf8.codes(TEXT) do
    if code >= 0x10000 then
      units[#units + 1] = string.pack(order .. "I2I2", 0xD800 + (code - 0x10000 >> 10),
        0xDC00 + (code - 0x10000 & 0x3FF))
    else
      units[#units + 1] = string.pack(order .. "I2", code)
    end
  end
  return table.concat(units)
end

-- Reads all of it in pieces of `size` bytes.
local function read(bytes, size)
  local position = 1
  local next_piece, problem = encoding.reader(function()
    if position > #bytes then return nil end
    local piece = bytes:sub(position, position + size - 1)
    position = position + size
    return piece
  end)
  if not next_piece then return nil, problem end
  local parts = {}
  for piece in next_piece, 65536 do parts[#parts + 1] = piece end
  return table.concat(parts)
end

describe("codeocean.input.encoding", function()
  local sources = {
    { "UTF-8", TEXT }, { "UTF-8 with a mark", "\xEF\xBB\xBF" .. TEXT },
    { "UTF-16", "\xFF\xFE" .. utf16 "<" }, { "UTF-16 of the other order", "\xFE\xFF" .. utf16 ">" },
    { "UTF-16 without a mark", utf16 "<" }, { "the other order without a mark", utf16 ">" },
  }
  for _, source in ipairs(sources) do
    for _, size in ipairs { 1, 2, 3, 7, 129, 65536 } do
      it(("reads %s in pieces of %d"):format(source[1], size), function()
        assert.equal(TEXT, read(source[2], size))
      end)
    end
  end

  it("leaves bytes that are not UTF-8 as they are", function()
    assert.equal("a\xE4b", read("a\xE4b", 1))
    assert.equal("", read("", 1))
    assert.equal("a", read("\xFF\xFEa\0b", 1))
  end)

  for bytes, what in pairs {
    ["PK\3\4"] = "an Excel workbook (.xlsx)", ["\xD0\xCF\x11\xE0\xA1"] = "an old Excel workbook",
    ["PK\3\4....mimetypeapplication/vnd.oasis.opendocument.spreadsheet"] = "a LibreOffice document",
    ["\x1F\x8B\8"] = "compressed (gzip)", ["%PDF-1.7"] = "a PDF document",
    ["\127ELF\2\1\0"] = "binary data", ["PAR1x"] = "a Parquet file",
    ["\xFF\xFE\0\0a\0\0\0"] = "UTF-32 text",
  } do
    it("refuses bytes that are not text: " .. what, function()
      local text, problem = read(bytes, 1)
      assert.is_nil(text)
      assert.equal(what, problem:sub(1, #what))
    end)
  end

  it("returns a failure after what was read before it", function()
    local pieces = { "ab", nil }
    local next_piece = encoding.reader(function()
      local piece = table.remove(pieces, 1)
      return piece, not piece and "broken" or nil
    end)
    assert.equal("ab", next_piece(10))
    assert.same({ nil, "broken" }, { next_piece(10) })
  end)
end)
