# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables for people."""

import statistics

import goals

UNITS = {"wall": (1000, " ms"), "cpu": (1000, " ms"), "peak": (1, " MB"), "bytes": (1, "")}
HEAD = ("step", "against", "median", "lowest - highest", "rounds", "seconds", "CPU seconds", "peak MB", "goal", "met")


def number(value):
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def show(goal, value):
    if goal.peer:
        return f"{value:.3f}" if goal.metric == "bytes" else number(value)
    factor, unit = UNITS[goal.metric]
    return f"{value * factor:.1f}{unit}" if unit else f"{value:,.0f}"


def middle(samples, corpus, step, tool, metric):
    found = [getattr(s, metric) for s in samples if (s.corpus, s.step, s.tool) == (corpus, step, tool)]
    return statistics.median(found) if found else None


def both(samples, corpus, goal, metric, form):
    """Our figure and the peer's."""
    tools = ("plugrb", goal.peer) if goal.peer else ("plugrb",)
    return " / ".join(format(middle(samples, corpus, goal.step, tool, metric), form) for tool in tools)


def verdict(goal, corpus, value):
    limit = goal.limit_on(corpus)
    if limit is None:
        return "", ""
    return f"<= {show(goal, limit)}", "yes" if value <= limit else "NO"


def row(goal, samples, corpus):
    found = goals.values(goal, samples, corpus)
    if not found:
        return None
    value = statistics.median(found)
    what = {"wall": "", "cpu": ": CPU", "peak": ": peak memory", "bytes": ": bytes"}[goal.metric]
    return (goals.STEPS[goal.step] + what, goal.peer or "-", show(goal, value),
            f"{show(goal, min(found))} - {show(goal, max(found))}", str(len(found)),
            both(samples, corpus, goal, "wall", ".4f"), both(samples, corpus, goal, "cpu", ".4f"),
            both(samples, corpus, goal, "peak", ".0f"), *verdict(goal, corpus, value))


def twice(goal, corpus):
    """A goal that has another limit on another corpus, where that one stands."""
    return goal.limit is not None and goal.limit_on(corpus) is None and any(
        other is not goal and (other.step, other.metric, other.peer) == (goal.step, goal.metric, goal.peer)
        and (other.limit_on(corpus) is not None or goals.GOALS.index(other) < goals.GOALS.index(goal))
        for other in goals.GOALS)


def table(rows):
    widths = [max(len(line[i]) for line in rows) for i in range(len(HEAD))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |" for line in rows]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|"] + lines[1:])


def write(samples, about):
    """The whole report; ABOUT says of every corpus what it is."""
    text = []
    for corpus, title in about.items():
        rows = [row(goal, samples, corpus) for goal in goals.GOALS if not twice(goal, corpus)]
        rows = [HEAD] + [line for line in rows if line]
        if len(rows) > 1:
            text.append(f"\n## {title}\n\n{table(rows)}")
    loads = [sample.load for sample in samples]
    if loads:
        text.append(f"\nLoad while measuring: {min(loads):.1f} to {max(loads):.1f}. A column with two figures has ours first; "
                    "a ratio is the median of the rounds' own ratios.")
    return "\n".join(text)
