-- A program can change only the object that it holds, not its class.

local codeocean = require "codeocean"
local core = require "codeocean.core"
local errors = require "codeocean.error"
local fixture = require "fixture"
local output = require "codeocean.output"
local sandboxes = require "codeocean.sandbox"

local function objects(with)
  local client = with:client(with:sandbox { seed = 1 })
  local missing = select(2, client.data_assets:get(fixture.ID))
  return {
    ["codeocean.client"] = client,
    ["codeocean.data_assets"] = client.data_assets,
    ["codeocean.error"] = missing,
    ["codeocean.writer"] = output.writer {},
    ["codeocean.engine"] = client.engine,
    ["codeocean.transfer"] = client:submit("get", fixture.ID),
  }
end

describe("an object of the library", function()
  it("hands out no class", function()
    local count = 0
    for name, object in pairs(objects(fixture.new(finally))) do
      count = count + 1
      assert.are.equal(name, getmetatable(object))
      assert.is_nil(object.__index, name)
      assert.has_error(function() setmetatable(object, {}) end)
    end
    assert.are.equal(6, count)
  end)

  it("shares a replaced method with no other", function()
    local with = fixture.new(finally)
    local sandbox = with:sandbox { seed = 1 }
    local one, other = with:client(sandbox), with:client(sandbox)
    one.data_assets.get = function() return "mine" end
    assert.are.equal("mine", one.data_assets:get(fixture.ID))
    assert.are.equal("missing", select(2, other.data_assets:get(fixture.ID)).kind)
  end)
end)

describe("the userdata of the library", function()
  it("hand out no metatable, through which memory could be freed in use", function()
    local with = fixture.new(finally)
    local file = with:folder() .. "/estate"
    local served = with:sandbox { seed = 1, db = file }
    local joined = assert(sandboxes.join(file))
    with:at_end(function() joined:stop() end)
    local client = with:client(served)
    for name, value in pairs {
      ["codeocean.column"] = core.column(), ["codeocean.journal_file"] = core.journal_file(),
      ["codeocean.engine"] = client.engine, ["codeocean.transfer"] = client.engine:pause(0),
    } do
      assert.are.equal("userdata", type(value))
      assert.are.equal(name, getmetatable(value))
    end
    for _, value in ipairs { served, joined } do
      assert.are.equal("userdata", type(value))
      assert.is_false(getmetatable(value))
    end
  end)
end)

describe("a method called with a dot", function()
  it("names the colon at the user's line, before any request", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox { seed = 1 })
    local assets = client.data_assets
    local rows = { search = { { limit = 1 } }, each = { {} }, all = {}, find = { "x" },
      get = { fixture.ID }, update = { fixture.ID, {} }, wait_until_ready = { { fixture.ID } } }
    for name, given in pairs(rows) do
      local ok, problem = pcall(function() assets[name](table.unpack(given)) end)
      assert.are.equal(false, ok)
      assert.is_truthy(problem:find(("^%%S*object_spec%%.lua:%%d+: bad argument 'self' to '%s' "
        .. "%%(write a colon: assets:%s%%(…%%)%%)$"):format(name, name)), problem)
    end
    for name, given in pairs { map = { {}, print }, with = { {} }, close = {} } do
      local ok, problem = pcall(function() client[name](table.unpack(given)) end)
      assert.are.equal(false, ok)
      assert.is_truthy(problem:find(("write a colon: client:%s(…)"):format(name), 1, true), problem)
    end
    assert.are.equal(0, client:stats().requests)
  end)

  it("is known in a view of the client too", function()
    local with = fixture.new(finally)
    local client = with:client(with:sandbox { seed = 1 })
    local some = client:with { deadline = 10 }
    assert.are.equal(1, #assert(some.data_assets:search { limit = 1 }).results)
    assert.are.equal(2, some:map({ 1 }, function(n) return n + 1 end)[1])
  end)
end)

describe("an error of a library that was loaded again", function()
  it("is still an error", function()
    local before = errors.new { kind = "missing", message = "gone" }
    local kept = {}
    for name, module in pairs(package.loaded) do
      if name:find "^codeocean" and name ~= "codeocean.core" and name ~= "codeocean.sandbox" then
        kept[name], package.loaded[name] = module, nil
      end
    end
    finally(function()
      for name, module in pairs(kept) do package.loaded[name] = module end
    end)
    local again = require "codeocean"
    assert.are_not.equal(codeocean, again)
    assert.is_true(again.is_error(before))
    assert.is_true(codeocean.is_error(require("codeocean.error").new { kind = "missing" }))
  end)
end)
