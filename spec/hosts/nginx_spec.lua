-- examples/nginx.lua in an nginx of its own, which links LuaJIT: it runs colua as a program.

local host = require "host"
local process = require "process"

local MODULES = "/usr/lib/nginx/modules/"

local BEGIN = ([[
load_module %sndk_http_module.so;
load_module %sngx_http_lua_module.so;
env HOME;
env PATH;
daemon off;
master_process off;
pid pid;
events {}
]]):format(MODULES, MODULES)

-- The configuration that the example's head shows.
local function config(root, port)
  local lines = { BEGIN }
  for line in process.read "examples/nginx.lua":gmatch "\n%-%-   ([^\n]+)" do
    lines[#lines + 1] = line:gsub("/…", (root:gsub("%%", "%%%%")))
      :gsub("127.0.0.1:8080", "127.0.0.1:" .. port)
      :gsub("^http {", "http { access_log off; client_body_temp_path body;")
  end
  assert(#lines == 17)
  return table.concat(lines, "\n") .. "\n"
end

local RUN = [[
begin() {
  nginx -p "$PWD" -c "$PWD/nginx.conf" -g "error_log stderr;" 2>log &
  until curl -sS --max-time 20 -o first "$ADDRESS/newest_assets" 2>/dev/null; do
    kill -0 $! || { cat log >&2; exit 1; }
  done
}
begin
cat first
curl -sS --max-time 20 --parallel --parallel-immediate "$ADDRESS/newest_assets?[1-6]" 2>progress
kill $!
wait $! 2>/dev/null
export CODEOCEAN_TOKEN=cop_wrong
begin
curl -sS --max-time 20 -o last -w '%{http_code}\n' "$ADDRESS/newest_assets"
grep -o 'colua search: .* 401' log | head -n 1
kill $!
wait $! 2>/dev/null
]]

describe("nginx", function()
  it("answers six requests, each by a colua of its own, at once, and logs why it cannot", function()
    if process.shell("test -f " .. MODULES .. "ngx_http_lua_module.so").status ~= 0 then
      return pending "nginx has no Lua here"
    end
    local here, why = host.begin(finally, "nginx", "lua5.4")
    if not here then return pending(why) end
    local port = host.free_port()
    process.write(here.folder .. "/nginx.conf", config(here.root, port))
    here.server:fault { kind = "delay", seconds = 3, operation = "search", count = -1 }
    local result = here:shell(RUN, { ADDRESS = "http://127.0.0.1:" .. port,
      PATH = process.colua:match "^(.*)/" .. ":" .. os.getenv "PATH" .. ":/usr/sbin" })
    assert.are.equal("", result.err)
    local rows, failure = result.out:match "^(.*}\n)(502.*)$"
    assert.is_truthy(rows, result.out)
    assert.are.equal(3 * 7, select(2, rows:gsub('{"id":"[%x-]+","name":"[^"]+"}\n', "")))
    assert.are.equal("502\ncolua search: search: auth 401\n", failure)
    assert.are.equal(6, here.server:stats().max_in_flight)
  end)
end)
