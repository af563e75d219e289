# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs commands once and notes what they cost."""

import csv
import dataclasses
import os
import pathlib
import shutil
import statistics
import subprocess

from volume import USER


@dataclasses.dataclass
class Sample:
    corpus: str
    step: str
    tool: str
    round: int
    wall: float
    cpu: float
    peak: float  # MB
    bytes: int
    load: float
    output: str = ""
    first: float = 0.0  # seconds until the process itself ended, whatever it left behind


# A step that is repeated is not any more once it has taken so many seconds.
LONG_ENOUGH = 2.0
PROGRAMS = ("src/cli/plugrb", "tests/bench/runstat", "tests/bench/empty-glib", "tests/bench/many-snapshots")


class Session:
    """The environment of a user whose home is on the volume, with a session bus while something needs one."""

    def __init__(self, volume, source, build):
        self.volume = volume
        # Copies: the user may not reach the checkout, and a build meanwhile does not matter.
        self.programs = volume.scratch / "programs"
        self.programs.mkdir()
        for program in PROGRAMS:
            shutil.copy2(pathlib.Path(build) / program, self.programs)
        self.hosts = volume.scratch / "hosts"
        shutil.copytree(source / "data" / "hosts", self.hosts)
        self.bus = None
        self.runtime = volume.scratch / "runtime"
        self.runtime.mkdir(mode=0o700)
        self.log = volume.scratch / "errors"
        volume.own(self.runtime)

    def environment(self):
        home = self.volume.home
        return {
            "PATH": os.environ["PATH"],
            "LC_ALL": "C.UTF-8",
            "HOME": str(home),
            "XDG_DATA_HOME": str(home / ".local" / "share"),
            "XDG_CACHE_HOME": str(home / ".cache"),
            "XDG_CONFIG_HOME": str(home / ".config"),
            "XDG_STATE_HOME": str(home / ".local" / "state"),
            "XDG_RUNTIME_DIR": str(self.runtime),
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self.runtime}/bus",
            "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nonexistent",
            "PLUGRB_HOSTS_DIR": str(self.hosts),
            "RESTIC_PASSWORD": "x",
            "RESTIC_CACHE_DIR": str(self.volume.top / "restic-cache"),
            "BORG_BASE_DIR": str(self.volume.top / "borg"),
            "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK": "yes",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_AUTHOR_NAME": "a",
            "GIT_AUTHOR_EMAIL": "a@b",
            "GIT_COMMITTER_NAME": "a",
            "GIT_COMMITTER_EMAIL": "a@b",
        }

    def start_bus(self):
        command = ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address",
                   f"--address=unix:path={self.runtime}/bus"]
        (self.runtime / "bus").unlink(missing_ok=True)
        as_user = {"user": USER, "group": USER, "extra_groups": []} if os.geteuid() == 0 else {}
        self.bus = subprocess.Popen(command, env=self.environment(), cwd="/", stdout=subprocess.PIPE,
                                    stderr=subprocess.DEVNULL, **as_user)
        if not self.bus.stdout.readline():
            raise RuntimeError("the session bus does not start")

    def stop_bus(self):
        if self.bus:
            self.bus.terminate()
            self.bus.wait()
            self.bus.stdout.close()
            self.bus = None


class Bench:
    """One run: what it measured, and what went wrong."""

    def __init__(self, volume, session, wanted, say):
        self.volume = volume
        self.session = session
        self.programs = session.programs
        self.wanted = wanted
        self.say = say
        self.samples = []
        self.faults = []
        self.corpus = ""
        self.trees = None
        self.round = 0
        self.tool = ""

    def fault(self, what):
        text = f"corpus {self.corpus}, round {self.round}, {self.tool}: {what}"
        self.faults.append(text)
        self.say(f"FAULT: {text}")

    def wants(self, *steps):
        return any(step in self.wanted for step in steps)

    # ---- running

    def once(self, command, wrap=()):
        """Runs a command as the user; seconds, CPU seconds, MB at the peak, exit code, its output,
        and the seconds until it ended itself."""
        output = self.volume.scratch / "output"
        output.unlink(missing_ok=True)
        output.touch(0o666)
        output.chmod(0o666)
        log = self.session.log
        log.unlink(missing_ok=True)
        log.touch()
        log.chmod(0o666)
        runstat = [str(self.programs / "runstat"), "-o", str(output), "-e", str(log)]
        if os.geteuid() == 0:
            runstat += ["-u", str(USER)]
        done = subprocess.run(runstat + ["--"] + list(wrap) + [str(word) for word in command], cwd="/",
                              env=self.session.environment(), stdout=subprocess.PIPE, check=True, text=True)
        wall, user, system, peak, code, first = done.stdout.split()
        return (float(wall), float(user) + float(system), int(peak) / 1024, int(code),
                output.read_text(encoding="utf-8", errors="replace"), float(first))

    def errors(self):
        return self.session.log.read_text(encoding="utf-8", errors="replace").strip()[:400]

    def quietly(self, command, bus=False):
        """What has to be done between the steps, and is not measured."""
        if bus and not self.session.bus:
            self.session.start_bus()
        code, output = self.once(command)[3:5]
        if code != 0:
            self.fault(f"“{' '.join(map(str, command))}” failed ({code}): {self.errors()}")
        return output

    def time(self, step, command, repeat=1, cold=False, size=None, bus=False):
        """One step.  A step that changes nothing can be repeated: what counts then is the median."""
        self.session.stop_bus()
        self.volume.settle(cold)
        if bus:
            self.session.start_bus()
        load = os.getloadavg()[0]
        runs = [self.once(command)]
        while len(runs) < repeat and sum(run[0] for run in runs) < LONG_ENOUGH:
            runs.append(self.once(command))
        for run in runs:
            if run[3] != 0:
                self.fault(f"{step} failed ({run[3]}): {self.errors()}")
        sample = Sample(self.corpus, step, self.tool, self.round, statistics.median(run[0] for run in runs),
                        statistics.median(run[1] for run in runs), max(run[2] for run in runs),
                        size() if size else 0, load, runs[-1][4], statistics.median(run[5] for run in runs))
        if step in self.wanted:
            self.samples.append(sample)
        return sample

    def add(self, step, like, wall, **others):
        """A figure that another step has brought along."""
        if step in self.wanted:
            self.samples.append(dataclasses.replace(like, step=step, wall=wall, **others))

    def write_csv(self, path):
        with open(path, "w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(["corpus", "step", "tool", "round", "file-system", "wall-s", "cpu-s", "peak-mb", "bytes", "load"])
            for s in self.samples:
                rows.writerow([s.corpus, s.step, s.tool, s.round, self.volume.kind, f"{s.wall:.6f}", f"{s.cpu:.6f}",
                               f"{s.peak:.1f}", s.bytes, f"{s.load:.2f}"])
