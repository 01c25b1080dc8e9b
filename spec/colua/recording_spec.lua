-- Plays the sessions that README.md shows on a terminal, and compares the page with what the
-- program prints. With RECORD=1 in the environment the page is written again: typed text stays,
-- output is replaced.

local process = require "process"
local session = require "session"
local terminal = require "terminal"

local PAGE = "README.md"
local BLOCK = "(\n```text\n)(.-)(\n```\n)"
local COLUMNS = 80
local PROMPT, MORE = session.PROMPT, (" "):rep(#session.PROMPT - 2) .. ">> "
local START = "$ colua --sandbox\n"

local function text_after(prompt, line)
  local own = (line .. " "):sub(1, #prompt) == prompt
  return own and line:sub(#prompt + 1) or nil
end

-- The statements typed in a block; one of several lines is a single text.
local function typed_in(block)
  local list = {}
  for line in (block .. "\n"):gmatch "(.-)\n" do
    local first, more = text_after(PROMPT, line), text_after(MORE, line)
    if first then list[#list + 1] = first end
    if more then list[#list] = list[#list] .. "\n" .. more end
  end
  return list
end

local function is_session(block)
  return #typed_in(block) > 0
end

-- The keys for a statement: one of several lines is pasted.
local function keys_of(text)
  if text:find "\n" then
    text = terminal.PASTE .. text:gsub("\n", "\r") .. terminal.PASTE_END
  end
  return text .. session.ENTER
end

-- What the terminal shows when these statements are typed.
local function played(statements)
  local steps = {}
  for i, text in ipairs(statements) do steps[i] = { keys_of(text), "\n" .. PROMPT } end
  steps[#steps + 1] = { "-- end", "", screen = PROMPT .. "-- end" }
  local _, _, _, _, screens = session.play(steps,
    { columns = COLUMNS, rows = 300, prompt = PROMPT })
  local rows = screens[#steps + 1].lines
  return (table.concat(rows, "\n", 1, #rows - 1):gsub("%(Lua 5%.4%.%d+%)", "(Lua 5.4)"))
end

-- The block as the program prints it today; without the start of the program if it shows none.
local function recorded(block)
  local shown = START .. played(typed_in(block))
  if block:sub(1, 1) == "$" then return shown end
  return shown:sub((shown:find("\n" .. PROMPT, 1, true)) + 1)
end


describe("README.md", function()
  local page = process.read(PAGE)
  local sessions = {}
  for _, block in page:gmatch(BLOCK) do
    if is_session(block) then sessions[#sessions + 1] = block end
  end

  it("shows two sessions; the long one has a function of 40 lines", function()
    assert.are.equal(2, #sessions)
    local lines = {}
    for _, text in ipairs(typed_in(sessions[2])) do
      local body = text:match "\n(local function .*)$"
      if body then lines[#lines + 1] = select(2, body:gsub("\n", "\n")) + 1 end
    end
    assert.are.same({ 40 }, lines)
  end)

  it("shows only statements that a window of 80 columns holds", function()
    for _, block in ipairs(sessions) do
      for _, text in ipairs(typed_in(block)) do
        for line in (text .. "\n"):gmatch "(.-)\n" do
          assert.is_true(#PROMPT + #line <= COLUMNS, line)
        end
      end
    end
  end)

  it("shows of its sessions what the program prints", function()
    local again = page:gsub(BLOCK, function(opened, block, closed)
      return is_session(block) and opened .. recorded(block) .. closed or nil
    end)
    if os.getenv "RECORD" then process.write(PAGE, again) end
    assert.are.equal(process.read(PAGE), again)
  end)
end)
