--- A copy of an estate's metadata in a sandbox's file: pulled from a deployment, changed by a
-- rehearsal under `colua --sandbox=FILE`, compared with the metadata that were pulled.

local compare = require "codeocean.estate.compare"
local core = require "codeocean.core"
local errors = require "codeocean.error"
local files = require "codeocean.output.file"
local json = require "codeocean.json"
local regular_file = require "codeocean.input.regular_file"
local sandbox = require "codeocean.sandbox"
local text = require "codeocean.text"

local M = {}

local EEXIST = 17
local CHUNK = 1 << 20 -- bytes
local EXISTS = "it exists; remove it or name another"

local function failure(path, message)
  return nil, errors.refused("%s: %s", text.escape(path), message)
end

local function copy(params, archived)
  local own = {}
  for name, value in pairs(params) do own[name] = value end
  own.archived = archived
  return own
end

-- An iterator over the assets found, with `archived`, which only the search tells.
local function assets_of(client, params)
  local halves = params.archived == nil and { false, true } or { params.archived }
  local i, found = 0, nil
  return function()
    while true do
      local asset = found and found()
      if asset then return asset, halves[i] end
      i = i + 1
      if halves[i] == nil then return nil end
      found = client.data_assets:each(copy(params, halves[i]))
    end
  end
end

-- Whether an asset can be copied. Adds to `problems` why it cannot, or not as it is.
local function can_copy(asset, problems)
  local function note(form, ...)
    problems[#problems + 1] = errors.new { kind = "decode", id = asset.id,
      message = form:format(...) }
  end
  for field, why in pairs(type(asset.unreadable) == "table" and asset.unreadable or {}) do
    note("its %s could not be read whole: %s", field, why)
  end
  if asset.name == nil then note "it has no name, and is left out" end
  return asset.name ~= nil
end

-- The same as JSON, of the assets for which options.where is true, options.limit at most.
local function chosen(client, params, options, problems)
  local found, left = assets_of(client, params), options.limit or math.huge
  return function()
    if left == 0 then return nil end
    local asset, archived
    repeat
      asset, archived = found()
      local wanted = not asset or not options.where or options.where(asset)
    until wanted and (not asset or can_copy(asset, problems))
    left = left - 1
    if asset then return json.encode(asset), archived end
  end
end

-- A new, private, empty file beside `path`, whose name nobody else has; or nil and why not.
local function new_part(path)
  local log <close> = core.journal_file()
  local part, made, message, code
  repeat
    part = files.beside(path)
    made, message, code = log:create(part)
  until made or code ~= EEXIST
  return made and part, message
end

-- Removes a part and the files that SQLite leaves beside it.
local function remove(part)
  for _, suffix in ipairs { "", "-journal", "-wal", "-shm" } do os.remove(part .. suffix) end
end

-- Fills the part and renames it to `path`. Returns the number of assets; or nil and why not, an
-- error object or a text.
local function fill(part, path, assets)
  local ok, count, message = pcall(sandbox.import, part, assets)
  if not ok or not count then return nil, ok and message or count end
  local renamed, problem, code = core.rename_new(part, path)
  if renamed then return count end
  return nil, code == EEXIST and EXISTS or problem
end

--- pull(client, path, params [, {where = function, limit}]) -> number of assets, and a list of
-- errors: of assets that are not copied as they are; or nil, err.
-- Writes the assets that the search finds, with their ids, to a new file: those for which
-- where(asset) is true, `limit` at most; archived ones too unless params.archived says otherwise.
-- Refuses a `path` that exists, also a link to nothing.
function M.pull(client, path, params, options)
  if core.absolute(path) then return failure(path, EXISTS) end
  local part, message = new_part(path)
  if not part then return failure(path, message) end
  local problems = {}
  local count, problem = fill(part, path, chosen(client, params, options or {}, problems))
  if count then return count, problems end
  remove(part)
  if errors.is(problem) then return nil, problem end
  if type(problem) ~= "string" or problem:find "\n" then error(problem, 0) end
  return failure(path, problem)
end

local function originals(path)
  if not core.absolute(path) then return failure(path, "there is no such file") end
  local file <close>, unreadable = regular_file.open(path)
  if not file then return failure(path, unreadable:sub(#path + 3)) end
  if file:seek "end" == 0 then return failure(path, "nothing was pulled into it") end
  local list, message = sandbox.imported(path)
  if not list then return failure(path, message) end
  local by_id = {}
  for _, row in ipairs(list) do
    local asset = json.decode(row[1])
    if type(asset) ~= "table" or not core.is_id(asset.id) then
      return failure(path, "the file is damaged")
    end
    asset.archived = row[2]
    by_id[asset.id] = asset
  end
  return by_id
end

local function copy_bytes(from, to)
  repeat
    local bytes, unreadable = from:read(CHUNK)
    local ok, message = not unreadable, unreadable
    if bytes then ok, message = to:write(bytes) end
    if not ok then return nil, message end
  until not bytes
  return to:flush()
end

-- A private copy among the temporary files, removed when its variable is closed; or nil and why
-- there is none.
local function temporary_copy(path)
  local name = os.tmpname()
  local copied = setmetatable({ path = name }, { __close = function() remove(name) end })
  local from <close>, message = regular_file.open(path)
  local to <close>, problem = io.open(name, "wb")
  local ok = from and to
  if ok then ok, message = copy_bytes(from, to) end
  if ok then return copied end
  remove(name)
  return nil, message or problem
end

-- The assets in the file now. They are read from a copy, for a sandbox writes to its file even if
-- it only reads assets.
local function now_there(path)
  local copied <close>, problem = temporary_copy(path)
  if not copied then return failure(path, problem) end
  local server <close>, message = sandbox.start { db = copied.path, ready_after = 0 }
  if not server then return failure(path, message) end
  local client <close> = assert(require("codeocean.client").new { domain = server.url,
    token = server.token, dialect = "current" })
  local by_id = {}
  for _, archived in ipairs { false, true } do
    for asset in client.data_assets:each { archived = archived } do
      asset.archived = archived
      by_id[asset.id] = asset
    end
  end
  return by_id
end

--- diff(path) -> list of {id, name, status = "changed" | "added" | "deleted", fields} sorted by
-- name, empty if the rehearsal changed nothing; or nil, err. The file is only read.
function M.diff(path)
  local before, err = originals(path)
  if not before then return nil, err end
  local after
  after, err = now_there(path)
  if not after then return nil, err end
  local rows = {}
  for id, asset in pairs(before) do
    local fields = after[id] and compare.fields(asset, after[id])
    local status = not after[id] and "deleted" or fields and "changed"
    if status then rows[#rows + 1] = { id = id, name = asset.name, status = status,
      fields = fields } end
  end
  for id, asset in pairs(after) do
    if not before[id] then rows[#rows + 1] = { id = id, name = asset.name, status = "added" } end
  end
  table.sort(rows, function(a, b)
    if a.name ~= b.name then return a.name < b.name end
    return a.id < b.id
  end)
  return rows
end

return M
