-- Journals as files, for specs: lines as a run writes them, each with its seal.

local json = require "codeocean.json"
local ledgers = require "codeocean.bulk.journal.ledger"
local process = require "process"
local seals = require "codeocean.bulk.journal.seal"

local M = {}

-- The text of a journal: a header, which is given its seal, and lines, tables or JSON.
function M.text(header, ...)
  ledgers.sealed(header)
  local text, hash = { json.encode(header), "\n" }, seals.begin(header)
  for _, line in ipairs { ... } do
    if type(line) == "table" then line = json.encode(line) end
    text[#text + 1], hash = seals.close(line, hash)
    text[#text + 1] = "\n"
  end
  return table.concat(text)
end

-- The text of a journal without the seals of its lines.
function M.unsealed(text) return (text:gsub(',"seal":"%x+"}\n', "}\n")) end

-- Cuts the journal at `path` behind its first `lines` lines.
function M.cut(path, lines)
  local kept = {}
  for line in io.lines(path) do
    if #kept < lines then kept[#kept + 1] = line .. "\n" end
  end
  process.write(path, table.concat(kept))
end

-- Seals the lines again, as if a run had written them so.
function M.sealed(text)
  local lines = {}
  for line in text:gmatch "[^\n]+" do lines[#lines + 1] = line end
  return M.text(json.decode(lines[1]), table.unpack(lines, 2))
end

return M
