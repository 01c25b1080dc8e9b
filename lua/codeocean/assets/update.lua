--- Updates: checks the fields to write, merges them into the asset as it is, and compares the
-- answer.
--
-- Called by assets:update, bulk runs and the commands. PUT replaces name, description, tags and
-- mount, so the body also has the present values of those that do not change. What must hold:
-- everything is checked before anything is sent; a field that an answer left out is never written
-- as empty.

local core = require "codeocean.core"
local equal = require "codeocean.equal"
local errors = require "codeocean.error"
local json = require "codeocean.json"
local left_out = require "codeocean.assets.left_out"
local options = require "codeocean.options"
local tags = require "codeocean.tags"

local M = {}

-- Checking ---------------------------------------------------------------------------------------

-- A type: text that is not empty (the API refuses an empty name).
local function filled(value)
  if value == "" then return "text that is not empty" end
  return options.utf8(value)
end

--- The fields that an update can write.
M.FIELDS = {
  { "name", nil, filled },
  { "description", nil, options.utf8 },
  { "tags", nil, options.list(options.utf8) },
  { "mount", nil, options.utf8 },
  { "custom_metadata", nil, options.is("table", "table of names and values") },
  called = "field",
}

M.OPTIONS = { { "replace_metadata", false, options.boolean } }

-- The problem of custom metadata that JSON cannot hold (a function, NaN, a hole); or nil.
local function unwritable(data)
  local good, written = pcall(json.encode, data)
  if not good then return (tostring(written):gsub("^.-cannot be written as JSON: ", "")) end
  if written:sub(1, 1) ~= "{" then return "table of names and values expected, got a list" end
end

--- problem(changes) -> the name of the first field of `changes` that cannot be written, and what is
-- wrong with it; nil if nothing is.
function M.problem(changes)
  if type(changes) ~= "table" then
    return "changes", "table expected, got " .. type(changes)
  elseif next(changes) == nil then
    return "changes", "at least one field expected"
  end
  local name, problem = options.problem(M.FIELDS, changes)
  if name then return name, problem end
  local reason = changes.custom_metadata and unwritable(changes.custom_metadata)
  if reason then return "custom_metadata", reason end
end

-- Merging ----------------------------------------------------------------------------------------

local function is_whole(changes)
  return changes.name ~= nil and changes.description ~= nil and changes.tags ~= nil
    and changes.mount ~= nil
end

--- merged_metadata(present, changes) -> a new table: `present` with the keys of `changes` written
-- over it; json.null removes a key.
function M.merged_metadata(present, changes)
  local own = {}
  for key, value in pairs(present or {}) do own[key] = value end
  for key, value in pairs(changes) do
    if value == json.null then value = nil end
    own[key] = value
  end
  return own
end

-- Whether an update must have a description: the 2022 release, which shows no mount, requires it.
local function needs_description(client, present)
  return present.mount == nil or client.dialect.chosen == "2022"
end

--- body(client, present, changes) -> the body of an update: `changes`, and the other ones of name,
-- description, tags and mount from `present`, the asset as just read. A field that `present` lacks
-- is left out.
function M.body(client, present, changes)
  local body = { name = present.name, description = present.description, mount = present.mount }
  if body.description == nil and needs_description(client, present) then body.description = "" end
  if not core.json_is_absent(present.tags) then body.tags = json.array(present.tags) end
  for name, value in pairs(changes) do body[name] = value end
  return body
end

local function merged(client, present, changes, replace_metadata)
  local body = M.body(client, present, changes)
  if changes.custom_metadata and not replace_metadata then
    body.custom_metadata = M.merged_metadata(present.custom_metadata, changes.custom_metadata)
  end
  return body
end

local SENT_BACK = { "name", "description", "tags", "mount" }

local function is_odd(field, value)
  if value == nil then return field == "name" end  -- the 2022 release shows no mount
  if field == "tags" then return not tags.is_list(value) end
  return type(value) ~= "string"
end

local function undecodable(asset, field, what)
  return errors.new { kind = "decode", operation = "update", id = asset.id, outcome = "not_sent",
    message = ("%s: the server's answer has %s: left alone"):format(field, what) }
end

