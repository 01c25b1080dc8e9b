--- The two releases of the search endpoint behind one set of parameters.
--
-- "current" sends POST /data_assets/search with a JSON body, "2022" sends GET /data_assets with a
-- query string. "auto" tries "current"; after a 404 or 405 that is no gateway's page it tries
-- "2022", and keeps the one whose search succeeds. If both fail, nothing is decided: a gateway
-- without the API behind it may answer both with 404, as JSON, as text or empty, and the API may be
-- back in a moment.
--
-- A client has one dialect; assets:search, each and all send their searches through it. Every
-- parameter is checked before anything is sent: if the server ignored one, the search would select
-- every asset.

local core = require "codeocean.core"
local errors = require "codeocean.error"
local fields = require "codeocean.assets.projection"
local object = require "codeocean.object"
local options = require "codeocean.options"
local query = require "codeocean.assets.query"

local M = {}

local PAGE = 100           -- always sent: the releases have different defaults
local LARGEST = 1000       -- the largest page that a server gives
local TOKENS_KEPT = 1000
local SHORTEST = 0.001     -- seconds; a deadline is more than 0

local function complain(name, problem)
  core.complain("search", name, problem)
end

-- Checking ---------------------------------------------------------------------------------------

local function count(...)
  local n = 0
  for i = 1, select("#", ...) do
    if select(i, ...) ~= nil then n = n + 1 end
  end
  return n
end

local FILTER = { { "key" }, { "value" }, { "values" }, { "range" }, { "exclude" },
  called = "field" }
local RANGE = { { "min", nil, options.is "number" }, { "max", nil, options.is "number" },
  called = "field" }

local function check_names(place, rows, given)
  local name, problem = options.problem(rows, given)
  if name then complain(("%s.%s"):format(place, name), problem) end
end

local function check_range(place, range)
  check_names(place, RANGE, range)
  if count(range.min, range.max) == 0 then
    complain(place, "min, max or both expected")
  elseif range.min and range.max and range.min > range.max then
    complain(place, "min that is at most max expected")
  end
end

local function check_filters(filters)
  if type(filters) ~= "table" then return end
  for i, filter in ipairs(filters) do
    local name = ("filters[%d]"):format(i)
    if type(filter) ~= "table" then complain(name, "table expected, got " .. type(filter)) end
    check_names(name, FILTER, filter)
    if count(filter.value, filter.values, filter.range) ~= 1 then
      complain(name, "exactly one of value, values, range expected")
    end
    if type(filter.range) == "table" then check_range(name .. ".range", filter.range) end
  end
end

local function archived(value)
  if type(value) ~= "boolean" and value ~= "any" then return 'boolean or "any"' end
end

-- The parameters of search, each and all. Those without a type are checked by the row of the
-- endpoint (src/core/endpoint.c) or below, before anything is sent.
M.PARAMS = {
  { "query" }, { "type" }, { "ownership" }, { "origin" }, { "archived", nil, archived },
  { "favorite" }, { "filters" }, { "sort_field" }, { "sort_order" }, { "offset" }, { "start" },
  { "limit", nil, options.integer(1) }, { "page_size", nil, options.integer(1, LARGEST) },
  { "next_token" }, { "fields" },
  called = "parameter",
}

--- read(what, params) -> a copy of the table `params` (nil: none). Raises for an unknown name, as
-- an argument of the function `what`.
function M.read(what, params)
  return options.read(what, M.PARAMS, params, "params")
end

local function narrows(params)
  return not query.is_blank(params.query) or params.type ~= nil or params.ownership ~= nil
    or params.origin ~= nil or params.favorite or params.archived == true
    or #(params.filters or {}) > 0
end

--- is_everything(params) -> whether these parameters select every asset, or have a blank query (as
-- from a variable that was never set). A listing may do so; the selection of a run must not.
function M.is_everything(params)
  if params.query ~= nil and query.is_blank(params.query) then return true end
  return not narrows(params)
end

local function page_size(params)
  if not (params.limit or params.page_size) then return PAGE end
  return math.min(params.limit or LARGEST, params.page_size or LARGEST)
end

-- The parameters under the current names: start is offset, owner is created.
local function unified(params)
  local own = {}
  for name, value in pairs(params) do own[name] = value end
  if own.start ~= nil and own.offset ~= nil then
    complain("start", "start and offset are the same; give one")
  end
  if own.start ~= nil then own.offset, own.start = own.start, nil end
  if own.ownership == "owner" then own.ownership = "created" end
  if own.query ~= nil then own.query = query.build(own.query) end
  if own.archived == "any" then
    complain("archived", '"any" needs two searches: use each, all or find')
  end
  own.limit, own.page_size = page_size(own), nil
  check_filters(own.filters)
  return own
end

-- The 2022 release ------------------------------------------------------------------------------

local CURRENT_ONLY = { "next_token", "origin", "filters" }

local function inexpressible(params)
  for _, name in ipairs(CURRENT_ONLY) do
    if params[name] ~= nil then return name, name end
  end
  if params.type == "combined" or params.type == "model" then
    return "type", "type = " .. params.type
  end
end

