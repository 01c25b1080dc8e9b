-- The program that a run comes from, and which journal it may resume.

local expressions = require "codeocean.expression"
local files = require "codeocean.input.read_files"
local fixture = require "fixture"
local provenance = require "codeocean.bulk.provenance"
local process = require "process"

local function header(fields)
  local own = { action = "update", name = "n", selection = { ids = 2, hash = "h" },
    change = { fields = { name = "a" } }, position = 1 }
  for name, value in pairs(fields or {}) do own[name] = value end
  return own
end

describe("codeocean.bulk.provenance", function()
  it("records who ran what, where and when", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox { seed = 1 })
    local own = provenance.header(client, { name = "n", action = "update", note = "why",
      select = { query = "x" } })
    assert.same({ "n", "update", "why", client.host }, { own.name, own.action, own.note,
      own.deployment })
    assert.same({ select = { query = "x" } }, own.selection)
    for _, name in ipairs { "user", "host", "folder", "version" } do
      assert.equal("string", type(own[name]), name)
    end
    local position = own.position
    assert.equal(position + 1, provenance.header(client, { name = "n", action = "update",
      ids = {} }).position)
  end)

  it("resumes the run that wrote the journal, and no other", function()
    assert.is_true(provenance.check_alike(header(), header(), "j"))
    for name, value in pairs { action = "delete", name = "m", selection = { ids = 3, hash = "h" },
      change = { fields = { name = "b" } } } do
      local ok, err = provenance.check_alike(header(), header { [name] = value }, "j")
      assert.is_nil(ok, name)
      assert.equal("refused", err.kind)
      assert.is_truthy(err.message:find("(" .. name .. ")", 1, true), err.message)
    end
  end)

  it("keeps the text of `where`, marks a function, and distinguishes both", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox { seed = 1 })
    local function of(where)
      return provenance.header(client, { name = "n", action = "update", where = where, ids = {} })
    end
    local kept = { of(nil), of(function() return true end), of(expressions.compile "size > 1"),
      of(expressions.compile "size > 2"), of(expressions.compile "name == '\xFF'") }
    assert.same({ nil, true, "size > 1", "size > 2", true }, { kept[1].options.where,
      kept[2].options.where, kept[3].options.where, kept[4].options.where, kept[5].options.where })
    for i = 1, 4 do
      for k = 1, 4 do
        local ok, err = provenance.check_alike(kept[i], kept[k], "j")
        assert.equal(i == k or nil, ok)
        assert.equal(i ~= k and "refused" or nil, err and err.kind)
      end
    end
  end)

  it("refuses a journal of another deployment", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox { seed = 1 })
    assert.is_true(provenance.check_deployment({ deployment = client.host,
      estate = provenance.estate(client) }, client, "j"))
    local ok, err = provenance.check_deployment({ deployment = "other.example" }, client, "j")
    assert.is_nil(ok)
    assert.is_truthy(err.message:find("other.example", 1, true))
  end)

  it("notices that a file was edited", function()
    local path = fixture.new(finally):folder() .. "/input"
    process.write(path, "one")
    local before = files.hash(path)
    assert.equal(before, files.hash(path))
    process.write(path, "two")
    assert.is_not.equal(before, files.hash(path))
    assert.is_nil(files.hash(path .. "-none"))
  end)
end)
