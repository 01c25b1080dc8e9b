-- The user's settings for all runs, in ~/.config/colua/config.json.

local fixture = require "fixture"
local process = require "process"
local settings = require "codeocean.settings"

describe("codeocean.settings", function()
  local function read(finally, content)
    local folder = fixture.new(finally):folder()
    assert(os.execute("mkdir -p " .. folder .. "/colua"))
    if content then process.write(folder .. "/colua/config.json", content) end
    return settings.read(function(name) return name == "XDG_CONFIG_HOME" and folder or nil end)
  end

  it("may be absent", function()
    assert.same({}, read(finally))
    assert.same({}, settings.read(function() end))
  end)

  it("are what the file says", function()
    assert.same({ protect = { tag = { "keep" }, name = { "Atlas" } }, jobs = 8, rate = 2.5,
      colours = { acme = "red" } }, read(finally, '{"protect":{"tag":["keep"],"name":["Atlas"]},'
      .. '"jobs":8,"rate":2.5,"colours":{"acme":"red"}}'))
  end)

  for content, problem in pairs {
    ["{"] = "it is not JSON: ", ["[1]"] = "it is not a JSON object",
    ["[]"] = "it is not a JSON object", ["null"] = "it is not a JSON object",
    ['{"protect":{"tag":["a"]},"protect":{}}'] = 'it is not JSON: the key "protect" stands twice',
    ['{"protect":{"tag":["a"],"tag":["b"]}}'] = 'it is not JSON: the key "tag" stands twice',
    ['{"protekt":{}}'] = "protekt: no such name; did you mean 'protect'?",
    ['{"protect":{"tags":["keep"]}}'] = "protect.tags: no such name; did you mean 'tag'?",
    ['{"protect":{"tag":"keep"}}'] = 'protect.tag: list expected, got "keep"',
    ['{"protect":{"tag":[""]}}'] = "protect.tag[1]: non-empty string expected",
    ['{"protect":["keep"]}'] = "protect: object expected, got table",
    ['{"jobs":0}'] = "jobs: integer from 1 to 1000 expected, got 0",
    ['{"rate":"fast"}'] = "rate: number above 0",
    ['{"colours":{"acme":"pink"}}'] = 'colours.acme: one of bold, dim, red, green, yellow expected',
    ['{"colours":1}'] = "colours: object expected, got 1",
  } do
    it("that are " .. content .. " are refused with the file's name", function()
      local found, err = read(finally, content)
      assert.is_nil(found)
      assert.equal("config", err.kind)
      assert.is_truthy(err.message:find("/colua/config.json: " .. problem, 1, true), err.message)
    end)
  end

  for what, link in pairs {
    ["the file"] = "colua/config.json", ["its folder"] = "colua", ["the folder above"] = "",
  } do
    it("behind a link that leads nowhere are refused, not absent: " .. what, function()
      local above = fixture.new(finally):folder()
      local folder = above .. "/config"
      local path = link == "" and folder or folder .. "/" .. link
      assert(os.execute(("mkdir -p %s && ln -s nowhere %s"):format(path:match "^(.*)/", path)))
      local found, err = settings.read(function(name)
        return name == "XDG_CONFIG_HOME" and folder or nil
      end)
      assert.is_nil(found)
      assert.equal("config", err.kind)
      assert.equal(("%s/colua/config.json: %s is a link that leads nowhere"):format(folder, path),
        err.message)
    end)
  end

  it("are those of a client that is given none", function()
    local folder = fixture.new(finally):folder()
    assert(os.execute("mkdir -p " .. folder .. "/colua"))
    process.write(folder .. "/colua/config.json", '{"jobs":3,"protect":{"name":["a"]}}')
    local function getenv(name)
      return ({ XDG_CONFIG_HOME = folder, CODEOCEAN_DOMAIN = "x.codeocean.com",
        CODEOCEAN_TOKEN = "cop_x" })[name]
    end
    local config = require "codeocean.config"
    assert.same({ 3, { name = { "a" } } }, { assert(config.resolve({}, getenv)).jobs,
      config.resolve({}, getenv).protect })
    assert.equal(5, assert(config.resolve({ jobs = 5 }, getenv)).jobs)
    process.write(folder .. "/colua/config.json", "{")
    local found, err = config.resolve({}, getenv)
    assert.is_nil(found)
    assert.equal("config", err.kind)
  end)
end)
