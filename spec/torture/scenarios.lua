-- What is done while memory runs out. A row: make() prepares a subject with enough memory;
-- run(subject) is then tried with one allocation failing. It returns true if all succeeded, or nil
-- and the error. `once`: a run uses the subject up; `without`: the scenario cannot run here.

local url, token, secure, authority, stranger = ...
local codeocean = require "codeocean"
local core = require "codeocean.core"
local json = require "codeocean.json"

local function client(options)
  local own = { domain = url, token = token, retries = 1, dialect = "2022", timeout = 5,
    deadline = 5 }
  for name, value in pairs(options or {}) do own[name] = value end
  return assert(codeocean.client(own))
end

-- One that knows the ids of some assets.
local function with_ids(options)
  local self = client(options)
  self.trace = false -- the engine keeps its lines; nobody writes them
  local page = assert(self.data_assets:search { limit = 5 })
  local ids = {}
  for i, asset in ipairs(page.results) do ids[i] = asset.id end
  return { client = self, assets = self.data_assets, ids = ids }
end

local function good(value, err)
  if value == nil then return nil, err end
  return true
end

local function expect(kind, value, err)
  if value ~= nil then return nil, "it went well" end
  if err.kind == kind then return true end
  return nil, err
end

-- Of the current release; `file` is the path of a file of its asset `id`.
local function with_file()
  local it = with_ids { dialect = "current" }
  for _, id in ipairs(it.ids) do
    local listed = it.assets:list_files(id)
    if listed then it.id, it.file = id, "data_description.json" end
  end
  assert(it.id, "no asset has files")
  return it
end

-- A client of the sandbox behind a server with TLS.
local function behind_tls(options)
  options = options or { ca_file = authority }
  options.domain = secure
  return with_ids(options)
end

-- Assets on which the sandbox has orders: see spec/torture/run.lua.
local BUSY = "ffffffff-0000-4000-8000-000000000503"
local HTML = "ffffffff-0000-4000-8000-000000000200"
local MISSING = "ffffffff-0000-4000-8000-000000000404"
local MOVED = "ffffffff-0000-4000-8000-000000000301"
local STALLED = "ffffffff-0000-4000-8000-000000000000"

local wide = json.encode { list = { 1, 2.5, -0.0, true, json.null, "a\u{e9}\n\"" },
  deep = { { { { x = "\u{10ffff}" } } } }, text = ("long "):rep(300) }

