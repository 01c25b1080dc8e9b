-- The page of a run: who, when, why, each change, each failure. It is escaped and sends no
-- request.

local page = require "codeocean.estate.run_page"

local EVIL = '<script>alert(1)</script>&"'

local function run_with(fields)
  local run = { run = "3f2a1b", name = "tag", state = "done", counts = { ok = 2, failed = 1 },
    total = 3, deployment = "acmecorp.codeocean.com", path = "/x/run.jsonl", started = 86400 }
  for name, value in pairs(fields) do run[name] = value end
  return run
end

local RECORDS = {
  { status = "ok", id = "id-1", name = "first", fields = {
    tags = { before = { "old" }, after = { "new" } },
    description = { before = "was", after = EVIL } } },
  { status = "ok", id = "id-2", name = EVIL,
    patch = { archived = { before = false, after = true } } },
  { status = "failed", id = "id-3", name = "third",
    error = setmetatable({ kind = "server" }, { __tostring = function()
      return "no: " .. EVIL
    end }) },
}

describe("codeocean.estate.run_page", function()
  it("says who, when, where and why, each change and what failed", function()
    local text = page.text(run_with { user = "ada", host = "lab", note = "rig 3 was mislabelled",
      command = "colua tag --add new", folder = "/home/ada" }, RECORDS)
    for _, part in ipairs { "<title>Run 3f2a1b: tag</title>", "rig 3 was mislabelled", "ada on lab",
      "acmecorp.codeocean.com", "colua tag --add new", "/home/ada", "1970-01-02", "/x/run.jsonl",
      "tags  -old<br>tags  +new", "archived  -false<br>archived  +true", "What failed",
      "<dt>failed</dt><dd>1</dd>", "<dt>ok</dt><dd>2</dd>", "<dt>assets</dt><dd>3</dd>" } do
      assert.is_truthy(text:find(part, 1, true), part)
    end
    local _, failed_at = text:find("What failed", 1, true)
    assert.is_truthy(text:find("<td>id-3</td><td>no: ", failed_at, true))
    assert.is_truthy(text:find("id-1", failed_at, true))
    assert.is_nil(text:sub(1, failed_at):find("id-1", 1, true))
  end)

  it("holds no HTML of others, and loads nothing", function()
    local text = page.text(run_with { note = EVIL, name = EVIL, user = EVIL, command = EVIL },
      RECORDS)
    assert.is_nil(text:find("alert(1)</script>", 1, true))
    assert.is_truthy(text:find("&lt;script&gt;alert(1)", 1, true))
    assert.is_truthy(text:find("default-src 'none'", 1, true))
    for _, word in ipairs { "src=", "href=", "http:", "https:", "url(" } do
      assert.is_nil(text:find(word, 1, true), word)
    end
  end)

  it("names a rehearsal as one", function()
    local text = page.text(run_with { estate = "abc", deployment = "127.0.0.1:80" }, {})
    assert.is_truthy(text:find("a sandbox: this was a rehearsal", 1, true))
    assert.is_nil(text:find("127.0.0.1", 1, true))
  end)

  it("leaves out unknown facts, and tables that would be empty", function()
    local text = page.text(run_with { counts = {}, total = 0, started = nil }, {})
    assert.is_nil(text:find("What failed", 1, true))
    assert.is_nil(text:find("Changes", 1, true))
    assert.is_nil(text:find("<td>by</td>", 1, true))
  end)
end)
