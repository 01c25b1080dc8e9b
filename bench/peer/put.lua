-- luacheck: globals wrk
-- For wrk: the update, again and again.

local file = assert(io.open(os.getenv "BENCH_BODY", "rb"))
wrk.body = file:read "a"
file:close()
wrk.method = "PUT"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Basic Y29wX2JlbmNoOg=="
