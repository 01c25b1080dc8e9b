--- Plan files: the patches of a run, to be reviewed and applied later or by another person.
--
-- Written by --plan, read by `colua apply`. JSON lines: a header {"plan": 2, "items": n, "name": …,
-- "deployment": …}, then {"id", "name", "patch"} for each asset (codeocean.bulk.plan.patch). What
-- must hold: a file that exists is never overwritten; a plan file that is cut, damaged or of a
-- newer format is refused as a whole.

local core = require "codeocean.core"
local errors = require "codeocean.error"
local id_list = require "codeocean.bulk.journal.id_list"
local json = require "codeocean.json"
local patches = require "codeocean.bulk.plan.patch"
local regular_file = require "codeocean.input.regular_file"
local text = require "codeocean.text"

local M = {}

local FORMAT, ENOENT, EEXIST, BUFFERED = 2, 2, 17, 1000

local EXISTS = "it exists; remove it or name another"

local function failure(kind, path, message)
  return nil, errors.new { kind = kind, outcome = "not_sent",
    message = ("plan %s: %s"):format(text.escape(path), message) }
end

-- Writing ----------------------------------------------------------------------------------------

local function append_all(log, header, records)
  local lines = { json.encode(header) }
  local function append()
    local all = table.concat(lines, "\n") .. "\n"
    lines = {}
    return log:append(all)
  end
  for _, record in ipairs(records) do
    if record.status == "pending" and record.patch then
      lines[#lines + 1] = json.encode { id = record.id, name = record.name, patch = record.patch }
    end
    local ok, message
    if #lines >= BUFFERED then ok, message = append() else ok = true end
    if not ok then return nil, message end
  end
  if #lines == 0 then return log:sync() end
  local ok, message = append()
  if not ok then return nil, message end
  return log:sync()
end

--- problem(path) -> the error of kind `refused` that write() would return for this path, or nil.
-- Nothing is made.
function M.problem(path)
  local folder = path:match "^(.*)/"
  local why = (core.is_link(path) or core.absolute(path)) and EXISTS
    or core.folder_problem(folder == "" and "/" or folder or ".")
  return why and select(2, failure("refused", path, why)) or nil
end

--- write(path, header, report) -> number of changes written; or nil, err. The file is new, with
-- mode 0600. report: of a dry run. header: name, deployment.
function M.write(path, header, report)
  local log <close> = core.journal_file()
  local made, message, code = log:create(path)
  if not made and code == EEXIST then
    return failure("refused", path, EXISTS)
  elseif not made then
    return failure("refused", path, message)
  end
  header.plan, header.items = FORMAT, report.counts.pending
  local ok, problem = append_all(log, header, report.records)
  if ok then return header.items end
  return failure("output", path, problem)
end

-- Reading ----------------------------------------------------------------------------------------

-- The patch of a row of format 1, which had the fields before and after.
local function patch_of_old(line)
  local good = type(line.before) == "table" and type(line.after) == "table"
    and type(line.before.tags or {}) == "table" and type(line.after.tags or {}) == "table"
  return good and patches.of(line.before, line.after, { replace_metadata = true }) or nil
end

-- The plan's row that a line holds; or nil, and the reason if the line is not JSON.
local function read_line(bytes, format)
  local line, unreadable = json.decode(bytes)
  if type(line) ~= "table" or not core.is_id(line.id) then return nil, unreadable end
  if type(line.name or "") ~= "string" then return nil end
  local patch = format == 1 and patch_of_old(line) or line.patch
  if not (patches.valid(patch) and patches.is_consistent(patch)) then return nil end
  return { id = line.id, name = line.name, patch = patch }
end

-- Why the header is refused, or nil. `unreadable`: why the header is not JSON.
local function problem_of_header(header, unreadable)
  local format = type(header) == "table" and math.type(header.plan) == "integer" and header.plan
  if not format or format < 1 then
    return "it is not a plan of a bulk run" .. text.because(unreadable)
  end
  if format > FORMAT then return "a newer colua wrote it" end
  local fits = type(header.name or "") == "string" and type(header.deployment or "") == "string"
  local counted = math.type(header.items) == "integer" or format == 1 and header.items == nil
  if not (fits and counted) then return "its header is damaged" end
end

-- The number of rows; or nil and their problem. Two rows for one asset are refused: only one of
-- them could be applied.
local function check_rows(file, header)
  local ids, number = id_list.new(), 1
  for bytes in file:lines() do
    number = number + 1
    local row, reason = read_line(bytes, header.plan)
    if not row then return nil, ("line %d is damaged%s"):format(number, text.because(reason)) end
    if not ids:add(row.id) then
      return nil, ("line %d: a line before it is about the same asset"):format(number)
    end
  end
  if header.items and header.items ~= ids.count then
    return nil, ("it is cut: %d of its %s changes are there"):format(ids.count, header.items)
  end
  return ids.count
end

-- The header, the number of rows, and the byte where they begin; or nil and the problem.
local function check(file)
  local first, unreadable = file:read("l")
  local header, reason = json.decode(first or "")
  local problem = unreadable or problem_of_header(header, reason)
  if problem then return nil, problem end
  local start = file:seek()
  local count, unfit = check_rows(file, header)
  if not count then return nil, unfit end
  return header, count, start
end

-- An iterator over the checked rows; it closes the file behind the last. Raises if the file was
-- written to since the check.
local function each_row(path, file, header, count)
  local number = 0
  return function()
    local bytes = file:read "l"
    local row = bytes and read_line(bytes, header.plan)
    if row then
      number = number + 1
      return row
    end
    file:close()
    if bytes or number ~= count then
      error(select(2, failure("plan", path, "it was changed while it was read")), 0)
    end
  end
end

local function open(path)
  local file, message, code = regular_file.open(path)
  if file then return file end
  return failure("plan", path, code == ENOENT and "no such file; --plan of a command writes one"
    or text.escape(message:gsub("^.-: ", "")))
end

--- spec(path) -> the spec with which bulk.run applies the plan, and the plan's header; or nil, err.
-- Tags and keys that others wrote stay. An asset has drifted, and is left alone, if a field is
-- neither as it was before nor as it should become. The file is read twice: first all of it is
-- checked, then each row is read when the run needs it, so that a plan of a million rows takes
-- little memory.
function M.spec(path)
  local file, err = open(path)
  if not file then return nil, err end
  local header, count, start = check(file)
  if not header then
    file:close()
    return failure("plan", path, count)
  end
  file:seek("set", start)
  return { name = header.name, patches = { rows = each_row(path, file, header, count) } }, header
end

return M
