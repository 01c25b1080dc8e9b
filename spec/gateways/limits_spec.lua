-- Limits of a real nginx, most of them without a number: every item ends right, with few refusals.
-- GATEWAYS=full takes more items, and judges the time too: little more than the limit allows. Where
-- others use the machine only core/pacing_test, which has a clock of its own, can judge that.

local core = require "codeocean.core"
local fixture = require "fixture"
local gateway = require "gateway"
local process = require "process"

local FULL = os.getenv "GATEWAYS" == "full"
local SECONDS = FULL and 8 or 2 -- how long the limit makes each run last

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
  local client = with:client({ url = nginx.url, token = peer.token }, { jobs = 16 })
  local ids = {}
  for i = 1, count do ids[i] = page.results[1].id end
  local began = core.now()
  local results, errs = client:map(ids, function(id) return client.data_assets:get(id) end)
  local seconds = core.now() - began
  for i in ipairs(ids) do
    assert.is_truthy(results[i], errs and tostring(errs[i]))
  end
  return seconds, nginx:log()
end

local function late_refusals(log)
  local late, refused = 0, 0
  for _, row in ipairs(log) do
    if row.at > log[1].at + 1 then
      late = late + 1
      if row.status ~= 200 then refused = refused + 1 end
    end
  end
  return refused, late
end


describe("a limit without a number", function()
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
          local refused, late = late_refusals(log)
          if os.getenv "PACING" then
            print(("%d/s burst %d %d: wall %.2f, refused %d of %d"):format(rate, burst, status,
              seconds / (count / rate), refused, late))
          end
          assert.is_true(not FULL or seconds <= 1.25 * count / rate, seconds .. " s")
          assert.is_true(refused <= 0.1 * late + 3, refused .. " of " .. late .. " refused")
        end)
      end
    end
  end

  it("of four requests at once", function()
    local with = fixture.new(finally)
    local count = FULL and 1000 or 200
    local seconds, log = run(with, { http = "limit_conn_zone $server_name zone=at_once:1m;",
      location = "limit_conn at_once 4; limit_conn_status 503;" }, count, 0.02)
    local refused, late = late_refusals(log)
    if os.getenv "PACING" then
      print(("4 at once: %.2f s for %.2f, refused %d of %d"):format(seconds, count * 0.02 / 4,
        refused, late))
    end
    assert.is_true(not FULL or seconds <= 1.25 * count * 0.02 / 4, seconds .. " s")
    assert.is_true(refused <= 0.03 * late + 5, refused .. " of " .. late .. " refused")
  end)
end)
