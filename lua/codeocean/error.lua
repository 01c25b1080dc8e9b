--- Error objects: failures of the server, the network, files and users' choices. (A wrong argument
-- raises instead.)
--
-- A call that fails returns `nil, err`. `err` is a table:
--
--   kind         for programs: invalid auth missing rejected throttled server redirect network
--                timeout tls decode paging conflict failed ambiguous unsupported cancelled closed
--                dry_run config script pending protected …
--   message      one line for users, without secrets
--   operation    "update", and `id` of the asset, where there is one
--   writes       whether that operation writes
--   status       HTTP status of the last answer, or nil
--   attempts     how often the operation was sent
--   retry_after  seconds the server asked to wait, or nil
--   gateway      true when the answer was a web page, not the API's
--   outcome      whether a write was done: "not_sent", "rejected" (surely not done), "unknown"
--   data         the server's answer, decoded, or nil
--
-- tostring(err) is one line, so that `assert(assets:get(id))` prints well.

local core = require "codeocean.core"
local object = require "codeocean.object"
local text = require "codeocean.text"

local M = {}

-- An error about a wrong argument names the first line of the stack outside this library's files.
core.library "error.lua"

local NAME = "codeocean.error"
local _, Metatable = object.class(NAME)

-- The remedies: {fields of the error, pattern of its message, remedy}; the first row that fits is
-- used. Each TLS library has its own words for an authority that is not trusted.
local AUTHORITY = "the server's certificate was not accepted; ca_file names another authority"
local WRITING = "check that the token's scope allows writing"
local remedies = {
  { { kind = "auth", gateway = true }, "", "a gateway's page, not an answer of Code Ocean" },
  { { status = 401 }, "", "check the token: expired, or of another deployment" },
  { { status = 403, operation = "create" }, "", WRITING },
  { { status = 403, writes = true }, "", WRITING .. ", and your role on the asset" },
  { { kind = "auth" }, "", "check the token's scope, and your access" },
  { { kind = "network" }, "thread failed to start",
    "this program allows no new thread; HAProxy does with insecure-fork-wanted" },
  { { kind = "tls" }, "certificate file:", "it has no authorities; ca_file names a file of them" },
  { { kind = "tls" }, "issuer", AUTHORITY },
  { { kind = "tls" }, "self.signed", AUTHORITY },
  { { kind = "tls" }, "verification failed", AUTHORITY },
}

local function fits(row, err)
  for name, value in pairs(row[1]) do
    if err[name] ~= value then return false end
  end
  return (err.message or ""):find(row[2]) ~= nil
end

local function remedy(err)
  for _, row in ipairs(remedies) do
    if fits(row, err) then return row[3] end
  end
end

local function subject(err)
  local words = {}
  if err.operation then words[#words + 1] = err.operation end
  if err.id then words[#words + 1] = err.id end
  return #words > 0 and table.concat(words, " ") .. ": " or ""
end

local function details(err)
  local notes = {}
  if (err.attempts or 0) > 1 then notes[#notes + 1] = err.attempts .. " attempts" end
  if err.retry_after then
    notes[#notes + 1] = ("retry after %.0f s"):format(err.retry_after)
  end
  if err.outcome == "unknown" and err.writes then notes[#notes + 1] = "it may have been done" end
  notes[#notes + 1] = remedy(err)
  return #notes > 0 and " (" .. table.concat(notes, "; ") .. ")" or ""
end

-- Kind, status and message. If the message begins with the words of the kind, the kind is left out.
local function reason(err)
  local kind = err.status and ("%s %d"):format(err.kind, err.status) or err.kind
  local message = err.message or ""
  if message == "" or message == kind then return kind end
  local start = message:sub(1, #kind + 1)
  if start == kind .. " " or start == kind:gsub("_", " ") .. ":" then return message end
  return kind .. ": " .. message
end

function Metatable:__tostring()
  return subject(self) .. reason(self) .. details(self)
end

--- clean(message) -> the message without secrets and control characters: it may quote the
-- environment, a file or an argument. A traceback keeps its lines.
function M.clean(message)
  message = core.mask(message)
  if not message:find("[\0-\9\11-\31\127-\255]") then return message end
  return (message:gsub("[^\n]+", text.escape))
end

--- new(fields) -> the table itself, made an error object.
function M.new(fields)
  if type(fields.message) == "string" then fields.message = M.clean(fields.message) end
  return setmetatable(fields, Metatable)
end

--- refused(form, …) -> an error of kind `refused`: a rule forbids the operation, or the user did
-- not agree; nothing was changed. The message is form:format(…).
function M.refused(form, ...)
  return M.new { kind = "refused", outcome = "not_sent", message = form:format(...) }
end

--- is_interrupt(value) -> whether it is the error that Lua's interpreter raises for Ctrl-C.
function M.is_interrupt(value)
  return type(value) == "string" and value:find "interrupted!$" ~= nil
end

--- is(value) -> whether it is one of this library's errors, even of a copy of it loaded before.
function M.is(value)
  return getmetatable(value) == NAME
end

return M
