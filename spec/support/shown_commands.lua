-- The command lines that the documents show: the commands' help, the pages, the manual.
-- spec/docs/commands_spec.lua runs them; spec/docs/options_spec.lua searches them for options.

local process = require "process"

local M = {}

-- Lines that no test can run as they are shown: a pattern, and why not.
local NOT_RUN = {
  { "^colua login", unless = "%-%-unchecked", "asks a deployment: spec/scripts/login_spec.lua" },
  { "%-profile ", "names a deployment of the reader's own" },
}

local function commands()
  local names = {}
  local list = process.run(process.colua, { "--help" }).out:match "\nCommands.-:\n(.-)\n\n"
  for name in list:gmatch "  (%l+) [^\n]*" do names[#names + 1] = name end
  assert(#names > 20)
  return names
end

local function is_run(line)
  for _, row in ipairs(NOT_RUN) do
    if line:find(row[1]) and not (row.unless and line:find(row.unless)) then return false end
  end
  return true
end

-- The examples of a help text, and the fault of their layout: a line that was wrapped
-- cannot be copied.
local function examples_of(help)
  local lines, open = {}, false
  for line in ((help:match "\nExamples:\n(.*)$" or "") .. "\n"):gmatch "  ([^\n]*)\n" do
    if open then lines[#lines] = lines[#lines] .. "\n" .. line
    else lines[#lines + 1] = line end
    assert(open or line:find "^colua ", line .. ": wrapped; end the line before with \\")
    open = line:find "\\$"
  end
  return lines
end

-- `colua …` within a sentence, and "$ colua …" in a block.
local function lines_of_markdown(text)
  local lines = {}
  for line in text:gsub("\n%$ (colua [^\n]*)", "\n`%1`"):gmatch "`(colua [^`]+)`" do
    lines[#lines + 1] = line:gsub("\n", " ")
  end
  return lines
end

local function lines_of_manual()
  local page = process.run(process.colua, { "man" })
  assert(page.status == 0, page.err)
  local lines = {}
  for line in page.out:gsub("\\%-", "-"):gsub("\\e", "\\"):gmatch "\n(colua [^\n]*)" do
    if not line:find "^colua is " then lines[#lines + 1] = line end
  end
  return lines
end

local IS_COMMAND = {}

-- `colua tag` is the name of a command, `colua apply FILE` the form of a line: no examples.
local function is_example(line)
  local rest = line:match "^colua (.*)$"
  return not IS_COMMAND[rest] and not rest:find "…" and not rest:find "%f[%w]%u%u%u+%f[%W]"
    and not rest:find "^%-%-[%l-]+$"
end

--- all() -> list of {name = the document's name, its command lines in order}, without documents
-- that have none.
function M.all()
  local all = {}
  local function add(name, lines)
    local own = { name = name }
    for _, line in ipairs(lines) do
      if is_example(line) and is_run(line) then own[#own + 1] = line end
    end
    if #own > 0 then all[#all + 1] = own end
  end
  for _, name in ipairs(commands()) do IS_COMMAND[name] = true end
  for _, name in ipairs(commands()) do
    add("colua " .. name .. " --help",
      examples_of(process.run(process.colua, { name, "--help" }).out))
  end
  for path in process.shell("ls *.md docs/*.md bench/*.md").out:gmatch "[^\n]+" do
    if path ~= "docs/cookbook.md" then   -- spec/cookbook_spec.lua
      add(path, lines_of_markdown(process.read(path)))
    end
  end
  add("man colua", lines_of_manual())
  return all
end

return M
