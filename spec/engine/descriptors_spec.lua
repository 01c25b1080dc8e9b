-- The number of descriptors that a client needs; closing it releases them. The usual limit of a
-- process is 1,024.

local codeocean = require "codeocean"
local core = require "codeocean.core"
local fixture = require "fixture"
local process = require "process"

local AT_REST, JOBS = 4, 16

-- Open descriptors of this process, which no other program may list.
local function descriptors()
  return #assert(core.list_folder "/proc/self/fd")
end

-- A sandbox in a process of its own: here, its ends of the connections would count too.
local SERVER = [[
  local server = require "codeocean.sandbox".start { seed = 5, latency = 0.2 }
  print(server.url)
  print(server.token)
  io.stdout:flush()
  io.read() ]]

describe("a client", function()
  local server, input, folder

  setup(function()
    folder = process.folder()
    local fifo = folder .. "/input"
    assert(os.execute("mkfifo " .. process.quote(fifo)))
    server = io.popen(("%s -e %s < %s"):format(process.quote(process.colua),
      process.quote(SERVER), process.quote(fifo)))
    input = assert(io.open(fifo, "w"))
  end)
  teardown(function()
    input:close()
    server:close()
    process.clean(folder)
  end)

  -- What earlier specs left uncollected would go meanwhile.
  before_each(function()
    collectgarbage()
    collectgarbage()
  end)

  local target
  local function open(options)
    target = target or { domain = server:read("l"), token = server:read("l") }
    options.domain, options.token = target.domain, target.token
    return assert(codeocean.client(options))
  end

  local function get_many(client)
    local most = 0
    client:map({ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 }, function(i)
      if i == JOBS then
        client:sleep(0.1)
        most = descriptors()
      end
      return client.data_assets:get(fixture.ID)
    end)
    return most
  end

  it("needs four, and one for each job", function()
    local before = descriptors()
    local client <close> = open { jobs = JOBS }
    assert.is_true(descriptors() - before <= AT_REST, descriptors() - before)
    local most = get_many(client) - before
    assert.is_true(most > JOBS // 2 and most <= AT_REST + JOBS, most)
    get_many(client)
    assert.is_true(descriptors() - before <= AT_REST + JOBS, descriptors() - before)
  end)

  it("gives all back when it is closed", function()
    local before = descriptors()
    local client = open { jobs = JOBS }
    assert.is_true(get_many(client) > before)
    client:close()
    assert.are.equal(before, descriptors())
  end)

  it("with a wait hook keeps what the host may still poll, until it is collected", function()
    local before = descriptors()
    local client = open { jobs = JOBS, wait = function(c) c:step(1) end }
    assert.is_true(get_many(client) > before)
    client:close()
    assert.is_true(descriptors() - before <= 2, descriptors() - before)
    client = nil -- luacheck: ignore
    collectgarbage()
    collectgarbage()
    assert.are.equal(before, descriptors())
  end)

  it("gives all back after calls that failed", function()
    local before = descriptors()
    local client = open { jobs = JOBS, retries = 0, timeout = 0.05 }
    get_many(client)
    client:close()
    assert.are.equal(before, descriptors())
  end)
end)
