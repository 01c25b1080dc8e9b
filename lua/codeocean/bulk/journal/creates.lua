--- Creates as a run with a journal, which holds each request, durable before it is sent, and the id
-- of the new asset. Used by `colua create` and `colua resume`.
--
-- The journal holds every request (keys masked) before the first is sent, an intent before each
-- request and its outcome after it. What must hold: a run that was interrupted and resumed never
-- creates two assets for one request. The asset of a request that was under way is searched for by
-- name, source and time. codeocean.bulk.undo takes a run of creates back.

local commits = require "codeocean.bulk.journal.commit"
local core = require "codeocean.core"
local creating = require "codeocean.assets.create"
local equal = require "codeocean.equal"
local errors = require "codeocean.error"
local json = require "codeocean.json"
local journals = require "codeocean.bulk.journal"
local system = require "codeocean.lua.system"
local object = require "codeocean.object"
local provenance = require "codeocean.bulk.provenance"
local reports = require "codeocean.bulk.report"
local requests_of = require "codeocean.input.create_requests"
local text = require "codeocean.text"

local M = {}

-- Seconds after which a request has arrived and a search shows its asset; and seconds between two
-- searches.
local LAG, PAUSE = 10, 0.3
local CLOCKS = 60                  -- seconds that a clock, ours or the server's, may be wrong
local DONE = { ok = true, unchanged = true }
local OPEN = { open = true, unknown = true }

local Creates, metatable = object.class "codeocean.bulk.journal.creates"

-- Beginning --------------------------------------------------------------------------------------

--- masked(params) -> the request without its keys, as it comes back from a journal.
function M.masked(params) return json.decode(json.encode(requests_of.shown(params))) end

local masked = M.masked

