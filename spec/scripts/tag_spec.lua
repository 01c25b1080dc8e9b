-- colua tag, the most common job: each request to the byte.

local deployment = require "deployment"
local json = require "codeocean.json"
local process = require "process"

local NOBODY = "11111111-2222-3333-4444-555555555555"

describe("colua tag", function()
  local here, a, b

  before_each(function()
    here = deployment.start()
    a = here:asset { name = "first", tags = { "Zeta", "eeg", "alpha" }, description = "d" }
    b = here:asset { name = "second", tags = {} }
  end)
  after_each(function() here:stop() end)

  local function tag(words, options)
    return here:run({ "tag", table.unpack(words) }, options)
  end

  local function summary(result)
    return (result.err:match("[^\n]* selected: [^(]*"):gsub(" $", ""))
  end

  it("adds a tag after the others and reports a line an asset", function()
    local result = tag { a, b, "--add", "new", "--yes" }
    assert.are.equal(0, result.status)
    assert.are.equal(("status\tid\tname\tchange\nok\t%s\tfirst\t+new\nok\t%s\tsecond\t+new\n")
      :format(a, b), result.out)
    assert.are.equal("2 selected: 2 ok", summary(result))
    assert.are.same({ "Zeta", "eeg", "alpha", "new" }, { table.unpack(here:tags_of(a)) })
  end)

  it("sends fields that it does not change as they are", function()
    tag { a, "--add", "new", "--yes" }
    local sent = here:sent()
    assert.are.equal(2, #sent)
    assert.are.equal("GET /data_assets/" .. a, sent[1])
    local address, body = sent[2]:match("^(PUT %S+) (.*)$")
    assert.are.equal("PUT /data_assets/" .. a, address)
    assert.are.same({ name = "first", description = "d", mount = "first",
      tags = { "Zeta", "eeg", "alpha", "new" } }, json.decode(body))
  end)

  it("sets, replaces, removes, adds, in this order", function()
    tag { a, "--replace", "eeg=EEG", "--remove", "Zeta", "--remove", "nothing", "--add", "x",
      "--add", "alpha", "--yes" }
    assert.are.same({ "EEG", "alpha", "x" }, { table.unpack(here:tags_of(a)) })
    tag { a, "--set", "q, r", "--add", "s", "--yes" }
    assert.are.same({ "q", "r", "s" }, { table.unpack(here:tags_of(a)) })
    tag { a, "--set", "\\N", "--yes" }
    assert.are.equal('"tags":[]', here:sent()[2]:match('"tags":%[.-%]'))
  end)

  it("writes nothing where nothing changes, and asks nothing", function()
    local result = tag { a, "--add", "eeg", "--remove", "gone" }
    assert.are.equal(0, result.status)
    assert.are.equal("1 selected: 1 unchanged", summary(result))
    assert.are.same({ "GET /data_assets/" .. a }, here:sent())
  end)

  it("previews with --dry-run", function()
    local result = tag { a, "--add", "new", "--remove", "eeg", "--dry-run" }
    assert.are.equal(0, result.status)
    assert.are.equal(("status\tid\tname\tchange\n~\t%s\tfirst\t+new -eeg\n"):format(a), result.out)
    assert.matches("^1 selected: 1 would change, [%d.]+ %wiB, %d+ %% of it idle for a year$",
      summary(result))
    assert.are.same({}, here:written())
    assert.are.equal(10, tag({ a, "--add", "new", "-n", "--detailed-exitcode" }).status)
    assert.are.equal(0, tag({ a, "--add", "eeg", "-n", "--detailed-exitcode" }).status)
  end)

  it("writes nothing under colua --dry-run or CODEOCEAN_DRY_RUN, whatever --yes says", function()
    local ways = { { before = { "--dry-run" } }, { env = { CODEOCEAN_DRY_RUN = "1" } } }
    for _, options in ipairs(ways) do
      assert.are.equal(0, tag({ a, "--add", "new", "--yes" }, options).status)
      assert.are.same({}, here:written())
    end
  end)

  it("writes nothing without a terminal and without --yes", function()
    local result = tag { a, "--add", "new" }
    assert.are.equal(6, result.status)
    assert.is_truthy(result.err:find((") on 127.0.0.1:%d:\n  ~ %s  first\n      tags  +new\n")
      :format(here.server.port, a), 1, true), result.err)
    assert.is_truthy(result.err:find "^update 1 asset %(%d[^)]*%) on ")
    assert.is_truthy(result.err:find("nothing was written: there is no terminal", 1, true))
    assert.are.same({}, here:written())
  end)

  it("asks on a terminal", function()
    local no = here:type({ "tag", a, "--add", "new" }, { "Go on? [y/N] ", "n" })
    assert.are.equal(6, no.status)
    assert.is_truthy(no.shown:find("  ~ " .. a .. "  first\n      tags  +new\n", 1, true))
    assert.is_truthy(no.shown:find("nothing was written\n", 1, true))
    assert.are.same({}, here:written())
    local yes = here:type({ "tag", a, "--add", "new" }, { "Go on? [y/N] ", "y" })
    assert.are.equal(0, yes.status)
    assert.are.equal(("status\tid\tname\tchange\nok\t%s\tfirst\t+new\n"):format(a), yes.out)
    assert.are.equal(1, #here:written())
  end)

  it("shows a table, and its progress once it takes a second, on a terminal", function()
    local quick = here:type({ "tag", a, "--add", "x", "--yes" }, {}, 100)
    assert.is_nil(quick.shown:find("\r\27[K", 1, true))
    here.server:fault { kind = "delay", operation = "get", seconds = 1.1, count = 2 }
    local result = here:type({ "tag", a, b, "--add", "new", "--yes", "--jobs", "1" }, {}, 100)
    assert.is_truthy(result.shown:find("\r\27[K", 1, true))
    assert.is_truthy(result.shown:find("STATUS  ID "))
    assert.is_truthy(result.shown:find("ok      " .. a .. "  first   +new\n", 1, true))
  end)

  it("tags the good rows of a file and reports the bad ones first", function()
    process.write(here.folder .. "/sheet.csv", "name,asset\nx," .. a .. "\ny,??\nz," .. b .. "\n")
    local result = tag { "--ids", "sheet.csv", "--column", "asset", "--add", "new", "--yes" }
    assert.are.equal(3, result.status)
    assert.is_truthy(result.err:find('^sheet.csv:3: "%?%?" is not a data asset id'))
    assert.are.equal("2 selected: 2 ok, 1 input row refused", summary(result))
    assert.are.equal(2, #here:written())
  end)

  it("reports failures first and tags the others", function()
    local result = tag { a, NOBODY, b, "--add", "new", "--yes" }
    assert.are.equal(3, result.status)
    assert.is_truthy(result.out:find("^status\tid\tname\tchange\nmissing\t"
      .. NOBODY:gsub("%-", "%%-")
      .. "\t\tget .-missing 404: no data asset has the id [^\n]+\nok\t"))
    assert.are.equal("3 selected: 2 ok, 1 missing", summary(result))
  end)

  it("selects what a search finds, all of it before the first write", function()
    local result = tag { "--query", "tag:eeg", "--add", "new", "--yes" }
    assert.are.equal("1 selected: 1 ok", summary(result))
    local sent = here:sent()
    assert.is_truthy(sent[1]:find("^POST /data_assets/search "))
    assert.are.same({ "GET /data_assets/" .. a, "PUT" }, { sent[2], sent[3]:sub(1, 3) })
  end)

  it("ends with 0 if nothing matches", function()
    local result = tag { "--query", "tag:nowhere", "--add", "new" }
    assert.are.same({ 0, "0 selected: nothing to do" }, { result.status, summary(result) })
  end)

  it("reports the fields as JSON", function()
    local result = tag { a, "--add", "new", "--yes", "--json" }
    assert.are.same({ { status = "ok", id = a, name = "first", change = "+new", fields = { tags = {
      before = { "Zeta", "eeg", "alpha" }, after = { "Zeta", "eeg", "alpha", "new" } } } } },
      json.decode(result.out))
  end)

  it("leaves a journal that only its owner can read", function()
    local path = here.folder .. "/run.jsonl"
    local result = tag { a, "--add", "new", "--yes", "--journal", path }
    assert.is_truthy(result.err:find("journal: " .. path, 1, true))
    local text = process.read(path)
    assert.is_truthy(text:find('"patch":{"tags":{"added":["new"],"before":["Zeta","eeg","alpha"]'
      .. ',"removed":[]}}', 1, true))
    assert.is_nil(text:find(here.server.token, 1, true))
    assert.are.equal("-rw-------", process.shell("ls -l " .. path).out:sub(1, 10))
    assert.are.equal(6, tag({ a, "--add", "more", "--yes", "--journal", path }).status)
  end)

  it("writes a plan instead, which colua apply carries out", function()
    local planned = tag { a, b, "--add", "new", "--plan", "plan.jsonl" }
    assert.are.equal(0, planned.status)
    assert.is_truthy(planned.err:find("plan: 2 changes in plan.jsonl", 1, true))
    assert.are.same({}, here:written())
    assert.are.equal(0, here:run({ "apply", "plan.jsonl", "--yes" }).status)
    assert.are.equal(2, #here:written())
  end)

  it("divides a list among machines", function()
    local ids = {}
    for part = 1, 3 do
      local result = tag { a, b, "--add", "new", "-n", "--shard", part .. "/3", "--tsv" }
      for id in result.out:gmatch("\n~\t(%S+)") do ids[id] = (ids[id] or 0) + 1 end
    end
    assert.are.same({ [a] = 1, [b] = 1 }, ids)
    assert.are.equal(2, tag({ a, "--add", "new", "--shard", "4/3" }).status)
  end)

  it("stops at the first error with --fail-fast", function()
    here.server:fault { kind = "status", operation = "update", status = 400, count = -1 }
    local result = tag { a, b, "--add", "new", "--yes", "--jobs", "1", "--fail-fast" }
    assert.are.equal(3, result.status)
    assert.are.equal("2 selected: 1 failed, 1 pending", summary(result))
  end)

  it("goes on silently when the reader of its report has gone", function()
    here:mark()
    local env = ""
    for name, value in pairs(here:environment()) do
      env = env .. name .. "=" .. process.quote(value) .. " "
    end
    local result = process.shell(("env %s%s tag %s %s --add new --yes 2>err | :; cat err >&2")
      :format(env, process.quote(process.colua), a, b), { cwd = here.folder })
    assert.is_nil(result.err:find("traceback", 1, true))
    assert.are.equal(2, #here:written())
  end)

  describe("on a deployment that fails", function()
    it("ends with 4 for a token that is not accepted, without showing it", function()
      local result = tag({ a, b, "--add", "x", "--yes" },
        { env = { CODEOCEAN_TOKEN = "cop_wrong" } })
      assert.are.equal(4, result.status)
      assert.is_nil((result.out .. result.err):find("cop_wrong", 1, true))
      assert.is_truthy(result.out:find("auth 401", 1, true))
    end)

    it("ends with 7 for a server that is not there", function()
      local port = here.server.port
      here.server:stop()
      here.server = require("codeocean.sandbox").start {}
      local result = tag({ a, "--add", "x", "--yes" },
        { env = { CODEOCEAN_DOMAIN = "http://127.0.0.1:" .. port } })
      assert.are.equal(7, result.status)
      assert.is_truthy(result.out:find("network: ", 1, true))
    end)

    it("ends with 3 when a write is refused", function()
      here.server:fault { kind = "status", operation = "update", status = 400 }
      local result = tag { a, b, "--add", "x", "--yes", "--jobs", "1" }
      assert.are.equal(3, result.status)
      assert.are.equal("2 selected: 1 ok, 1 failed", summary(result))
    end)
  end)

  it("tags what --where selects, without a query", function()
    local one = here:asset { name = "one", tags = { "only-this" } }
    local expression = "has(tags, 'only-this')"
    local result = tag { "--where", expression, "--add", "new", "--yes" }
    assert.are.equal("1 selected: 1 ok", summary(result))
    assert.are.same({ "only-this", "new" }, here.client.data_assets:get(one).tags)
    local given = tag { a, one, "--where", expression, "--add", "newer", "--yes" }
    assert.are.equal("2 selected: 1 ok, 1 skipped", summary(given))
  end)

  it("reports an asset that --where cannot be evaluated on, and does not write it", function()
    local one = here:asset { name = "fickle", tags = { "t" } }
    local result = tag { "--where", "name == 'fickle' and idle + 1 > 0 and name + 1 > 0", "--add",
      "new", "--yes" }
    assert.are.equal(3, result.status)
    assert.is_truthy(result.out:find(one, 1, true))
    assert.are.same({ "t" }, here.client.data_assets:get(one).tags)
  end)

  describe("refuses before any request", function()
    for what, case in pairs {
      ["no change"] = { {}, "nothing to change: give --add" },
      ["an empty tag"] = { { "--add", "" }, '--add: an item must not be empty' },
      ["an empty list"] = { { "--set", "" }, "--set: it is empty; '\\N' clears the field" },
      ["a blank list"] = { { "--set", " " }, "--set: it is empty" },
      ["a list with an empty tag"] = { { "--set", "a," }, "--set: an item must not be empty" },
      ["invalid UTF-8"] = { { "--add", "\xFF" }, "--add: tag in valid UTF-8 expected" },
      ["contradiction"] = { { "--add", "x", "--remove", "x" }, '--add: "x" is in remove too' },
      ["half a replacement"] = { { "--replace", "x" }, "--replace: 'x' is not OLD=NEW" },
      ["the same option twice"] = { { "--set", "x", "--set", "y" }, "used at most 1 time" },
    } do
      it(what, function()
        local result = tag { a, table.unpack(case[1]) }
        assert.are.same({ 2, "" }, { result.status, result.out })
        assert.is_truthy(result.err:find(case[2], 1, true), result.err)
        assert.are.equal(1, select(2, result.err:gsub("\n", "\n")), result.err)
        assert.are.same({}, here:sent())
      end)
    end
  end)
end)
