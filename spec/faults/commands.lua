-- Every command that talks to a deployment: its words; the operations it needs, each of which gets
-- a fault in turn; what is run before it without a fault; and the check after success.

local function tagged(tag)
  return function(here, id)
    local times = 0
    for _, one in ipairs(here:tags_of(id)) do if one == tag then times = times + 1 end end
    return times == 1
  end
end

local function untouched(here, id) return not tagged "new"(here, id) end

local function listed(archived, wanted)
  return function(here, id)
    for asset in here.client.data_assets:each { archived = archived } do
      if asset.id == id then return wanted end
    end
    return not wanted
  end
end

local function named(name, times)
  return function(here)
    local n = 0
    for asset in here.client.data_assets:each { archived = "any" } do
      if asset.name == name then n = n + 1 end
    end
    return n == times
  end
end

local function journal(here)
  local pipe = io.popen("ls -t " .. here.folder .. "/state/colua/runs/*")
  local path = pipe:read "l"
  pipe:close()
  return path
end

-- The words of a command, with the id and the newest journal of the deployment in their places.
local function words_of(here, id, words)
  local list = {}
  for i, word in ipairs(words) do
    if word == "ID" then word = id end
    if word == "JOURNAL" then word = journal(here) end
    list[i] = word
  end
  return list
end

local TAG = { "tag", "ID", "--add", "new", "--yes" }

-- A run whose one write was refused.
local function broken_run(here, run)
  here.server:fault { kind = "status", status = 400, operation = "update" }
  run(TAG)
  here.server:clear()
end

return {
  { "search", { "search", "--json" }, { "search" }, done = untouched },
  { "get", { "get", "ID", "--json" }, { "get" }, done = untouched },
  { "create", { "create", "--name", "made", "--bucket", "b" }, { "create" },
    done = named("made", 1) },
  { "update", { "update", "ID", "--description", "new words", "--yes" }, { "get", "update" },
    done = function(here, id)
      return here.client.data_assets:get(id).description == "new words"
    end },
  { "tag", TAG, { "get", "update" }, done = tagged "new" },
  { "share", { "share", "ID", "--everyone", "viewer", "--yes" },
    { "get", "get_permissions", "set_permissions" }, done = function(here, id)
      return here.client.data_assets:get_permissions(id).everyone == "viewer"
    end },
  { "archive", { "archive", "ID", "--yes" }, { "get", "archive" }, done = listed(true, true) },
  { "unarchive", { "unarchive", "ID", "--yes" }, { "get", "archive" },
    before = function(here, run) run { "archive", "ID", "--yes" } here.server:clear() end,
    done = listed(false, true) },
  { "delete", { "delete", "ID", "--allow-unarchived", "--yes" }, { "get", "delete" },
    done = listed("any", false) },
  { "wait", { "wait", "ID", "--timeout", "3" }, { "get" }, done = untouched },
  { "resume", { "resume", "JOURNAL" }, { "get", "update" }, before = broken_run,
    done = tagged "new" },
  { "undo", { "undo", "JOURNAL", "--yes" }, { "get", "update" },
    before = function(_, run) run(TAG) end, done = untouched },
  { "apply", { "apply", "plan", "--yes" }, { "get", "update" },
    before = function(_, run) run { "tag", "ID", "--add", "new", "--plan", "plan" } end,
    done = tagged "new" },
  { "ls", { "ls", "ID", "--json" }, { "list_files" }, done = untouched },
  { "cat", { "cat", "ID", "data_description.json" }, { "file_urls" }, done = untouched },
  { "fields", { "fields", "--json" }, { "custom_metadata" }, done = untouched },
  { "uses", { "uses", "ID", "--json" }, { "search", "search_capsules" }, done = untouched },
  { "pull", { "pull", "copy" }, { "search" }, done = untouched },
  { "check", { "check" }, { "search" }, done = untouched },
  { "stats", { "stats", "--json" }, { "search" }, done = untouched },
  { "report", { "report", "--output", "estate.html" }, { "search" }, done = untouched },
  words_of = words_of,
}
