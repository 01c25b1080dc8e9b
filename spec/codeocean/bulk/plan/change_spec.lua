-- The result of a change function is checked before anything is planned.

local change = require "codeocean.bulk.plan.change"
local json = require "codeocean.json"

local ID = "fea84ebf-b58b-4ad2-994d-7169dc3880fb"

local function asset()
  return { id = ID, name = "n", description = "d", mount = "m",
    tags = json.array { "b", "a" }, custom_metadata = { rig = 1 } }
end

local function patch(fn) return change.patch({ fn = fn }, asset()) end

describe("a change", function()
  it("gets a copy, whose edits are not written", function()
    local found = patch(function(own)
      table.sort(own.tags)
      table.insert(own.tags, "x")
      own.custom_metadata.rig = 9
      return { description = "new" }
    end)
    assert.are.same({ description = { before = "d", after = "new" } }, found)
    local grown = patch(function(own)
      table.insert(own.tags, "new")
      return { tags = own.tags }
    end)
    assert.are.same({ "new" }, { table.unpack(grown.tags.added) })
  end)

  it("distinguishes no change from values that are there already", function()
    assert.are.same({ nil, "skipped" }, { patch(function() end) })
    assert.are.same({ nil, "unchanged" }, { patch(function() return { name = "n" } end) })
    assert.are.same({ nil, "unchanged" }, { patch(function() return {} end) })
  end)

  local mistakes = {
    ["a misspelt field"] = { { tag = { "x" } }, "tag: no such field; did you mean 'tags'?" },
    ["a short near miss"] = { { tgs = {} }, "tgs: no such field; did you mean 'tags'?" },
    ["a bare list"] = { { "a", "b" }, "change: table of fields expected, got a list; "
      .. "{tags = list} writes tags" },
    ["a string for tags"] = { { tags = "a" }, 'tags: list expected, got "a"' },
    ["a list with a hole"] = { { tags = { "a", nil, "b" } }, "tags%[2%]: .- expected, got nil" },
    ["a text"] = { "x", 'change: table of fields or nil expected, got "x"' },
    ["a list of metadata"] = { { custom_metadata = { 1 } },
      "custom_metadata: table of names and values expected" },
    ["invalid UTF-8"] = { { name = "\xFF" }, "name: .*UTF%-8" },
    ["an empty name"] = { { name = "" }, "name: text that is not empty expected" },
    ["a function"] = { { custom_metadata = { a = print } }, "custom_metadata: a: " },
  }
  for what, row in pairs(mistakes) do
    it("that returns " .. what .. " is refused in one line", function()
      local found, status, err = patch(function() return row[1] end)
      assert.is_nil(found)
      assert.is_nil(status)
      assert.are.same({ "invalid", ID, "not_sent" }, { err.kind, err.id, err.outcome })
      local plain = err.message:find(row[2], 1, true) or err.message:find(row[2])
      assert.is_truthy(plain, err.message)
      assert.is_nil(err.message:find "\n")
    end)
  end

  it("may reuse the tables that it returned", function()
    local info = { rig = 1 }
    local first = patch(function() return { custom_metadata = { info = info } } end)
    info.rig = 2
    assert.are.same({ rig = 1 }, first.custom_metadata.info.after)
  end)

  it("cannot edit a number beyond 64 bits of the asset", function()
    local own = json.decode('{"id":"' .. ID .. '","tags":[],"custom_metadata":{"n":1'
      .. ("0"):rep(30) .. '}}')
    change.patch({ fn = function(given) given.custom_metadata.n.digits = "7" end }, own)
    assert.are.equal("1" .. ("0"):rep(30), tostring(own.custom_metadata.n))
  end)

  it("gets a number beyond 64 bits with all its digits", function()
    local own = json.decode('{"id":"' .. ID .. '","tags":[],"custom_metadata":{"n":1'
      .. ("0"):rep(30) .. '}}')
    local found, _, err = change.patch({ fn = function(given)
      assert.are.equal("1" .. ("0"):rep(30), tostring(given.custom_metadata.n))
      return { description = "d" }
    end }, own)
    assert.is_nil(err)
    assert.are.equal("d", found.description.after)
  end)

  it("as a rule is data that gives the same patch", function()
    local rule = { tags = { add = { "x" }, remove = { "a" } } }
    local stored = json.decode(json.encode(rule))
    local found = change.patch({ fn = change.rule(stored) }, asset())
    assert.are.same({ { "x" }, { "a" } }, { { table.unpack(found.tags.added) },
      { table.unpack(found.tags.removed) } })
    local fields = change.patch({ fn = change.rule { fields = { mount = "o" } } }, asset())
    assert.are.same({ mount = { before = "m", after = "o" } }, fields)
  end)
end)
