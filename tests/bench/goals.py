# SPDX-License-Identifier: GPL-3.0-or-later
"""What is measured, against whom, and what is to be reached.  A goal with a peer is a ratio to it in the same round;
one without is absolute: seconds, MB or bytes.  A goal of None is a figure that is only reported."""

import dataclasses

STEPS = {
    "first": "first snapshot",
    "store": "first snapshot, whole store",
    "same": "nothing changed",
    "changed": "5 % changed",
    "reinstalled": "re-installed, same bytes",
    "rollback-swap": "rollback of 5 %, to the swap",
    "rollback": "rollback of 5 %, old tree gone",
    "rollback-saved": "... and its safety snapshot counted",
    "after": "nothing changed since a rollback",
    "restore": "full restore into nothing",
    "preview": "preview of two snapshots",
    "live": "preview against live",
    "list": "list of 10,000 snapshots",
    "list-json": "the same as JSON",
    "list-cold": "list of 10,000 snapshots, cold",
    "version": "plugrb --version",
}
WITHOUT_CORPUS = ("list", "list-json", "list-cold", "version")


@dataclasses.dataclass(frozen=True)
class Goal:
    step: str
    metric: str  # wall, cpu, peak or bytes
    peer: str = ""
    limit: float = None
    corpora: str = "ML"  # where the limit is to hold; elsewhere it is only reported

    def limit_on(self, corpus):
        return self.limit if corpus in self.corpora else None


GOALS = (
    Goal("first", "wall", "tar+zstd", 0.85),
    Goal("first", "cpu", "tar+zstd", 0.85),
    Goal("first", "wall", "restic", 0.20),
    Goal("first", "wall", "borg", 0.20),
    Goal("same", "wall", "find", 0.9, "L"),
    Goal("same", "wall", "find", 1.2, "M"),
    Goal("same", "cpu", "find"),
    Goal("same", "wall", "git", 0.55),
    Goal("same", "wall", "restic", 0.05),
    Goal("changed", "wall", "tar -g", 0.9),
    Goal("changed", "cpu", "tar -g"),
    Goal("changed", "wall", "restic", 0.12),
    Goal("reinstalled", "wall", "git", 0.22),
    Goal("reinstalled", "wall", "tar -g", 0.22),
    Goal("reinstalled", "cpu", "git"),
    Goal("rollback-swap", "wall", "rsync", 0.9),
    Goal("rollback", "wall", "rsync", 1.1),
    Goal("rollback", "cpu", "rsync"),
    Goal("rollback", "wall", "restic", 0.25),
    Goal("rollback", "wall", "tar+zstd"),
    Goal("rollback-saved", "wall", "rsync"),
    Goal("rollback-saved", "wall", "restic"),
    Goal("after", "wall", "find"),
    Goal("restore", "wall", "tar+zstd", 0.75),
    Goal("restore", "cpu", "tar+zstd"),
    Goal("preview", "wall", "", 0.010, "L"),
    Goal("live", "wall", "find", 1.3, "L"),
    Goal("list", "wall", "", 0.020, "-"),
    Goal("list-json", "wall", "", None, "-"),
    Goal("list-cold", "wall", "", 0.120, "-"),
    Goal("version", "wall", "empty GLib program", 1.5, "-"),
    Goal("first", "peak", "", 48, "L"),
    Goal("same", "peak", "", 16, "L"),
    Goal("rollback", "peak", "", 64, "L"),
    Goal("first", "bytes", "tar+zstd", 1.03),
    Goal("store", "bytes", "tar+zstd"),
    Goal("same", "bytes", "", 0),
    Goal("changed", "bytes", ""),
    Goal("reinstalled", "bytes", ""),
)

# What may never get worse.  Processor seconds and counts only: they hold on a busy machine, where the same build still
# differs by a fifth from run to run.
NOISE = 1.2

# Where a figure was meant for the clock, a program with two threads may use twice that of the processor: a rollback links
# and unlinks every file once, which is what deleting and unpacking it costs.  The calls that it makes are counted as well.
FLOOR = (
    Goal("first", "cpu", "tar+zstd", 1.00, "M"),
    Goal("same", "cpu", "find", 1.5, "M"),
    Goal("same", "cpu", "git", 1.0, "M"),
    Goal("changed", "cpu", "tar -g", 1.5, "M"),
    Goal("reinstalled", "cpu", "git", 0.5, "M"),
    Goal("reinstalled", "cpu", "tar -g", 0.5, "M"),
    Goal("rollback", "cpu", "tar+zstd", 1.0, "M"),
    Goal("restore", "cpu", "tar+zstd", 1.1, "M"),
    Goal("preview", "cpu", "", 0.020, "M"),
    Goal("live", "cpu", "find", 2.0, "M"),
    Goal("list", "cpu", "", 0.060, "-"),
    Goal("version", "cpu", "empty GLib program", 2.0, "-"),
    Goal("first", "peak", "", 96, "M"),
    Goal("same", "peak", "", 32, "M"),
    Goal("rollback", "peak", "", 96, "M"),
    Goal("first", "bytes", "tar+zstd", 1.07, "M"),
    Goal("same", "bytes", "", 4096, "M"),
    Goal("reinstalled", "bytes", "", 0, "M"),
)


def describe(goal):
    what = {"wall": "", "cpu": ", CPU", "peak": ", peak memory", "bytes": ", bytes"}[goal.metric]
    return STEPS[goal.step] + what + (f" / {goal.peer}" if goal.peer else "")


def values(goal, samples, corpus):
    """One value for each round: the ratio to the peer, or our own figure."""
    of_round = {}
    for sample in samples:
        if sample.corpus == corpus and sample.step == goal.step:
            of_round.setdefault(sample.round, {})[sample.tool] = sample
    found = []
    for tools in of_round.values():
        ours, theirs = tools.get("plugrb"), tools.get(goal.peer)
        if ours and (theirs or not goal.peer):
            value = getattr(ours, goal.metric)
            found.append(value / max(getattr(theirs, goal.metric), 1e-6) if goal.peer else value)
    return found
