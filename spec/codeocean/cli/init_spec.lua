-- The frame of every command. Whole commands are run in spec/scripts.

local command = require "codeocean.cli"
local fixture = require "fixture"
local process = require "process"

local ID = fixture.ID

local function usage_of(call, ...)
  local ok, problem = pcall(call, ...)
  assert.is_false(ok)
  return type(problem) == "table" and problem.usage or problem
end

describe("codeocean.cli", function()
  it("chooses one way to select", function()
    assert.same({ ids = { ID } }, (command.selection { id = { ID } }))
    assert.same({ select = { query = "x" }, limit = 3 },
      (command.selection { id = {}, query = "x", limit = 3 }))
    assert.same({ select = {}, all = true }, (command.selection { id = {}, all = true }))
    assert.same({ select = { query = "" }, all = true },
      (command.selection { id = {}, query = "", all = true }))
    assert.matches("which assets", usage_of(command.selection, { id = {} }))
    assert.matches("exclude each other", usage_of(command.selection, { id = { ID }, query = "x" }))
    assert.matches("exclude each other", usage_of(command.selection, { id = { ID }, all = true }))
    assert.matches("%-%-column belongs", usage_of(command.selection, { id = { ID }, column = "a" }))
  end)

  it("names a surplus argument", function()
    for words, surplus in pairs { ["fields rig"] = "rig", ["check a b"] = "a",
      ["apply a 'b c'"] = "'b c'", ["resume last again"] = "again" } do
      local result = process.shell(process.quote(process.colua) .. " " .. words)
      local name = words:match "%l+"
      assert.same({ 2, ("colua %s: too many arguments: %s (see colua %s --help)\n"):format(name,
        surplus, name) }, { result.status, result.err })
    end
  end)

  it("knows a format, and writes a table on a terminal alone", function()
    assert.equal("csv", command.format { csv = true })
    assert.equal("jsonl", command.format { print = print })
    assert.equal("tsv", command.format { output = "x" })
  end)

  it("distinguishes a wrong argument from other errors", function()
    local complaint = "bad argument 'x' to 'y' (z)"
    assert.equal(complaint, command.argument("a.lua:1: " .. complaint))
    assert.is_nil(command.argument "something else")
    assert.is_nil(command.argument { usage = "x" })
  end)

  describe("with a deployment", function()
    local function open(finally)
      local with = fixture.new(finally)
      local peer = with:sandbox { seed = 30 }
      return with:client(peer), peer
    end

    it("lists assets, at most the limit, of those that --where selects", function()
      local client = open(finally)
      local function count(args, more)
        local n = 0
        for _ in command.assets(client, args, more) do n = n + 1 end
        return n
      end
      local all = count {}
      assert.is_true(all > 5)
      assert.equal(2, count({}, { limit = 2 }))
      local function every() return true end
      assert.equal(all, count({ where = every }, { fields = { "id" } }))
      assert.equal(2, count({ where = every }, { limit = 2, fields = { "id" } }))
      assert.equal(0, count { where = function() return false end })
    end)

    it("returns ids of a search and of a list, by --where and --limit", function()
      local client = open(finally)
      local first, second = table.unpack(assert(client.data_assets:all { sort_field = "name" }))
      local args = { id = { first.id, second.id, ID }, limit = 2 }
      assert.same({ first.id, second.id }, (command.ids(client, args)))
      function args.where(asset) return asset.id ~= first.id end
      assert.same({ second.id, ID }, (command.ids(client, args)))
      assert.same({ second.id }, (command.ids(client, { id = {}, sort_field = "name", limit = 1,
        where = args.where })))
    end)

    it("ends with a usage error where --where does not fit an asset", function()
      local client = open(finally)
      local function fail() error("attempt to compare (asset a)", 0) end
      assert.equal("--where: attempt to compare (asset a)", usage_of(command.ids, client,
        { id = {}, all = true, where = fail }))
    end)
  end)
end)
