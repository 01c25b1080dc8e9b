"""Counts a text in the memory of a program. The program prints "ready", once or
more, and continues after a line on stdin; at each stop this prints how often
its writable memory holds the text, without the environment from the kernel.

    memory.py TEXT program words…
"""

import re
import subprocess
import sys


def holds(pid, text):
    count = 0
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb") as memory:
        for line in maps:
            row = re.match(r"(\w+)-(\w+) rw.. \S+ \S+ \S+\s*(.*)", line)
            if row is None or row[3] == "[stack]":
                continue
            start, end = int(row[1], 16), int(row[2], 16)
            memory.seek(start)
            count += memory.read(end - start).count(text)
    return count


text = sys.argv[1].encode()
child = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
for line in child.stdout:
    if line == b"ready\n":
        print(holds(child.pid, text), flush=True)
        child.stdin.write(b"\n")
        child.stdin.flush()
sys.exit(child.wait())
