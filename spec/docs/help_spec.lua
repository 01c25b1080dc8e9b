-- Help texts: a help that cannot be written is reported in one line; a closed pipe is no failure.

local process = require "process"

local REASON = "No space left on device"

local function commands()
  local names = {}
  local list = process.run(process.colua, { "--help" }).out:match "\nCommands.-:\n(.-)\n\n"
  for name in list:gmatch "  (%l+) [^\n]*" do names[#names + 1] = name end
  assert.is_true(#names > 20)
  return names
end

local function run(line)
  return process.shell(process.quote(process.colua) .. " " .. line)
end

describe("on a full disk", function()
  for _, words in ipairs { "--help", "-h", "help", "--version", "version" } do
    it("colua " .. words .. " says so", function()
      local result = run(words .. " > /dev/full")
      assert.are.equal(1, result.status)
      assert.is_truthy(result.err:find("^[^\n]*: standard output cannot be written: " .. REASON
        .. "\n$"), result.err)
    end)
  end

  for _, name in ipairs(commands()) do
    it("the help of " .. name .. " says so", function()
      for _, words in ipairs { name .. " --help", "help " .. name } do
        local result = run(words .. " > /dev/full")
        assert.are.same({ 1, ("colua %s: the help cannot be written: %s\n"):format(name, REASON) },
          { result.status, result.err })
      end
    end)
  end
end)

describe("with a reader that leaves", function()
  for _, words in ipairs { "--help", "--version", "tag --help" } do
    it("colua " .. words .. " is silent", function()
      local result = run(words .. " | :")
      assert.are.equal("", result.err)
    end)
  end
end)
