# SPDX-License-Identifier: GPL-3.0-or-later
"""What a power cut could leave: a model of the file system in which every change that no fsync or syncfs covers may be
lost, come in another order, or be half there.

The model is told the calls that a real run made. A name is durable when its folder was synced after the change (both
folders of a rename), contents and attributes when the file was. A state that the model allows is then made of the real
files of the real run, moved to where they would be, because recovery knows the trees by their inodes."""

import copy
import os
import shutil
import stat
from pathlib import Path

EXCHANGE = 2
DROP, HALF, ZEROS, KEEP = range(4)


class Inode:
    def __init__(self, kind, mode=0o600, mtime=None, data=b'', real=False):
        self.kind = kind
        self.mode = mode
        self.mtime = mtime
        self.data = data
        self.entries = {}
        self.real = real

    def clone(self):
        other = copy.copy(self)
        other.entries = dict(self.entries)
        return other


class Tree:
    """Inodes by number, 0 the top; those that the run made have negative numbers."""

    def __init__(self):
        self.inodes = {}

    def clone(self):
        other = Tree()
        other.inodes = {number: inode.clone() for number, inode in self.inodes.items()}
        return other

    def find(self, parts):
        number = 0
        for part in parts:
            number = self.inodes[number].entries.get(part)
            if number is None:
                return None
        return number

    def walk(self, number=0, path=()):
        yield path, number
        for name, child in sorted(self.inodes[number].entries.items()):
            yield from self.walk(child, (*path, name))


def read(path, mode):
    """A file, though its mode may not let us."""
    if mode & 0o400:
        return Path(path).read_bytes()
    os.chmod(path, mode | 0o400)
    data = Path(path).read_bytes()
    os.chmod(path, mode)
    return data


def scan(top, skip):
    """The model of a real folder."""
    tree, numbers = Tree(), {}

    def add(path, parts):
        info = os.lstat(path)
        number = 0 if not parts else numbers.setdefault(info.st_ino, len(numbers) + 1)
        if number in tree.inodes:
            return number
        kind = stat.S_IFMT(info.st_mode)
        inode = tree.inodes[number] = Inode(kind, stat.S_IMODE(info.st_mode), info.st_mtime_ns)
        if kind == stat.S_IFLNK:
            inode.data = os.readlink(path)
        elif kind == stat.S_IFREG:
            inode.data = read(path, inode.mode)
        else:
            for name in sorted(os.listdir(path)):
                if (*parts, name) not in skip:
                    inode.entries[name] = add(os.path.join(path, name), (*parts, name))
        return number

    add(str(top), ())
    return tree


class Change:
    """One change; `waits` are the folders that have to be synced for it, `inode` the file."""

    def __init__(self, apply, waits=(), inode=None, data=None):
        self.apply = apply
        self.waits = set(waits)
        self.inode = inode
        self.data = data
        self.durable = False


