# SPDX-License-Identifier: GPL-3.0-or-later
"""next_version.py V1 NEW V2 - V2 becomes a copy of V1 in which what differs in NEW, by content, is replaced, added or
removed: an update in which the files that did not change keep their times.  V1 becomes a month old first: there are
programs that tell versions apart by the second."""

import filecmp
import os
import shutil
import sys

MONTH = 30 * 24 * 3600 * 10**9


def files_of(root):
    return {
        os.path.relpath(os.path.join(folder, name), root)
        for folder, _, names in os.walk(root)
        for name in names
    }


def differs(old, new):
    if os.path.islink(old) or os.path.islink(new):
        return not (os.path.islink(old) and os.path.islink(new) and os.readlink(old) == os.readlink(new))
    return not filecmp.cmp(old, new, shallow=False)


def put(source, target):
    if os.path.lexists(target):
        os.unlink(target)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if os.path.islink(source):
        os.symlink(os.readlink(source), target)
    else:
        shutil.copyfile(source, target)
        shutil.copymode(source, target)


def make_older(root):
    for name in files_of(root):
        path = os.path.join(root, name)
        info = os.lstat(path)
        os.utime(path, ns=(info.st_atime_ns, info.st_mtime_ns - MONTH), follow_symlinks=False)


def drop_empty_folders(root):
    for folder, _, _ in os.walk(root, topdown=False):
        if folder != root and not os.listdir(folder):
            os.rmdir(folder)


def main(v1, new, v2):
    make_older(v1)
    shutil.copytree(v1, v2, symlinks=True)
    before, after = files_of(v1), files_of(new)
    changed = sorted(name for name in before & after if differs(os.path.join(v1, name), os.path.join(new, name)))
    for name in before - after:
        os.unlink(os.path.join(v2, name))
    for name in changed + sorted(after - before):
        put(os.path.join(new, name), os.path.join(v2, name))
    drop_empty_folders(v2)
    print(
        f"{len(before)} files; next version: {len(changed)} changed, {len(after - before)} new, "
        f"{len(before - after)} gone"
    )


main(*sys.argv[1:])
