# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a tool works: a fresh file system of its own, made anew for each tool and mounted anew before each step, so
that no step pays for what another left behind.  That is ext4 with a journal, in a file in memory, where we may mount;
otherwise a folder on a tmpfs."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import time

USER = 1000
# Longer than the time within which a file that was just written cannot be trusted by its times alone.
OLD_ENOUGH = 2.2
SIZES = {"S": "1G", "M": "2G", "L": "6G", "B": "12G"}


def run(*command, **options):
    return subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, **options)


def file_system_of(path):
    """The type of the file system that holds a folder, and its device."""
    best = ("", "", "")
    path = os.path.realpath(path) + "/"
    with open("/proc/self/mounts", encoding="utf-8") as mounts:
        for line in mounts:
            device, point, kind = line.split()[:3]
            if path.startswith(point.rstrip("/") + "/") and len(point) >= len(best[0]):
                best = (point, kind, device)
    return best[1], best[2]


def has_journal(path):
    kind, device = file_system_of(path)
    if kind in ("tmpfs", "xfs", "btrfs"):
        return True
    return kind == "ext4" and os.path.isdir(f"/proc/fs/jbd2/{os.path.basename(device)}-8")


def find_place():
    """A folder in which files can be created at their true cost, on a tmpfs if there is one."""
    wanted = os.environ.get("PLUGRB_BENCH_DIR")
    places = [wanted] if wanted else ["/var/tmp", "/tmp", "/dev/shm", os.environ.get("XDG_RUNTIME_DIR", "")]
    places = [place for place in places if place and os.access(place, os.W_OK)]
    for good in (lambda place: file_system_of(place)[0] == "tmpfs", has_journal):
        for place in places:
            if good(place):
                return place
    raise SystemExit("bench: nothing is timed on a file system without a journal: name another folder in PLUGRB_BENCH_DIR")


class Volume:
    def __init__(self):
        self.base = None
        self.top = None
        self.mounts = False
        self.size = "1G"
        self.changed = 0.0
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="plugrb-bench-", dir=find_place()))
        self.scratch.chmod(0o755)
        if os.geteuid() == 0:
            self.try_to_mount()
        if not self.mounts:
            self.top = self.scratch / "top"
            self.top.mkdir()
        self.kind = file_system_of(self.top)[0] if not self.mounts else "ext4"

    # ---- making it

    def try_to_mount(self):
        self.base = self.scratch / "memory"
        self.base.mkdir()
        self.top = self.scratch / "top"
        self.top.mkdir()
        try:
            run("mount", "-t", "tmpfs", "-o", "size=16G", "tmpfs", str(self.base), stderr=subprocess.DEVNULL)
            self.mounts = True
            self.make()
        except (subprocess.CalledProcessError, FileNotFoundError):
            self.mounts = False
            self.top.rmdir()

    def make(self):
        image = self.base / "image"
        image.unlink(missing_ok=True)
        run("truncate", "-s", self.size, str(image))
        run("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=1,lazy_journal_init=1,nodiscard", str(image))
        self.mount()

    def mount(self):
        run("mount", "-t", "ext4", "-o", "loop,noinit_itable", str(self.base / "image"), str(self.top))

    def unmount(self):
        # The session bus was told to end; what it started needs a moment to do so.
        for _ in range(200):
            if subprocess.run(["umount", str(self.top)], stderr=subprocess.DEVNULL, check=False).returncode == 0:
                return
            time.sleep(0.02)
        raise RuntimeError(f"{self.top} cannot be unmounted: something still runs there")

    def say(self):
        if self.mounts:
            return "a fresh ext4 with a journal, in memory, mounted anew for every step; as an ordinary user"
        return f"{self.kind} in {self.scratch}: there is no right to mount here, so syncing costs nothing"

    # ---- using it

    def fresh(self, corpus):
        """An empty file system with an empty home."""
        self.size = SIZES[corpus]
        if self.mounts:
            self.unmount()
            self.make()
        else:
            shutil.rmtree(self.top)
            self.top.mkdir()
        for folder in (self.home / ".local" / "share", self.home / ".cache", self.home / ".config", self.repository):
            folder.mkdir(parents=True)
        self.own(self.top)

    def own(self, path):
        # What the user owns already is left alone: its time of change would be new.
        if os.geteuid() == 0:
            run("chown", "-Rh", "--from=0", f"{USER}:{USER}", str(path))

    def settle(self, cold=False):
        """What was written is on the medium, nothing is cached; then, unless cold, everything is."""
        if self.mounts:
            self.unmount()
            self.mount()
        if not cold:
            subprocess.run(f"tar -cf - -C {self.top} . | cat >/dev/null", shell=True, check=True, stderr=subprocess.DEVNULL)

    def put(self, source, target):
        """A tree at its place, as if it had been there for a while once grow_old() has been called."""
        shutil.rmtree(target, ignore_errors=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        run("cp", "-a", str(source), str(target))
        self.own(self.top)
        self.changed = time.time()

    def put_installed(self, source, target):
        """The same bytes with every inode and time new, as an installer leaves them."""
        shutil.rmtree(target, ignore_errors=True)
        run("cp", "-r", str(source), str(target))
        self.own(self.top)
        self.changed = time.time()

    def update(self, version, target):
        """Make of what is there another version, without touching what is equal."""
        for old in sorted(target.rglob("*"), key=lambda path: len(path.parts), reverse=True):
            if not os.path.lexists(version / old.relative_to(target)):
                old.rmdir() if old.is_dir() and not old.is_symlink() else old.unlink()
        for new in sorted(version.rglob("*")):
            replace(new, target / new.relative_to(version))
        self.own(target)
        self.changed = time.time()

    def grow_old(self, seconds=OLD_ENOUGH):
        time.sleep(max(0.0, self.changed + seconds - time.time()))

    def remove(self):
        if self.mounts:
            self.unmount()
            run("umount", str(self.base))
        shutil.rmtree(self.scratch, ignore_errors=True)

    # ---- the places in it

    @property
    def home(self):
        return self.top / "home"

    @property
    def data(self):
        return self.home / ".local" / "share"

    @property
    def store(self):
        return self.data / "plugin-rollback"

    @property
    def repository(self):
        return self.top / "repository"

    @property
    def extensions(self):
        return self.data / "gnome-shell" / "extensions"


def replace(new, old):
    """Where size or time differ the file is another one; next_version.py keeps both for what is equal."""
    if new.is_dir() and not new.is_symlink():
        old.mkdir(exist_ok=True)
        return
    if os.path.lexists(old):
        one, other = new.lstat(), old.lstat()
        if (one.st_size, one.st_mtime_ns) == (other.st_size, other.st_mtime_ns):
            return
        old.unlink()
    shutil.copy2(new, old, follow_symlinks=False)
