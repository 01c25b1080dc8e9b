-- The completions for bash, requested as bash requests them.

local manual = require "manual_text"
local process = require "process"

describe("completions", function()
  local state, env -- XDG_STATE_HOME; more of the environment

  before_each(function() state, env = "/nonexistent", {} end)

  local function bash(...)
    local path = os.tmpname()
    local file = assert(io.open(path, "w"))
    file:write(manual.generated("bash"), [[

COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _colua; printf '%s\n' "${COMPREPLY[@]}"
]])
    file:close()
    env.XDG_STATE_HOME = state
    local done = process.run("/bin/bash", { path, ... }, { env = env })
    os.remove(path)
    assert.are.equal("", done.err)
    return done.out
  end

  for words, expected in pairs {
    ["colua ta"] = "tag\n", ["colua --sandb"] = "--sandbox\n",
    ["colua tag --a"] = "--archived\n--all\n--add\n", ["colua tag --type mo"] = "model\n",
    ["colua --sandbox search --archived a"] = "any\n",
    ["colua tag --ids CHANGE"] = "CHANGELOG.md\n",
    ["colua --sandbox = CHANGE"] = "CHANGELOG.md\n", ["colua undo CHANGE"] = "CHANGELOG.md\n",
    ["colua get --fields i"] = "id\n", ["colua tag --fields id,cha"] = "id,change\n",
    ["colua search --fields id,name,own"] = "id,name,owner\nid,name,owner_email\n",
    ["colua --profile test ta"] = "tag\n", ["colua --profile = test ta"] = "tag\n",
    ["colua --ca-file x.pem tag --type mo"] = "model\n",
    ["colua --ca-file CHANGE"] = "CHANGELOG.md\n",
    ["colua READ"] = "README.md\n", ["colua tag --add x"] = "\n",
  } do
    it("of bash know " .. words, function()
      local list = {}
      for word in words:gmatch("%S+") do list[#list + 1] = word end
      assert.are.equal(expected, bash(table.unpack(list)))
    end)
  end

  it("of bash know the runs by their short names", function()
    state = process.folder()
    finally(function() process.clean(state) end)
    process.shell("mkdir -p colua/runs; cd colua/runs; touch 20261123T101500Z-tag-3f2a1b.jsonl "
      .. "20261124T101500123Z-undo-tag-cb52bc.jsonl notes.txt", { cwd = state })
    for _, command in ipairs { "undo", "resume", "runs" } do
      assert.are.equal("last\n3f2a1b\ncb52bc\n", bash("colua", command, ""), command)
      assert.are.equal("cb52bc\n", bash("colua", command, "cb"), command)
      assert.are.equal("CHANGELOG.md\n", bash("colua", command, "CHANGE"), command)
    end
  end)

  it("of bash look for the runs below HOME if XDG_STATE_HOME is not an absolute path", function()
    local home = process.folder()
    finally(function() process.clean(home) end)
    process.shell("mkdir -p .local/state/colua/runs; "
      .. "touch .local/state/colua/runs/20261123T101500Z-tag-3f2a1b.jsonl", { cwd = home })
    env.HOME = home
    for _, relative in ipairs { "", "here", "./here" } do
      state = relative
      assert.are.equal("last\n3f2a1b\n", bash("colua", "undo", ""), relative)
    end
  end)

  it("of bash know the profiles, also where the words before name one", function()
    local home = process.folder()
    finally(function() process.clean(home) end)
    process.shell("mkdir -m 700 .codeocean; mkdir bin; ln -s " .. process.quote(process.colua)
      .. " bin/colua", { cwd = home })
    process.write(home .. "/.codeocean/credentials.json",
      '{"profiles":{"test":{"domain":"t"},"prod":{"domain":"p"}}}')
    env = { HOME = home, PATH = home .. "/bin:" .. os.getenv "PATH" }
    assert.are.equal("prod\ntest\n", bash("colua", "--profile", ""))
    assert.are.equal("test\n", bash("colua", "--profile", "=", "te"))
    assert.are.equal("prod\ntest\n", bash("colua", "diff", "--from-profile", ""))
    assert.are.equal("prod\n", bash("colua", "logout", "--name", "p"))
  end)

  it("of bash know whose assets, wherever assets are selected", function()
    local selecting = 0
    for _, row in ipairs(manual.commands()) do
      if row.option == "--ownership" then
        assert.are.equal("owner\nshared\ncreated\nprivate\n",
          bash("colua", row.name, "--ownership", ""), row.name)
        selecting = selecting + 1
      end
    end
    assert.is_true(selecting > 10)
  end)
end)
