--- Permissions: who may see or edit an asset, and changes of permissions.
--
-- Called by assets:share, by bulk runs and by `colua share`. The API has a request of its own for
-- permissions, which replaces each part that it contains. So permissions are read first, and each
-- user and group that a change does not name is sent back unchanged.
--
-- Three forms. The API's: {users = {{email, role}}, groups = {{group, role}}, everyone,
-- share_assets}. Entries, for patches: {["user MAIL"] = role, ["group NAME"] = role, everyone =
-- level, share_assets = boolean}. Changes, as users write them: {users = {MAIL = role}, groups =
-- {NAME = role}, everyone, share_assets}, where the role "none" takes a user or a group out.
--
-- What must hold: an asset that has an owner keeps one.

local ascii = require "codeocean.ascii"
local core = require "codeocean.core"
local equal = require "codeocean.equal"
local errors = require "codeocean.error"
local json = require "codeocean.json"
local options = require "codeocean.options"
local text = require "codeocean.text"

local M = {}

--- Roles of users and of groups, and what everyone may do.
M.ROLES = {
  user = { "owner", "editor", "viewer" },
  group = { "owner", "editor", "viewer", "discoverable" },
  everyone = { "viewer", "discoverable", "none" },
}

-- The lists of the API: name, the field that names an item, the word in an entry's key.
local LISTS = { { "users", "email", "user" }, { "groups", "group", "group" } }

-- Checking ---------------------------------------------------------------------------------------

