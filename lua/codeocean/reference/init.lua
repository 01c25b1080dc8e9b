--- Every public function, as rows. help(), Tab inside a call, the manual and the editor's
-- annotations are made of these rows. spec/docs/source_spec.lua compares them with the modules.
--
-- A section's rows stand in codeocean.reference.<section>: {rows =, shapes =, choices =}.
--
-- A row, of a function:
--   name       as it is called at the prompt: "assets:search", "bulk.run"
--   summary    a sentence or two
--   params     list of {name, type, what it is}: its arguments
--   returns    list of {name, type, what it is}
--   errors     kinds of err that are this function's own (M.ANYTIME can come from any request): the
--              function fails with nil, err. `raises`: what it raises instead. `problem`: it fails
--              with nil and a text, and this is what the text says
--   api        section of the API's page that it implements, or its request where the page of 2022
--              has none; nil: our own
--   example    lines that run as they stand in a session
--
-- A shape, of a table: {name =, about =, fields = list of {name, type, what it is, default =}};
-- `options`: an argument whose fields Tab offers; `object`: what stands before its functions'
-- names, "client:". Choices, of a text: {name =, about =, values = list}.
--
-- Types are written as LuaLS has them: "string", "string[]", "codeocean.Asset", "fun(…): …". A
-- value whose type ends in ? may be left out or absent. Times are in seconds, sizes in bytes.

local ascii = require "codeocean.ascii"
local M = {}

--- Kinds of error: {kind, meaning}.
M.KINDS = {
  { "auth", "no valid token, or no permission" },
  { "missing", "no such asset, or you may not see it" },
  { "invalid", "the server refused the request's content" },
  { "rejected", "the server refused for another reason" },
  { "throttled", "too many requests; err.retry_after may tell when to come back" },
  { "server", "the server failed" },
  { "network", "the server could not be reached, or hung up" },
  { "timeout", "no answer in time" },
  { "tls", "a certificate was not accepted, or no TLS is spoken there" },
  { "redirect", "the server redirects; a redirect is not followed" },
  { "decode", "the answer is not what the API documents" },
  { "memory", "no memory for the request" },
  { "cancelled", "ended by Ctrl-C, client:cancel() or client:close()" },
  { "closed", "the client was closed before; or fork() left the call to the parent process" },
  { "dry_run", "a write that a dry run held back" },
  { "config", "no deployment or no token is known" },
  { "paging", "the server's pages contradict each other" },
  { "conflict", "the server answers with other values than were sent" },
  { "drift", "an asset is no longer as the plan or the journal has it" },
  { "failed", "the server could not create the asset" },
  { "ambiguous", "several assets have this name; err.data lists them" },
  { "unsupported", "this deployment's release of the API cannot express it" },
  { "script", "a function of yours raised; err.message has its traceback" },
  { "protected", "no run touches the asset: the user's settings protect it (docs/bulk.md)" },
  { "pending", "not begun: the run or the map stopped before" },
  { "refused", "held back: a journal that exists or is in use, a deletion that is not allowed" },
  { "plan", "a file that is not a plan" },
  { "journal", "a journal that cannot be read or written: a full disk" },
  { "encode", "a row that the format cannot hold" },
  { "output", "the output cannot be written" },
}

M.ANYTIME = { "auth", "throttled", "server", "network", "timeout", "tls", "redirect", "decode",
  "memory", "cancelled", "closed" }

--- Variables of the environment that the library and its commands read.
M.ENVIRONMENT = {
  { "CODEOCEAN_DOMAIN", "the deployment, such as acmecorp.codeocean.com" },
  { "CODEOCEAN_TOKEN", "an access token" },
  { "CODEOCEAN_PROFILE", "a profile of credentials.json, as with --profile" },
  { "CODEOCEAN_CA_FILE", "the authorities to trust in place of the system's, as with --ca-file" },
  { "CODEOCEAN_CLIENT_CERT", "a file with the client's own certificate" },
  { "CODEOCEAN_CLIENT_KEY", "its key" },
  { "SSL_CERT_FILE", "certificates to trust, where no ca_file is set; also CURL_CA_BUNDLE" },
  { "SSL_CERT_DIR", "a hashed folder of certificates to trust" },
  { "CURL_CA_BUNDLE", "a file of certificates to trust" },
  { "API_SECRET", "in a capsule: named in a hint where no token is known; also API_KEY and "
    .. "CUSTOM_KEY" },
  { "CODEOCEAN_DRY_RUN", "1: no request that writes leaves the process, as with --dry-run" },
  { "CODEOCEAN_TRACE", "1: each request is printed on stderr, as with --trace" },
  { "CODEOCEAN_SANDBOX", "set by --sandbox for the script or command: the name of its estate" },
  { "HOME", "where .codeocean/credentials.json is looked for" },
  { "XDG_CONFIG_HOME", "where colua/config.json and colua/init.lua are (~/.config)" },
  { "XDG_STATE_HOME", "where journals and the prompt's history are kept (~/.local/state)" },
  { "NO_COLOR", "not empty: no colours" },
  { "CLICOLOR_FORCE", "not empty, not 0: colours also into a pipe" },
  { "CLICOLOR", "0: no colours" },
  { "TERM", "dumb: no colours, no line editing" },
  { "VISUAL", "the editor of the session's .edit; else that of EDITOR, else vi" },
  { "EDITOR", "the editor of .edit where VISUAL is not set" },
  { "LUA_INIT", "run first, as by lua (also LUA_INIT_5_4)" },
  { "LUA_PATH", "where modules in Lua are (also LUA_PATH_5_4)" },
  { "LUA_CPATH", "where modules in C are (also LUA_CPATH_5_4)" },
}

