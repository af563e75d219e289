# SPDX-License-Identifier: GPL-3.0-or-later
"""plugrb, as a whole process on a real store of a user of his own: locks, checksums, syncing and history included."""

import json
import os
import pathlib

import trees
from peers import REPEAT, expect

AFTER_SWAP = ("restore-settings", "restore-dependencies", "clean-up", "verify")
NOT_STORED = ("operations", "audit.jsonl")
PLUGINS, EACH = 50, 200

FIRST_VOLUME = ("first", "store", "same", "changed", "preview", "live", "rollback-swap", "rollback", "after")
SECOND_VOLUME = ("reinstalled", "rollback-saved", "restore")


def program(bench):
    return bench.programs / "plugrb"


def stored(store, below=""):
    """Bytes in the store, without the records of operations."""
    total = 0
    for folder, folders, files in os.walk(store / below):
        if folder == str(store):
            folders[:] = [name for name in folders if name not in NOT_STORED]
            files = [name for name in files if name not in NOT_STORED]
        total += sum(os.lstat(os.path.join(folder, name)).st_size for name in files)
    return total


def archives(store):
    return sum(path.stat().st_size for path in (store / "archives").rglob("*.tar.zst"))


def answer(bench, sample_output):
    try:
        return json.loads(sample_output)
    except ValueError:
        bench.fault(f"no JSON but “{sample_output[:200]}”")
        return {}


def created(bench, output):
    """Id of the snapshot that was made."""
    made = answer(bench, output).get("created") or [{}]
    if "id" not in made[0]:
        bench.fault("no snapshot was made")
    return made[0].get("id", "")


def known(bench, output):
    """Id of the snapshot that is the same as the live state."""
    same = answer(bench, output).get("unchanged")
    if not same:
        bench.fault("a snapshot was made although nothing has changed")
    return same[0]["snapshot"] if same else ""


def expect_rolled_back(bench, output, tree, live):
    report = answer(bench, output)
    if report.get("status") != "completed":
        bench.fault(f"rollback: {report.get('status')}, {report.get('error')}")
    expect_back(bench, tree, live)
    return report


def expect_back(bench, tree, live):
    expect(bench, tree.v1, live)
    left = [path for path in bench.volume.data.glob("gnome-shell/**/.plugrb-*")]
    if left:
        bench.fault(f"the old tree is still there: {left[0].name}")


def until_swap(sample, report):
    """Seconds from the start of the process until the new tree is in place."""
    return sample.first - sum(step["seconds"] for step in report.get("steps", []) if step["name"] in AFTER_SWAP)


def life(bench, live, tree):
    """First snapshot, nothing changed, an update, a look at it, and back."""
    volume = bench.volume
    snapshot = [program(bench), "snapshot", tree.key, "--json"]
    diff = [program(bench), "diff", "--json"]

    volume.put(tree.v1, live)
    volume.grow_old()
    sample = bench.time("first", snapshot, size=lambda: archives(volume.store), bus=True)
    bench.add("store", sample, sample.wall, bytes=stored(volume.store))
    one = created(bench, sample.output)

    before = stored(volume.store)
    sample = bench.time("same", snapshot, repeat=REPEAT, size=lambda: stored(volume.store) - before, bus=True)
    known(bench, sample.output)

    volume.update(tree.v2, live)
    two = created(bench, bench.time("changed", snapshot, size=lambda: stored(volume.store) - before, bus=True).output)
    if bench.wants("preview", "live", "rollback-swap", "rollback", "after"):
        volume.grow_old()
        known(bench, bench.quietly(snapshot, bus=True))
        look(bench, diff, one, two)
        back(bench, live, tree, one, snapshot)


def look(bench, diff, one, two):
    for step, command in (("preview", diff + [one, two]), ("live", diff + [one])):
        if bench.wants(step):
            plans = answer(bench, bench.time(step, command, repeat=REPEAT, bus=True).output).get("plans") or [{}]
            if not plans[0].get("files", {}).get("changed"):
                bench.fault(f"{step} does not show what has changed")


def back(bench, live, tree, target, snapshot):
    sample = bench.time("rollback", [program(bench), "rollback", target, "--yes", "--json"], bus=True)
    report = expect_rolled_back(bench, sample.output, tree, live)
    bench.add("rollback-swap", sample, until_swap(sample, report))
    if bench.wants("after"):
        bench.volume.grow_old()
        answer(bench, bench.time("after", snapshot, bus=True).output)


def return_of_v1(bench, live, tree):
    """Re-installed; a rollback of what was never saved; and one of a plugin that is gone."""
    volume = bench.volume
    snapshot = [program(bench), "snapshot", tree.key, "--json"]

    volume.put(tree.v1, live)
    one = created(bench, bench.quietly(snapshot, bus=True))
    rollback = [program(bench), "rollback", one, "--yes", "--json"]
    if bench.wants("reinstalled"):
        before = archives(volume.store)
        volume.put_installed(tree.v1r, live)
        sample = bench.time("reinstalled", snapshot, size=lambda: archives(volume.store) - before, bus=True)
        answer(bench, sample.output)
        volume.put(tree.v1, live)
    if bench.wants("rollback-saved"):
        volume.grow_old()
        bench.quietly(snapshot, bus=True)
        volume.update(tree.v2, live)
        volume.grow_old()
        expect_rolled_back(bench, bench.time("rollback-saved", rollback, bus=True).output, tree, live)
    if bench.wants("restore"):
        bench.quietly(["rm", "-rf", live])
        expect_rolled_back(bench, bench.time("restore", rollback, bus=True).output, tree, live)


def many(bench, live, tree):
    """Lists 10,000 snapshots."""
    volume = bench.volume
    volume.put(tree.v1, live)
    bench.quietly([program(bench), "snapshot", tree.key, "--json"], bus=True)
    pattern = next(pathlib.Path(volume.store).glob("snapshots/*/*/*/snapshot.json"))
    bench.quietly([bench.programs / "many-snapshots", volume.store, pattern, str(PLUGINS), str(EACH)])
    found = answer(bench, bench.quietly([program(bench), "snapshots", "--json"], bus=True))
    if len(found) != PLUGINS * EACH + 1:
        bench.fault(f"{len(found)} snapshots are listed, not {PLUGINS * EACH + 1}")
    bench.quietly([program(bench), "snapshots"], bus=True)
    bench.time("list", [program(bench), "snapshots"], repeat=REPEAT, bus=True)
    bench.time("list-json", [program(bench), "snapshots", "--json"], repeat=REPEAT, bus=True)
    if volume.mounts:
        bench.time("list-cold", [program(bench), "snapshots"], cold=True, bus=True)


def version(bench, live, tree):
    bench.time("version", [program(bench), "--version"], repeat=20)


# What it does on volumes of its own, and the steps for which that is needed.
PARTS = ((life, FIRST_VOLUME), (return_of_v1, SECOND_VOLUME))
WITHOUT_CORPUS = ((many, ("list", "list-json", "list-cold")), (version, ("version",)))