local function role_of(kind)
  local roles = table.move(M.ROLES[kind], 1, #M.ROLES[kind], 1, {})
  roles[#roles + 1] = kind ~= "everyone" and "none" or nil
  return options.choice(table.unpack(roles))
end

-- A type: a table of names and roles.
local function roles(kind, expected)
  local accepts = role_of(kind)
  return function(value)
    if type(value) ~= "table" then return ("table of %s and role"):format(expected) end
    local seen = {}
    for name, role in pairs(value) do
      local good = not options.utf8(name) and name ~= ""
        and (kind ~= "user" or name:find("^[^%s@]+@[^%s@]+$"))
      if not good then return expected, "", name end
      local problem = accepts(role)
      if problem then return problem, ("[%s]"):format(options.describe(name)), role end
      local key = kind == "user" and ascii.lower(name) or name
      if seen[key] then return ("each %s once"):format(expected), "", name end
      seen[key] = true
    end
  end
end

M.FIELDS = {
  { "users", nil, roles("user", "mail address") },
  { "groups", nil, roles("group", "name of a group") },
  { "everyone", nil, role_of "everyone" },
  { "share_assets", nil, options.boolean },
  called = "permission",
}

--- problem(changes) -> the name of the first part of `changes` that is wrong, and what is wrong
-- with it; nil if nothing is.
function M.problem(changes)
  if type(changes) ~= "table" then
    return "permissions", "table expected, got " .. options.describe(changes)
  elseif next(changes) == nil then
    return "permissions", "at least one of users, groups, everyone, share_assets expected"
  end
  local name, problem = options.problem(M.FIELDS, changes)
  if name then return "permissions." .. name, problem end
end

--- lines(changes) -> list of "user MAIL: role" as people read them, sorted.
function M.lines(changes)
  local lines = {}
  for _, row in ipairs(LISTS) do
    for name, role in pairs(changes[row[1]] or {}) do
      lines[#lines + 1] = ("%s %s: %s"):format(row[3], text.escape(name), role)
    end
  end
  if changes.everyone then lines[#lines + 1] = "everyone: " .. changes.everyone end
  table.sort(lines)
  return lines
end

-- Entries ----------------------------------------------------------------------------------------

local function is_role(kind, role)
  for _, known in ipairs(M.ROLES[kind]) do
    if role == known then return true end
  end
  return false
end

--- valid_entry(key, value) -> whether `key` is the key of an entry, and `value` one that the entry
-- may have; nil is the value of an absent entry.
function M.valid_entry(key, value)
  if key == "share_assets" then return value == nil or type(value) == "boolean" end
  local kind = key == "everyone" and key or type(key) == "string" and key:match "^(%l+) ."
  return M.ROLES[kind] ~= nil and (value == nil or is_role(kind, value))
end

local function add_list(entries, list, named, kind)
  if type(list or {}) ~= "table" then return false end
  for _, item in ipairs(list or {}) do
    if type(item) ~= "table" or type(item[named]) ~= "string" then return false end
    entries[kind .. " " .. item[named]] = item.role
  end
  return true
end

--- entries(permissions) -> the entries of the API's permissions; nil if one of them is unknown, for
-- it could not be sent back. An absent `everyone` is "none".
function M.entries(permissions)
  local entries = { everyone = permissions.everyone or "none",
    share_assets = permissions.share_assets }
  for _, row in ipairs(LISTS) do
    if not add_list(entries, permissions[row[1]], row[2], row[3]) then return nil end
  end
  for key, value in pairs(entries) do
    if not M.valid_entry(key, value) then return nil end
  end
  return entries
end

--- permissions(entries) -> the API's form, whole, as it is sent.
function M.permissions(entries)
  local own = { everyone = entries.everyone, share_assets = entries.share_assets }
  for _, row in ipairs(LISTS) do
    local list = json.array {}
    for key, role in pairs(entries) do
      local name = key:match("^" .. row[3] .. " (.+)$")
      if name then list[#list + 1] = { [row[2]] = name, role = role } end
    end
    table.sort(list, function(a, b) return a[row[2]] < b[row[2]] end)
    own[row[1]] = list
  end
  return own
end

--- body(entries, present) -> the API's form, to replace `present`, the answer that the entries were
-- made from. A part that the answer left out and that no entry belongs to is not sent, so it stays.
function M.body(entries, present)
  local own = M.permissions(entries)
  for _, row in ipairs(LISTS) do
    if present[row[1]] == nil and #own[row[1]] == 0 then own[row[1]] = nil end
  end
  if present.everyone == nil and own.everyone == "none" then own.everyone = nil end
  return own
end

local function has_owner(entries)
  for _, role in pairs(entries) do
    if role == "owner" then return true end
  end
  return false
end

--- orphans(before, after) -> whether nobody in the entries `after` is an owner, and somebody was.
function M.orphans(before, after) return has_owner(before) and not has_owner(after) end

--- place(entries, key) -> the key of the entry that `key` names, or `key` if there is none. A mail
-- address is found in any letter case.
function M.place(entries, key)
  if entries[key] or not key:find "^user " then return key end
  for present in pairs(entries) do
    if ascii.lower(present) == ascii.lower(key) then return present end
  end
  return key
end

--- merged(entries, changes) -> new entries: `entries` with the changes applied.
function M.merged(entries, changes)
  local own = {}
  for key, value in pairs(entries) do own[key] = value end
  if changes.everyone then own.everyone = changes.everyone end
  if changes.share_assets ~= nil then own.share_assets = changes.share_assets end
  for _, row in ipairs(LISTS) do
    for name, role in pairs(changes[row[1]] or {}) do
      own[M.place(own, row[3] .. " " .. name)] = role ~= "none" and role or nil
    end
  end
  return own
end

-- Over the wire ----------------------------------------------------------------------------------

local function failure(kind, id, message)
  return nil, errors.new { kind = kind, operation = "share", id = id, outcome = "not_sent",
    message = message }
end

--- last_owner(id) -> nil, the error of a change that would leave an asset without an owner.
function M.last_owner(id)
  return failure("invalid", id, "permissions: the last owner would go: left alone")
end

-- The name of the list that has one of these keys and is missing in `present`; nil if there is
-- none. An answer with users is whole: if it leaves out the groups, there are none.
local function hidden_list(present, keys)
  if present.users ~= nil then return nil end
  for _, row in ipairs(LISTS) do
    for key in pairs(keys) do
      if present[row[1]] == nil and key:find("^" .. row[3] .. " ") then return row[1] end
    end
  end
end

--- named(changes) -> the keys of the entries that the changes name, as a set.
function M.named(changes)
  local keys = {}
  for _, row in ipairs(LISTS) do
    for name in pairs(changes[row[1]] or {}) do keys[row[3] .. " " .. name] = true end
  end
  return keys
end

--- hidden(id, present, keys) -> an error (kind `decode`) if `present`, the API's answer, does not
-- show the list of one of these keys, which a change names: its entries would be erased, or count
-- as gone. Else nil.
function M.hidden(id, present, keys)
  local list = hidden_list(present, keys)
  return list and select(2, failure("decode", id, ("permissions: the server's answer has no list "
    .. "of %s, which the change is about: left alone"):format(list)))
end

--- read(client, id) -> permissions in the API's form, which can be sent back; or nil, err.
function M.read(client, id)
  local permissions, err = client:request("get_permissions", id)
  if not permissions then return nil, err end
  if M.entries(permissions) then return permissions end
  return failure("decode", id, "permissions: the server's answer has a role or an entry that "
    .. "this release does not know, and a change must send it back: left alone")
end

-- The error of a deployment that lacks the request: the asset was read a moment ago, so the answer
-- `missing` is not about the asset.
local function unknown_request(id)
  return failure("rejected", id, "permissions: the deployment does not know this request; the "
    .. "release of 2022 has none of them")
end

--- attach(client, asset [, keys]) -> the asset, as just read, with its `permissions`; or nil, err,
-- also if the answer does not show the entries with these keys.
function M.attach(client, asset, keys)
  local permissions, err = M.read(client, asset.id)
  if err and err.kind == "missing" then return unknown_request(asset.id) end
  if not permissions then return nil, err end
  local hidden = M.hidden(asset.id, permissions, keys or {})
  if hidden then return nil, hidden end
  asset.permissions = permissions
  return asset
end

-- The error for entries that a journal cannot hold: an undo could not take them back.
local function not_understood(id)
  return failure("invalid", id, "permissions: what is to be written has a role or an entry that "
    .. "this release does not know, and undo() could not take it back: left alone")
end

--- wanted(client, asset, sent) -> {permissions = entries}: the entries after `sent` (in the API's
-- form) is written; a part that is not sent stays. nil, err if an entry of `sent` is unknown, or if
-- asset.permissions, the present ones, are missing and cannot be read.
function M.wanted(client, asset, sent)
  if type(sent) ~= "table" then return nil end -- the request refuses it
  local own = M.entries(sent)
  if not own then return not_understood(asset.id) end
  if not asset.permissions then
    local present, err = M.attach(client, asset, own)
    if not present then return nil, err end
  end
  local whole = {}
  for _, name in ipairs { "users", "groups", "everyone", "share_assets" } do
    whole[name] = sent[name]
    if whole[name] == nil then whole[name] = asset.permissions[name] end
  end
  return { permissions = M.entries(whole) }
end

-- The asset with its permissions, as hooks need it; without hooks its permissions alone.
local function read_for_write(client, id)
  local asset, err = { id = id }, nil
  if client.hooked then asset, err = client:request("get", id) end
  if not asset then return nil, err end
  asset.permissions, err = M.read(client, id)
  if not asset.permissions then return nil, err end
  return asset
end

-- Reads, merges and writes once; err.stale: it could not be sent soon after the read.
local function read_and_share(client, id, changes)
  local asset, err = read_for_write(client, id)
  if not asset then return nil, err end
  local present = asset.permissions
  local before = M.entries(present)
  local after = M.merged(before, changes)
  if M.orphans(before, after) then return M.last_owner(id) end
  local hidden = M.hidden(id, present, M.named(changes))
  if hidden then return nil, hidden end
  if equal(before, after) then return present end
  local wanted = M.body(after, present)
  local done, failed = client:request("set_permissions", id, wanted, nil, asset)
  if not done then return nil, failed end
  return wanted
end

--- share(client, id, changes) -> permissions as they are written, or as they stand if they are so
-- already; or nil, err: as assets:share documents.
function M.share(client, id, changes)
  local name, problem = M.problem(changes)
  if name then core.complain("share", name, problem) end
  local deadline = core.now() + client.deadline
  local permissions, err
  repeat
    permissions, err = read_and_share(client, id, changes)
  until permissions or not err.stale or core.now() >= deadline
  if permissions then return permissions end
  return nil, err
end

return M