local function as_2022(params)
  local own = {}
  for name, value in pairs(params) do own[name] = value end
  own.start, own.offset = params.offset, nil
  if own.ownership == "created" then own.ownership = "owner" end
  return own
end

-- Dialects ---------------------------------------------------------------------------------------

local Dialect, Metatable = object.class "codeocean.assets.search"

--- The dialect of a client: name is "auto", "2022" or "current".
function M.new(client, name)
  return setmetatable({
    client = client, chosen = name ~= "auto" and name or nil, explicit = name ~= "auto",
    probes = 0, tokens = {}, order = {},
  }, Metatable)
end

-- Refuses a next_token that this client did not get from a page: it could select any assets.
function Dialect:check_token(token)
  if token ~= nil and not self.tokens[token] then
    complain("next_token", "token of a page that this client got expected")
  end
end

function Dialect:remember(token)
  if token == nil or self.tokens[token] then return end
  self.tokens[token] = true
  self.order[#self.order + 1] = token
  if #self.order > TOKENS_KEPT then self.tokens[table.remove(self.order, 1)] = nil end
end

local function unsupported(what)
  return errors.new {
    kind = "unsupported", operation = "search", outcome = "not_sent",
    message = ("this deployment speaks the 2022 dialect, which cannot express %s"):format(what),
  }
end

function Dialect:search_2022(params, wanted)
  local name, what = inexpressible(params)
  if name and self.explicit then complain(name, "the 2022 dialect cannot express it") end
  if name then return nil, unsupported(what) end
  return self.client:request("search_2022", nil, as_2022(params), wanted)
end

-- Whether this error (or nil) means that the API has no such endpoint; and whether its words are
-- those of an API, not of a gateway in front of it.
local function is_absent(err)
  if not err or err.gateway or err.status ~= 404 and err.status ~= 405 then return false end
  return true, err.data ~= nil or not (err.message or ""):find "%S"
end

-- Sends a search in one dialect. Returns its page, or nil, err; and as third value the transfer.
-- Searches that start meanwhile wait for this transfer.
function Dialect:attempt(operation, params, wanted)
  local call = self.client:call_of(operation, nil, params)
  local transfer = self.client:submit(operation, nil, params, call)
  self.probing = transfer
  local page, err = self.client:finish(transfer, wanted, operation, nil, call)
  self.probing = nil
  return page, err, transfer
end

-- Searches in the 2022 dialect, and keeps it if the search succeeds. `first`: the error to return
-- if the search fails; nil: its own error.
function Dialect:fall_back(params, wanted, first)
  local name, what = inexpressible(params)
  if name then return nil, unsupported(what) end
  self.probes = self.probes + 1
  local page, err, transfer = self:attempt("search_2022", as_2022(params), wanted)
  if page then self.chosen = "2022" end
  return page, not page and first or err, transfer
end

-- Runs the first search, which finds out the dialect. Searches that start meanwhile wait for it,
-- and fail with it.
function Dialect:probe(params, wanted)
  local page, err, transfer = self:attempt("search", params, wanted)
  if page then self.chosen = "current" end
  local absent, by_api = is_absent(err)
  if absent then
    page, err, transfer = self:fall_back(params, wanted, not by_api and err or nil)
  end
  local shared = err and err.kind ~= "cancelled" and transfer
  self.failed = shared and { [transfer] = err } or nil
  return page, err
end

-- Waits while another caller finds out the dialect. Returns whether it waited; or nil, err if this
-- search fails with the other one's.
function Dialect:wait_for_probe()
  local waited = false
  while not self.chosen and self.probing and not self.probing:done() do
    local probe = self.probing
    local done, problem = self.client:await_other(probe)
    local err = problem or self.failed and self.failed[probe]
    if err and not self.chosen then return nil, err end
    if not done then break end
    waited = true
  end
  return waited
end

-- The same dialect for a search that has waited since `began`: its deadline began then.
local function for_the_rest(self, began)
  local left = self.client.deadline - (core.now() - began)
  return self.client:with { deadline = math.max(left, SHORTEST) }.dialect
end

-- Sends a search; waits first while another caller finds out the dialect. If that one was given up,
-- the dialect is still unknown, and this search finds it out.
function Dialect:send(params, wanted)
  local began = core.now()
  local waited, err = self:wait_for_probe()
  if err then return nil, err end
  if waited then return for_the_rest(self, began):send(params, wanted) end
  if not self.chosen then return self:probe(params, wanted) end
  if self.chosen == "2022" then return self:search_2022(params, wanted) end
  return self.client:request("search", nil, params, wanted)
end

-- A page also behaves as the list of its results: #page, page[1], ipairs(page).
local Page = {
  __name = "codeocean.Page",
  __index = function(page, key) return math.type(key) == "integer" and page.results[key] or nil end,
  __len = function(page) return #page.results end,
}

--- search(params) -> one page; or nil, err.
function Dialect:search(params)
  local own = unified(params)
  self:check_token(own.next_token)
  local wanted = own.fields and fields.set(own.fields)
  own.fields = nil
  local page, err = self:send(own, wanted)
  if not page then return nil, err end
  self:remember(page.next_token)
  return setmetatable(page, Page)
end

return M
