-- Files that commands read and write: requests to create in a spreadsheet, --output.

local deployment = require "deployment"
local process = require "process"

describe("a spreadsheet", function()
  local here

  before_each(function() here = deployment.start() end)
  after_each(function() here:stop() end)

  local function create(text)
    process.write(here.folder .. "/sheet.csv", text)
    return here:run { "create", "--yes", "--from", "sheet.csv" }
  end

  it("is created row by row, from its cells", function()
    local result = create('name,tags,bucket,prefix,external\r\n'
      .. '"Rig 3, day 1",ephys; mouse,my-lab,rig3/,true\r\nRig 4,,my-lab,,\r\n')
    assert.equal(0, result.status)
    local sent = here:sent()
    assert.equal(3, #sent)
    assert.equal("GET /custom_metadata", table.remove(sent, 1))
    table.sort(sent)
    assert.equal('POST /data_assets {"name":"Rig 3, day 1","description":"",'
      .. '"mount":"Rig 3, day 1",'
      .. '"tags":["ephys","mouse"],"source":{"aws":{"bucket":"my-lab","prefix":"rig3/",'
      .. '"keep_on_external_storage":true}}}', sent[1])
    assert.equal('POST /data_assets {"name":"Rig 4","description":"","mount":"Rig 4","tags":[],'
      .. '"source":{"aws":{"bucket":"my-lab"}}}', sent[2])
  end)

  it("with a bad row is created but for that row, which is reported with its line", function()
    local result = create("name,bucket,external\na,b,maybe\nc,d,true\n,e,\n")
    assert.equal(3, result.status)
    assert.matches("sheet.csv:2: external: true or false expected", result.err)
    assert.matches("sheet.csv:4: ", result.err)
    local sent = here:sent()
    assert.equal(2, #sent)
    assert.equal("GET /custom_metadata", sent[1])
    assert.matches('^POST /data_assets {"name":"c"', sent[2])
  end)

  it("with an unknown title is refused whole", function()
    local result = create("nme,bucket\na,b\n")
    assert.equal(2, result.status)
    assert.matches('sheet.csv:1: no column is called "nme"; did you mean "name"?', result.err, 1,
      true)
    assert.equal(0, #here:sent())
  end)
end)

describe("search --output", function()
  local here

  before_each(function() here = deployment.start { seed = 30, page_cap = 10 } end)
  after_each(function() here:stop() end)

  local function search()
    return here:run { "search", "--csv", "--fields", "id", "--output", "list.csv" }
  end

  it("writes the whole listing", function()
    local result = search()
    assert.equal(0, result.status)
    assert.equal("", result.out)
    local _, lines = process.read(here.folder .. "/list.csv"):gsub("\n", "")
    assert.equal(1 + #assert(here.client.data_assets:all()), lines)
  end)

  it("that fails midway leaves the file that was there, and no other", function()
    process.write(here.folder .. "/list.csv", "before")
    here.server:fault { operation = "search", kind = "status", status = 403, skip = 1, count = -1 }
    assert.equal(4, search().status)
    assert.equal("before", process.read(here.folder .. "/list.csv"))
    assert.equal("list.csv\n", process.shell("ls -A", { cwd = here.folder }).out)
  end)

  it("overwrites no list.csv.part, and nothing through a dangling link", function()
    process.write(here.folder .. "/list.csv.part", "mine")
    assert.equal(0, search().status)
    assert.equal("mine", process.read(here.folder .. "/list.csv.part"))
    process.shell("rm list.csv; ln -s /nonexistent/x.csv list.csv", { cwd = here.folder })
    local result = search()
    assert.equal(2, result.status)
    assert.is_truthy(result.err:find("list.csv: it is a symbolic link to nothing", 1, true))
  end)
end)
