-- Every query and filter that the documents show finds something in the estate that `colua
-- --sandbox` starts with.

local codeocean = require "codeocean"
local filter_of = require "codeocean.cli.filter"
local options = require "codeocean.cli.options"
local sandbox = require "codeocean.sandbox"

local SEED = 1000   -- as src/colua/lsandbox.c has it

-- Shown after a line that makes them true.
local MADE_BEFORE = { ["tag:reviewed"] = true, ["tag:year-2021"] = true, ["tag:x"] = true }

local function read(path)
  local file = assert(io.open(path))
  local text = file:read "a"
  file:close()
  return text
end

local function files()
  local pipe = assert(io.popen("find README.md docs scripts manual examples lua -name '*.lua'"
    .. " -o -name '*.md' -o -name '*.txt'"))
  local list = {}
  for path in pipe:lines() do
    if not path:find "annotations" then list[#list + 1] = path end
  end
  pipe:close()
  return list
end

-- A word of a shell's command line, which may be within a Lua string.
local function words_behind(text, option)
  local found = {}
  for place in text:gmatch(option .. "[= ]()") do
    local rest = text:match("^[^\n]*", place)
    found[#found + 1] = rest:match "^'([^'\n]*)'" or rest:match '^\\?"([^"\\\n]*)\\?"'
      or rest:match "^([%w_:=.-]+)"
  end
  return found
end

-- A placeholder is not an example, nor is code that makes a message.
local function is_example(query)
  return query:find "^[%w\"]" and not query:find "%%s" and not query:find "…$"
    and not query:find "^of$"
    and not query:find "^or$" and not query:find "^and$"
    and not query:find "^is$" and not query:find ", which$" and not MADE_BEFORE[query]
end

-- { [query or filter] = the place that shows it }
local function shown()
  local queries, filters = {}, {}
  for _, path in ipairs(files()) do
    local text = read(path)
    for _, query in ipairs(words_behind(text, "%-%-query")) do queries[query] = path end
    for query in text:gmatch 'query = "([^"\n]*)"' do queries[query] = path end
    for query in text:gmatch 'query = \\"([^"\n]*)\\"' do queries[query] = path end
    for fields in text:gmatch "query = (%b{})" do
      local ok, value = pcall(load, "return " .. fields:gsub('\\"', '"'), "query", "t", {})
      if ok and value then queries[value()] = path end
    end
    for row in (text:match "\nlocal QUERY = (%b{})" or ""):gmatch '\n  {([^\n]*)' do
      queries[row:match "^ '([^']*)'" or row:match '^ "([^"]*)"'] = path
    end
    for _, filter in ipairs(words_behind(text, "%-%-filter")) do
      local is_format = filter:find("%s", 1, true)
      if not is_format and filter:find "^[^<>!=]+[<>]?=[^<>=]+$" then filters[filter] = path end
    end
  end
  return queries, filters
end

describe("the examples", function()
  local queries, filters = shown()
  local server, client

  setup(function()
    server = assert(sandbox.start { seed = SEED })
    client = assert(codeocean.client { domain = server.url, token = server.token,
      dialect = "current" })
  end)

  teardown(function()
    client:close()
    server:stop()
  end)

  local function count(params)
    local n = 0
    for _, archived in ipairs { false, true } do
      params.archived = archived
      n = n + #assert(client.data_assets:search(params)).results
    end
    return n
  end

  it("are many", function()
    assert.is_string(queries["name:ecephys tag:mouse"])
    assert.is_string(queries["tag:EEG"])
    assert.is_string(queries["EEG"])
    assert.is_string(filters["rig=4"])
  end)

  for query, path in pairs(queries) do
    if type(query) == "table" or is_example(query) then
      local name = type(query) == "table" and "a table" or query
      it(("find something: %s (%s)"):format(name, path), function()
        assert.is_true(count { query = query, limit = 10 } > 0)
      end)
    end
  end

  for filter, path in pairs(filters) do
    it(("find something: %s (%s)"):format(filter, path), function()
      local own = assert(filter_of.read(filter, options.list))
      assert.is_true(count { filters = { own }, limit = 10 } > 0)
    end)
  end
end)
