# SPDX-License-Identifier: GPL-3.0-or-later
"""The measuring instrument itself: what it would overlook it cannot guard."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import calls
import gate
import goals
import measure
import report
import trees

STRACE = """\
12 newfstatat(AT_FDCWD</>, "/home/ext/a", {st_mode=S_IFREG}, AT_SYMLINK_NOFOLLOW) = 0
12 newfstatat(5</home/ext/sub>, "b", {st_mode=S_IFREG}, 0) = 0
12 statx(5</home/ext>, "", AT_EMPTY_PATH, STATX_BASIC_STATS, {...}) = 0
13 fstat(5</home/ext/a>, {st_mode=S_IFREG}) = 0
13 newfstatat(AT_FDCWD</>, "/home/extra", 0x1, 0 <unfinished ...>
13 <... newfstatat resumed>) = 0
12 openat(5</home/ext>, "sub", O_RDONLY|O_DIRECTORY) = 6</home/ext/sub>
12 openat(AT_FDCWD</>, "/store/operations/x.json", O_WRONLY|O_CREAT, 0600) = 7</store/operations/x.json>
12 openat(8</store/snapshots/p>, ".lock", O_RDWR|O_CREAT, 0600) = 9</store/snapshots/p/.lock>
12 pwrite64(9</store/snapshots/p/.lock>, "/store/never", 9, 0) = 9
12 renameat2(8</store/tables>, "one", 8</store/tables>, "two", 0) = 0
12 write(4</store/audit.jsonl>, "x", 1) = 1
12 openat(AT_FDCWD</>, "/store/tables/two", O_RDONLY) = 9</store/tables/two>
"""


def sample(step, tool, number, **figures):
    values = {"wall": 1.0, "cpu": 1.0, "peak": 1.0, "bytes": 1, "load": 0.0}
    return measure.Sample("M", step, tool, number, **(values | figures))


class Calls(unittest.TestCase):
    def setUp(self):
        with tempfile.NamedTemporaryFile("w", suffix=".trace") as file:
            file.write(STRACE)
            file.flush()
            self.trace = calls.Trace(file.name)

    def test_counts_only_what_is_in_the_folder(self):
        self.assertEqual(self.trace.stats_in("/home/ext"), 4)
        self.assertEqual(self.trace.opens_in("/home/ext"), 1)
        self.assertEqual(self.trace.opens(), 4)

    def test_finds_writes_but_not_to_records(self):
        found = self.trace.writes_in("/store", gate.is_record(pathlib.Path("/store")))
        self.assertEqual(found, ["renameat2 /store/tables/one", "renameat2 /store/tables/two"])


class Trees(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.one, self.two = (pathlib.Path(self.folder.name) / name for name in ("one", "two"))
        for root in (self.one, self.two):
            (root / "sub").mkdir(parents=True)
            (root / "sub" / "file").write_text("text", encoding="utf-8")
            os.utime(root / "sub" / "file", (10, 10))

    def test_equal(self):
        self.assertIsNone(trees.difference(self.one, self.two))

    def test_every_difference_is_seen(self):
        file = self.two / "sub" / "file"
        file.write_text("TEXT", encoding="utf-8")
        os.utime(file, (10, 10))
        self.assertIn("content", trees.difference(self.one, self.two))
        os.utime(file, (20, 20))
        self.assertIn("time", trees.difference(self.one, self.two))
        file.chmod(0o600)
        self.assertIn("mode", trees.difference(self.one, self.two))
        file.unlink()
        self.assertIn("missing", trees.difference(self.one, self.two))

    def test_next_version_touches_only_what_differs(self):
        new = pathlib.Path(self.folder.name) / "new"
        program = pathlib.Path(__file__).parent / "next_version.py"
        (self.one / "other").write_text("old", encoding="utf-8")
        (self.two / "other").write_text("new", encoding="utf-8")
        subprocess.run([sys.executable, program, self.one, self.two, new], check=True, stdout=subprocess.DEVNULL)
        self.assertEqual((new / "other").read_text(encoding="utf-8"), "new")
        self.assertEqual((new / "sub" / "file").stat().st_mtime_ns, (self.one / "sub" / "file").stat().st_mtime_ns)


class Goals(unittest.TestCase):
    goal = goals.Goal("first", "cpu", "tar+zstd", 1.0, "M")

    def test_ratios_are_taken_within_a_round(self):
        samples = [sample("first", "plugrb", 1, cpu=1.0), sample("first", "tar+zstd", 1, cpu=2.0),
                   sample("first", "plugrb", 2, cpu=9.0), sample("first", "tar+zstd", 2, cpu=3.0),
                   sample("first", "plugrb", 3, cpu=5.0)]
        self.assertEqual(goals.values(self.goal, samples, "M"), [0.5, 3.0])
        self.assertTrue(gate.passes(self.goal, samples))
        self.assertFalse(gate.passes(self.goal, samples[2:]))

    def test_what_was_not_measured_does_not_pass(self):
        self.assertFalse(gate.passes(self.goal, []))

    def test_verdict(self):
        self.assertEqual(report.verdict(self.goal, "M", 1.01)[1], "NO")
        self.assertEqual(report.verdict(self.goal, "M", 0.99)[1], "yes")
        self.assertEqual(report.verdict(self.goal, "B", 0.99)[1], "")


unittest.main()
