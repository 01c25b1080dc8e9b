-- Limits of a real nginx, most of them without a number: every item ends right, is answered once,
-- and the client learns the limit from few refusals. That is judged by counts alone. nginx's limit
-- has a clock, so that what is refused each second, and what it takes, can be judged only where
-- nobody else uses the machine: by GATEWAYS=full, with more items. core/pacing_test, which has a
-- clock of its own, judges that everywhere.

local core = require "codeocean.core"
local fixture = require "fixture"
local gateway = require "gateway"
local process = require "process"

local FULL = os.getenv "GATEWAYS" == "full"
local SECONDS = FULL and 8 or 2 -- how long the limit makes each run last
local JOBS = 16

local function limit_req(rate, burst, status, more)
  return {
    http = ("limit_req_zone $server_name zone=api:1m rate=%dr/s;"):format(rate),
    location = ("limit_req zone=api%s; limit_req_status %d; %s"):format(
      burst > 0 and (" burst=%d nodelay"):format(burst) or "", status, more or ""),
  }
end

-- Reads `count` assets through the gateway, then checks its time and the requests that nginx saw.
local function run(with, settings, count, latency)
  local peer = with:sandbox { seed = 3, latency = latency }
  local page = assert(with:client(peer).data_assets:search { limit = 1 })
  settings.to = peer.url
  local nginx = gateway.nginx(with, settings)
  local client = with:client({ url = nginx.url, token = peer.token }, { jobs = JOBS })
  local ids = {}
  for i = 1, count do ids[i] = page.results[1].id end
  local began = core.now()
  local results, errs = client:map(ids, function(id) return client.data_assets:get(id) end)
  local seconds = core.now() - began
  for i in ipairs(ids) do
    assert.is_truthy(results[i], errs and tostring(errs[i]))
  end
  assert.equal(count, #fixture.seen(peer, "get"))
  return seconds, nginx:log()
end

-- Answers of nginx, and those of them that were refusals: after the first second, or of all.
local function tally(log, from)
  local answers, refused = 0, 0
  for _, row in ipairs(log) do
    if row.at >= log[1].at + from then
      answers = answers + 1
      if row.status ~= 200 then refused = refused + 1 end
    end
  end
  return answers, refused
end

-- At 10 a second a client without a pace is refused 80 to 190 times.
local function judge_counts(log, count)
  local _, refused = tally(log, 0)
  assert.is_true(refused <= 4 * JOBS + 0.1 * count, refused .. " refused of " .. count)
end

-- On a quiet machine. ideal: the seconds that the limit allows; share and more: of late refusals.
local function judge_pace(name, seconds, log, ideal, share, more)
  local late, refused = tally(log, 1)
  if os.getenv "PACING" then
    print(("%s: wall %.2f, refused %d of %d"):format(name, seconds / ideal, refused, late))
  end
  if not FULL then return end
  assert.is_true(seconds <= 1.25 * ideal, seconds .. " s")
  assert.is_true(refused <= share * late + more, refused .. " of " .. late .. " refused")
end


describe("a limit that the server does not state", function()
  -- Ubuntu 22.04's nginx-light is built without it.
  local without = "PATH=$PATH:/usr/sbin nginx -V 2>&1 | grep -q without-http_limit_req"
  if process.shell(without).status == 0 then return pending "this nginx has no limit_req" end

  for _, rate in ipairs { 10, 50, 100 } do
    for _, burst in ipairs { 0, 20 } do
      for _, status in ipairs { 429, 503 } do
        it(("of %d requests a second, burst %d, %d"):format(rate, burst, status), function()
          local with = fixture.new(finally)
          local count = rate * SECONDS + burst
          local seconds, log = run(with, limit_req(rate, burst, status), count)
          judge_counts(log, count)
          judge_pace(("%d/s burst %d %d"):format(rate, burst, status), seconds, log, count / rate,
            0.1, 3)
        end)
      end
    end
  end

  it("of four requests at once", function()
    local with = fixture.new(finally)
    local count = FULL and 1000 or 200
    local seconds, log = run(with, { http = "limit_conn_zone $server_name zone=at_once:1m;",
      location = "limit_conn at_once 4; limit_conn_status 503;" }, count, 0.02)
    judge_counts(log, count)
    judge_pace("4 at once", seconds, log, count * 0.02 / 4, 0.03, 5)
  end)
end)
