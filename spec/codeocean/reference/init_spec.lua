-- The reference has one row for each public function, with the parameters that the library
-- accepts.

local bulk = require "codeocean.bulk"
local codeocean = require "codeocean"
local config = require "codeocean.config"
local core = require "codeocean.core"
local evaluate = require "colua.evaluate"
local ids = require "codeocean.ids"
local json = require "codeocean.json"
local output = require "codeocean.output"
local reference = require "codeocean.reference"
local sandbox = require "codeocean.sandbox"
local sheet = require "codeocean.input.sheet"
local tags = require "codeocean.tags"

-- Methods that the library's own files call on each other.
local INTERNAL = { ["client:pump"] = true, ["client:await"] = true,
  ["client:await_other"] = true, ["client:request"] = true, ["client:submit"] = true,
  ["client:finish"] = true, ["client:notify"] = true,
  ["sandbox.import"] = true, ["sandbox.imported"] = true,
  ["sheet.unknown"] = true, ["client:has_hooks"] = true,
  ["client:call_of"] = true, ["client:send_for_run"] = true,
  ["client:lock_dry_run"] = true }


describe("the reference", function()
  local box, client

  setup(function()
    box = sandbox.start {}
    client = assert(codeocean.client { domain = box.url, token = box.token })
  end)

  teardown(function()
    client:close()
    box:stop()
  end)

  local function add(names, prefix, holder)
    for name, value in pairs(holder) do
      local full = prefix .. name
      if type(value) == "function" and not name:find("^_") and not INTERNAL[full] then
        names[full] = true
      end
    end
  end

  local function public()
    local names = {}
    add(names, "codeocean.", codeocean)
    add(names, "client:", debug.getmetatable(client).__index)
    add(names, "assets:", debug.getmetatable(client.data_assets).__index)
    add(names, "bulk.", bulk)
    add(names, "tags.", tags)
    add(names, "codeocean.json.", json)
    add(names, "ids.", ids)
    add(names, "sheet.", sheet)
    add(names, "output.", output)
    add(names, "writer:", debug.getmetatable(output.writer {}).__index)
    add(names, "sandbox.", sandbox)
    return names
  end

  it("has a row for each public function", function()
    for name in pairs(public()) do
      assert.is_not_nil(reference.find(name), name .. " has no row")
    end
  end)

  it("has a function for each row", function()
    local names = public()
    for _, row in ipairs(reference.rows) do
      local method = row.name:match("^sandbox:(.*)$")
      if method then
        assert.are.equal("function", type(box[method]), row.name)
      else
        assert.is_true(names[row.name] or false, row.name .. " is not a public function")
      end
    end
  end)

  -- As typed at the prompt, line by line.
  local function compiles(example)
    local session, text = evaluate.new(), nil
    for line in (example .. "\n"):gmatch("(.-)\n") do
      text = text and text .. "\n" .. line or line
      local chunk, problem, incomplete = session:compile(text)
      assert.is_truthy(chunk or incomplete, problem)
      if chunk then text = nil end
    end
    assert.is_nil(text, example)
  end

  it("is whole", function()
    local sections, seen = {}, {}
    for _, section in ipairs(reference.SECTIONS) do sections[section[1]] = true end
    for _, row in ipairs(reference.rows) do
      assert.is_true(sections[row.section], row.name)
      assert.is_nil(seen[row.name], row.name)
      seen[row.name] = true
      assert.is_truthy(reference.signature(row):find(row.name, 1, true), row.name)
      assert.is_truthy(row.summary and row.example, row.name)
      compiles(row.example)
    end
  end)

  it("knows each kind of error it names", function()
    local kinds = { pending = true }
    for _, row in ipairs(reference.KINDS) do kinds[row[1]] = true end
    for _, row in ipairs(reference.rows) do
      for _, kind in ipairs(row.errors or {}) do assert.is_true(kinds[kind], kind) end
    end
    for _, kind in ipairs(reference.ANYTIME) do assert.is_true(kinds[kind], kind) end
  end)

  local function names_of(list)
    local names = {}
    for _, entry in ipairs(list) do names[type(entry) == "table" and entry[1] or entry] = true end
    return names
  end

  local function operation(name)
    for _, row in ipairs(core.operations()) do
      if row.name == name then return row end
    end
  end

  -- What the library makes others of: each and all take page_size, `start` is sent as offset.
  local own = { search = { "page_size", "start" } }

  for name, shape in pairs { search = "codeocean.Search", create = "codeocean.NewAsset",
    update = "codeocean.Changes", set_permissions = "codeocean.Permissions",
    transfer = "codeocean.Transfer" } do
    it("names the parameters of " .. name, function()
      local taken = names_of(operation(name).params)
      for _, param in ipairs(own[name] or {}) do taken[param] = true end
      assert.are.same(taken, names_of(reference.shape(shape).fields))
    end)
  end

  it("names the options of a client", function()
    local shape = reference.shape "codeocean.ClientOptions"
    assert.are.same(names_of(config.options), names_of(shape.fields))
  end)
end)
