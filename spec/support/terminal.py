"""Plays a scenario on a real pseudo-terminal: types, waits for what must appear.

Reads JSON on standard input: argv, env (added to the own one), cwd, columns,
rows, and steps, each with `send` (typed as it is), `expect` (text that must
appear after it, escape sequences and carriage returns taken out) and `within`
(seconds). Writes JSON: for each step played {output, seconds, found}, with
`screen` also what the terminal shows then (lines, cursor), and the exit status
(null: it had to be killed). With `raw`, escape sequences stay.
"""

import codecs
import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

from screen import Screen

ESCAPES = re.compile("\x1b\\[[0-9;?]*[@A-Za-z~]|\x1b[()][A-Z0-9]|\x1b[=>78M]|[\r\x07\x0f]")
# What the next row takes the place of: a row that is typed in, a status, the
# blanks that a prompt begins with.
OVERWRITTEN = re.compile("\r\x1b\\[K[^\n\r\x1b]*(?=\r\x1b\\[K)| +(?=\r+\x1b\\[K)")


def start(scenario):
    size = struct.pack("HHHH", scenario.get("rows", 40), scenario.get("columns", 100), 0, 0)
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(scenario.get("cwd", "."))
        fcntl.ioctl(0, termios.TIOCSWINSZ, size)
        os.environ.update(scenario.get("env", {}))
        os.execvp(scenario["argv"][0], scenario["argv"])
    fcntl.ioctl(fd, termios.TIOCSWINSZ, size)
    return pid, fd


class Reader:
    """What the program has written and no step has claimed."""

    def __init__(self, fd, escapes, screen):
        self.fd, self.raw, self.ended, self.escapes = fd, "", False, escapes
        self.screen = screen
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def wait(self, seconds):
        if self.ended or not select.select([self.fd], [], [], max(seconds, 0))[0]:
            return
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            data = b""
        self.ended = not data
        text = self.decoder.decode(data)
        self.raw += text
        self.screen.feed(text)

    def until(self, text, seconds):
        """The output up to and with `text`, or all there is, and whether it was found."""
        deadline = time.monotonic() + seconds
        while True:
            plain = self.escapes.sub("", OVERWRITTEN.sub("", self.raw))
            at = plain.find(text)
            if at >= 0:
                self.raw = plain[at + len(text):]
                return plain[: at + len(text)], True
            if self.ended or time.monotonic() > deadline:
                self.raw = ""
                return plain, False
            self.wait(deadline - time.monotonic())


def type_in(fd, reader, text):
    """Reads meanwhile, so that neither side waits for the other."""
    data = text.encode()
    while data:
        _, writable, _ = select.select([], [fd], [], 0.05)
        if writable:
            data = data[os.write(fd, data[:512]):]
        reader.wait(0)


def settle(reader, text, seconds):
    """Until a row of the screen is `text`, which may come in pieces."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if text in reader.screen.lines():
            return
        reader.wait(0.05)


def play(step, fd, reader):
    started = time.monotonic()
    if step.get("send"):
        type_in(fd, reader, step["send"])
    if "signal" in step:
        os.kill(step["pid"], getattr(signal, step["signal"]))
    if step.get("columns"):
        size = struct.pack("HHHH", reader.screen.height, step["columns"], 0, 0)
        reader.screen.resize(step["columns"])
        fcntl.ioctl(fd, termios.TIOCSWINSZ, size)
    output, found = reader.until(step.get("expect", ""), step.get("within", 10))
    result = {"output": output, "found": found, "seconds": time.monotonic() - started}
    if step.get("screen"):
        settle(reader, step["screen"], step.get("within", 10))
        result["screen"] = reader.screen.lines()
        result["cursor"] = [reader.screen.row, reader.screen.column]
    return result


def finish(pid, reader, seconds=10):
    """Reads to the end; the exit status, or None."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        reader.wait(0.05)
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return None


def main():
    scenario = json.load(sys.stdin)
    pid, fd = start(scenario)
    escapes = re.compile("\r") if scenario.get("raw") else ESCAPES
    screen = Screen(scenario.get("columns", 100), scenario.get("rows", 40))
    reader, results = Reader(fd, escapes, screen), []
    for step in scenario["steps"]:
        step["pid"] = pid
        results.append(play(step, fd, reader))
        if not results[-1]["found"]:
            break
    if not results[-1]["found"] or not scenario.get("leaves"):
        os.kill(pid, signal.SIGHUP)
    status = finish(pid, reader)
    rest, _ = reader.until("\0", 0)
    json.dump({"steps": results, "status": status, "rest": rest}, sys.stdout)


main()
