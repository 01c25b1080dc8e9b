-- Create requests out of JSONL, each with its place, checked without sending.

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

  it("show no secrets", function()
    local params = json.decode('{"tags":[],"source":{"gcp":{"client_secret":"x","bucket":"b"}}}')
    assert.are.equal('{"source":{"gcp":{"bucket":"b","client_secret":"***"}},"tags":[]}',
      json.encode(requests.shown(params)))
    assert.are.equal("x", params.source.gcp.client_secret)
  end)
end)
