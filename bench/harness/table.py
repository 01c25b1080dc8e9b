"""Formats the table: the figures of a row in one line, its peers below."""

import measure
import rows

FORM = "{:<48} {:>9} {:>9} {:>6}  {:>9} {:>9} {:>6}  {:>6}  {:<30} {}"

HEAD = ["",
        "CPU: user and system time of the client alone, microseconds for an "
        "operation. Wall: milliseconds for all.",
        "A ratio is the median of the ratios of pairs. What is indented are "
        "peers, against the same reference.", "",
        FORM.format("case", "CPU", "reference", "ratio", "wall", "reference",
                    "ratio", "MiB", "must be", "reached")]


def number(value, form="{:.2f}"):
    return "-" if value is None else form.format(value)


def shown(seconds, scale):
    return number(None if seconds is None else seconds * scale, "{:.1f}")


def figures(row, results, reference):
    """The medians of one program and its ratios to the reference."""
    found = {name: measure.median(results, name)
             for name in ("cpu", "wall", "peak", "growth")}
    found["us"] = found["cpu"] * 1e6
    if isinstance(reference, list):
        for name in ("cpu", "wall"):
            found["of_" + name] = measure.median(reference, name)
            found["x_" + name] = measure.paired(results, reference, name)
    else:
        found["of_wall"] = row.reference
        found["x_wall"] = found["wall"] / row.reference
    return found


def line(title, found, n, must="", reached=""):
    return FORM.format(
        title, shown(found["cpu"], 1e6), shown(found.get("of_cpu"), 1e6),
        number(found.get("x_cpu")), shown(found["wall"], n * 1e3),
        shown(found["of_wall"], n * 1e3), number(found["x_wall"], "{:.3f}"),
        shown(found["peak"], 1), must, reached).rstrip()


def judged(row, found):
    """What the row must reach, and whether it does, of each what it is."""
    must, missed = [], []
    for name, limit in row.must.items():
        value = found.get("x_" + name, found.get(name))
        must.append(f"{name} <= {limit}")
        if value is None or value > limit:
            missed.append(f"{name} {number(value, '{:.3f}')}")
    return ", ".join(must), "NO: " + ", ".join(missed) if missed else "yes"


def lines(row, n, results):
    """The row's lines, and whether it reached all that it must."""
    reference = results.pop("reference", None)
    found = figures(row, results.pop("product"), reference)
    must, reached = judged(row, found)
    count = f"{n:,} " if n > 1 else ""
    all_lines = [line(count + row.title, found, n, must, reached)]
    for name, peer in results.items():
        all_lines.append(line("    " + name, figures(row, peer, reference), n))
    return all_lines, reached == "yes"


def skipped(row):
    why = {"fields": "each() has no option `fields` here",
           "trust": "no mount namespace may be made here",
           "h2load": "there is no h2load"}[row.needs]
    return [f"{row.title}: left out, {why}"], None


def sizes(results):
    """Cost for an asset by the size of the listing."""
    costs = {n: measure.median(each, "cpu") * 1e6
             for n, each in results.items()}
    spread = max(costs.values()) / min(costs.values()) - 1
    told = ", ".join(f"{n:,}: {cost:.2f}" for n, cost in costs.items())
    reached = spread <= rows.FLAT
    return [f"CPU microseconds for an asset of a listing of {told}; spread "
            f"{spread:.0%}, must be <= {rows.FLAT:.0%}: "
            f"{'yes' if reached else 'NO'}"], reached


def verdict(verdicts):
    reached = sum(one is True for one in verdicts)
    missed = sum(one is False for one in verdicts)
    left = sum(one is None for one in verdicts)
    return f"{reached} reached, {missed} not, {left} left out"
