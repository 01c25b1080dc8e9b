--- Values per row: reads from a sheet, or from JSON objects, which values to write to each asset.
-- Called by `colua update --from`. An empty cell leaves its field alone, \N clears it. Rows of one
-- asset are merged, and refused if they contradict each other. A cell that equals what the listing
-- shows for the asset is not a change: a listing saved unedited writes nothing.

local cells = require "codeocean.input.cell"
local forms = require "codeocean.input.id"
local json = require "codeocean.json"
local sheet = require "codeocean.input.sheet"
local tags = require "codeocean.tags"
local text = require "codeocean.text"

local M = {}

local LISTS = { tags = true, ["+tags"] = true, ["-tags"] = true }
local NEEDED = { name = true, mount = true }

-- The columns that are written.
local WRITTEN = {
  { "id", sheet.id, "asset_id", "data_asset_id" },
  { "name", sheet.text },
  { "description", sheet.text },
  { "mount", sheet.text },
  { "tags", sheet.list },
  { "+tags", sheet.list, "add tags" },
  { "-tags", sheet.list, "remove tags" },
  { "custom_metadata.*", sheet.scalar },
}

-- Columns of a listing that cannot be written: they are ignored, and reported.
local READ_ONLY = { "type", "state", "size", "files", "created", "last_used", "idle", "owner",
  "owner_email", "archived", "failure_reason", "source_bucket", "source_bucket.*", "provenance",
  "provenance.*", "app_parameters", "nextflow_profile", "contained_data_assets",
  "last_transferred", "transfer_error" }

