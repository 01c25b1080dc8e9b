-- Requests to create assets from JSON and sheets, each with its place, checked before any is sent.

local json = require "codeocean.json"
local requests = require "codeocean.input.create_requests"

local GOOD = '{"name":"a","mount":"a","tags":[],"source":{"aws":{"bucket":"b"}}}'

local function read(...)
  local lines, i = { ... }, 0
  return requests.read(function() i = i + 1 return lines[i] end, "file")
end

describe("requests", function()
  it("keep their places, without blank lines and comments", function()
    local list, places, complaints = read("\xEF\xBB\xBF" .. GOOD, "", "# x", GOOD .. "\r")
    assert.are.same({ 2, { "file:1", "file:4" }, {} }, { #list, places, complaints })
    assert.are.equal("[]", json.encode(list[1].tags))
  end)

  it("are refused with the place and what is wrong", function()
    local list, _, complaints = read('{"name":1}', "nonsense", "[" .. GOOD .. "]", GOOD)
    assert.are.equal(1, #list)
    assert.are.equal(3, #complaints)
    for i, complaint in ipairs(complaints) do
      assert.is_truthy(complaint:find("^file:" .. i .. ": "), complaint)
    end
  end)

  it("name every wrong field with the near one", function()
    local _, _, complaints = read(
      '{"title":"a","mount":"a","tags":[],"source":{"aws":{"bucket":"b"}}}',
      '{"name":"a","mount":"a","tag":[],"source":{"aws":{"bucket":"b"}}}',
      '{"name":"a","mount":"a","tags":["x",null],"source":{"aws":{"bucket":"b"}}}',
      '{"name":"a","mount":"a","tags":[],"source":{"aws":{"bucket":"s3://b/p/q"}}}')
    assert.are.same({ "file:1: title: no such field; did you mean 'name'?",
      "file:2: tag: no such field; did you mean 'tags'?",
        "file:3: tags[2]: string expected, got userdata",
      "file:4: source.aws.bucket: s3://b/p/q is an address; give bucket = b and prefix = p/q",
    }, complaints)
  end)

  it("may be the rows of a sheet", function()
    local list, places, complaints = read("Name;description;Tags;Bucket;prefix;external;index;"
      .. "custom_metadata.subject", "a;d;x; y;;;;;", "b;\\N;x;lab;p/;TRUE;no;007",
      "c;;;lab;;;;12")
    assert.are.same({ "file:2: 9 cells, but 8 titles; a cell with the separator in it is written "
      .. "in quotes" }, complaints)
    assert.are.same({ "file:3", "file:4" }, places)
    assert.are.same({
      { name = "b", mount = "b", tags = { "x" }, source = { aws = { bucket = "lab", prefix = "p/",
        keep_on_external_storage = true, index_data = false } },
          custom_metadata = { subject = "007" } },
      { name = "c", mount = "c", tags = {}, source = { aws = { bucket = "lab" } },
        custom_metadata = { subject = 12 } },
    }, list)
    assert.are.equal("[]", json.encode(list[2].tags))
  end)

  it("are refused when their row ends early", function()
    local list, _, complaints = read("name,mount,tags,bucket,prefix",
      "whole,whole,raw,lab-bucket,rig3/mouse-12", "cut,cut,raw,lab-bucket", "all,all,raw,lab,")
    assert.are.equal(2, #list)
    assert.are.same({ "file:3: no prefix: the row ends early; write a separator for each empty "
      .. "cell at its end" }, complaints)
    assert.is_nil(list[2].source.aws.prefix)
  end)

  it("have one source", function()
    local _, _, complaints = read("name,bucket,computation", "a,b,c", "d,,", "e,,c")
    local problem = "exactly one of bucket and computation expected"
    assert.are.same({ "file:2: " .. problem, "file:3: " .. problem }, complaints)
  end)

  it("are refused in the words of the sheet", function()
    local _, _, complaints = read("name,bucket,prefix,computation", "a,,p,", ",b,,", "c,s3://x/y,,",
      "d,,,\"\"")
    assert.are.same({ "file:2: bucket: required, but missing",
      "file:3: name: required, but missing",
      "file:4: bucket: s3://x/y is an address; give bucket = x and prefix = y",
      "file:5: exactly one of bucket and computation expected" }, complaints)
  end)

  it("of the same name are reported", function()
    local list, places = read(GOOD, GOOD, (GOOD:gsub('"a"', '"c"')), GOOD)
    assert.are.same({ 'file:2: the name "a" stands in file:1 too',
      'file:4: the name "a" stands in file:1 too' }, requests.repeated(list, places))
  end)

  it("show no secrets", function()
    local params = json.decode('{"tags":[],"source":{"gcp":{"client_secret":"x","bucket":"b"}}}')
    assert.are.equal('{"source":{"gcp":{"bucket":"b","client_secret":"***"}},"tags":[]}',
      json.encode(requests.shown(params)))
    assert.are.equal("x", params.source.gcp.client_secret)
  end)
end)
