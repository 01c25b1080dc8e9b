-- The faults of a request, a row each: name; the fault in the sandbox's terms; whether the request
-- is repeated (ANY: by every operation that may be repeated; SURE: by every operation, since it
-- was surely not processed; NEVER); and the kind and outcome of the error if it is not.
--
-- `more` marks those that spec/codeocean/client_repeat_spec.lua does not have.

local ANY, SURE, NEVER = "any", "sure", "never"

local function status(code, more)
  local fault = { kind = "status", status = code }
  for name, value in pairs(more or {}) do fault[name] = value end
  return fault
end

local function row(name, fault, again, kind, outcome, more)
  return { name = name, fault = fault, again = again, kind = kind, outcome = outcome, more = more }
end

local function date(seconds)
  return os.date("!%a, %d %b %Y %H:%M:%S GMT", os.time() + seconds)
end

local MORE = true

return {
  row("400", status(400), NEVER, "invalid", "rejected"),
  row("401", status(401), NEVER, "auth", "rejected"),
  row("403", status(403), NEVER, "auth", "rejected"),
  row("404", status(404), NEVER, "missing", "rejected"),
  row("408", status(408), ANY, "timeout", "unknown"),
  row("409", status(409), NEVER, "rejected", "rejected"),
  row("413", status(413), NEVER, "rejected", "rejected", MORE),
  row("422", status(422), NEVER, "invalid", "rejected", MORE),
  row("423", status(423), NEVER, "rejected", "rejected", MORE),
  row("429", status(429), SURE, "throttled", "rejected"),
  row("429 with seconds", status(429, { retry_after = 1 }), SURE, "throttled", "rejected", MORE),
  row("429 with a date", status(429, { retry_after = date(1) }), SURE, "throttled", "rejected",
    MORE),
  row("429 with a date that is past", status(429, { retry_after = date(-86400) }), SURE,
    "throttled", "rejected", MORE),
  row("429 with a negative number", status(429, { retry_after = -5 }), SURE, "throttled",
    "rejected", MORE),
  row("429 with 10^9 seconds", status(429, { retry_after = 1000000000 }), NEVER, "throttled",
    "rejected", MORE),
  row("500", status(500), ANY, "server", "unknown"),
  row("500 although done", status(500, { apply = true }), ANY, "server", "unknown"),
  row("502", status(502), ANY, "server", "unknown"),
  row("503", status(503), ANY, "server", "unknown"),
  row("504", status(504), ANY, "server", "unknown"),
  row("reset before the commit", { kind = "reset_before" }, ANY, "network", "unknown"),
  row("reset after the commit", { kind = "reset_after" }, ANY, "network", "unknown"),
  row("truncated", { kind = "truncated" }, ANY, "network", "unknown"),
  row("wrong length", { kind = "wrong_length" }, NEVER, "decode", "unknown", MORE),
  row("204", { kind = "no_content" }, NEVER, "decode", "unknown", MORE),
  row("slow bytes", { kind = "slow", bytes = 100, interval = 0.005 }, SURE, nil, nil, MORE),
  row("html", { kind = "html" }, NEVER, "decode", "unknown"),
  row("garbage", { kind = "garbage" }, NEVER, "decode", "unknown"),
  row("JSON 64 deep", { kind = "deep_json", depth = 64 }, NEVER, "decode", "unknown", MORE),
  row("JSON 65 deep", { kind = "deep_json", depth = 65 }, NEVER, "decode", "unknown", MORE),
  row("a gzip bomb", { kind = "gzip_bomb", bytes = 200000000 }, NEVER, "decode", "unknown", MORE),
  row("100 MB", { kind = "huge" }, NEVER, "decode", "unknown", MORE),
  row("a redirect to another host", { kind = "redirect" }, NEVER, "redirect", "rejected"),
}
