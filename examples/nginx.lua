-- Inside nginx, whose LuaJIT cannot load the module: runs colua as a program, in a thread of
-- nginx's, and answers with the newest assets, a JSON object a line. nginx goes on meanwhile.
--
--   thread_pool colua threads=8;
--   env CODEOCEAN_DOMAIN;
--   env CODEOCEAN_TOKEN;
--   http {
--     lua_package_path "/…/examples/?.lua;;";
--     server {
--       listen 127.0.0.1:8080;
--       location = /newest_assets {
--         content_by_lua_block {
--           local ran, rows = ngx.run_worker_thread("colua", "nginx", "newest_assets")
--           if not ran or not rows then return ngx.exit(502) end
--           ngx.print(rows)
--         }
--       }
--     }
--   }

local M = {}

local COMMAND = "(colua search --sort-field created --limit 3 --fields id,name --jsonl"
  .. " && echo done) >%s"

--- newest_assets() -> the lines; nil if colua failed, which says why in nginx's error log. The
-- lines go through a file of this user alone: io.popen of a thread waits while another thread
-- reads from a pipe. The last word tells a success, since nginx takes the status of a program that
-- ends.
function M.newest_assets()
  local path = os.tmpname()
  os.execute(COMMAND:format(path))
  local file = assert(io.open(path))
  local rows = file:read "*a"
  file:close()
  os.remove(path)
  return rows:match "^(.*)done\n$"
end

return M