local function columns(by_name)
  local list = table.move(WRITTEN, 1, #WRITTEN, 1, {})
  if by_name then list[1] = { "id", sheet.any } end
  for _, title in ipairs(READ_ONLY) do list[#list + 1] = { title, sheet.any, hidden = true } end
  return list
end

-- Rows -------------------------------------------------------------------------------------------

local function complain(self, row, column, problem)
  local message = ("%s: %s%s"):format(row.place, column and text.escape(column) .. ": " or "",
    problem)
  self.complaints[#self.complaints + 1] = { file = row.file, line = row.line, column = column,
    message = message }
end

-- The values of a row that can be written; adds the other columns to self.left.
local function wanted_of(self, row)
  local own = {}
  for _, column in ipairs(WRITTEN) do
    local name = column[1]:gsub("%.%*$", "")
    own[name] = row.values[name]
  end
  for name in pairs(row.values) do
    if own[name] == nil and not self.left[name] then
      self.left[name], self.left[#self.left + 1] = true, name
    end
  end
  return own
end

-- The first tag of `a` that is also in `b`.
local function common(a, b)
  if type(a) ~= "table" or type(b) ~= "table" then return nil end
  local set = {}
  for _, tag in ipairs(b) do set[tag] = true end
  for _, tag in ipairs(a) do
    if set[tag] then return tag end
  end
end

-- Cells that a person means as JSON: an object, and a list that has one.
local JSON_FORMS = { '^%s*{%s*".*}%s*$', '^%s*%[.*{%s*".*%]%s*$' }

-- The mistake in a cell that is meant as JSON; nil for any other cell. Taken as a text, the cell
-- would replace an object.
local function problem_of_json(cell)
  for _, form in ipairs(type(cell) == "string" and JSON_FORMS or {}) do
    local value, reason
    if cell:find(form) then value, reason = json.decode(cell) end
    if value == nil and reason then return "it is not JSON" .. text.because(reason) end
  end
end

local function problem_of_metadata(metadata)
  if metadata == sheet.CLEAR then return nil end
  for key, value in pairs(metadata or {}) do
    local problem = problem_of_json(value)
    if problem then return "custom_metadata." .. key, problem end
  end
end

-- The column and the problem of the values of a row, or of several merged; nil if all are good.
local function problem_of(values)
  for name in pairs(NEEDED) do
    if values[name] == sheet.CLEAR then return name, "it cannot be cleared" end
  end
  if values.tags and (values["+tags"] or values["-tags"]) then
    return "tags", "it is the whole list; leave +tags and -tags of the row empty"
  end
  local tag = common(values["+tags"], values["-tags"])
  if tag then return "+tags", ('"%s" is in -tags too'):format(text.escape(tag)) end
  return problem_of_metadata(values.custom_metadata)
end

local function union(a, b)
  if a == sheet.CLEAR or b == sheet.CLEAR then return a == b and a or nil end
  local list, seen = json.array(), {}
  for _, items in ipairs { a, b } do
    for _, item in ipairs(items) do
      if not seen[item] then list[#list + 1], seen[item] = item, true end
    end
  end
  return list
end

-- Merges the values of a row into those of an earlier row of the same asset. Returns the first
-- column in which they contradict each other, or nil.
local function merge(into, values)
  for name, value in pairs(values) do
    local old = into[name]
    if old == nil then
      into[name] = value
    elseif LISTS[name] then
      into[name] = union(old, value)
      if into[name] == nil then return name end
    elseif type(value) == "table" then
      local key = merge(old, value)
      if key then return ("%s.%s"):format(name, key) end
    elseif old ~= value then
      return name
    end
  end
end

local function add_new(self, key, row, values)
  local item = { key = key, rows = 1, line = row.line, place = row.place, values = values,
    is_text = row.written ~= nil }
  self.by_key[key], self.items[#self.items + 1] = item, item
end

local function refuse(self, row, column, problem)
  self.refused = self.refused + 1
  complain(self, row, column, problem)
end

-- Refuses a row and the earlier ones of the same asset, which `earlier` counts.
local function refuse_both(self, row, earlier, column, problem)
  earlier.refused = true
  complain(self, row, column, problem .. "; neither is written")
end

local function add(self, row)
  local values = wanted_of(self, row)
  local key = values[self.key_column]
  local column, problem = problem_of(values)
  if key == nil or key == sheet.CLEAR then
    local named = self.key_column == "id" and type(values.name) == "string"
    column, problem = nil, ("no %s: which asset?%s"):format(self.key_column,
      named and " --by-name takes it by its name" or "")
  end
  if problem then return refuse(self, row, column, problem) end
  values.id, values[self.key_column] = nil, nil
  key = self.key_column == "id" and forms.canonical(key) or key
  local earlier = self.by_key[key]
  if not earlier then return add_new(self, key, row, values) end
  earlier.rows = earlier.rows + 1
  local other = merge(earlier.values, values)
  if other then
    return refuse_both(self, row, earlier, other,
      ("another value than in line %d for the same asset"):format(earlier.line))
  end
  column, problem = problem_of(earlier.values)
  if problem then
    refuse_both(self, row, earlier, column,
      ("%s; line %d is of the same asset"):format(problem, earlier.line))
  end
end

-- JSON objects -----------------------------------------------------------------------------------

local function is_text_list(value)
  if type(value) ~= "table" then return false end
  for key, item in pairs(value) do
    if math.type(key) ~= "integer" or type(item) ~= "string" then return false end
  end
  return true
end

-- The checked value of a field of a JSON object; or nil and what was expected. In JSON, "" or []
-- clears a field and null counts as absent.
local function json_value(name, value)
  if LISTS[name] then
    if is_text_list(value) then return json.array(value) end
    return nil, "a list of texts expected"
  elseif name == "custom_metadata" then
    if type(value) == "table" and value[1] == nil then return value end
    return nil, "an object expected"
  elseif type(value) ~= "string" then
    return nil, "a text expected"
  elseif name == "id" then
    return cells.id(value)
  end
  return value
end

-- Collects fields "custom_metadata.KEY", as a listing of chosen fields has them, in one object.
-- Returns the values, and the first such field if the row has the whole object too.
local function gathered(values)
  local own, metadata, first = {}, {}, nil
  for name, value in pairs(values) do
    local key = name:match "^custom_metadata%.(.+)$"
    if key then metadata[key] = value else own[name] = value end
    if key and not (first and first < key) then first = key end
  end
  if first and own.custom_metadata ~= nil then return own, "custom_metadata." .. first end
  own.custom_metadata = own.custom_metadata or first and metadata
  return own
end

-- Converts the values of a JSON row to those of a sheet's row. Returns false if a field is wrong.
local function convert(self, row, known)
  local own, count = {}, #self.complaints
  local values, twice = gathered(row.values)
  if twice then complain(self, row, twice, "the row has custom_metadata too; give one of them") end
  for name, value in pairs(values) do
    local problem
    if known[name] then
      own[name], problem = json_value(name, value)
    elseif known[name] == nil then
      problem = sheet.unknown(WRITTEN, name)
    else
      own[name] = value
    end
    if problem then complain(self, row, known[name] and name or nil, problem) end
  end
  row.values = own
  return #self.complaints == count
end

-- By field: true if it is written, false if it is ignored.
local function known_fields()
  local known = {}
  for _, title in ipairs(READ_ONLY) do known[title] = false end
  for _, column in ipairs(WRITTEN) do known[(column[1]:gsub("%.%*$", ""))] = true end
  return known
end

-- Reading ----------------------------------------------------------------------------------------

-- The items that are not refused, and the number of rows of the others.
local function good_items(self)
  local items, refused = {}, 0
  for _, item in ipairs(self.items) do
    if item.refused then
      refused = refused + item.rows
    else
      items[#items + 1] = item
    end
  end
  return items, refused
end

local function collect(by_name, rows, complaints, notes, refused)
  if not rows then return nil, complaints end
  local self = { complaints = complaints, refused = refused, items = {}, by_key = {}, left = {},
    key_column = by_name and "name" or "id" }
  local known = known_fields()
  for _, row in ipairs(rows) do
    if row.written or convert(self, row, known) then
      add(self, row)
    else
      self.refused = self.refused + 1
    end
  end
  local items, contradicting = good_items(self)
  table.sort(complaints, function(a, b) return a.line < b.line end)
  return items, complaints, self.left, notes, self.refused + contradicting
end

--- load(path [, by_name]) -> items, complaints, left, notes, refused; or nil and one line when all
-- of it is wrong.
--   items       { key = the canonical id, or with by_name the name, place = "file:line", values =
--               {field = value}, is_text = whether they were cells, rows = how many rows it is
--               from }, one for each asset
--   complaints  { file, line, column, message }, in the order of the lines
--   left        the columns that hold something and cannot be written
--   notes       as of codeocean.input.sheet
--   refused     how many rows are not among the items
-- Columns: id (or name, with by_name), name, description, mount, tags (the whole list, a;b), +tags,
-- -tags, custom_metadata.KEY.
function M.load(path, by_name)
  return collect(by_name, sheet.load(path, columns(by_name)))
end

--- read(source, name [, by_name]) -> as load(), of an open file or a function that gives lines.
function M.read(source, name, by_name)
  return collect(by_name, sheet.read(source, columns(by_name), name))
end

-- Changes ----------------------------------------------------------------------------------------

local function with_line_feeds(value)
  return type(value) == "string" and value:gsub("\r\n?", "\n") or value
end

-- The value of a cell in the type of the old value, if it can be read as that type.
local function as_before(old, value)
  if type(old) == "string" and type(value) == "number" then return text.number(value) end
  if type(value) ~= "string" then return value end
  local read
  if type(old) == "boolean" then read = cells.flag(value) end
  if type(old) == "table" then read = json.decode(value) end
  if read == nil then return value end
  return read
end

-- The keys of custom metadata to write; nil if all are equal.
local function metadata_change(now, values)
  local changes = {}
  for key, value in pairs(values) do
    local old = now[key]
    if value == sheet.CLEAR then
      if old ~= nil then changes[key] = value end
    elseif old == nil or cells.shown(old) ~= cells.shown(as_before(old, value)) then
      changes[key] = as_before(old, value)
    end
  end
  return next(changes) and changes or nil
end

-- The tags as a cell gives them, without the blanks around each.
local function without_blanks(list)
  local own = {}
  for i, tag in ipairs(list) do own[i] = forms.trim(tag) end
  return own
end

local function tags_change(now, values)
  if values.tags == sheet.CLEAR then return #now > 0 and json.array() or nil end
  if values.tags then
    local alike = tags.equal(now, values.tags) or tags.equal(without_blanks(now), values.tags)
    return not alike and values.tags or nil
  end
  local function unless_clear(name)
    return values[name] ~= sheet.CLEAR and values[name] or nil
  end
  local more, less = unless_clear "+tags", unless_clear "-tags"
  if not (more or less) then return nil end
  local list = tags.change(now, { add = more, remove = less })
  return not tags.equal(now, list) and list or nil
end

--- change(asset, values) -> the fields to write so that the asset is as the values of an item say:
-- what bulk.run expects of a change.
function M.change(asset, values)
  local wanted = {}
  for _, name in ipairs { "name", "description", "mount" } do
    local value = values[name]
    if value == sheet.CLEAR then value = "" end
    local old = with_line_feeds(asset[name] or "")
    if value ~= nil and old ~= with_line_feeds(value) then wanted[name] = value end
  end
  wanted.tags = tags_change(asset.tags or {}, values)
  wanted.custom_metadata = values.custom_metadata
    and metadata_change(asset.custom_metadata or {}, values.custom_metadata)
  return wanted
end

return M
