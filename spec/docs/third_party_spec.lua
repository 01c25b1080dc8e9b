-- THIRD-PARTY.md says how each library is linked; the built files agree.

local process = require "process"

local build = process.colua:match "^(.*)/"

-- The libraries that a file needs, by their names without version; those of the C library are none.
local function needed(file)
  local list = {}
  local shown = process.shell("readelf -d " .. process.quote(build .. "/" .. file)).out
  for name in shown:gmatch "NEEDED[^%[]*%[lib([%w.-]-)%.so" do
    if not name:find "^[cm]$" and not name:find "san$" then list[#list + 1] = name end
  end
  table.sort(list)
  return list
end

-- The name of a library in the page, and its columns of files.
local TITLES = { lua = "^Lua 5%.4$", curl = "^libcurl", microhttpd = "^libmicrohttpd",
  sqlite3 = "^SQLite", gnutls = "^GnuTLS" }

local function shared(column)
  local list = {}
  for line in process.read "THIRD-PARTY.md":gmatch "\n(|[^\n]+)" do
    local cells = {}
    for cell in line:gmatch "| *(.-) *%f[|]" do cells[#cells + 1] = cell end
    for name, title in pairs(TITLES) do
      local is_shared = (cells[column] or ""):find "^shared"
      if is_shared and cells[1]:find(title) then list[#list + 1] = name end
    end
  end
  table.sort(list)
  return list
end

describe("THIRD-PARTY.md", function()
  for file, column in pairs { ["colua"] = 3, ["codeocean/core.so"] = 4,
    ["codeocean/sandbox.so"] = 5 } do
    it("has what is shared by " .. file, function()
      local names = needed(file)
      for i, name in ipairs(names) do names[i] = name:gsub("^lua.*", "lua") end
      assert.is_true(#names > 0)
      assert.are.same(names, shared(column))
    end)
  end
end)
