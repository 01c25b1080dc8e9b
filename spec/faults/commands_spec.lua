-- Every command under every fault: its requests, its exit status, the assets afterwards.
-- FAULTS=full takes every row; else a few of each command.

local a_case = require "case"
local commands = require "commands"
local rows = require "rows"

local FULL = os.getenv "FAULTS" == "full"
local SOME = { ["reset after the commit"] = true, ["423"] = true, ["JSON 65 deep"] = true }
local AT_ONCE = 6

-- The status of a command that could do nothing at all.
local STATUS = { auth = 4, network = 7, timeout = 7, throttled = 7, server = 7, redirect = 7 }

local WRITES = { create = true, update = true, archive = true, delete = true,
  set_permissions = true }
-- It was carried out, but the answer says nothing: a create looks for what it made.
local MUTE = { wrong_length = true, no_content = true }
local WITHOUT_BODY = { archive = true, delete = true, set_permissions = true }

-- What is not a failure there: an empty answer cannot be cut, JSON where none was expected is let
-- pass, a search that is not there means the older dialect, a schema that is not there that any
-- metadata are taken, a page too large is asked for in
-- smaller ones, and a resume looks twice at what it has open.
local function applies(row, operation, command)
  local fault = row.fault
  if WITHOUT_BODY[operation] then
    return fault.kind ~= "truncated" and fault.depth ~= 64 and not MUTE[fault.kind]
  elseif operation == "custom_metadata" then
    return fault.status ~= 404
  elseif operation == "search" then
    return fault.status ~= 404 and not (fault.status == 413 and command[1] ~= "check")
  end
  return not (command[1] == "resume" and operation == "get" and row.again == "never")
end

local function prepare(command, operation, row)
  local case = a_case.prepare(command)
  case.operation, case.row = operation, row
  local fault = { operation = operation }
  for name, value in pairs(row.fault) do fault[name] = value end
  case.here.server:fault(fault)
  return case
end

local function seen(case)
  local n, writes = 0, 0
  local requests = case.here.server:requests()
  for i = case.here.seen + 1, #requests do
    local operation = requests[i].operation
    if operation == case.operation then n = n + 1 end
    if WRITES[operation] then writes = writes + 1 end
  end
  return n, writes
end

local function is_again(case)
  local again = case.row.again
  if case.operation == "create" then return again == "sure" or MUTE[case.row.fault.kind] end
  return again ~= "never"
end

-- Nothing but the one asset that was meant has changed, and none is gone that was not deleted.
local function check_others(case)
  local after, n = a_case.snapshot(case.here)
  for id, fields in pairs(case.before) do
    if id ~= case.id then assert.are.same(fields, after[id]) end
  end
  local made = case.command[1] == "create" and 1 or 0
  assert.is_true(n <= a_case.ASSETS + made)
  if case.command[1] ~= "delete" then assert.is_not_nil(after[case.id]) end
end

local function check(case)
  local n, writes = seen(case)
  if is_again(case) then
    assert.are.equal(0, case.status, case.err)
    assert.is_true(case.command.done(case.here, case.id), case.err)
  elseif case.row.again == "never" then
    assert.is_true(n >= 1, case.err)
    assert.are.equal(STATUS[case.row.kind] or 3, case.status, case.err)
    if not WRITES[case.operation] then assert.are.equal(0, writes) end
  end
  check_others(case)
end

describe("commands x faults:", function()
  local cases = {}
  for _, command in ipairs(commands) do
    for _, operation in ipairs(command[3]) do
      for _, row in ipairs(rows) do
        if applies(row, operation, command) and (FULL or SOME[row.name]) then
          cases[#cases + 1] = { command, operation, row }
        end
      end
    end
  end

  local batch = {}
  -- The finished case; runs its batch first.
  local function finished(index)
    if batch[index] then return batch[index] end
    for _, case in pairs(batch) do case.here:stop() end
    batch = {}
    local list = {}
    for i = index, math.min(index + AT_ONCE - 1, #cases) do
      batch[i] = prepare(table.unpack(cases[i]))
      list[#list + 1] = batch[i]
    end
    a_case.run(list)
    return batch[index]
  end

  teardown(function()
    for _, case in pairs(batch) do case.here:stop() end
    if FULL then
      print(("\n%d faults x %d commands, by operation: %d cases"):format(#rows, #commands, #cases))
    end
  end)

  for i, case in ipairs(cases) do
    it(("%s, %s of %s"):format(case[1][1], case[3].name, case[2]), function()
      check(finished(i))
    end)
  end
end)
