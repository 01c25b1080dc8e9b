--- The style sheet and the script of the pages of `colua report` and `colua runs show --html`.

local M = {}

--- The page up to its body; @TITLE@ is replaced by the title. The policy forbids loading anything.
M.HEAD = [[
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>@TITLE@</title>
<style>
:root { color-scheme: light dark;
  --ink: #1c2733; --soft: #5b6875; --ground: #ffffff; --line: #d9dfe5;
  --c1: #2f6f9f; --c2: #d9822b; --c3: #4c8c4a; --c4: #8e5aa8; --c5: #b8483f; --c6: #7d8791;
  --idle: #d9a441; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e9ee; --soft: #a0abb6; --ground: #151b21; --line: #35404a; --c1: #6fb1e0;
    --c2: #eda35e; --c3: #7dc07a; --c4: #c39adb; --c5: #e58a82; --c6: #a5afb8; --idle: #e3bd6c; }
}
body { margin: 0 auto; padding: 1rem; max-width: 64rem;
  color: var(--ink); background: var(--ground);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .5rem; }
header p, section p, caption { color: var(--soft); }
caption { text-align: left; padding-bottom: .3rem; }
.facts { display: flex; flex-wrap: wrap; gap: .8rem 2.2rem; margin: 1.2rem 0; }
.facts dt { color: var(--soft); font-size: .9rem; }
.facts dd { margin: 0; font-size: 1.35rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th:first-child { min-width: 9rem; }
th, td { padding: .25rem .6rem .25rem 0; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: top; overflow-wrap: break-word; }
.number { text-align: right; white-space: nowrap; }
th button { font: inherit; font-weight: 600; color: inherit; cursor: pointer;
  background: none; border: 0; padding: 0; }
th button::after { content: " ↕"; color: var(--soft); }
th[aria-sort=ascending] button::after { content: " ↑"; }
th[aria-sort=descending] button::after { content: " ↓"; }
svg { width: 100%; height: auto; }
svg text { fill: var(--soft); font-size: 13px; }
svg line { stroke: var(--line); }
small { color: var(--soft); }
.bar { width: 15rem; height: 10px; vertical-align: middle; }
.matrix svg { max-width: 46rem; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.4rem; list-style: none; padding: 0; }
.legend svg { width: 12px; height: 12px; margin-right: .4rem; }
.c1 { fill: var(--c1); } .c2 { fill: var(--c2); } .c3 { fill: var(--c3); } .c4 { fill: var(--c4); }
.c5 { fill: var(--c5); } .c6 { fill: var(--c6); } .idle { fill: var(--idle); }
.cell { fill: var(--c1); stroke: var(--line); stroke-width: .5; }
@media (max-width: 60rem) { .bar { width: 120px; } }
@media (max-width: 40rem) {
  body { padding: .75rem; }
  table { font-size: .8rem; }
  th:first-child { min-width: 4rem; }
  th, td { padding-right: .35rem; }
  td:first-child { overflow-wrap: anywhere; }
  .bar { width: 3.5rem; }
  svg text { font-size: 24px; }
  .matrix svg text { font-size: 17px; }
  .second { display: none; }
}
@media print {
  body { max-width: none; }
  th button::after { content: ""; }
  tr, svg { break-inside: avoid; }
}
</style>
</head>
<body>
]]

--- Sorts a table by the column whose title is clicked: numbers and times by data-sort, else text.
M.SCRIPT = [[
<script>
function keyOf(row, column) {
  const cell = row.cells[column], key = cell.dataset.sort;
  if (key === undefined) return cell.textContent;
  return key.trim() === "" || isNaN(key) ? key : Number(key);
}
function compare(a, b) {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b));
}
for (const head of document.querySelectorAll("th")) {
  head.firstChild.addEventListener("click", () => {
    const table = head.closest("table"), body = table.tBodies[0];
    const down = head.getAttribute("aria-sort") !== "descending";
    for (const other of table.querySelectorAll("th")) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const rows = [...body.rows].sort((a, b) =>
      (down ? -1 : 1) * compare(keyOf(a, head.cellIndex), keyOf(b, head.cellIndex)));
    body.append(...rows);
  });
}
</script>
]]

return M
