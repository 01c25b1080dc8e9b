-- Types what the reference and help() show for the prompt into a session, section by section and
-- in order, on the estate that `colua --sandbox` starts with. Each must do what its text says.

local help = require "colua.help"
local process = require "process"
local reference = require "codeocean.reference"
local session = require "session"

local ENTER = session.ENTER
local ID = "fea84ebf-b58b-4ad2-994d-7169dc3880fb"

-- What an example asks before it goes on.
local QUESTIONS = { ["assets:delete"] = "for good? [y/N] ", ["bulk.run"] = "Go on? [y/N] " }

-- Examples whose point is another value than something: what they show.
local SHOWN = {
  ["tags.check"] = '"changes.add[1]: tag that is not empty expected',
  ["codeocean.is_error"] = 'true\n"missing"\n',
  ["sandbox:requests"] = "\n0\n", ["codeocean.json.array"] = "\n{}\n",
  ["client:timeout"] = "\nnil\n", ["client:on"] = "\nnil\n",
  ["sheet.load"] = "values = ", ["sheet.read"] = "values = ",
  ["ids.read"] = "fea84ebf-b58b-4ad2-994d-7169dc3880fb\n",
}

-- What a session cannot run: the name, and why.
local NOT_TYPED = { ["bulk.main"] = "the last line of a script: it reads the script's arguments" }

local FILES = { ["ids.csv"] = "id\n" .. ID .. "\n", ["mice.csv"] = "name,tags\nMouse 1,a;b\n" }

-- A line that is shown by an example that found nothing or failed.
local FAULTS = { "\nnil\n", "\nfalse\n", "\n0\n", "\n{}\n", "\n0 assets", "stdin:%d",
  "bad argument", "\n[%l_]+ ?%x*%-?[%x-]*: %l+ ?%d*: " }

local function fault_of(name, shown)
  local expected = SHOWN[name]
  if expected then
    return shown:find(expected, 1, true) == nil and "does not show " .. expected or nil
  end
  for _, pattern in ipairs(FAULTS) do
    if shown:find(pattern) then return "shows " .. shown:match(pattern) end
  end
end

-- Each example and, behind it, a line that only a prompt which has come back prints.
local function type_all(examples, folder)
  local steps = {}
  for i, example in ipairs(examples) do
    local question = QUESTIONS[example.name]
    steps[#steps + 1] = { example.text:gsub("\n", ENTER) .. ENTER, question or "" }
    if question then steps[#steps + 1] = { "y" .. ENTER, "" } end
    steps[#steps + 1] = { ('print("--" .. %d .. "--")'):format(i) .. ENTER, ("--%d--\n"):format(i) }
  end
  local _, text = session.play(steps, { env = { TERM = "dumb" }, cwd = folder })
  return (text:gsub("sandbox[%l -]* > ", "\n"))
end

local function check(examples)
  assert.is_true(#examples > 0)
  local folder = process.folder()
  finally(function() process.clean(folder) end)
  for name, text in pairs(FILES) do process.write(folder .. "/" .. name, text) end
  local text = type_all(examples, folder)
  for i, example in ipairs(examples) do
    local from = i == 1 and 1 or select(2, text:find(("--%d--\n"):format(i - 1), 1, true))
    local shown = text:sub(from, text:find(("--%d--\n"):format(i), 1, true))
    local fault = fault_of(example.name, shown)
    assert.is_nil(fault, example.name .. " " .. (fault or "") .. "\n" .. shown)
  end
end

describe("at the prompt, the examples of", function()
  for _, section in ipairs(reference.SECTIONS) do
    it("help '" .. section[1] .. "' do what they are shown for", function()
      local examples = {}
      for _, row in ipairs(reference.of_section(section[1])) do
        if not NOT_TYPED[row.name] then
          examples[#examples + 1] = { name = row.name, text = row.example }
        end
      end
      check(examples)
    end)
  end

  it("help() do what they are shown for", function()
    local page = help.new { show = { paint = {} } }:lines(80)
    local examples = {}
    for i = 2, #page do
      local text = page[i]:match "^  (.-)  +[%l`]"
      if not text then break end
      examples[#examples + 1] = { name = text, text = text }
    end
    assert.are.equal(4, #examples)
    check(examples)
  end)
end)