--- Exit statuses of the commands and of bulk.main.
M.STATUSES = {
  { 0, "done, or nothing to do" },
  { 1, "a script failed" },
  { 2, "wrong arguments" },
  { 3, "some items failed" },
  { 4, "no token, or one that is not accepted" },
  { 6, "refused: not confirmed, or not allowed" },
  { 7, "the server could not be reached, or was too busy" },
  { 10, "something would change (`--dry-run --detailed-exitcode`)" },
  { 130, "interrupted" },
}

--- The sections: {name, variable at the prompt (else the module's name), separator before a
-- function's name, meaning}.
M.SECTIONS = {
  { "codeocean", "codeocean", ".", "the module" },
  { "client", "client", ":", "one deployment, any number of requests at once" },
  { "assets", "assets", ":", "client.data_assets: the operations on data assets" },
  { "bulk", "bulk", ".", "codeocean.bulk: many assets, planned, confirmed, reported" },
  { "tags", "tags", ".", "codeocean.tags: new lists of tags from old ones" },
  { "ids", "ids", ".", "codeocean.ids: ids from lists in files" },
  { "sheet", "sheet", ".", "codeocean.input.sheet: values per row from spreadsheets" },
  { "output", "output", ".", "codeocean.output: rows as table, CSV, TSV or JSON" },
  { "json", "codeocean.json", ".", "JSON that keeps every integer and every empty list" },
  { "sandbox", "sandbox", ".", "codeocean.sandbox: a simulated deployment" },
}

M.rows, M.shapes, M.choices = {}, {}, {}

local function append(list, more)
  table.move(more or {}, 1, #(more or {}), #list + 1, list)
end

for _, row in ipairs(M.SECTIONS) do
  local section = require("codeocean.reference." .. row[1])
  for _, entry in ipairs(section.rows) do entry.section = row[1] end
  for _, entry in ipairs(section.shapes or {}) do entry.section = row[1] end
  append(M.rows, section.rows)
  append(M.shapes, section.shapes)
  append(M.choices, section.choices)
end

-- Looking up -------------------------------------------------------------------------------------

local function named(list, name)
  for _, entry in ipairs(list) do
    if entry.name == name then return entry end
  end
end

--- shape(type) -> the shape that a type names ("codeocean.Search?", "codeocean.Asset[]"), or nil.
function M.shape(type)
  return named(M.shapes, type:match("^[%w_.]+"))
end

--- values(param) -> list of the values that a parameter takes, or nil where there are too many.
function M.values(param)
  local bare = param[2]:gsub("%?$", "")
  if bare == "boolean" then return { true, false } end
  local choices = named(M.choices, bare)
  return choices and choices.values
end

--- options(param) -> the fields of an argument that is a table of options, or nil.
function M.options(param)
  local shape = param and M.shape(param[2])
  return shape and shape.options and shape.fields or nil
end

--- object(prefix) -> the shape whose functions are called prefix..name ("client:"), or nil.
function M.object(prefix)
  for _, shape in ipairs(M.shapes) do
    if shape.object == prefix then return shape end
  end
end

-- "id, changes [, opts]"
local function arguments(row)
  local text = ""
  for i, param in ipairs(row.params or {}) do
    local name = i > 1 and ", " .. param[1] or param[1]
    local optional = param[2]:find("%?$")
    text = text .. (optional and (i > 1 and " [%s]" or "[%s]") or "%s"):format(name)
  end
  return text
end

--- signature(row) -> "assets:get(id) -> asset"
function M.signature(row)
  local results = {}
  for i, result in ipairs(row.returns or {}) do results[i] = result[1] end
  local arrow = #results > 0 and " -> " .. table.concat(results, ", ") or ""
  return ("%s(%s)%s%s"):format(row.name, arguments(row), arrow,
    row.problem and "; or nil, problem" or "")
end

local function plain(name)
  return (name:gsub(":", "."):gsub("^client%.data_assets%.", "assets.")
    :gsub("^codeocean%.(%a+)%.", "%1."))
end

--- find(name) -> the row: "assets:search", "assets.search" and "codeocean.bulk.run" are all known;
-- or nil.
function M.find(name)
  local wanted = plain(name)
  for _, row in ipairs(M.rows) do
    if plain(row.name) == wanted then return row end
  end
end

--- of_section(section) -> list of its rows.
function M.of_section(section)
  local list = {}
  for _, row in ipairs(M.rows) do
    if row.section == section then list[#list + 1] = row end
  end
  return list
end

--- near(word) -> list of the rows whose name contains the word; if none does, of those whose
-- summary contains it.
function M.near(word)
  local by_name, by_text = {}, {}
  local lower = ascii.lower(word)
  for _, row in ipairs(M.rows) do
    if ascii.lower(row.name):find(lower, 1, true) then by_name[#by_name + 1] = row end
    if ascii.lower(row.summary):find(lower, 1, true) then by_text[#by_text + 1] = row end
  end
  return #by_name > 0 and by_name or by_text
end

return M
