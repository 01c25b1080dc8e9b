-- Keys and values of custom metadata, from the schema that was read last.

local lexer = require "colua.complete.lexer"
local metadata = require "colua.complete.metadata"

describe("colua.complete.metadata", function()
  local fields = { rig = {}, modality = { allowed_values = { "EEG", 7 } }, ["end"] = {} }

  local function names(text, quote, schema)
    local tokens = lexer.tokens(text)
    return metadata.names(tokens, #tokens, quote, schema or function() return fields end)
  end

  it("returns keys, as Lua writes them", function()
    local found, suffix = names "x = { custom_metadata = {"
    assert.same({ rig = true, modality = true, ['["end"]'] = true }, found)
    assert.equal(" = ", suffix)
  end)

  it("returns the values of a key", function()
    assert.same({ ['"EEG"'] = true, ["7"] = true }, (names "x = { custom_metadata = { modality ="))
    assert.same({ EEG = true, ["7"] = true }, (names("x = { custom_metadata = { modality =", "'")))
    assert.same({}, (names "x = { custom_metadata = { rig ="))
    assert.same({}, (names "x = { custom_metadata = { other ="))
  end)

  it("returns nothing elsewhere, or before a schema was read", function()
    assert.is_nil((names "x = { tags = {"))
    assert.is_nil((names "x = {"))
    assert.is_nil((names("x = { custom_metadata = {", nil, function() return nil end)))
  end)
end)
