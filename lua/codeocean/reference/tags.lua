--- Rows of codeocean.reference: arithmetic of tags.

local BEFORE = { "before", "string[]?", "a list; nil: none" }
local AFTER = { "after", "string[]?", "a list; nil: none" }
local CHANGES = { "changes", "codeocean.TagChanges", "the changes" }

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
      summary = "A new list of tags; the old list stays as it is. The order is set, replace, "
        .. "remove, add. Two tags are equal if their bytes are equal.",
      params = { { "list", "string[]?", "the tags as they are; nil: none" }, CHANGES },
      returns = { { "new list", "string[]", "a fresh table" },
        { "added", "string[]", "tags that the list did not have" },
        { "removed", "string[]", "tags that it no longer has" } },
      raises = "the problem that tags.check finds",
      example = 'tags.change({ "EEG", "draft" }, { add = { "2021" }, remove = { "draft" } })' },
    { name = "tags.changer",
      summary = "A function from a list to the new list that tags.change gives. The changes are "
        .. "checked once, for many lists.",
      params = { CHANGES }, returns = { { "function", "function", "list -> new list" } },
      raises = "the problem that tags.check finds",
      example = 'tags.changer { add = { "2021" } } { "EEG" }' },
    { name = "tags.is_list", summary = "Whether a value is a list of texts.",
      params = { { "value", "any", "any value" } },
      returns = { { "boolean", "boolean", "whether it is" } },
      example = 'tags.is_list { "EEG" }' },
    { name = "tags.difference", summary = "The tags that only one of two lists has.",
      params = { BEFORE, AFTER },
      returns = { { "added", "string[]", "in the order of after" },
        { "removed", "string[]", "in the order of before" } },
      example = 'tags.difference({ "EEG", "draft" }, { "EEG", "2021" })' },
    { name = "tags.check", summary = "Checks a table of changes.",
      params = { CHANGES }, returns = { { "true", "true", "none" } },
      problem = "a sentence that names what is wrong and where",
      example = "tags.check { add = { '' } }" },
    { name = "tags.equal", summary = "Whether two lists have the same tags in the same order.",
      params = { { "a", "string[]?", "a list; nil: none" }, { "b", "string[]?", "a list; nil: "
        .. "none" } },
      returns = { { "boolean", "boolean", "whether they do" } },
      example = "tags.equal({ 'a' }, { 'a' })" },
  },
}
