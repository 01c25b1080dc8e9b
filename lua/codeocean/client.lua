--- The client: one deployment, one token, any number of requests at once. Owns the engine, the
-- scheduler of tasks and the hooks. What must hold: no field of a client has the token.

local answer = require "codeocean.assets.answer"
local assets = require "codeocean.assets"
local calls = require "codeocean.tasks.calls"
local config = require "codeocean.config"
local core = require "codeocean.core"
local credentials = require "codeocean.credentials"
local dialect = require "codeocean.assets.search"
local errors = require "codeocean.error"
local map = require "codeocean.tasks.map"
local object = require "codeocean.object"
local options = require "codeocean.options"
local pollers = require "codeocean.tasks.pollers"
local schemas = require "codeocean.assets.schema"
local task = require "codeocean.tasks.scheduler"

local M = {}

-- The set of operations that write.
local WRITES = {}
for _, row in ipairs(core.operations()) do WRITES[row.name] = row.writes or nil end

local Client, Metatable = object.class "codeocean.client"

local watchers = {} -- functions that get each new client

--- on_new(fn): fn(client) is called with each client that is made from now on. Used by the rerun of
-- a script (codeocean.bulk.provenance).
function M.on_new(fn) watchers[#watchers + 1] = fn end

--- client(options) -> client; or nil, err with kind `config` when no deployment or token is known.
-- Raises for an unknown option or a value of the wrong type. codeocean.config documents the options
-- and the sources of domain and token.
function M.new(given)
  local settings, problem = config.resolve(given)
  if not settings then return nil, problem end
  local engine, why = core.engine(settings)
  if not engine then
    return nil, errors.new { kind = "config", message = ("domain %q: %s"):format(
      credentials.shown(settings.domain), why) }
  end
  -- The token is only in the engine: no field of the client has it.
  local self = setmetatable({
    engine = engine, host = engine:host(), profile = settings.profile, wait = settings.wait,
    pollers = pollers.new(), jobs = settings.jobs, trace = settings.trace,
    dry_run = settings.dry_run, locked_dry_run = settings.dry_run, warning = settings.warning,
    deadline = settings.deadline, trust = settings.trust, protect = settings.protect,
    hooks = { request = {}, write = {}, answer = {}, plan = {}, progress = {}, report = {} },
    cancelled = 0, -- calls of cancel()
    hooked = false, -- whether a hook was ever set; if not, no call is described
    runs = {},      -- specs of the bulk runs under way
    sending = setmetatable({}, { __mode = "k" }), -- task -> spec of the bulk run that writes in it
  }, Metatable)
  self.scheduler = task.scheduler(self)
  self.dialect = dialect.new(self, settings.dialect)
  self.data_assets = assets.new(self)
  self.schema = schemas.new(self)
  for _, fn in ipairs(watchers) do fn(self) end
  return self
end

-- Waiting ----------------------------------------------------------------------------------------

--- step([seconds]): does what is due, waiting at most that long, and at most a tenth of a second.
-- A closed client only clears its descriptor, in case a host still polls it.
function Client:step(seconds)
  if self.pollers:all_woken() then self.engine:nudge(false) end
  if self.closed then return self.wait and self.engine:step(0) end
  self.engine:step(seconds)
  local lines = self.trace and self.engine:trace()
  if lines and io then io.stderr:write((lines:gsub("[^\n]+", "trace: %0"))) end
end

--- For event loops: the descriptor to poll, the events to poll it for ("r"), and the seconds after
-- which step must be called at the latest (nil: no limit).
function Client:pollfd() return self.engine:pollfd() end
function Client:events() return "r" end
function Client:timeout() return self.engine:timeout() end

local function wait_in_host(self)
  self.pollers:poll(self.wait, self)
  self:step(0)
end

-- Whether the `wait` hook failed because it yields where Lua cannot yield: outside a coroutine, or
-- within string.gsub.
local function cannot_yield(problem)
  return type(problem) == "string" and problem:find("attempt to yield", 1, true)
    and not coroutine.isyieldable()
end

--- pump([seconds]): waits once: by the `wait` hook if the host has set one that can be called here,
-- else by a step of at most `seconds`; 0 does what is due and does not wait. Ctrl-C ends
-- every waiting call with `cancelled`; the program decides how to go on.
function Client:pump(seconds)
  local in_host = self.wait and seconds ~= 0
  if in_host and task.is_in_task() then return task.call_outside(Client.pump, self, seconds) end
  local wait = in_host and wait_in_host or self.step
  local ok, problem = pcall(wait, self, seconds)
  if ok then return end
  if cannot_yield(problem) then return self:step() end
  if not errors.is_interrupt(problem) then error(problem, 0) end
  self:cancel()
end

--- Wakes everything that polls the client in the host's loop, so that it looks for its result
-- again: a result may have arrived without a step.
function Client:nudge()
  if self.pollers:nudge() then self.engine:nudge(true) end
end

-- Waits for a transfer, and collects the finished transfers of tasks: the engine does not wait
-- while it has finished transfers.
function Client:await(transfer)
  if transfer:done() then return end
  local scheduler = self.scheduler
  local current = scheduler:current()
  repeat
    if current then
      scheduler:await(transfer, current)
    else
      self:pump()
      scheduler:collect()
    end
  until transfer:done()
end

--- await_other(transfer) -> true once a transfer of another call is done; or false, err if cancel()
-- was called meanwhile. A group of calls (client:with) does not wait: false.
function Client:await_other(transfer)
  local before = self.cancelled
  self:await(transfer)
  if self.cancelled == before then return true end
  return false, errors.new { kind = "cancelled", message = "cancelled", outcome = "not_sent" }
end

-- The run that a call belongs to. A write in a program's own function (change, on_event) during a
-- bulk run does not belong to the run.
local function run_of(self, operation)
  if not WRITES[operation] then return self.runs[#self.runs] end
  return self.sending[self.scheduler:current()]
end

--- call_of(operation, id, params [, before]) -> the description of a call that hooks get; nil while
-- there are no hooks. `before`: the asset as read for this write.
function Client:call_of(operation, id, params, before)
  if not self.hooked then return nil end
  return { operation = operation, id = id, params = params, before = before,
    run = run_of(self, operation) }
end

--- send_for_run(spec, fn, …) -> what fn returns. The writes of fn belong to the bulk run of `spec`.
function Client:send_for_run(spec, fn, ...)
  local current = self.scheduler:current()
  if not current then return fn(...) end
  self.sending[current] = spec
  local value, err = fn(...)
  self.sending[current] = nil
  return value, err
end

--- submit(operation, id, params [, call [, read_good_for]]) -> transfer: starts an operation of the
-- endpoint table. Raises for a bad argument. `call`: the description for hooks. `read_good_for` is
-- passed on to engine:submit.
function Client:submit(operation, id, params, call, read_good_for)
  if call then self:notify("request", call) end
  return self.engine:submit(operation, id, params, read_good_for)
end

--- finish(transfer [, fields [, operation, id [, call]]]) -> the value; or nil, err. Waits for a
-- transfer from submit(). `fields`: a set of the fields wanted of assets; `operation` and `id`: the
-- answer is checked against them; `call`: the description for hooks.
function Client:finish(transfer, fields, operation, id, call)
  self:await(transfer)
  local value, facts = transfer:result(fields)
  local err
  if value == nil then
    facts.id = id
    err = errors.new(facts)
  else
    value, err = answer.check(operation, id, value, WRITES[operation])
  end
  if call then self:notify("answer", call, value, err) end
  if value ~= nil then return value end
  return nil, err
end

-- Seconds after its submission within which a write that was made from a read must start. A write
-- that is held back longer, or pushed back by the server, ends with err.stale. The caller then
-- reads and merges again, since others may have written.
local READ_GOOD_FOR = 2

local function read_good_for(self, before)
  return (before or self.sending[self.scheduler:current()]) and READ_GOOD_FOR or nil
end

-- submit(); if an argument is wrong, tells the hooks that the write was not sent.
local function submit_with_hooks(self, call, within)
  local ok, transfer = pcall(self.submit, self, call.operation, call.id, call.params, call, within)
  if ok then return transfer end
  self:notify("answer", call, nil, errors.new { kind = "invalid", operation = call.operation,
    outcome = "not_sent", message = tostring(transfer) })
  error(transfer, 0)
end

--- request(operation, id, params [, fields [, before]]) -> the value; or nil, err: submit and
-- finish, with hooks called before and after.
function Client:request(operation, id, params, fields, before)
  local call = self.hooked and self:call_of(operation, id, params, before)
  local refusal = call and WRITES[operation] and self:notify("write", call)
  if refusal then return nil, refusal end
  local within = WRITES[operation] and read_good_for(self, before) or nil
  local transfer = call and submit_with_hooks(self, call, within)
    or self:submit(operation, id, params, nil, within)
  return self:finish(transfer, fields, operation, id, call)
end

--- sleep(seconds) -> true; or nil, err when the client is closed or cancelled meanwhile. Others
-- (tasks, the host's loop) go on.
function Client:sleep(seconds)
  return self:finish(self.engine:pause(seconds))
end

-- Hooks ------------------------------------------------------------------------------------------

--- on(event, fn) -> a function that ends it. Calls fn at each event of this client:
--
--   "request"   fn(call), before an operation is sent
--   "write"     fn(call), before an operation that writes is sent. An error object that it returns
--               is what the caller gets instead (nil, err); nothing is sent then.
--   "answer"    fn(call, value, err), after each answer, before the caller has it
--   "plan"      fn(plan, spec), before a bulk run without a `confirm` of its own writes; false
--               refuses
--   "progress"  fn(event, spec), at each event of a bulk run (codeocean.bulk)
--   "report"    fn(report, spec), when a bulk run is over
--
-- call = {operation, id, params, before, run}: `before` is the asset as the operation has just read
-- it (nil: it read none), `run` the spec of the bulk run that the call belongs to, or nil. fn runs
-- where the call was made, in a task too, and may send requests. A call that began before the
-- client had any hook is not reported. An error that fn raises reaches the caller.
-- Functions are called in the order of on(); the first that returns something decides.
function Client:on(event, fn)
  local list = self.hooks[event]
  if not list then
    core.complain("on", "event",
      "request, write, answer, plan, progress or report expected")
  end
  if type(fn) ~= "function" then
    core.complain("on", "fn", "function expected, got " .. type(fn))
  end
  list[#list + 1] = fn
  self.hooked = true
  return function()
    for i = #list, 1, -1 do
      if list[i] == fn then return table.remove(list, i) and nil end
    end
  end
end

--- notify(event, …) -> what the first hook that returns something returned.
function Client:notify(event, ...)
  for _, fn in ipairs(self.hooks[event]) do
    local decision = fn(...)
    if decision ~= nil then return decision end
  end
end

-- Many at once -----------------------------------------------------------------------------------

-- Whether a list has a hole, which would end it there and drop the rest.
local function has_hole(source)
  local last, count = 0, 0
  for key in pairs(source) do
    if math.type(key) == "integer" then last, count = math.max(last, key), count + 1 end
  end
  return last ~= count
end

-- Checks every argument of map and each_done. Returns the options with the client's default of
-- jobs.
local function check_map(client, name, source, fn, given)
  if type(source) ~= "table" and type(source) ~= "function" then
    core.complain(name, "source", "list or iterator expected, got " .. type(source))
  elseif type(source) == "table" and has_hole(source) then
    core.complain(name, "source", "list without a hole expected")
  elseif type(fn) ~= "function" then
    core.complain(name, "fn", "function expected, got " .. type(fn))
  end
  local own = options.read(name, map.OPTIONS, given)
  return source, fn, own.jobs or client.jobs, own
end

--- map(source, fn, {jobs =, fail_fast =, on_error =, poll =}) -> results, errors
--
-- Calls fn(item, index) for each item of a list or an iterator, `jobs` at once; requests inside
-- overlap. results[i] is what fn gave for item i, errors[i] its error (fn returned nil, err, or
-- raised: then kind `script`, with a traceback); results.n is the number of items. After ten
-- attempts in a row that found no server, a token refused at the first item, or the first error
-- with fail_fast, nothing more is started: what is left of a list is `pending`. nil, err when the
-- source is a search and failed.
function Client:map(source, fn, given)
  return map.map(self.scheduler, check_map(self, "map", source, fn, given))
end

--- each_done(source, fn, {jobs =, fail_fast =}) -> iterator over index, value, err in order of
-- completion.
-- Keeps at most `jobs` items in memory.
function Client:each_done(source, fn, given)
  return map.each_done(self.scheduler, check_map(self, "each_done", source, fn, given))
end

-- The deployment ---------------------------------------------------------------------------------

--- custom_metadata() -> the schema of custom metadata, {fields = list of {name, type = "string" |
-- "number" | "date", required, multiple, allowed_values, range, units, category}, categories}; or
-- nil, err: kind `missing` where the deployment has none. API: current release: GET
-- /custom_metadata
function Client:custom_metadata()
  local schema, err = self.schema:read()
  if schema then return schema end
  return nil, err
end

local WITH = { { "deadline", nil, options.seconds } }

--- with{deadline = seconds} -> the same client for some calls: each of these calls has that
-- deadline, and cancel() of the result ends only these calls.
function Client:with(given)
  return calls.new(self, options.read("with", WITH, given).deadline)
end

-- Its state --------------------------------------------------------------------------------------

--- stats() -> counters since the client was made: requests, retries, connections, bytes_sent,
-- bytes_received, in_flight, window; latency_p50, latency_p95, latency_p99 in seconds; dialect
-- ("2022", "current" or nil: no search yet) and dialect_probes, the requests it took to find out.
-- A closed client gives its last figures.
function Client:stats()
  local stats = self.last_stats or self.engine:stats()
  stats.dialect, stats.dialect_probes = self.dialect.chosen, self.dialect.probes
  return stats
end

--- set_dry_run(on) -> true. While on, no request that writes leaves the process. nil, err (kind
-- `refused`) if the client was made with dry_run, CODEOCEAN_DRY_RUN or colua --dry-run: such a
-- client never writes.
function Client:set_dry_run(on)
  if type(on) ~= "boolean" then
    core.complain("set_dry_run", "on", "boolean expected, got " .. type(on))
  elseif self.locked_dry_run and not on then
    return nil, errors.new { kind = "refused", outcome = "not_sent",
      message = "the dry run is for good: this client, or the process, was started with it" }
  end
  self.engine:set_dry_run(on)
  self.dry_run = on
  return true
end

--- lock_dry_run(): switches the dry run on for good, as in a process started with --dry-run.
function Client:lock_dry_run()
  self:set_dry_run(true)
  self.locked_dry_run = true
end

--- cancel(): every call that waits now returns nil, err with kind `cancelled`. The client is
-- usable afterwards.
function Client:cancel()
  self.cancelled = self.cancelled + 1
  self.engine:cancel()
end

--- close(): ends waiting calls with `cancelled`; later calls fail with `closed`. Also done when
-- the client is collected or goes out of a <close> scope.
function Client:close()
  if self.closed then return end
  self.closed = true
  self.engine:shut()
  self.scheduler:collect()
  -- With a `wait` hook the descriptor stays open until the client is collected: the host's loop may
  -- still poll it.
  self.last_stats = self.engine:stats()
  if not self.wait then self.engine:close() end
end

Metatable.__close = Client.close

function Metatable:__tostring()
  return ("codeocean.client: %s%s"):format(self.host, self.closed and " (closed)" or "")
end

-- Only the methods for users check for the colon: the check would slow down the others, which are
-- called for each request.
object.need_colon(Client, "client", "engine", { close = true, custom_metadata = true,
  each_done = true, map = true, on = true, set_dry_run = true, sleep = true, stats = true,
  with = true })

return M
