-- The list of public buckets must be valid input for the API, since a newcomer's first run uses
-- it.
local json = require "codeocean.json"

local PATH = "examples/open-data.jsonl"

local function read()
  local rows = {}
  for line in io.lines(PATH) do
    local ok, row = pcall(json.decode, line)
    rows[#rows + 1] = { line = #rows + 1, asset = ok and row or nil }
  end
  return rows
end

local rows = read()

local function each(check)
  for _, row in ipairs(rows) do
    local problem = row.asset and check(row.asset)
    assert.is_nil(problem, ("%s:%d: %s"):format(PATH, row.line, tostring(problem)))
  end
end

local function keys(t)
  local list = {}
  for key in pairs(t) do list[#list + 1] = key end
  table.sort(list)
  return table.concat(list, " ")
end

local function is_line(value)
  return type(value) == "string" and utf8.len(value) and value:find("%S")
    and not value:find("[%c]") and not value:find("^%s") and not value:find("%s$")
end

-- The rules of S3: 3 to 63 of a-z, 0-9, hyphen and dot, a letter or digit at both ends.
local function is_bucket(name)
  return type(name) == "string" and #name >= 3 and #name <= 63
    and name:find("^[a-z0-9][a-z0-9.-]*[a-z0-9]$") and not name:find("..", 1, true)
    and not name:find("^%d+%.%d+%.%d+%.%d+$")
end

local function no_duplicates(key_of)
  local seen = {}
  each(function(asset)
    local key = key_of(asset)
    if seen[key] then return "again " .. key end
    seen[key] = true
  end)
end

describe(PATH, function()
  it("holds JSON in each line", function()
    for _, row in ipairs(rows) do assert.is_table(row.asset, ("line %d"):format(row.line)) end
  end)

  it("holds at least 60 rows", function() assert.is_true(#rows >= 60) end)

  it("has the fields of a request to create", function()
    each(function(asset)
      local found = keys(asset)
      if found ~= "description mount name source tags" then return "has " .. found end
      if keys(asset.source) ~= "aws" then return "source has " .. keys(asset.source) end
      local aws = keys(asset.source.aws):gsub(" prefix", "")
      if aws ~= "bucket index_data keep_on_external_storage" then return "aws has " .. aws end
    end)
  end)

  it("has texts of one line", function()
    each(function(asset)
      if not is_line(asset.name) or #asset.name > 80 then return "a bad name" end
      if not is_line(asset.description) or not asset.description:find("%.$") then
        return "a description that is not a sentence"
      end
    end)
  end)

  it("keeps the data where they are", function()
    each(function(asset)
      local aws = asset.source.aws
      if aws.keep_on_external_storage ~= true or aws.index_data ~= true then return "copies" end
      -- The whole bucket is used then, so that a prefix would promise what is not done.
      if aws.prefix then return "has a prefix" end
    end)
  end)

  it("names buckets that S3 can have", function()
    each(function(asset)
      if not is_bucket(asset.source.aws.bucket) then return "a bad bucket" end
    end)
  end)

  it("mounts into a folder", function()
    each(function(asset)
      if type(asset.mount) ~= "string" or not asset.mount:find("^%w[%w._-]*$") then
        return "a bad mount"
      end
    end)
  end)

  it("has tags, none twice", function()
    each(function(asset)
      local seen = {}
      if type(asset.tags) ~= "table" or #asset.tags == 0 then return "no tags" end
      for _, tag in ipairs(asset.tags) do
        if not is_line(tag) or seen[tag] then return "a bad tag: " .. tostring(tag) end
        seen[tag] = true
      end
    end)
  end)

  it("has no name, bucket or mount twice", function()
    no_duplicates(function(asset) return asset.name end)
    no_duplicates(function(asset) return asset.mount end)
    no_duplicates(function(asset)
      return asset.source.aws.bucket .. "/" .. (asset.source.aws.prefix or "")
    end)
  end)

  it("has names that a rule can tag from", function()
    local with_year = 0
    each(function(asset)
      if asset.name:find("%f[%d][12]%d%d%d%f[%D]") then with_year = with_year + 1 end
    end)
    assert.is_true(with_year >= 20)
  end)
end)