class Recorder:
    def __init__(self, base, top):
        self.tree = base.clone()
        self.top = str(top)
        self.changes = []
        self.made = {}

    def feed(self, calls, data):
        self.data = data
        for call in calls:
            if call['result'] >= 0:
                getattr(self, 'on_' + call['call'])(call)

    def parts(self, path):
        below = path[len(self.top):].strip('/')
        return tuple(below.split('/')) if below else ()

    def find(self, path):
        return self.tree.find(self.parts(path)) if path.startswith(self.top) else None

    def split(self, path):
        parts = self.parts(path)
        return self.tree.find(parts[:-1]), parts[-1]

    def change(self, apply, **details):
        change = Change(apply, **details)
        self.changes.append(change)
        apply(self.tree, KEEP)

    def make(self, kind, mode, data=b''):
        number = -1 - len(self.made)
        self.made[number] = Inode(kind, mode, None, data)
        self.tree.inodes[number] = self.made[number].clone()
        return number

    # ---- names

    def put(self, path, number):
        folder, name = self.split(path)

        def apply(tree, _how):
            tree.inodes[folder].entries[name] = number

        self.change(apply, waits=[folder])

    def take(self, call):
        folder, name = self.split(call['path'])
        number = self.find(call['path'])

        def apply(tree, _how):
            if tree.inodes[folder].entries.get(name) == number:
                del tree.inodes[folder].entries[name]

        self.change(apply, waits=[folder])

    on_unlink = on_rmdir = take

    def on_create(self, call):
        self.put(call['path'], self.make(stat.S_IFREG, call['mode'] & 0o7755))

    def on_mkdir(self, call):
        self.put(call['path'], self.make(stat.S_IFDIR, call['mode'] & 0o7755))

    def on_symlink(self, call):
        self.put(call['path'], self.make(stat.S_IFLNK, 0o777, call['text']))

    def on_link(self, call):
        self.put(call['path2'], self.find(call['path']))

    def on_rename(self, call):
        one, name = self.split(call['path'])
        two, other = self.split(call['path2'])
        number, displaced = self.find(call['path']), self.find(call['path2'])
        exchange = bool(call['flags'] & EXCHANGE)

        def apply(tree, _how):
            source, target = tree.inodes[one].entries, tree.inodes[two].entries
            if source.get(name) != number or (exchange and target.get(other) != displaced):
                return
            del source[name]
            target[other] = number
            if exchange:
                source[name] = displaced

        self.change(apply, waits=[one, two])

    # ---- contents and attributes

    def on_write(self, call):
        number = self.find(call['path'])
        if number is None:
            return
        data = self.data[call['data']:call['data'] + call['result']]
        offset = len(self.tree.inodes[number].data) if call['offset'] < 0 else call['offset']

        def apply(tree, how):
            inode = tree.inodes[number]
            new = {DROP: b'', HALF: data[:len(data) // 2], ZEROS: bytes(len(data)), KEEP: data}[how]
            if new:
                old = inode.data.ljust(offset, b'\0')
                inode.data = old[:offset] + new + old[offset + len(new):]

        self.change(apply, inode=number, data=True)

    def on_truncate(self, call):
        number, size = self.find(call['path']), call['size']
        if number is None:
            return

        def apply(tree, how):
            if how != DROP:
                tree.inodes[number].data = tree.inodes[number].data[:size].ljust(size, b'\0')

        self.change(apply, inode=number, data=True)

    def on_empty(self, call):
        self.on_truncate({**call, 'size': 0})

    def set(self, call, name, value):
        number = self.find(call['path'])
        if number is None:
            return

        def apply(tree, _how):
            setattr(tree.inodes[number], name, value)

        self.change(apply, inode=number)

    def on_chmod(self, call):
        self.set(call, 'mode', call['mode'] & 0o7777)

    def on_utimens(self, call):
        if call['mtime'] != -2:
            self.set(call, 'mtime', None if call['mtime'] == -1 else call['mtime'])

    def ignore(self, call):
        """Ownership never changes here, attributes are not compared, room alone is nothing."""

    on_chown = on_setxattr = on_removexattr = on_allocate = on_open = ignore

    # ---- syncing

    def on_fsync(self, call):
        number = self.find(call['path'])
        for change in self.changes:
            if number is not None and not change.durable:
                change.waits.discard(number)
                change.durable = not change.waits and change.inode in (None, number)

    def on_syncfs(self, _call):
        for change in self.changes:
            change.durable = True

    on_sync = on_syncfs

    # ---- states that may be left

    def survive(self, base, choose):
        """The tree in which of the changes that are not durable only those live that `choose` picks, and the picks."""
        tree, picks = base.clone(), []
        for number, inode in self.made.items():
            tree.inodes[number] = inode.clone()
        for change in self.changes:
            how = KEEP if change.durable else choose(change)
            picks.append(how)
            if how is not None:
                change.apply(tree, how)
        return tree, tuple(picks)

    def has_risk(self):
        return any(not change.durable for change in self.changes)


def choosers(random, count):
    """Nothing unsynced lives; all names live but no contents; or half; then at random."""
    yield lambda change: None
    yield lambda change: DROP if change.data else KEEP
    yield lambda change: ZEROS if change.data else KEEP
    yield lambda change: None if change.inode is None else KEEP
    for _ in range(count):
        yield lambda change: random.choice([None, HALF, ZEROS, KEEP] if change.data else [None, KEEP])


def differences(tree, top, skip):
    """Whether the model and the real folder agree: otherwise something changed it unseen."""
    real = scan(top, skip)
    modelled = {path: tree.inodes[number] for path, number in tree.walk()}
    found = {path: real.inodes[number] for path, number in real.walk()}
    for path in sorted(set(modelled) ^ set(found)):
        yield f'{"/".join(path)} is only {"modelled" if path in modelled else "found"}'
    for path in sorted(set(modelled) & set(found)):
        one, two = modelled[path], found[path]
        if one.kind != two.kind or one.data != two.data:
            yield f'{"/".join(path)} is not what the calls that were seen make of it'


class Builder:
    """Makes a modelled state of the real files that a run left."""

    def __init__(self, top, volatile, wanted, pool):
        self.top, self.pool = Path(top), Path(pool)
        self.volatile, self.wanted = volatile, wanted
        self.times = {}
        shutil.rmtree(self.pool, ignore_errors=True)
        self.pool.mkdir()
        for path, number in sorted(volatile.walk(), key=lambda pair: -len(pair[0])):
            self.set_aside(self.top.joinpath(*path), number)
        self.place(0, self.top)
        for path, number in sorted(wanted.walk(), key=lambda pair: -len(pair[0])):
            self.dress(self.top.joinpath(*path), number)

    def kept(self, number):
        return self.pool / str(number)

    def set_aside(self, path, number):
        info = os.lstat(path)
        self.times.setdefault(number, info.st_mtime_ns)
        if number == 0:
            return
        if stat.S_ISDIR(info.st_mode):
            os.chmod(path, 0o700)
            os.chmod(path.parent, 0o700)
            os.rename(path, self.kept(number))
            return
        os.chmod(path.parent, 0o700)
        if not os.path.lexists(self.kept(number)):
            os.link(path, self.kept(number), follow_symlinks=False)
        os.unlink(path)

    def place(self, number, path):
        for name, child in self.wanted.inodes[number].entries.items():
            inode, below = self.wanted.inodes[child], path / name
            if inode.kind == stat.S_IFDIR:
                if self.kept(child).exists():
                    os.rename(self.kept(child), below)
                else:
                    below.mkdir()
                self.place(child, below)
                continue
            if not os.path.lexists(self.kept(child)):
                self.create(child, inode)
            os.link(self.kept(child), below, follow_symlinks=False)
            if inode.kind == stat.S_IFREG:
                os.chmod(below, 0o600)
            if inode.kind == stat.S_IFREG and below.read_bytes() != inode.data:
                with open(below, 'r+b') as file:
                    file.truncate(0)
                    file.write(inode.data)

    def create(self, number, inode):
        if inode.kind == stat.S_IFLNK:
            os.symlink(inode.data, self.kept(number))
        else:
            self.kept(number).write_bytes(inode.data)

    def dress(self, path, number):
        inode = self.wanted.inodes[number]
        if number == 0:
            return
        if inode.kind != stat.S_IFLNK:
            os.chmod(path, inode.mode)
        moment = inode.mtime if inode.mtime is not None else self.times.get(number)
        if moment is not None:
            os.utime(path, ns=(moment, moment), follow_symlinks=False)


def find_durable_version(calls, folder):
    """Which version of the settings' database was on the disk for certain: of file and folder, synced in this order."""
    durable = calls[0].get('watched') if calls else None
    synced = None
    for call in calls:
        if call['call'] == 'syncfs':
            durable = call['watched']
        elif call['call'] == 'fsync' and call['path'] == f'{folder}/user':
            synced = call['watched']
        elif call['call'] == 'fsync' and call['path'] == str(folder) and synced == call['watched']:
            durable = synced
    return durable
