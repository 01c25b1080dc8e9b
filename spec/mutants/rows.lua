--- Mutants: the safety core broken on purpose, one line at a time.
--
-- A row: {what is broken, file, text as it is (once in the file), text instead, specs that may
-- notice besides the module's own}. The runner fails for a row whose text is no longer there,
-- so a mutant cannot go stale in silence.

local PATCH = "lua/codeocean/bulk/plan/patch.lua"
local APPLY = "lua/codeocean/bulk/apply.lua"
local PLAN = "lua/codeocean/bulk/plan/init.lua"
local INIT = "lua/codeocean/bulk/init.lua"
local OPENING = "lua/codeocean/bulk/open_journals.lua"
local JOURNAL = "lua/codeocean/bulk/journal/init.lua"
local LEDGER = "lua/codeocean/bulk/journal/ledger.lua"
local LINES = "lua/codeocean/bulk/journal/lines.lua"
local COMMIT = "lua/codeocean/bulk/journal/commit.lua"
local UNDO = "lua/codeocean/bulk/undo.lua"
local BRAKES = "lua/codeocean/bulk/brakes.lua"
local RULES = "lua/codeocean/bulk/stop_rules.lua"
local SELECT = "lua/codeocean/bulk/select.lua"
local LISTING = "lua/codeocean/bulk/plan/listing.lua"
local CHANGE = "lua/codeocean/bulk/plan/change.lua"
local RESUME = "lua/codeocean/bulk/resume.lua"
local PROVENANCE = "lua/codeocean/bulk/provenance.lua"
local UPDATE = "lua/codeocean/assets/update.lua"
local ANSWER = "lua/codeocean/assets/answer.lua"
local VERIFY = "lua/codeocean/bulk/passes.lua"
local CREATES = "lua/codeocean/bulk/journal/creates.lua"
local CREATE = "lua/codeocean/assets/create.lua"
local PLAN_FILE = "lua/codeocean/bulk/plan_file.lua"
local OPTIONS = "lua/codeocean/options.lua"
local SESSION = "lua/colua/undo.lua"
local RETRY = "src/core/retry.c"
local LIMITER = "src/core/limiter.c"

return {
  -- Patches
  { "a removed tag is kept", PATCH, "if not gone[tag] then left[#left + 1] = tag end",
    "left[#left + 1] = tag" },
  { "a tag that is there is added again", PATCH,
    "if not present[tag] then list[#list + 1] = tag end", "list[#list + 1] = tag" },
  { "tags of other writers are removed", PATCH, "if is_before then return after end",
    "do return after end" },
  { "a list set as a whole replaces the tags of other writers", PATCH,
    "if patch.whole then return nil, true end", "" },
  { "a value that drifted is overwritten", PATCH,
    "if equal(now, values.before) then return true end",
    "do return true end" },
  { "a value that is there already is written again", PATCH,
    "if equal(now, values.after) then return false end", "" },
  { "metadata keys of other writers are removed", PATCH,
    "for key, value in pairs(now) do merged[key] = value end", "" },
  { "metadata that is not named is removed", PATCH,
    "for key, value in pairs(whole and before or {}) do",
    "for key, value in pairs(before) do" },
  { "null does not remove a key", PATCH, "if after == json.null then after = nil end", "" },
  { "undo adds what was added", PATCH, "return { added = patch.removed, removed = patch.added,",
    "return { added = patch.added, removed = patch.removed," },
  { "undo swaps before and after", PATCH,
    "return { before = values.after, after = values.before, unsure",
    "return { before = values.before, after = values.after, unsure" },
  { "drift of a field is not reported", PATCH,
    'if drift then drifted[#drifted + 1] = field end', "" },

  -- Changing and planning
  { "a change gets the asset itself", CHANGE, "change.is_rule and asset or copies.copy(asset)",
    "asset" },
  { "an unknown write counts as failed", PLAN,
    'if err.outcome == "unknown" and err.writes then return "unknown" end', "" },
  { "drift of an undo counts as unchanged", PLAN, 'item.status = "drift"\n  elseif',
    'item.status = "unchanged"\n  elseif' },
  { "an archived asset is archived again", PLAN, "if now == wanted then", "if false then" },

  -- Applying
  { "a planned item is merged into the tags of its plan, not of a fresh read", APPLY,
    "local asset, err = run.client.data_assets:get(item.id)",
    "local asset, err = run.client.data_assets:get(item.id)\n"
      .. "local planned = item.patch and item.patch.tags\n"
      .. "if asset and planned then asset.tags = planned.before end" },
  { "a write does not wait for its intent", APPLY, "local ok, problem = run.commit:intend(index, {",
    "local ok, problem = true, run.journal:intend(index, {" },
  { "an asset is deleted without a second read", APPLY,
    "if not allowed then allowed, failure = run.archive:is_archived_now(item.id, asset.name) end",
    "allowed = true" },
  { "an asset that is no longer selected is deleted", APPLY,
    "if run.still_selected and not run.still_selected:has(item.id) then", "if false then",
    "spec/codeocean/bulk/other_writers_spec.lua" },
  { "an asset with drift is written", APPLY,
    "if drifted and not (wanted and run.partial) then", "if drifted and not wanted then",
    "spec/codeocean/bulk/other_writers_spec.lua" },
  { "the description is emptied", UPDATE,
    'description = present.description, mount', 'description = "", mount' },
  { "tags that an answer left out are erased", UPDATE,
    "if not core.json_is_absent(present.tags) then body.tags = json.array(present.tags) end",
    "body.tags = json.array(present.tags)" },
  { "a field that an answer left out is edited", "lua/codeocean/assets/left_out.lua",
    "if not is_empty(second[row[1]]) then return hidden(asset, row) end", "",
    "spec/codeocean/bulk/other_writers_spec.lua" },
  { "the journal holds the planned values, not the written ones", APPLY,
    "item.patch = patches.effective(item.patch, asset, wanted)", "",
    "spec/codeocean/bulk/other_writers_spec.lua" },
  { "a failed write is ok", APPLY,
    'if err then return item.begun and "unknown" or plan.status_of(err), err end', "" },
  { "a write that was done in part counts as failed", APPLY,
    'return item.begun and "unknown" or plan.status_of(err), err',
    "return plan.status_of(err), err" },

  { "a write that may be done counts as failed", APPLY,
    "return item.open and not run.dry and UNSURE[status] or status, err", "return status, err" },
  { "a write goes out long after its read", "lua/codeocean/client.lua",
    "return (before or self.sending[self.scheduler:current()])", "return nil",
    "spec/codeocean/bulk/apply_spec.lua" },
  { "a write is merged into an old read", APPLY, "local GOOD_FOR = 2", "local GOOD_FOR = 1e9" },

  -- Group commit
  { "a task does not wait for the sync", COMMIT,
    "while not entry.durable do self.scheduler:park() end",
    "" },
  { "a write leaves after a failed sync", COMMIT, "if not ok then self.failure = err end", "" },

  -- Journal
  { "lines are not synced", JOURNAL, "local synced, message = self.log:sync()",
    "local synced, message = true, nil" },
  { "a torn line is not cut", JOURNAL,
    "if self.torn then ok, message = self.log:truncate(self.ledger.length) end", "" },
  { "the journal is written after a failure", JOURNAL,
    "if self.failure then return nil, self.failure end\n  if #self.lines == 0",
    "if #self.lines == 0" },
  { "a foreign file is opened as a journal", JOURNAL,
    "if log:fresh() then return true end", "if true then return true end" },
  { "a file that took the place of the locked one is read", LEDGER,
    "if not log or log:is_of(file) then return file end", "if true then return file end",
    "spec/codeocean/bulk/journal/init_spec.lua" },
  { "a header without its line feed is accepted", LEDGER, 'if first:sub(-1) ~= "\\n" then',
    "if false then", "spec/codeocean/bulk/journal/init_spec.lua" },
  { "an edited header is accepted", LEDGER,
    "if header.journal > 1 and header.seal ~= seals.of_header(header) then",
    "if false then" },
  { "an edited line is accepted", LEDGER,
    "self.hash = seals.open(line, self.hash)\n  return self.hash ~= nil",
    "self.hash = seals.open(line, self.hash)\n  return true" },
  { "a newer format is read", LEDGER, "if format > M.FORMAT then", "if false then" },
  { "a line of another asset is accepted", LINES,
    'return type(line.id) == "string" and (not id or ascii.lower(line.id) == id)',
    "return true",
    "spec/codeocean/bulk/run_spec.lua spec/codeocean/bulk/journal" },
  { "a damaged line is skipped", LEDGER,
    'if not self:apply(value, self.length) then return ("line %d is damaged"):format(number) end',
    "self:apply(value, self.length)",
    "spec/codeocean/bulk/run_spec.lua spec/codeocean/bulk/journal" },
  { "more ids than selected are accepted", LINES,
    "return math.type(count) == \"integer\" and (self.ids.count == 0 or count == self.ids.count)",
    "return true",
    "spec/codeocean/bulk/run_spec.lua spec/codeocean/bulk/journal" },

  -- The run
  { "a run is confirmed by default", INIT,
    "local yes = not run.spec.confirm or run.spec.confirm(plan_of(run, asked))",
    "local yes = true" },
  { "a refusal is not written to the journal", INIT, "must(answer(run.journal, #asked))",
    "if yes then must(answer(run.journal, #asked)) end",
    "spec/codeocean/bulk/resume_spec.lua" },
  { "a confirmation covers later plans", INIT,
    'local function is_only_planned(state) return state == "planned" end',
    "local function is_only_planned() return false end",
    "spec/codeocean/bulk/resume_spec.lua" },
  { "a run in one pass writes without its confirmation", INIT,
    "local agreed = not spec.confirm or", "local agreed = true or" },
  { "a dry run writes", INIT, "if run.dry then return refusal end", "" },
  { "the brakes are checked after the writes", INIT, "must(not refusal, refusal)", "" },
  { "a prompt is not followed by a second read", INIT,
    "if #all > 0 then refresh_listings(run) end", "",
    "spec/codeocean/bulk/other_writers_spec.lua" },
  { "a run with open inputs is done", INIT, "or counts.unknown + counts.pending > 0", "" },
  { "a refused run is done", INIT, 'if is_refused and untouched then return "refused" end', "",
    "spec/codeocean/bulk/runs_spec.lua spec/scripts/runs_spec.lua" },
  { "a journal of another deployment is resumed", OPENING,
    "if ok then ok, err = provenance.check_deployment(ledger.header, run.client, path) end", "",
    "spec/codeocean/bulk/apply_spec.lua" },
  { "a journal of another run is resumed", OPENING,
    "if ok then ok, err = provenance.check_alike(ledger.header, header, path) end", "",
    "spec/codeocean/bulk/apply_spec.lua" },

  -- Brakes and stop rules
  { "max_delete is ignored", BRAKES, "if changes > most then", "if false then" },
  { "unarchived assets are deleted", BRAKES,
    "if there and not run.archive:has(id) then first, n = first or id, n + 1 end", "" },
  { "max_changes is ignored", BRAKES, "if not most or changes <= most then return nil end",
    "do return nil end" },
  { "errors are not counted", RULES, "self.errors = self.errors + 1", "" },
  { "a run goes on after its token was refused", RULES,
    "if err.stops or err.status == 401 then return err end", "" },
  { "a signal is ignored", RULES, 'return "interrupted"\n  end', 'end' },

  -- Selecting
  { "a blank query selects everything", SELECT,
    'if spec.select.query ~= nil and queries.is_blank(spec.select.query) then return "query" end',
    "",
    "spec/scripts/tag_spec.lua" },
  { "a search of everything is accepted", SELECT, "if spec.all then return nil end",
    "do return nil end" },
  { "an expression that names no field selects everything", SELECT,
    'return expressions.is_constant(spec.where) and "where" or nil', "return nil",
    "spec/codeocean/bulk/resume_spec.lua" },
  { "a deletion searches assets that are not archived", SELECT,
    'local archived = spec.action == "unarchive" or spec.action == "delete"',
    'local archived = spec.action == "unarchive"' },
  { "the limit is ignored", SELECT, "if shard.holds(spec.shard, id) then list:add(id) end\n"
    .. "    if spec.limit and list.count >= spec.limit then break end",
    "if shard.holds(spec.shard, id) then list:add(id) end" },
  { "the archive is listed only once", LISTING,
    "if not self.found or core.now() - self.ended > self.good_for then self:refresh() end",
    "if not self.found then self:refresh() end",
    "spec/codeocean/bulk/other_writers_spec.lua" },

  -- Resume and undo
  { "an undone run is resumed", RESUME, "if ledger.undone and not force then",
    "if false then" },
  { "another run of a script writes the journal", PROVENANCE,
    "if header.position ~= resumption.header.position then return nil, confirm end",
    "",
    "spec/scripts/resume_spec.lua" },
  { "a changed script is run", PROVENANCE, "if hash ~= origin_of_run.hash then", "if false then" },
  { "a changed input file is read", PROVENANCE, "if input then", "if false then" },
  { "undo takes back what failed", UNDO,
    "local known = record.intent and record.id and not NOT_DONE[record.status]",
    "local known = record.id" },
  { "a deletion is undone", UNDO, 'if header.action == "delete" then', "if false then" },
  { "the journal of a run is not locked while it is undone", UNDO,
    "return run.undone:resume(path)", "return run.undone:rehearse(path)" },

  -- Answers
  { "an answer of another asset is accepted", ANSWER,
    'if type(value.id) == "string" and core.spelled_id(value.id) == core.spelled_id(id) then',
    "if true then" },
  { "any body counts as a deletion", ANSWER,
    "if value == true or next(value) == nil then return true end",
    "do return true end" },

  -- Creates
  { "the asset of a create that was interrupted is not searched for", CREATES,
    "if #groups == 0 then return true end",
    "do return true end" },
  { "a create goes out before its intent is durable", CREATES,
    "local ok, err = self.commit:intend(i, {", "local ok, err = true, self.journal:intend(i, {" },
  { "the asset of an earlier run is created again", CREATES,
    "if not DONE[self.journal.ledger.states[i]] then return nil end", "do return nil end" },
  { "a search that failed counts as nothing found", CREATES,
    "if not found then return nil, err end",
    "if not found then return true end" },
  { "the keys of a request stand in the journal", CREATES,
    "return json.decode(json.encode(requests_of.shown(params)))",
    "return json.decode(json.encode(params))" },
  { "creates of one name do not wait for each other", CREATE,
    "while assets.created:is_open(name) do", "while false do" },
  { "an asset that nobody could read is created again", CREATE,
    'if err then return nil, err.kind ~= "missing" and err or nil end',
    "if err then return nil end" },
  { "one of several assets is adopted", CREATE,
    "if not found or #found > 1 then return nil end", "if not found then return nil end",
    "spec/codeocean/bulk/journal/creates_spec.lua" },

  -- Plan files and options
  { "a plan that is cut is carried out", PLAN_FILE,
    "if header.items and header.items ~= ids.count then", "if false then" },
  { "unknown options are accepted", OPTIONS,
    "if not M.knows(rows, given) then", "if false then" },
  { "a change of unknown fields is sent", CHANGE,
    "if name then return nil, nil, refusal(asset.id, name, problem) end", "" },

  -- The session
  { "the intent of a statement is not durable", SESSION, "local ok, problem = journal:flush()",
    "local ok, problem = true" },
  { "two writes of one asset are undone as one", UNDO,
    "known.patch = join(known.patch, own.patch, own.unsure)", "known.patch = known.patch" },
  { "an unknown write of a statement counts as done", UNDO, "own.patch, own.unsure)", "own.patch)",
    "spec/colua/undo_spec.lua" },
  { "permissions that no journal holds are set", SESSION,
    "if not wanted then return nil, err end", "if not wanted then return nil end" },
  { "a share is merged into an old read", "lua/codeocean/assets/permissions.lua",
    'client:request("set_permissions", id, wanted, nil, asset)',
    'client:request("set_permissions", id, wanted)' },
  { "permissions that an answer leaves out count as none", "lua/codeocean/assets/permissions.lua",
    "if present.users ~= nil then return nil end", "do return nil end" },
  { "a given patch that failed is not resumed", INIT,
    'states[index] = is_given and "given" or nil', "states[index] = nil",
    "spec/codeocean/bulk/apply_spec.lua" },
  { "a wrong clock ends the wait for a create", CREATES, "system.time() - last <= LAG + CLOCKS",
    "system.time() - last <= LAG" },
  { "a create that arrives late is not waited for", CREATES, "local LAG, PAUSE = 10, 0.3",
    "local LAG, PAUSE = 0, 0.3" },
  { "the session writes what it cannot undo", SESSION, "if err then return nil, err end",
    "if err then return nil end" },
  { "a listing from before the statement counts", SESSION,
    "function Undo:forget_archive() self.archive, self.archived = nil, {} end",
    "function Undo:forget_archive() self.archived = {} end" },

  -- Verifying
  { "an input that could not be read counts as failed", VERIFY,
    "finish_item(run, index, item, UNSURE[status] or status, err)",
    "finish_item(run, index, item, status, err)" },
  { "a lost write is not repeated", VERIFY, "item.error, item.repairs = nil, true",
    'do return finish_item(run, index, item, "ok"), false end',
    "spec/codeocean/bulk/verify_spec.lua" },

  -- Going on in another place
  { "a script is resumed in another folder", PROVENANCE,
    "local ok, message = own.change_folder(folder)", "local ok, message = true" },
  { "a script that is resumed does not confirm", PROVENANCE, "confirm = confirmed_anew(confirm)",
    "confirm = nil" },
  { "writes of a run before it was interrupted do not count", BRAKES,
    "local changes = #indexes > 0 and #indexes + written(run) or 0", "local changes = #indexes",
    "spec/codeocean/bulk/resume_spec.lua spec/codeocean/bulk/init_spec.lua" },

  -- Retry and limiter, in C
  { "a create is repeated though it may be done", RETRY,
    "return a->repeat == CO_REPEAT_ANY || a->unsent || was_turned_away(a);", "return true;" },
  { "Retry-After is ignored", RETRY,
    "if (attempt->retry_after >= 0) pause += attempt->retry_after;", "" },
  { "the deadline is ignored", RETRY, "return pause < left ? pause : -1;", "return pause;" },
  { "retries have no end", RETRY,
    "if (attempt->spent > policy->retries || !may_repeat(attempt)) return -1;",
    "if (!may_repeat(attempt)) return -1;" },
  { "a lost answer counts as rejected", RETRY,
    "if (!answered || attempt->kind == CO_KIND_OK) return CO_OUTCOME_UNKNOWN;", "" },
  { "a push-back holds back no other transfer", LIMITER,
    "l->held_until = fmax(l->held_until, until);", "" },
  { "the window does not limit transfers", LIMITER,
    "if (l->in_flight >= (int)l->window) return -1;", "" },
  { "the window does not shrink", LIMITER, "l->window = l->calm = fmax(window, 1);", "" },
}
