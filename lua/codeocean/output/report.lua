--- The texts of a bulk run: changes in words, rows of the report, its summary.
--
-- Called by the commands, the confirmation, diff and the session. Escapes text from the server.
-- Pure. `dates`, in what follows: {key = true} of the keys of custom metadata that hold dates
-- (codeocean.assets.schema); nil where no such key is known.

local format = require "codeocean.output.format"
local tags = require "codeocean.tags"
local text = require "codeocean.text"
local values = require "codeocean.output.value"

local M = {}

--- The fields of a row, where --fields names none.
M.FIELDS = { "status", "id", "name", "change" }

-- Changes ----------------------------------------------------------------------------------------

local NONE = "(none)"

local function shown(value)
  return type(value) == "string" and '"' .. text.escape(value) .. '"' or values.show(value)
end

local function shown_date(value)
  return type(value) == "number" and format.day(value) or shown(value)
end

local KEYED = { custom_metadata = true, permissions = true }

local function by_name(a, b) return a[1] < b[1] end

-- {name, before, after} of each field and each key of metadata and permissions, sorted; tags are
-- left out. Values are texts; an absent one is nil.
local function values_of(record, dates)
  local list = {}
  local function add(name, change, show)
    list[#list + 1] = { name, change.before ~= nil and show(change.before) or nil,
      change.after ~= nil and show(change.after) or nil }
  end
  local function shower(field, key)
    return field == "custom_metadata" and dates and dates[key] and shown_date or shown
  end
  for field, change in pairs(record.fields or {}) do
    if KEYED[field] then
      local keys = {}
      for key in pairs(change.before or {}) do keys[key] = true end
      for key in pairs(change.after or {}) do keys[key] = true end
      for key in pairs(keys) do
        add(field .. "." .. text.escape(key), { before = (change.before or {})[key],
          after = (change.after or {})[key] }, shower(field, key))
      end
    elseif field ~= "tags" then
      add(field, change, shown)
    end
  end
  local archived = (record.patch or {}).archived
  if archived then add("archived", archived, shown) end
  table.sort(list, by_name)
  return list
end

-- Tags that were added and removed; nil if the record has no tags.
local function tag_lists(record)
  local change = (record.fields or {}).tags
  if not change then return nil end
  return tags.difference(change.before, change.after)
end

local SAME_TAGS = "the same tags in another way"

local USES = 5 -- shown of an asset in a preview

local function use(one)
  return ("the %s %s"):format(text.escape(one.type), text.escape(one.name or one.id or "?"))
end

