"""Computes what a terminal shows for a program's output: a grid of characters.

Knows the sequences that colua.line sends: carriage return, newline, cursor moves, erasing,
colours (let pass) and the wrapping of full rows. No reflow on resize.
"""

import re
import unicodedata

TOKEN = re.compile("\x1b\\[([0-9;?]*)([@A-Za-z~])|\x1b[()][A-Z0-9]|\x1b[=>78M]|([\r\n\b\x07])|(.)", re.S)


class Screen:
    def __init__(self, columns, rows):
        self.columns, self.height = columns, rows
        self.cells = [[" "] * columns for _ in range(rows)]
        self.row = self.column = 0

    def resize(self, columns):
        for cells in self.cells:
            del cells[columns:]
            cells.extend(" " * (columns - len(cells)))
        self.columns, self.column = columns, min(self.column, columns - 1)

    def newline(self):
        self.row += 1
        if self.row == self.height:
            self.cells.append([" "] * self.columns)
            del self.cells[0]
            self.row -= 1

    def put(self, char):
        width = 0 if unicodedata.combining(char) else 1
        width += unicodedata.east_asian_width(char) in "WF"
        if self.column + width > self.columns:
            self.column = 0
            self.newline()
        self.cells[self.row][self.column : self.column + width] = [char] + [""] * (width - 1)
        self.column += width

    def erase(self, kind, what):
        here = min(self.column, self.columns - 1)
        self.cells[self.row][here:] = " " * (self.columns - here)
        for row in range(self.row + 1, self.height) if kind == "J" else ():
            self.cells[row] = [" "] * self.columns
        if what == "2":
            self.cells = [[" "] * self.columns for _ in range(self.height)]

    def control(self, text, kind):
        count = int(text) if text.isdigit() else 1
        here = min(self.column, self.columns - 1)
        if kind == "A":
            self.row = max(0, self.row - count)
        elif kind == "C":
            self.column = min(self.columns - 1, here + count)
        elif kind in "JK":
            self.erase(kind, text)
        elif kind == "H":
            self.row = self.column = 0

    def feed(self, text):
        for match in TOKEN.finditer(text):
            text, kind, control, char = match.groups()
            if kind:
                self.control(text, kind)
            elif control == "\r":
                self.column = 0
            elif control == "\n":
                self.newline()
            elif char and char >= " ":
                self.put(char)

    def lines(self):
        """The rows without the blanks at their ends, and those below the last text."""
        lines = ["".join(cells).rstrip() for cells in self.cells]
        while lines and not lines[-1]:
            lines.pop()
        return lines
