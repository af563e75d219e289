# SPDX-License-Identifier: GPL-3.0-or-later
"""The trees that are worked on, and whether two of them are equal."""

import filecmp
import json
import os
import pathlib
import stat

VERSIONS = ("v1", "v2", "v1r")


class Trees:
    def __init__(self, folder, corpus):
        self.corpus = corpus
        self.v1, self.v2, self.v1r = (pathlib.Path(folder) / corpus / version for version in VERSIONS)
        self.uuid = json.loads((self.v1 / "metadata.json").read_text(encoding="utf-8"))["uuid"]
        self.key = f"gnome-shell/{self.uuid}"


def are_there(folder, corpus):
    return bool(folder) and all((pathlib.Path(folder) / corpus / version / "metadata.json").exists() for version in VERSIONS)


def entries(root):
    """Every entry below a folder with what has to be equal."""
    found = {}
    for folder, folders, files in os.walk(root):
        if ".git" in folders:
            folders.remove(".git")
        for name in folders + files:
            path = os.path.join(folder, name)
            info = os.lstat(path)
            found[os.path.relpath(path, root)] = info
    return found


def size(root):
    return sum(info.st_size for info in entries(root).values() if stat.S_ISREG(info.st_mode))


def count(root):
    """Entries and folders, the top included."""
    all_of_them = entries(root).values()
    return len(all_of_them) + 1, sum(stat.S_ISDIR(info.st_mode) for info in all_of_them) + 1


def difference(wanted, found):
    """What differs first between two trees in names, kinds, modes, times of files and content, or None."""
    one, other = entries(wanted), entries(found)
    for name in sorted(one.keys() ^ other.keys()):
        return f"{name} is {'missing' if name in one else 'too many'}"
    for name, info in one.items():
        what = differs(os.path.join(wanted, name), info, os.path.join(found, name), other[name])
        if what:
            return f"{name} has another {what}"
    return None


def differs(path, info, other_path, other):
    if info.st_mode != other.st_mode:
        return "mode"
    if stat.S_ISLNK(info.st_mode):
        return "target" if os.readlink(path) != os.readlink(other_path) else None
    if not stat.S_ISREG(info.st_mode):
        return None
    if info.st_mtime_ns // 10**9 != other.st_mtime_ns // 10**9:
        return "time"
    return None if filecmp.cmp(path, other_path, shallow=False) else "content"