return {
  { name = "open the module",
    make = function() return debug.getregistry() end,
    run = function(registry)
      package.loaded["codeocean.core"] = nil
      for _, name in ipairs { "engine", "transfer", "journal_file", "library", "array",
        "buffer" } do
        registry["codeocean." .. name] = nil
      end
      return good(require "codeocean.core")
    end },

  { name = "make a client, get, close",
    make = function() return with_ids().ids[1] end,
    run = function(id)
      local own <close> = client { trace = false, token = "cop_another/one", user_agent = "agent" }
      return expect("auth", own.data_assets:get(id))
    end },

  { name = "get",
    make = with_ids,
    run = function(it) return good(it.assets:get(it.ids[1])) end },

  { name = "get by another connection",
    make = function()
      local it = with_ids()
      it.client:close()
      it.client = client()
      it.assets = it.client.data_assets
      return it
    end,
    run = function(it) return good(it.assets:get(it.ids[1])) end },

  { name = "search",
    make = with_ids,
    run = function(it)
      local page, err = it.assets:search { query = "name:a", type = "dataset", archived = false,
        sort_field = "size", sort_order = "desc", limit = 3, offset = 0 }
      return good(page, err)
    end },

  { name = "every page",
    make = with_ids,
    run = function(it)
      local list, err = it.assets:all { page_size = 20 }
      if not list then return nil, err end
      return #list > 20 or nil, "pages are missing"
    end },

  { name = "update",
    make = with_ids,
    run = function(it)
      local asset, err = it.assets:update(it.ids[2], { tags = { "x", "y" }, name = "new" })
      if not asset then return nil, err end
      return asset.name == "new" and asset.tags[2] == "y" or nil, "it is not what was written"
    end },

  { name = "archive and bring back",
    make = with_ids,
    run = function(it)
      local done, err = it.assets:archive(it.ids[3])
      if not done then return nil, err end
      return good(it.assets:unarchive(it.ids[3]))
    end },

  { name = "create",
    make = with_ids,
    run = function(it)
      return good(it.assets:create { name = "tortured", mount = "tortured", tags = { "t" },
        source = { aws = { bucket = "public-data", access_key_id = "AKIA",
          secret_access_key = "very/secret" } } })
    end },

  { name = "delete a missing asset",
    make = with_ids,
    run = function(it) return expect("missing", it.assets:delete(MISSING)) end },

  { name = "read a file",
    make = with_file,
    run = function(it) return good(it.assets:read_file(it.id, it.file)) end },

  { name = "read a range of a file",
    make = with_file,
    run = function(it)
      local bytes, err = it.assets:read_file(it.id, it.file, { range = { 1, 4 } })
      -- libcurl 7.88 without memory sends no Range; the whole file is refused.
      local whole = not bytes and err.message:find("does not serve a part", 1, true)
      if whole then err.kind = "memory" end
      if not bytes then return nil, err end
      return #bytes == 4 or nil, "it is not that range"
    end },

  { name = "a file that is too long",
    make = with_file,
    run = function(it)
      return expect("rejected", it.assets:read_file(it.id, it.file, { max = 1 }))
    end },

  { name = "list files",
    make = with_file,
    run = function(it) return good(it.assets:list_files(it.id)) end },

  { name = "share and take back",
    make = with_file,
    run = function(it)
      local shared, err = it.assets:share(it.id, { users = { ["ann@example.org"] = "viewer" } })
      if not shared then return nil, err end
      return good(it.assets:share(it.id, { users = { ["ann@example.org"] = "none" } }))
    end },

  { name = "search capsules",
    make = with_file,
    run = function(it)
      return good(it.client:request("search_capsules", nil, { query = it.id, limit = 2 }))
    end },

  { name = "custom metadata",
    make = with_file,
    run = function(it) return good(it.client:custom_metadata()) end },

  { name = "merge custom metadata",
    make = with_file,
    run = function(it)
      return good(it.assets:update(it.id, { custom_metadata = { subject = json.null } }))
    end },

  { name = "a busy server, tried twice",
    make = function() return with_ids { trace = true } end,
    run = function(it)
      local asset, err = it.client:finish(it.client:submit("get", BUSY))
      if err and err.kind == "server" and err.attempts == 2 then return true end
      return nil, asset and "it went well" or err
    end },

  { name = "a page instead of an answer",
    make = with_ids,
    run = function(it) return expect("decode", it.assets:get(HTML)) end },

  { name = "a redirect",
    make = with_ids,
    run = function(it) return expect("redirect", it.assets:get(MOVED)) end },

  { name = "a wrong argument",
    make = with_ids,
    run = function(it)
      local wrong = { { "get", nil, nil }, { "search", nil, { nme = "x" } },
        { "search", nil, { sort_order = "up" } }, { "create", nil, { name = "x", mount = 1 } } }
      for _, row in ipairs(wrong) do
        local ok, problem = pcall(it.client.submit, it.client, table.unpack(row, 1, 3))
        if ok then return nil, "it was taken" end
        if not problem:find("bad argument", 1, true) then return nil, problem end
      end
      return true
    end },

  { name = "map",
    make = with_ids,
    run = function(it)
      local results, failed = it.client:map(it.ids, function(id) return it.assets:get(id) end)
      if not results then return nil, failed end
      local _, err = next(failed)
      if err then return nil, err end
      return #results == 5 or nil, "results are missing"
    end },

  { name = "close with transfers in flight", once = true,
    make = with_ids,
    run = function(it)
      local transfers = {}
      for i, id in ipairs { STALLED, it.ids[1], STALLED } do
        transfers[i] = it.client:submit("get", id)
      end
      it.client:step(0)
      it.client:close()
      return expect("cancelled", it.client:finish(transfers[1]))
    end },

  { name = "dry run",
    make = function() return with_ids { dry_run = true } end,
    run = function(it) return expect("dry_run", it.assets:delete(it.ids[1])) end },

  { name = "sleep",
    make = with_ids,
    run = function(it) return good(it.client:sleep(0.0001)) end },

  { name = "a loop of the host's",
    make = function()
      return with_ids { wait = function(self)
        self:pollfd()
        self:step(0.05)
      end }
    end,
    run = function(it) return good(it.assets:get(it.ids[1])) end },

  { name = "statistics and rows",
    make = with_ids,
    run = function(it) return it.client:stats().requests > 0 and #core.operations() > 5 end },

  { name = "JSON",
    make = function() return assert(json.decode(wide)) end,
    run = function(value)
      local text = json.encode(value)
      local again, problem = json.decode(text)
      if not again then return nil, problem end
      return json.encode(again) == text or nil, "another text"
    end },

  { name = "JSON with a fault",
    make = function() end,
    run = function()
      local value, problem = json.decode('{"a":[1,2,{"b":"\\ud83d\\u00"}]}')
      if value ~= nil then return nil, "it was taken" end
      if not problem:find("byte", 1, true) then return nil, problem end
      local ok, why = pcall(json.encode, { a = { print } })
      if ok then return nil, "a function was written" end
      return why:find("has no JSON form", 1, true) ~= nil or nil, why
    end },

  { name = "a journal's log and folders", once = true,
    make = function()
      local path = os.tmpname()
      os.remove(path)
      return path
    end,
    run = function(path)
      local ok, problem = pcall(function()
        local log <close> = core.journal_file()
        assert(log:create(path) and log:append("a line\n") and log:sync())
        local file <close> = assert(core.open_regular(path))
        assert(log:is_of(file))
        assert(core.absolute(path))
        assert(core.list_folder("spec"))
      end)
      os.remove(path)
      return ok or nil, problem
    end },

  -- Over TLS, if a server for it is there.

  { name = "get over TLS", without = not secure,
    make = behind_tls,
    run = function(it) return good(it.assets:get(it.ids[1])) end },

  { name = "the first request over TLS", without = not secure, once = true,
    make = function()
      return client { domain = secure, ca_file = authority }
    end,
    run = function(self) return good(self.data_assets:search { limit = 1 }) end },

  { name = "a certificate that nobody trusts", without = not secure, once = true,
    make = function() return client { domain = secure, ca_file = stranger } end,
    run = function(self)
      local ok, err = expect("tls", self.data_assets:search { limit = 1 })
      if not ok then return nil, err end
      return self.engine:issuer() ~= nil or nil, "not enough memory"
    end },
}
