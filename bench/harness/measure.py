"""Runs programs by turns and measures their time and memory."""

import re
import statistics
import subprocess
import sys


class Failed(Exception):
    pass


def figures(text):
    """The lines `name number` that a program printed."""
    found = {}
    for line in text.splitlines():
        words = line.split()
        if len(words) == 2:
            try:
                found[words[0]] = float(words[1])
            except ValueError:
                pass
    wrk = re.search(r"(\d+) requests in", text)
    return {**found, **({"requests": int(wrk.group(1))} if wrk else {})}


def once(timed, words, count, cpu):
    """CPU and wall seconds for an operation and the peak in MiB of one process
    of `count` operations. What a program tells itself comes first: its wall
    time, its CPU time if it is slow to load, other numbers of operations."""
    done = subprocess.run([timed, str(cpu), *words], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise Failed(f"{' '.join(map(str, words))}: "
                     f"{done.stderr.strip()[-300:]}")
    told = figures(done.stdout)
    ran = told.get("requests", count)
    return {"cpu": told.get("cpu_own", told["cpu"]) / told.get("ops", ran),
            "wall": told.get("wall", told["process"]) / ran,
            "peak": told["peak"] / 1024, "growth": told.get("growth")}


def rounds(timed, programs, pairs, cpu):
    """Each program once per round: {label: [its figures, …]}. One round more
    comes first and is not counted; a peer that fails there is left out."""
    results, well = {}, {}
    for label, (words, count) in programs.items():
        try:
            once(timed, words, count, cpu)
            results[label], well[label] = [], (words, count)
        except Failed as problem:
            if label in ("product", "reference"):
                raise
            print(f"bench: left out: {problem}", file=sys.stderr)
    for _ in range(pairs):
        for label, (words, count) in well.items():
            results[label].append(once(timed, words, count, cpu))
    return results


def median(results, name):
    values = [one[name] for one in results if one[name] is not None]
    return statistics.median(values) if values else None


def paired(results, others, name):
    """The median of the ratios of the pairs."""
    return statistics.median(a[name] / b[name]
                             for a, b in zip(results, others))
