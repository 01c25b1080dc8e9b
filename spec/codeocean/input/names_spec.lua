-- Names of assets from lists.

local names = require "codeocean.input.names"
local process = require "process"

describe("a list of names", function()
  local folder
  before_each(function() folder = process.folder() end)
  after_each(function() process.clean(folder) end)

  local function load(content, column)
    process.write(folder .. "/n", content)
    local list, complaints = names.load(folder .. "/n", column)
    if not list then return nil, complaints end
    local found, said = {}, {}
    for i, item in ipairs(list) do found[i] = item.key .. "@" .. item.place:match "%d+$" end
    for i, complaint in ipairs(complaints) do said[i] = complaint.message:match ":(%d+: .*)$" end
    return table.concat(found, "|"), table.concat(said, "|")
  end

  local rows = {
    { "plain lines", " Rig 3, day 1 \r\n# no\n\nmouse; 12\n", nil, "Rig 3, day 1@1|mouse; 12@4",
      "" },
    { "a table", "id;Name\n1;a b\n2;\n3;c\n", nil, "a b@2|c@4", "3: no name" },
    { "another column", "name,was\na,b\n", "was", "b@2", "" },
    { "JSON", '["a", {"name":"b"}, 3]', nil, "a@1|b@1", "1: no name" },
  }
  for _, row in ipairs(rows) do
    it("is read from " .. row[1], function()
      assert.same({ row[4], row[5] }, { load(row[2], row[3]) })
    end)
  end

  it("is refused without the column that was named", function()
    local list, problem = load("a\nb\n", "was")
    assert.is_nil(list)
    assert.is_truthy(problem:find('no column "was"', 1, true))
  end)
end)
