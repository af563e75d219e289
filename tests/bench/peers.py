# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs that we measure ourselves against, each as its users run it.  Every function works on a fresh volume."""

import json
import shutil

import trees

REPEAT = 5


def shell(line):
    return ["sh", "-c", line]


def expect(bench, wanted, found):
    what = trees.difference(wanted, found)
    if what:
        bench.fault(f"the result is not what was saved: {what}")


def tar(bench, live, tree):
    """tar | zstd: the archive of today."""
    volume = bench.volume
    archive, out = volume.repository / "1.tar.zst", volume.top / "out"
    volume.put(tree.v1, live)
    sample = bench.time("first", shell(f"tar -cf - -C {live} . | zstd -q -3 -T2 -o {archive}"),
                        size=lambda: archive.stat().st_size)
    bench.add("store", sample, sample.wall)
    if bench.wants("restore"):
        out.mkdir()
        volume.own(out)
        bench.time("restore", shell(f"zstd -dcq {archive} | tar -xpf - -C {out}"))
        expect(bench, tree.v1, out)
    if bench.wants("rollback"):
        volume.put(tree.v2, live)
        bench.time("rollback", shell(f"rm -rf {live} && mkdir {live} && zstd -dcq {archive} | tar -xpf - -C {live}"))
        expect(bench, tree.v1, live)


def tar_incremental(bench, live, tree):
    """tar --listed-incremental: the differential archive of today."""
    volume, repository = bench.volume, bench.volume.repository

    def make(state, number):
        return shell(f"tar -g {state} -cf - -C {live} . | zstd -q -3 -T2 -o {repository}/{number}.tar.zst")

    volume.put(tree.v1, live)
    volume.grow_old(0.2)
    bench.quietly(make(repository / "s1", 1))
    if bench.wants("changed"):
        bench.quietly(["cp", repository / "s1", repository / "s2"])
        volume.update(tree.v2, live)
        bench.time("changed", make(repository / "s2", 2))
    if bench.wants("reinstalled"):
        bench.quietly(["cp", repository / "s1", repository / "s3"])
        volume.put_installed(tree.v1r, live)
        bench.time("reinstalled", make(repository / "s3", 3))


def git(bench, live, tree):
    """git add -A && git commit: a stat cache that has been tuned for years."""
    volume, folder = bench.volume, bench.volume.repository / "git"
    program = f"git --git-dir={folder} --work-tree={live}"
    commit = shell(f"{program} add -A && {program} commit -qm x --allow-empty")

    volume.put(tree.v1, live)
    bench.quietly(shell(f"git init -q --bare {folder} && git --git-dir={folder} config core.bare false && "
                        f"git --git-dir={folder} config gc.auto 0"))
    volume.grow_old()
    bench.quietly(commit)
    bench.time("same", commit, repeat=REPEAT)
    if bench.wants("reinstalled"):
        volume.put_installed(tree.v1r, live)
        bench.time("reinstalled", commit)


def find(bench, live, tree):
    """A stat of everything: nobody who looks for changes can do with less."""
    command = ["find", live, "-printf", "%D %i %s %T@ %C@ %p\\n"]
    bench.volume.put(tree.v1, live)
    sample = bench.time("same", command, repeat=REPEAT)
    for step in ("live", "after"):
        bench.add(step, sample, sample.wall)


def restic(bench, live, tree):
    volume, program = bench.volume, ["restic", "-q", "-r", bench.volume.repository]
    volume.put(tree.v1, live)
    bench.quietly(program + ["init"])
    bench.time("first", program + ["backup", live])
    bench.time("same", program + ["backup", live])
    volume.update(tree.v2, live)
    bench.time("changed", program + ["backup", live])
    if bench.wants("rollback", "rollback-saved"):
        first = first_of(bench.quietly(program + ["snapshots", "--json"]))
        sample = bench.time("rollback", program + ["restore", f"{first}:{live}", "--target", live, "--delete",
                                                   "--overwrite", "if-changed"])
        bench.add("rollback-saved", sample, sample.wall)
        expect(bench, tree.v1, live)


def first_of(text):
    return sorted(json.loads(text), key=lambda snapshot: snapshot["time"])[0]["id"]


def borg(bench, live, tree):
    repository = bench.volume.repository / "borg"
    bench.volume.put(tree.v1, live)
    bench.quietly(["borg", "init", "-e", "none", repository])
    bench.time("first", ["borg", "create", "-C", "zstd,3", f"{repository}::1", live])


def rsync(bench, live, tree):
    """rsync --delete puts a tree back in place: neither atomic, nor checked, nor synced."""
    copy = bench.volume.repository / "1"
    bench.volume.put(tree.v1, copy)
    bench.volume.put(tree.v2, live)
    sample = bench.time("rollback", ["rsync", "-a", "--delete", f"{copy}/", f"{live}/"])
    for step in ("rollback-swap", "rollback-saved"):
        bench.add(step, sample, sample.wall)
    expect(bench, tree.v1, live)


def empty_glib(bench, live, tree):
    bench.time("version", [bench.programs / "empty-glib"], repeat=20)


# Name, what it runs, and the steps in which it takes part.
PEERS = {
    "tar+zstd": (tar, ("first", "store", "restore", "rollback")),
    "tar -g": (tar_incremental, ("changed", "reinstalled")),
    "git": (git, ("same", "reinstalled")),
    "find": (find, ("same", "live", "after")),
    "restic": (restic, ("first", "same", "changed", "rollback", "rollback-saved")),
    "borg": (borg, ("first",)),
    "rsync": (rsync, ("rollback", "rollback-swap", "rollback-saved")),
    "empty GLib program": (empty_glib, ("version",)),
}


def missing():
    """Peers whose program is not here."""
    programs = {"tar+zstd": "zstd", "tar -g": "zstd", "git": "git", "restic": "restic", "borg": "borg", "rsync": "rsync"}
    return [peer for peer, program in programs.items() if not shutil.which(program)]
