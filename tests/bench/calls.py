# SPDX-License-Identifier: GPL-3.0-or-later
"""The system calls of a snapshot in which nothing has changed."""

import os
import re

TRACED = ("%%stat,%file,open,openat,openat2,read,write,pwrite64,writev,pwritev,pwritev2,ftruncate,fallocate,"
          "copy_file_range,sendfile,fchmod,fsetxattr")
CALL = re.compile(r"^(?:\d+ +)?(\w+)\((.*)$")
FOLDER = re.compile(r"^(?:AT_FDCWD|\d+)<([^>]*)>")
NAME = re.compile(r'"((?:[^"\\]|\\.)*)"')
STATS = ("stat", "lstat", "fstat", "newfstatat", "statx", "stat64", "fstatat64")
OPENS = ("open", "openat", "openat2", "creat")
WRITES = ("write", "pwrite64", "writev", "pwritev", "pwritev2", "ftruncate", "fallocate", "copy_file_range", "sendfile",
          "fchmod", "fsetxattr")
CHANGES = ("rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "unlink", "unlinkat", "rmdir",
           "mkdir", "mkdirat", "truncate", "mknod", "mknodat", "chmod", "fchmodat", "utimensat", "setxattr")
MAY_WRITE = re.compile(r"\bO_(?:WRONLY|RDWR|CREAT|TRUNC|TMPFILE)\b")


def paths_of(call, arguments):
    """Every path that a call names, made absolute."""
    folders = FOLDER.findall(arguments) + re.findall(r", \d+<([^>]*)>", arguments)
    # The text in a write is data.
    names = [] if call in WRITES else NAME.findall(arguments)
    if not names:
        return folders[:1]
    found = []
    for i, name in enumerate(names):
        folder = folders[min(i, len(folders) - 1)] if folders else "/"
        found.append(os.path.normpath(os.path.join(folder, name)))
    return found


def below(path, folder):
    return path == str(folder) or path.startswith(f"{folder}/")


class Trace:
    def __init__(self, file):
        self.calls = []
        with open(file, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                match = CALL.match(line)
                if match:
                    self.calls.append((match[1], match[2], paths_of(match[1], match[2])))

    def stats_in(self, folder):
        return sum(name in STATS and below(paths[0], folder) for name, _, paths in self.calls if paths)

    def opens_in(self, folder):
        return sum(name in OPENS and below(paths[0], folder) for name, _, paths in self.calls if paths)

    def opens(self):
        return sum(name in OPENS for name, _, _ in self.calls)

    def writes_in(self, folder, but):
        """Everything that may have changed the folder, apart from what the function BUT accepts."""
        found = []
        for name, arguments, paths in self.calls:
            changing = name in WRITES + CHANGES or (name in OPENS and MAY_WRITE.search(arguments))
            if changing:
                found += [f"{name} {path}" for path in paths if below(path, folder) and not but(path)]
        return found


def trace(bench, command):
    file = bench.volume.scratch / "trace"
    file.unlink(missing_ok=True)
    file.touch()
    file.chmod(0o666)
    code = bench.once(command, wrap=("strace", "-f", "-y", "-qq", "-s", "4096", "-e", f"trace={TRACED}", "-o", str(file)))[3]
    if code != 0:
        bench.fault(f"under strace: {bench.errors()}")
    return Trace(file)
