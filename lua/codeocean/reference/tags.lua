--- Rows of codeocean.reference: arithmetic of tags.

local BEFORE = { "before", "string[]?", "a list; nil: none" }
local AFTER = { "after", "string[]?", "a list; nil: none" }
local CHANGES = { "changes", "codeocean.TagChanges", "what is to change" }

return {
  shapes = {
    { name = "codeocean.tags", object = "tags.", about = "the module", fields = {} },
    { name = "codeocean.TagChanges", options = true, about = "changes of a list of tags, in this "
      .. "order",
      fields = {
        { "set", "string[]?", "start from this list instead" },
        { "replace", "table<string, string>|string[][]?", "{old = new}, all at once; or {{old, "
          .. "new}, …}, one after the other" },
        { "remove", "string[]?", "list of tags" },
        { "add", "string[]?", "list of tags" },
      } },
  },
  rows = {
    { name = "tags.change",
      summary = "A new list of tags; the old one is left alone. Applied in the order set, replace, "
        .. "remove, add. Two tags are the same if their bytes are.",
      params = { { "list", "string[]?", "the tags as they are; nil: none" }, CHANGES },
      returns = { { "new list", "string[]", "a fresh table" },
        { "added", "string[]", "what the list had not" },
        { "removed", "string[]", "what it has no more" } },
      raises = "what tags.check finds",
      example = 'tags.change({ "EEG", "draft" }, { add = { "2021" }, remove = { "draft" } })' },
    { name = "tags.changer",
      summary = "A function from a list to the new list that tags.change gives. The changes are "
        .. "checked once, for many lists.",
      params = { CHANGES }, returns = { { "function", "function", "list -> new list" } },
      raises = "what tags.check finds",
      example = 'tags.changer { add = { "2021" } } { "EEG" }' },
    { name = "tags.is_list", summary = "Whether a value is a list of texts.",
      params = { { "value", "any", "what a server sent, for instance" } },
      returns = { { "boolean", "boolean", "whether it is" } },
      example = 'tags.is_list { "EEG" }' },
    { name = "tags.difference", summary = "What one list has and the other has not.",
      params = { BEFORE, AFTER },
      returns = { { "added", "string[]", "in the order of after" },
        { "removed", "string[]", "in the order of before" } },
      example = 'tags.difference({ "EEG", "draft" }, { "EEG", "2021" })' },
    { name = "tags.check", summary = "Looks for a mistake in a table of changes.",
      params = { CHANGES }, returns = { { "true", "true", "none" } },
      problem = "a sentence that names what is wrong and where",
      example = "tags.check { add = { '' } }" },
    { name = "tags.equal", summary = "Whether two lists hold the same tags in the same order.",
      params = { { "a", "string[]?", "a list; nil: none" }, { "b", "string[]?", "a list; nil: "
        .. "none" } },
      returns = { { "boolean", "boolean", "whether they do" } },
      example = "tags.equal({ 'a' }, { 'a' })" },
  },
}
