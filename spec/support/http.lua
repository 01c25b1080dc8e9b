-- HTTP for the specs: a peer that shares nothing with the client under test.
-- One python3 child does the talking, so that a request costs no new process
-- and several can be under way at once. Requests go down its standard input,
-- answers come back as Lua tables through a fifo, which is what makes waiting
-- for them free of any sleeping.
--
--   local status, headers, body = http.request { method =, url =, headers =, body = }
--   local answers = http.all({ request, request, … } [, jobs])
--   local finish = http.begin(…)   -- as all, but the answers are those of finish()
--
-- Header names of an answer are in lower case. A request that got no answer is
-- nil and what the network said. Of `all`, an answer is { status, headers,
-- body, seconds } or { error, seconds }.

local child = require "child"

local M = {}

local CHILD = [==[
import http.client, os, sys, time, urllib.parse
from concurrent.futures import ThreadPoolExecutor

def quote(data):
    return '"' + ''.join('\\%03d' % b for b in data) + '"'

def text(value):
    return quote(value.encode('utf-8', 'surrogateescape'))

kept = []   # connections to reuse, when asked to

def talk(method, url, headers, body, keep):
    parts = urllib.parse.urlsplit(url)
    where = (parts.hostname, parts.port)
    link = None
    if keep:
        for i, (there, old) in enumerate(kept):
            if there == where:
                link = kept.pop(i)[1]
                break
    link = link or http.client.HTTPConnection(*where, timeout=keep_alive)
    target = (parts.path or '/') + ('?' + parts.query if parts.query else '')
    own_host = any(n.lower() == 'host' for n, _ in headers)
    link.putrequest(method, target, skip_host=own_host, skip_accept_encoding=True)
    if body is not None and not any(n.lower() == 'content-length' for n, _ in headers):
        headers.append(('Content-Length', str(len(body))))
    for name, value in headers:
        link.putheader(name, value)
    link.endheaders(body)
    answer = link.getresponse()
    data = answer.read()
    if keep and not answer.will_close:
        kept.append((where, link))
    else:
        link.close()
    pairs = ','.join('[%s]=%s' % (text(n.lower()), text(v)) for n, v in answer.getheaders())
    return '{status=%d,headers={%s},body=%s' % (answer.status, pairs, quote(data))

def answer(line):
    fields = [bytes.fromhex(f).decode('utf-8', 'surrogateescape') for f in line.split(' ')]
    method, url, keep, timeout, has_body, body = fields[:6]
    headers = list(zip(fields[6::2], fields[7::2]))
    global keep_alive
    keep_alive = float(timeout)
    raw = body.encode('utf-8', 'surrogateescape') if has_body == '1' else None
    began = time.monotonic()
    try:
        said = talk(method, url, headers, raw, keep == '1')
    except Exception as e:
        said = '{error=' + text(type(e).__name__ + ': ' + str(e))
    return said + ',seconds=%.6f}' % (time.monotonic() - began)

with ThreadPoolExecutor(512) as pool:
    for head in sys.stdin:
        if head == 'end\n': break
        count, jobs = map(int, head.split())
        lines = [sys.stdin.readline().rstrip('\n') for _ in range(count)]
        if jobs == 1:
            said = list(map(answer, lines))
        elif jobs >= count:
            said = list(pool.map(answer, lines))
        else:
            with ThreadPoolExecutor(jobs) as few:
                said = list(few.map(answer, lines))
        with open(sys.argv[1], 'w', encoding='ascii') as fifo:
            fifo.write('return {' + ','.join(said) + '}')
    os.unlink(sys.argv[1])
    os._exit(0)   # no request is waited for
]==]

local input, fifo

local function hex(text)
  return (tostring(text):gsub(".", function(c) return ("%02x"):format(c:byte()) end))
end

local function line(request)
  local fields = {
    hex(request.method or "GET"), hex(request.url), hex(request.keep and 1 or 0),
    hex(request.timeout or 30), hex(request.body and 1 or 0), hex(request.body or ""),
  }
  for name, value in pairs(request.headers or {}) do
    fields[#fields + 1] = hex(name)
    fields[#fields + 1] = hex(value)
  end
  return table.concat(fields, " ")
end

-- Sends the requests; the function it returns waits for the answers. One at a time.
function M.begin(requests, jobs)
  if not input then input, fifo = child.start(CHILD) end
  input:write(#requests, " ", jobs or #requests, "\n")
  for _, request in ipairs(requests) do input:write(line(request), "\n") end
  input:flush()
  return function()
    local file <close> = assert(io.open(fifo))
    return assert(load(file:read("a"), "=answers", "t", {}))()
  end
end

function M.all(requests, jobs)
  return M.begin(requests, jobs)()
end

function M.request(request)
  local answer = M.all({ request }, 1)[1]
  if answer.error then return nil, answer.error end
  return answer.status, answer.headers, answer.body
end

return M
