-- Files of earlier releases are read, undone and resumed: journals and plans of every format,
-- estates of the sandbox, credentials.

local deployment = require "deployment"
local json = require "codeocean.json"
local process = require "process"
local sandbox = require "codeocean.sandbox"
local seals = require "codeocean.bulk.journal.seal"

local FOLDER = debug.getinfo(1, "S").source:match "^@(.*)/"

local TAGGED, UPDATED = "6e73e372-e233-4aca-a056-7ef80dedf5cb",
  "910a2dec-8902-4cc1-9e41-ab087439611e"
local ARCHIVED, PLANNED = "f3259982-5d3b-42b2-9069-302df8cbe1b8",
  "975835de-1c97-46ce-a468-4c4f0fd784b4"

local RUNS = { { "tag", 2 }, { "update", 1 }, { "archive", 1 }, { "delete", 1 },
  { "create", 1, from = 2 }, { "sheet", 1, from = 3 } }

-- A journal as if it had been written on another host: only the deployment differs.
local function moved(text, host, format)
  local first, rest = text:match "^([^\n]*\n)(.*)$"
  local header = json.decode(first, true)
  assert.equal(format, header.journal)
  header.deployment = host
  if format > 1 then header.seal = seals.of_header(header) end
  if format < 3 then return json.encode(header) .. "\n" .. rest end
  local lines, hash = { json.encode(header) }, seals.begin(header)
  for line in rest:gmatch "[^\n]+" do
    lines[#lines + 1], hash = seals.close((line:gsub(',"seal":"%x+"}$', "}")), hash)
  end
  return table.concat(lines, "\n") .. "\n"
end

-- Iterator over the assets as they were after all runs of a format, for sandbox.import; the one
-- that was created has another id in each.
local function estate(creates)
  local list, i = {}, 0
  for line in io.lines(FOLDER .. "/estate.jsonl") do list[#list + 1] = json.decode(line) end
  local file <close> = io.open(creates)
  local text = file and file:read "a" or ""
  local id = text:match '"how":"created","id":"([^"]+)"'
  local made = { id = id, name = "made", mount = "made", tags = { "t" }, type = "dataset",
    state = "ready", created = math.tointeger(text:match '"at":(%d+)'),
    source_bucket = { origin = "aws", bucket = "b", prefix = "p/" } }
  if id then list[#list + 1] = { asset = made, archived = false } end
  return function()
    i = i + 1
    if list[i] then return json.encode(list[i].asset), list[i].archived end
  end
end

for format = 1, 3 do
  describe("journals, plans and estates of format " .. format, function()
    local here, names, folder

    before_each(function()
      local from = ("%s/format_%d/"):format(FOLDER, format)
      folder, names = process.folder(), {}
      assert(sandbox.import(folder .. "/estate.db", estate(from .. "create.jsonl")))
      here = deployment.start { db = folder .. "/estate.db", ready_after = 0 }
      for _, row in ipairs(RUNS) do
        if format >= (row.from or 1) then
          names[#names + 1] = row[1]
          process.write(here.folder .. "/" .. row[1] .. ".jsonl", moved(process.read(from .. row[1]
            .. ".jsonl"), here.client.host, format))
        end
      end
      process.write(here.folder .. "/plan.jsonl", (process.read(from .. "plan.jsonl")
        :gsub('"deployment":"[^"]*"', ('"deployment":"%s"'):format(here.client.host))))
      if format < 3 then return end
      local tags = assert(here.client.data_assets:get(UPDATED)).tags
      tags[#tags + 1] = "sheet"
      assert(here.client.data_assets:update(UPDATED, { description = "from a sheet", tags = tags }))
    end)

    after_each(function()
      here:stop()
      process.clean(folder)
    end)

    local function asset(id) return assert(here.client.data_assets:get(id)) end

    local function last_tag(id) return asset(id).tags[#asset(id).tags] end

    local function is_archived(id)
      for found in here.client.data_assets:each { archived = true } do
        if found.id == id then return true end
      end
      return false
    end

    local function undo(name)
      local result = here:run { "undo", name .. ".jsonl", "--yes" }
      assert.equal(0, result.status, result.err)
      local again = here:run { "undo", name .. ".jsonl", "--yes" }
      assert.equal(6, again.status)
      assert.is_truthy(again.err:find("was undone already", 1, true), again.err)
    end

    -- Cuts the journal behind the line with its last intent.
    local function cut(name)
      local path = here.folder .. "/" .. name .. ".jsonl"
      local whole = process.read(path)
      local last
      for at in whole:gmatch '()[^\n]*"intent":%d' do last = at end
      process.write(path, whole:sub(1, whole:find("\n", last, true)))
    end

    it("are listed and shown", function()
      local words = { "runs", "--json" }
      for i, name in ipairs(names) do words[i + 2] = name .. ".jsonl" end
      local listed = here:run(words)
      assert.equal(0, listed.status, listed.err)
      local list, k = json.decode(listed.out), 0
      for _, row in ipairs(RUNS) do
        if format >= (row.from or 1) then
          k = k + 1
          assert.same({ row[1], "done", row[2], row[2] }, { list[k].run, list[k].state,
            list[k].total, list[k].counts.ok })
          local shown = here:run { "runs", "show", row[1] .. ".jsonl", "--html" }
          assert.equal(0, shown.status, shown.err)
          assert.is_truthy(shown.out:find("<dt>ok</dt><dd>" .. row[2] .. "</dd>", 1, true))
        end
      end
      assert.equal(#names, k)
      assert.same({}, here:sent())
    end)

    it("are undone, but for a deletion", function()
      assert.equal("reviewed", last_tag(TAGGED))
      undo "tag"
      assert.not_equal("reviewed", last_tag(TAGGED))
      if format >= 3 then undo "sheet" end
      assert.equal("by a run", asset(UPDATED).description)
      undo "update"
      assert.is_truthy(asset(UPDATED).description:find("Fiber photometry", 1, true))
      assert.is_true(is_archived(ARCHIVED))
      undo "archive"
      assert.is_false(is_archived(ARCHIVED))
      if format >= 2 then undo "create" end
      here:mark()
      local refused = here:run { "undo", "delete.jsonl", "--yes" }
      assert.equal(6, refused.status)
      assert.is_truthy(refused.err:find "^colua undo: [^\n]*cannot be undone[^\n]*\n$",
        refused.err)
      assert.same({}, here:written())
    end)

    it("that are done have nothing left, and write nothing when they are resumed", function()
      for _, name in ipairs(names) do
        local result = here:run { "resume", name .. ".jsonl", "--yes" }
        assert.equal(0, result.status, result.err)
        assert.same({}, here:written(), name)
      end
    end)

    it("that were interrupted with a request under way are resumed", function()
      if format >= 3 then table.remove(names, 2) end -- the sheet wrote over it
      for _, name in ipairs(names) do
        cut(name)
        for _, word in ipairs { "--dry-run", "--yes" } do
          local result = here:run { "resume", name .. ".jsonl", word }
          assert.equal(0, result.status, result.err)
          assert.same({}, here:written(), name) -- the server has done it
        end
      end
      local listed = here:run { "runs", "--fields", "state", "tag.jsonl", "archive.jsonl",
        "delete.jsonl" }
      assert.equal("state\ndone\ndone\ndone\n", listed.out)
    end)

    it("do again what the server has not done, and no more", function()
      for _, name in ipairs { "tag", "archive" } do cut(name) end
      assert(here.client.data_assets:update(TAGGED, { tags = { "theirs" } }))
      assert(here.client.data_assets:archive(ARCHIVED, false))
      local result = here:run { "resume", "archive.jsonl", "--yes" }
      assert.equal(0, result.status, result.err)
      assert.equal(1, #here:written())
      assert.is_true(is_archived(ARCHIVED))
      undo "archive"
      assert.is_false(is_archived(ARCHIVED))
      result = here:run { "resume", "tag.jsonl", "--yes" }
      assert.equal(0, result.status, result.err)
      assert.same({ "theirs", "reviewed" }, { table.unpack(asset(TAGGED).tags) })
    end)

    it("are plans that are carried out", function()
      local result = here:run { "apply", "plan.jsonl", "--yes" }
      assert.equal(0, result.status, result.err)
      assert.equal("planned", last_tag(PLANNED))
    end)
  end)
end

describe("a sandbox's estate of an older release", function()
  for _, name in ipairs { "estate_0.1.0.db", "estate_2.db" } do
    it("is served, or refused in a line and left as it is: " .. name, function()
      local folder = process.folder()
      finally(function() process.clean(folder) end)
      local text = process.read(FOLDER .. "/" .. name)
      local path = process.write(folder .. "/estate.db", text)
      local server, problem = sandbox.start { db = path }
      if server then return server:stop() end
      assert.is_truthy(problem:find("estate.db: was made by an older release", 1, true), problem)
      assert.is_nil(problem:find "\n")
      assert.equal(text, process.read(path))
    end)
  end
end)

describe("credentials of 0.1.0", function()
  it("are read", function()
    local home = process.folder()
    finally(function() process.clean(home) end)
    process.shell(("mkdir %s/.codeocean; cp %s/credentials.json %s/.codeocean; chmod 600 "
      .. "%s/.codeocean/credentials.json"):format(home, FOLDER, home, home))
    local result = process.run(process.colua, { "-e", [[
      local client = assert(require "codeocean".client())
      print(client.host)
    ]] }, { env = { HOME = home, CODEOCEAN_DOMAIN = "", CODEOCEAN_TOKEN = "" } })
    assert.equal("acmecorp.codeocean.com\n", result.out, result.err)
  end)
end)