--- unusable(asset, wanted) -> an error (kind `decode`, nothing was sent) if an update could not
-- send the asset's present values back: a field that `wanted` does not replace has the wrong type,
-- or the name is missing. Else nil. wanted: values, or a patch (codeocean.bulk.plan.patch).
function M.unusable(asset, wanted)
  for i = 1, #SENT_BACK do
    local field = SENT_BACK[i]
    local value = asset[field]
    if wanted[field] == nil and is_odd(field, value) then
      return undecodable(asset, field, (value == nil and "none" or "no usable one")
        .. ", and an update must send it back")
    end
  end
end

-- Comparing --------------------------------------------------------------------------------------

local function equal_in_any_order(a, b)
  if tags.equal(a, b) then return true end
  local left, right = table.move(a, 1, #a, 1, {}), table.move(b, 1, #b, 1, {})
  table.sort(left)
  table.sort(right)
  return tags.equal(left, right)
end

-- Fields, and whether a value in an answer stands for another one that was sent. The 2022 release
-- keeps a mount that it does not show, and keeps no custom metadata.
local MATCHES = {
  { "name", function() return false end },
  { "description", function(sent, got) return sent == "" and got == nil end },
  { "tags", equal_in_any_order },
  { "mount", function(_, got) return got == nil end },
  { "custom_metadata", function(sent, got) return equal(sent, got or {}) end },
}

-- The first field whose value in the answer differs from the one sent, or nil.
local function mismatch(body, asset)
  for i = 1, #MATCHES do
    local row = MATCHES[i]
    local field = row[1]
    local sent, got = body[field], asset[field]
    if sent ~= got and sent ~= nil and not row[2](sent, got) then return field end
  end
end

-- The error of an answer that differs in `field`. It stops a run if the answer has no custom
-- metadata: a server that does not keep it would lose that of the next asset too.
local function conflict(id, field, asset)
  local message = ("the server answers with another %s than was sent"):format(field)
  local keeps_none = field == "custom_metadata" and asset.custom_metadata == nil or nil
  if keeps_none then
    message = "the server's answer has no custom metadata: it may not have kept any"
  end
  return errors.new { kind = "conflict", operation = "update", id = id, outcome = "unknown",
    data = asset, stops = keeps_none, message = message }
end

--- send(client, id, body [, before]) -> asset; or nil, err. Sends the body unchanged and compares
-- the answer with it: a difference is err.kind "conflict". `before`: the asset as read for this
-- write, if it was read.
function M.send(client, id, body, before)
  local asset, err = client:request("update", id, body, nil, before)
  if not asset then return nil, err end
  local field = mismatch(body, asset)
  if field then return nil, conflict(id, field, asset) end
  return asset
end

-- Reads the asset, merges the changes and sends the body. Repeats all of it if the body could not
-- be sent soon after the read.
local function read_and_send(client, id, changes, replace)
  local deadline = core.now() + client.deadline
  local asset, err
  repeat
    local present, unreadable = client:request("get", id)
    if not present then return nil, unreadable end
    local merges = { custom_metadata = not replace and changes.custom_metadata }
    local odd = M.unusable(present, changes) or left_out.problem(client, present, merges)
    if odd then return nil, odd end
    asset, err = M.send(client, id, merged(client, present, changes, replace), present)
  until asset or not err.stale or core.now() >= deadline
  if asset then return asset end
  return nil, err
end

--- update(client, id, changes, opts) -> asset; or nil, err: as documented for assets:update. Values
-- are checked here if a get or a hook comes first, if a field is unknown, or if the asset's name is
-- empty. Otherwise the engine refuses a wrong value before it sends anything.
function M.update(client, id, changes, opts)
  local replace = opts and options.read("update", M.OPTIONS, opts, "opts").replace_metadata
  local whole = type(changes) == "table" and is_whole(changes)
    and (replace or not changes.custom_metadata)
  local sent_at_once = whole and not client.hooked and options.knows(M.FIELDS, changes)
    and changes.name ~= ""
  if sent_at_once then return M.send(client, id, changes) end
  local name, problem = M.problem(changes)
  if name then core.complain("update", name, problem) end
  if whole then return M.send(client, id, changes) end
  return read_and_send(client, id, changes, replace)
end

return M