--- uses(record) -> lines "used by the result NAME", for the first few uses of the asset.
function M.uses(record)
  local lines, list = {}, record.uses or {}
  for i = 1, math.min(USES, #list) do lines[i] = "used by " .. use(list[i]) end
  if #list > USES then lines[#lines + 1] = ("… and by %d more"):format(#list - USES) end
  return lines
end

local LEAST = 10 -- columns of a value that is cut

-- The change in words; values are cut to `most` columns.
local function words_of(record, dates, most)
  local words = {}
  for _, row in ipairs(values_of(record, dates)) do
    words[#words + 1] = ("%s: %s → %s"):format(row[1], text.clip(row[2] or NONE, most),
      text.clip(row[3] or NONE, most))
  end
  local added, removed = tag_lists(record)
  for _, tag in ipairs(added or {}) do words[#words + 1] = "+" .. text.escape(tag) end
  for _, tag in ipairs(removed or {}) do words[#words + 1] = "-" .. text.escape(tag) end
  if added and #added + #removed == 0 then words[#words + 1] = SAME_TAGS end
  local uses = record.uses or {}
  if uses[1] then
    words[#words + 1] = ("used by %s%s"):format(use(uses[1]),
      #uses > 1 and (" and %d more"):format(#uses - 1) or "")
  end
  return table.concat(words, " ")
end

--- change(record [, dates [, room]]) -> 'description: "old" → "new" +added -removed', in one line.
-- record: {fields}. room: columns; long values are cut for it, all to the same width, so that the
-- end of a change is not the part that is missing.
function M.change(record, dates, room)
  local whole, most = words_of(record, dates, math.maxinteger), room
  local change = whole
  while room and text.width(change) > room and most > LEAST do
    most = most - 1
    change = words_of(record, dates, most)
  end
  return change
end

--- lines(record [, dates]) -> the whole change, a line for each tag, field or key: "-old", "+new".
-- An absent value has no line.
function M.lines(record, dates)
  local rows = {}
  local function add(name, sign, value)
    rows[#rows + 1] = { name, value and sign .. value or sign }
  end
  for _, row in ipairs(values_of(record, dates)) do
    if row[2] then add(row[1], "-", row[2]) end
    if row[3] then add(row[1], "+", row[3]) end
  end
  local added, removed = tag_lists(record)
  for _, tag in ipairs(removed or {}) do add("tags", "-", text.escape(tag)) end
  for _, tag in ipairs(added or {}) do add("tags", "+", text.escape(tag)) end
  if added and #added + #removed == 0 then add("tags", SAME_TAGS) end
  local lines = {}
  for i, row in ipairs(rows) do lines[i] = ("%s  %s"):format(row[1], row[2]) end
  return lines
end

-- Rows -------------------------------------------------------------------------------------------

--- why(record, argument) -> why a record failed, in a line; nil for a record that did not fail or
-- was not begun. argument(err) -> the complaint of the library about an argument, or nil.
function M.why(record, argument)
  local err = record.error
  if not err or err.kind == "pending" then return nil end
  return ((argument and argument(err) or tostring(err)):match "^[^\n]*")
end

-- The reason without the record's id, which the row has.
local function reason(record, why)
  local prefix = tostring(record.id) .. ": "
  return why and why:sub(1, #prefix) == prefix and why:sub(#prefix + 1) or why
end

--- row(record [, options]) -> a record as a row for codeocean.output. options: {why (it failed, in
-- a line), dry, dates, room (columns that the change may take)}.
function M.row(record, options)
  options = options or {}
  local why = reason(record, options.why)
  return {
    status = options.dry and record.status == "pending" and "~" or record.status,
    id = record.id, name = record.name, fields = record.fields,
    change = why or M.change(record, options.dates, options.room), error = why,
  }
end

-- Sums -------------------------------------------------------------------------------------------

--- count(n, one) -> "1 asset", "2 assets".
function M.count(n, one)
  return ("%d %s%s"):format(n, one, n == 1 and "" or "s")
end

--- size(bytes) -> text; for a sum beyond 64 bits "more than …".
function M.size(bytes)
  if math.type(bytes) == "integer" then return format.size(bytes) end
  return "more than " .. format.size(math.maxinteger)
end

--- volume(total) -> "1.2 PiB, 45 % of it idle for a year", of a total of codeocean.estate.groups.
function M.volume(total)
  local bytes = total.bytes:approximately()
  local idle = bytes > 0 and (", %.0f %% of it idle for a year"):format(
    100 * total.idle_bytes:approximately() / bytes) or ""
  return total.bytes:size() .. idle
end

--- summary(report, statuses, facts) -> "124 selected: 120 ok, 4 missing (248 requests, 3.1 s)".
-- facts: dry, bad (input rows that were no id), requests, seconds, total (codeocean.estate.groups)
-- of what a dry run would change.
function M.summary(report, statuses, facts)
  local words = {}
  for _, name in ipairs(statuses) do
    local n = report.counts[name]
    local would = facts.dry and name == "pending"
    if n > 0 then words[#words + 1] = ("%d %s"):format(n, would and "would change" or name) end
    if n > 0 and would and facts.total then words[#words + 1] = M.volume(facts.total) end
  end
  if facts.bad > 0 then words[#words + 1] = M.count(facts.bad, "input row") .. " refused" end
  if (report.repaired or 0) > 0 then
    words[#words + 1] = ("%d written again"):format(report.repaired)
  end
  return ("%d selected: %s (%s, %s)"):format(#report.records,
    #words > 0 and table.concat(words, ", ") or "nothing to do",
    M.count(facts.requests, "request"),
    facts.seconds < 10 and ("%.1f s"):format(facts.seconds) or format.duration(facts.seconds))
end

return M
