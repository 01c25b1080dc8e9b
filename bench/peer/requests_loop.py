"""The same work by Python and requests: a session for each thread.

    requests_loop.py get|update BASE COUNT THREADS [CA]

CPU and wall time are told without the import."""

import concurrent.futures
import json
import os
import sys
import threading
import time

import requests

kind, base, count, threads = sys.argv[1:5]
ca = sys.argv[5] if len(sys.argv) > 5 else True
fields = json.load(open(os.environ["BENCH_BODY"], encoding="utf-8"))
local = threading.local()


def session():
    if not hasattr(local, "session"):
        local.session = requests.Session()
        local.session.auth, local.session.verify = ("cop_bench", ""), ca
    return local.session


def work(n):
    url = f"{base}/api/v1/data_assets/00000000-0000-4000-8000-{n:012d}"
    if kind == "get":
        answer = session().get(url)
    else:
        answer = session().put(url, json=fields)
    answer.raise_for_status()
    return answer.json()["id"]


began, cpu = time.monotonic(), time.process_time()
if threads == "1":
    done = sum(1 for n in range(int(count)) if work(n))
else:
    with concurrent.futures.ThreadPoolExecutor(int(threads)) as pool:
        done = sum(1 for id in pool.map(work, range(int(count))) if id)
print("wall", time.monotonic() - began)
print("cpu_own", time.process_time() - cpu)
print("ops", done)
