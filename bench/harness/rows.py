"""The measurements, a row each.

Programs are command lines. {plain}, {tls}, {h2}, {slow20}, {slow50} are
addresses; {n} is the count, which a quick run takes from `quick`. `reference`
is a program, or the seconds that one operation would ideally take, or may
take. `must` holds the limits: of the ratios `cpu` and `wall`, of `us`, the CPU
microseconds of an operation, of `peak` in MiB, of `growth`, the growth of the
peak since page 10 (a fraction of it).
`peers` are (name, command, its own count or None); they run by turns, too."""

from collections import namedtuple

Row = namedtuple(
    "Row", "name title n product reference must peers pin pairs quick needs",
    defaults=((), False, 5, None, None))

ONE = "{colua} {bench}/product/one.lua "
MAP = "{colua} {bench}/product/map.lua "
EACH = "{colua} {bench}/product/each.lua {plain} "
SANDBOX = "{colua} {bench}/product/sandbox.lua "
EASY, MULTI = "{tools}/easy ", "{tools}/multi "
DECODE = "lua5.4 {bench}/reference/decode.lua {pages}/{n} {n}"
LUACURL = "lua5.1 {bench}/peer/luacurl.lua "
REQUESTS = "{python} {bench}/peer/requests_loop.py "
CURL = "curl -s -f -o /dev/null -u cop_bench: "
PARALLEL = (CURL + "--parallel --parallel-immediate -X PUT -d @{body} "
            "-H Content-Type:application/json --parallel-max ")
WRK = "wrk -t1 -d1s -s {bench}/peer/put.lua "
H2LOAD = ("h2load -c1 -n {n} -d {body} -H content-type:application/json "
          "-H :method:PUT -m")
ASSETS = "/api/v1/data_assets/00000000-0000-4000-8000-"
ID = ASSETS + "000000000000"

# How requests travel: name, address, CA.
PLAIN, TLS, H2 = ("", "{plain}", ""), (" tls", "{tls}", " {ca}"), \
    (" h2", "{h2}", " {ca}")

# The limits of the CPU ratio: a Lua-cURL script that checks nothing is at
# 1.25 and 1.30 one after another.
LIMITS = {("get", PLAIN): 1.24, ("update", PLAIN): 1.28, ("get", TLS): 1.22,
          ("update", TLS): 1.22, ("many", PLAIN): 1.30, ("many", H2): 1.20}


def sequential(kind, way, quick=None):
    suffix, base, ca = way
    words = f"{kind} {base} "
    return Row(
        kind + suffix, f"{kind}s one after another{suffix.upper()}", 5000,
        ONE + words + "{n}" + ca, EASY + words + "{n}" + ca,
        {"cpu": LIMITS[kind, way]},
        (("Lua-cURL", LUACURL + words + "{n}" + ca, None),
         ("requests", REQUESTS + words + "{n} 1" + ca, 500)),
        pin=True, quick=quick)


def peers_of_many(jobs, way):
    _, base, ca = way
    trust = "--cacert" + ca + " " if ca else ""
    curl = PARALLEL + f"{jobs} {trust}{base}{ASSETS}0000000[00000-19999]"
    requests = REQUESTS + f"update {base} {{n}} {jobs}{ca}"
    ceiling = H2LOAD + f"{jobs} " if ca else WRK + f"-c{jobs} "
    return (("curl --parallel", curl, 20000), ("requests", requests, 500),
            ("h2load" if ca else "wrk", ceiling + base + ID, 20000))


def parallel(jobs, way, quick=None):
    suffix, base, ca = way
    words = f"{base} {{n}} {jobs}{ca}"
    return Row(f"{jobs} in flight{suffix}",
               f"updates, {jobs} in flight{suffix.upper()}", 20000,
               MAP + words, MULTI + words, {"cpu": LIMITS["many", way]},
               peers_of_many(jobs, way) if jobs == 32 else (), quick=quick)


def latent(count, jobs, limit):
    words = f"{{slow50}} {{n}} {jobs}"
    return Row(f"{jobs} at 50 ms", f"updates at 50 ms, {jobs} in flight",
               count, MAP + words + " - warm", 0.050 / jobs, {"wall": limit},
               (("colua, a new client", MAP + words + " -", None),
                ("requests", REQUESTS + "update " + words, None)))


def trusting(name, ca, limit):
    words = "{tls} {n} 32 "
    title = "updates over TLS, trusting the system's " + name
    return Row("trust " + name, title, 200, MAP + words + ca,
               MAP + words + "{ca}", {"wall": limit}, needs="trust", pairs=9)


ROWS = (
    sequential("get", PLAIN, quick=5000),
    sequential("update", PLAIN, quick=5000),
    sequential("get", TLS),
    sequential("update", TLS),
    *(parallel(jobs, PLAIN, 8000 if jobs == 32 else None)
      for jobs in (8, 16, 32, 64)),
    *(parallel(jobs, H2, 8000 if jobs == 32 else None)
      for jobs in (8, 16, 32, 64)),
    trusting("folder", "-", 1.15),
    trusting("bundle", "{bundle}", 1.5),
    latent(2000, 32, 1.025),
    latent(6400, 128, 1.05),
    Row("each", "every asset by assets:each", 1_000_000, EACH + "{n}", DECODE,
        {"cpu": 0.70, "wall": 1.15, "peak": 20, "growth": 0.10}, quick=50_000),
    Row("each fields", "the same, fields = {id, name, tags}", 1_000_000,
        EACH + "{n} id,name,tags", DECODE,
        {"cpu": 0.35, "peak": 20, "growth": 0.10}, quick=50_000,
        needs="fields"),
    Row("start", "start, nothing done", 1,
        "{colua} {bench}/product/nothing.lua",
        "lua5.4 {bench}/reference/loaded.lua", {"wall": 1.00},
        (("colua, require \"codeocean\"", "{colua} {bench}/product/module.lua",
          None),
         ("curl --version", "curl --version", None),
         ("requests, import", "{python} -c 'import requests'", None)),
        pairs=20, quick=1),
    Row("one get", "a process of one TLS get, the system's trust", 1,
        ONE + "get {tls} 1 -", CURL + "{tls}" + ID, {"wall": 0.50},
        pairs=20, quick=1, needs="trust"),
    Row("bulk", "bulk run at 20 ms, 32 jobs, journal", 5000,
        "{colua} {bench}/product/bulk.lua {slow20} {n} 32 {journal}",
        2 * 0.020 / 32, {"wall": 1.05, "us": 120},
        (("bare libcurl, two puts each", MULTI + "{slow20} 10000 32", None),)),
    Row("sandbox get", "gets that the sandbox answers, its CPU", 20_000,
        SANDBOX + "get {n}", 1 / 20_000, {"us": 50}, needs="h2load"),
    Row("sandbox seed", "assets that the sandbox is seeded with", 100_000,
        SANDBOX + "seed {n}", 5 / 100_000, {"wall": 1.00}, pairs=3),
    Row("sandbox page", "pages of a search in 100,000 assets", 10,
        SANDBOX + "page {n}", 0.050, {"wall": 1.00}, pairs=3),
)

# Listings of these sizes, read so often that each is some 100,000 assets; the
# CPU for an asset must be the same within so much.
SIZES = ((1_000, 100), (10_000, 10), (100_000, 1), (1_000_000, 1))
FLAT = 0.10
SIZE_PROGRAM = EACH + "{n} all "
