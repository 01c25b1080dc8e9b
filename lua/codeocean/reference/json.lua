--- Rows of codeocean.reference: JSON.

return {
  shapes = {
    { name = "codeocean.json", object = "codeocean.json.", about = "the module", fields = {
      { "null", "userdata", "stands for null, as cjson.null does" },
    } },
  },
  rows = {
    { name = "codeocean.json.encode",
      summary = "Writes JSON with sorted keys and exact integers. Raises if a value has no JSON "
        .. "form.",
      params = { { "value", "any", "anything but functions and the like" } },
      returns = { { "text", "string", "JSON in one line" } },
      raises = "a message with the place of the value: a list with a hole, NaN, a function, text "
        .. "that is not UTF-8, more than 64 levels",
      example = "codeocean.json.encode { tags = codeocean.json.array() }" },
    { name = "codeocean.json.decode",
      summary = "Reads JSON strictly: refuses text that is not JSON or repeats a key in an "
        .. "object, and names the place. Integers are exact to 2^63-1; a null field is absent, a "
        .. "null in a list is json.null.",
      params = { { "text", "string", "JSON" },
        { "nulls", "boolean?", "true: a null field is json.null too" } },
      returns = { { "value", "any", "the value" } },
      problem = "what is wrong with the text, and where",
      example = "codeocean.json.decode '[1, 2]'" },
    { name = "codeocean.json.array",
      summary = "Marks a list, so that it is written as [] when it is empty.",
      params = { { "list", "table?", "nil: a new one" } },
      returns = { { "list", "table", "the same list" } }, example = "codeocean.json.array {}" },
  },
}