-- Writes the requests, and that all of them were confirmed. Durable when it returns.
local function write_requests(journal, requests)
  local ok, err = journal:select(#requests)
  for i, params in ipairs(requests) do
    ok, err = ok and journal:plan(i, { name = params.name, request = masked(params) }), err
  end
  if not ok then return nil, err end
  return journal:confirm(#requests)
end

local function new(client)
  return setmetatable({ client = client, journal = journals.new(), ambiguous = {} }, metatable)
end

-- Makes the run ready to send these requests, which the open journal has.
local function use(self, requests, options)
  self.requests, self.opts = requests, { unless_exists = options.unless_exists }
  self.path, self.share = self.journal.path, options.share
  self.commit = commits.new(self.client.scheduler, self.journal)
end

-- Returns the run once open(run, …) gives true; or nil, err. A run that cannot be opened is closed,
-- also after an error.
local function opened(run, open, ...)
  local is_open, err
  local _ <close> = setmetatable({}, { __close = function()
    if not is_open then run:close() end
  end })
  is_open, err = open(run, ...)
  return is_open and run, err
end

local function create_journal(self, requests, options)
  local header = provenance.header(self.client, { name = "create", action = "create",
    note = options.note })
  header.selection = { requests = #requests, unless_exists = options.unless_exists or nil,
    share = options.share }
  local ok, err = self.journal:create(options.journal, header)
  if ok then ok, err = write_requests(self.journal, requests) end
  if not ok then return nil, err end
  use(self, requests, options)
  return true
end

--- begin(client, requests, options) -> run; or nil, err: kind `refused` when the journal cannot be
-- created. options: unless_exists, share (changes of permissions, which the caller makes), journal
-- (path of a new file), note.
function M.begin(client, requests, options)
  return opened(new(client), create_journal, requests, options)
end

-- Resuming ---------------------------------------------------------------------------------------

-- The requests of a journal; or the given ones, which have their keys; nil, err if they differ from
-- those of the journal, or if keys are missing.
local function requests_in(path, journal, given)
  local requests = {}
  for i = 1, journal.ledger.count do
    local own = journal:record(i).request
    local params = given and given[i] or own
    if type(own) ~= "table" or not equal(masked(params), own) then
      return journals.refused(path, "request %d is another one than before", i)
    elseif not given and requests_of.has_masked(own) and not DONE[journal.ledger.states[i]] then
      return journals.refused(path, "request %d has keys, which no journal keeps; run colua create "
        .. "--from with the same file again: it takes them from there", i)
    end
    if own.tags then json.array(own.tags) end
    requests[i] = params
  end
  if given and #given ~= #requests then
    return journals.refused(path, "it is of %d requests, these are %d", #requests, #given)
  end
  return requests
end

local function nothing_created(path)
  return journals.refused(path, "nothing was created; start a new create")
end

-- Whether this is a journal of creates on this deployment that can be resumed.
local function check(client, path, ledger)
  if ledger.header.action ~= "create" then
    return journals.refused(path, "it is not a journal of creates")
  end
  if ledger.undone then
    return journals.refused(path, "the run was undone since; start a new create")
  end
  if not ledger.confirmed then return nothing_created(path) end
  return provenance.check_deployment(ledger.header, client, path)
end

local function open_journal(self, path, given, dry)
  local journal, err
  if dry then journal, err = self.journal:rehearse(path) end
  if not dry then journal, err = self.journal:resume(path) end
  if not journal then return nil, err end
  local ok, problem = check(self.client, path, journal.ledger)
  local requests
  if ok then requests, problem = requests_in(path, journal, given) end
  if requests then ok, problem = journal:mark { resumed = system.time() } end
  if not (requests and ok) then return nil, problem end
  use(self, requests, journal.ledger.header.selection or {})
  return self:find_open()
end

--- resume(client, path [, requests [, dry]]) -> the run of the journal at `path`; or nil, err.
-- Without `requests` they are read from the journal. Searches for the requests that were under way.
-- dry: only earlier() may be called; the journal is not written.
function M.resume(client, path, requests, dry)
  return opened(new(client), open_journal, path, requests, dry)
end

-- Requests under way ----------------------------------------------------------------------------

--- key_of(params) -> a text that is the same for requests of one name and source.
function M.key_of(params) return json.encode { params.name, masked(params.source or {}) } end

-- The open requests in groups of equal ones: an asset of a group fits any of its requests.
local function open_groups(self)
  local groups, by_key = {}, {}
  for i, params in ipairs(self.requests) do
    if OPEN[self.journal.ledger.states[i]] then
      local key, at = M.key_of(params), self.journal:record(i).at or 0
      local group = by_key[key] or { params = params, since = at, last = at, indexes = {} }
      if not by_key[key] then groups[#groups + 1], by_key[key] = group, group end
      group.since, group.last = math.min(group.since, at), math.max(group.last, at)
      group.indexes[#group.indexes + 1] = i
    end
  end
  return groups
end

-- Remembers the assets that the journal has, so that a search does not assign them again.
local function remember_created(self)
  for i = 1, #self.requests do
    local id = DONE[self.journal.ledger.states[i]] and self.journal:record(i).id
    if id then self.client.data_assets.created:add(id) end
  end
end

local function ambiguous(group, found)
  return errors.new { kind = "ambiguous", operation = "create", outcome = "unknown",
    message = ("%d assets may be the %d that were on their way as %q; none was created again")
      :format(#found, #group.indexes, text.escape(group.params.name)) }
end

-- Assigns the assets found to the requests of a group; to none if there are more assets than
-- requests.
local function assign_found(self, group, found)
  for k, i in ipairs(group.indexes) do
    if #found > #group.indexes then
      self.ambiguous[i] = ambiguous(group, found)
      self:add_outcome(i, nil, self.ambiguous[i])
    elseif found[k] then
      self.client.data_assets.created:add(found[k].id, found[k].name)
      self:add_outcome(i, found[k], "adopted")
    end
  end
end

-- Searches once for all groups. Returns the assets found for each, and whether there is one for
-- every request; nil, nil, err if a search failed.
local function search(self, groups)
  local found, is_all = {}, true
  for g, group in ipairs(groups) do
    local list, err = creating.candidates(self.client.data_assets, group.params,
      group.since - CLOCKS)
    if not list then return nil, nil, err end
    found[g] = list
    is_all = is_all and #found[g] >= #group.indexes
  end
  return found, is_all
end

--- find_open() -> true; or nil, err if a search failed: then nothing may be created. Searches for
-- the assets of the requests that were under way, until a search must show them. The requests
-- without an asset may be sent again.
function Creates:find_open()
  remember_created(self)
  local groups = open_groups(self)
  if #groups == 0 then return true end
  local last = 0
  for _, group in ipairs(groups) do last = math.max(last, group.last) end
  local began, is_recent = core.now(), system.time() - last <= LAG + CLOCKS
  local found, is_all, err = search(self, groups)
  while found and not is_all and is_recent and core.now() - began <= LAG do
    local slept, problem = self.client:sleep(PAUSE)
    if not slept then return nil, problem end
    found, is_all, err = search(self, groups)
  end
  if not found then return nil, err end
  for g, group in ipairs(groups) do assign_found(self, group, found[g]) end
  return true
end

-- One request ------------------------------------------------------------------------------------

local function status_of(asset, how)
  if asset then return how == "existed" and "unchanged" or "ok" end
  local held = how.kind == "cancelled" or how.kind == "throttled"
  if held and how.outcome == "not_sent" then return "pending" end
  return how.outcome == "unknown" and "unknown" or "failed"
end

--- add_outcome(i, asset, how): adds the outcome of request i: an asset and how it came, or nil and
-- an error.
function Creates:add_outcome(i, asset, how)
  self.journal:add_outcome(i, { status = status_of(asset, how), id = asset and asset.id,
    name = self.requests[i].name, how = asset and how or nil, error = not asset and how or nil })
end

--- earlier(i) -> the result of request i in an earlier run: asset and how, or nil and an error; nil
-- if it is still to be sent.
function Creates:earlier(i)
  if self.ambiguous[i] then return nil, self.ambiguous[i] end
  if not DONE[self.journal.ledger.states[i]] then return nil end
  local record = self.journal:record(i)
  return { id = record.id, name = record.name }, record.how or "created"
end

--- create(i) -> asset and how it came ("created", "existed", "adopted"); or nil, err. To be called
-- in a task. Nothing is sent before the intent is durable.
function Creates:create(i)
  local asset, how = self:earlier(i)
  if asset or how then return asset, how end
  local params = self.requests[i]
  local ok, err = self.commit:intend(i, { name = params.name, request = masked(params),
    at = system.time() })
  if not ok then return nil, err end
  asset, how = self.client.data_assets:create(params, self.opts)
  how = how or "created"
  self:add_outcome(i, asset, how)
  return asset, how
end

--- close(): closes the journal without an `end` line; a resume finds the run interrupted.
function Creates:close()
  if self.commit then self.commit:stop() end
  self.journal:drop()
end

metatable.__close = Creates.close

--- finish(interrupted) -> true; or nil, err. Ends the journal.
function Creates:finish(interrupted)
  self.commit:stop()
  local ledger = self.journal.ledger
  local counts = {}
  for status, n in pairs(reports.counts(ledger)) do counts[status] = n > 0 and n or nil end
  local left = interrupted or (counts.pending or 0) + (counts.unknown or 0) > 0
  return self.journal:finish(counts, left and "interrupted" or "done")
end

--- requests(path) -> the requests of a journal, keys masked; or nil, err.
function M.requests(path)
  local ledger, err = journals.read(path)
  if not ledger then return nil, err end
  if ledger.header.action ~= "create" then
    return journals.refused(path, "it is not a journal of creates")
  end
  if not ledger.confirmed then return nothing_created(path) end
  local list = {}
  for i = 1, ledger.count do list[i] = ledger:record(i).request end
  ledger:close()
  if #list ~= ledger.count then
    return nothing_created(path)
  end
  return list
end

return M
