"""Describes the machine, on which every result depends."""

import datetime
import os
import platform
import re
import subprocess


def output(*words):
    try:
        done = subprocess.run(words, capture_output=True, text=True,
                              check=False)
    except FileNotFoundError:
        return "absent"
    return (done.stdout + done.stderr).strip()


def cpu_model():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        found = re.search(r"model name\s*:\s*(.*)", file.read())
    return found.group(1) if found else platform.machine()


def version(pattern, *words):
    found = re.search(pattern, output(*words))
    return found.group(1) if found else "absent"


def libraries(colua):
    """Of what decides the counts of instructions and the ratios."""
    program = 'print(require("codeocean.core").curl_version())'
    return {"libcurl": output(colua, "-e", program),
            "Lua": version(r"Lua (\S+)", "lua5.4", "-v"),
            "gcc": output("gcc", "-dumpfullversion")}


def describe(colua):
    """Lines for the head of a table."""
    path = os.environ["PATH"] + ":/usr/sbin"
    nginx = output("env", f"PATH={path}", "nginx", "-v").split("/")[-1]
    versions = {**libraries(colua), "nginx": nginx}
    load = "%.1f" % os.getloadavg()[0]
    return [f"{datetime.datetime.now():%Y-%m-%d %H:%M}, "
            f"{cpu_model()}, {os.cpu_count()} cores, {platform.system()} "
            f"{platform.release()}, load {load} at the start",
            ", ".join(f"{name} {what}" for name, what in versions.items())]
