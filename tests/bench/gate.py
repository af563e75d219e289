# SPDX-License-Identifier: GPL-3.0-or-later
"""The regression gate: what may never get worse, in processor seconds, system calls and bytes.  TAP output."""

import calls
import goals
import product
import trees

ROUNDS = 7
# No noise explains a figure that is this far off twice: the other rounds are spared.
HOPELESS = 2
CORPUS = "M"
# Of those that are traced, for each file or folder.
CALLS_OF_ROLLBACK = 9
OTHERS = ("tar+zstd", "tar -g", "git", "find", "empty GLib program")


def steps():
    return {goal.step for goal in goals.FLOOR}


def best(goal, samples):
    found = goals.values(goal, samples, "-" if goal.step in goals.WITHOUT_CORPUS else CORPUS)
    return min(found) if found else None


def limit(goal):
    return goal.limit * goals.NOISE if goal.metric == "cpu" else goal.limit


def passes(goal, samples):
    value = best(goal, samples)
    return value is not None and value <= limit(goal)


def is_open(goal, samples, number):
    value = best(goal, samples)
    return value is None or limit(goal) < value and (number <= 2 or value < limit(goal) * HOPELESS)


def measure(bench, round_of):
    """Several rounds, in each only what has not passed yet: a gate fails when the best of all fails."""
    for number in range(1, ROUNDS + 1):
        open_ones = [goal for goal in goals.FLOOR if is_open(goal, bench.samples, number)]
        if not open_ones or bench.faults:
            return
        bench.wanted = {goal.step for goal in open_ones}
        round_of(bench, CORPUS, number, [peer for peer in OTHERS if any(peer == goal.peer for goal in open_ones)])
        round_of(bench, "-", number, [peer for peer in OTHERS if any(peer == goal.peer for goal in open_ones)])


# ---- system calls

def count_calls(bench, tree, fresh):
    """Takes two snapshots and looks at the second."""
    bench.corpus, bench.tool, bench.round = tree.corpus, "plugrb", 0
    live = fresh(bench, tree)
    bench.volume.put(tree.v1, live)
    bench.volume.grow_old()
    snapshot = [product.program(bench), "snapshot", tree.key, "--json"]
    bench.quietly(snapshot, bus=True)
    found = calls.trace(bench, snapshot)
    start = calls.trace(bench, [product.program(bench), "--version"])
    yield from judge(tree.corpus, found, start, live, bench.volume.store)
    yield from count_after_rollback(bench, tree, live, snapshot)


def count_after_rollback(bench, tree, live, snapshot):
    """Putting a tree together of files that are there already changes their times, which must not cost the next look."""
    one = product.known(bench, bench.quietly(snapshot))
    bench.volume.update(tree.v2, live)
    product.created(bench, bench.quietly(snapshot))
    bench.volume.grow_old()
    bench.quietly(snapshot)
    rollback = calls.trace(bench, [product.program(bench), "rollback", one, "--yes", "--json"])
    product.expect_back(bench, tree, live)
    bench.volume.grow_old()
    entries = trees.count(live)[0]
    allowed = entries * CALLS_OF_ROLLBACK + 1200
    yield len(rollback.calls) <= allowed, f"{tree.corpus}: {len(rollback.calls)} calls for a rollback, at most {allowed}"
    opens, folders = calls.trace(bench, snapshot).opens_in(live), trees.count(live)[1]
    yield opens <= folders + 20, f"{tree.corpus}: {opens} opens in {folders} folders after a rollback, at most {folders + 20}"


def is_record(store):
    """Records of operations, the audit log, and locks, which hold nothing."""
    return lambda path: (calls.below(path, store / "operations") or path.startswith(f"{store}/audit.jsonl")
                         or path.endswith("/.lock"))


def judge(corpus, found, start, live, store):
    entries, folders = trees.count(live)
    stats, opens = found.stats_in(live), found.opens_in(live)
    elsewhere = found.opens() - opens - start.opens()
    writes = found.writes_in(store, is_record(store))
    allowed = max(int(entries * 1.05), entries + 20)
    yield stats <= allowed, f"{corpus}: {stats} stat calls for {entries} entries, at most {allowed}"
    yield opens <= folders + 20, f"{corpus}: {opens} opens in {folders} folders, at most {folders + 20}"
    yield elsewhere <= 150, f"{corpus}: {elsewhere} opens elsewhere, at most 150"
    yield not writes, f"{corpus}: {len(writes)} writes to the store{': ' + writes[0] if writes else ''}"


# ---- the run

def lines(bench, folder, fresh):
    for corpus in ("S", "M"):
        yield from count_calls(bench, trees.Trees(folder, corpus), fresh)
    for goal in goals.FLOOR:
        value = best(goal, bench.samples)
        said = "not measured" if value is None else f"{value:.4g}"
        yield passes(goal, bench.samples), f"{goals.describe(goal)}: {said}, at most {limit(goal):.4g}"
    yield not bench.faults, "every result is right" + "".join(f"; {fault}" for fault in bench.faults)


def run(bench, folder, round_of, fresh):
    measure(bench, round_of)
    good, number = True, 0
    for number, (passed, text) in enumerate(lines(bench, folder, fresh), 1):
        good = good and passed
        print(f"{'ok' if passed else 'not ok'} {number} - {text}", flush=True)
        if not passed:
            bench.say(f"FAILED: {text}")
    print(f"1..{number}")
    return good
