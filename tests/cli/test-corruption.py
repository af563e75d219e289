# SPDX-License-Identifier: GPL-3.0-or-later
"""Every structure of the store and of the caches flipped, cut, emptied, lost, and swapped with another's.

Whatever is damaged: no command crashes, and a rollback either brings back the right bytes or changes nothing. The
short run takes a few places of each file, --full many.
"""

import json
import os
import shutil
import sys
import traceback
import zlib
from pathlib import Path

import harness
from harness import (DATA, EXTENSIONS, KEY, SAMPLE, SETTINGS, STORE, assert_same, install_sample, install_two,
                     look_at_tree, look_at_world, must, plugrb, plugrb_json, run, set_settings)

FULL = '--full' in sys.argv or os.environ.get('PLUGRB_TEST_FULL') == '1'
FLIPS, CUTS = (24, 6) if FULL else (1, 1)
CACHE = Path(os.environ.get('XDG_CACHE_HOME', '/nonexistent')) / 'plugin-rollback'
KEPT = DATA.parent / 'kept'
PENDING = Path('operations/pending/[0-9a-f]*.json')
OTHER = 'gnome-shell/other@example.org'
PATHS = {'store': STORE, 'extensions': EXTENSIONS.parent, 'cache': CACHE}
STATUSES = {0, 1, 3, 4, 5}


# ---- a world that can be put back


class Base:
    """What there was when this was made."""

    def __init__(self):
        shutil.rmtree(KEPT, ignore_errors=True)
        for name, path in PATHS.items():
            if path.exists():
                shutil.copytree(path, KEPT / name, symlinks=True)
        self.dconf = must('dconf', 'dump', '/')

    def restore(self):
        for name, path in PATHS.items():
            shutil.rmtree(path, ignore_errors=True)
            if (KEPT / name).exists():
                shutil.copytree(KEPT / name, path, symlinks=True)
        if must('dconf', 'dump', '/') != self.dconf:
            must('dconf', 'reset', '-f', '/')
            run('dconf', 'load', '/', input=self.dconf.encode())

    @staticmethod
    def list_files():
        """Everything that is damaged: files of the store and of the caches, with what they are."""
        found = []
        for top in ('store', 'cache'):
            for path in sorted((KEPT / top).rglob('*')):
                if path.is_file() and path.name != '.lock':
                    found.append((top, path.relative_to(KEPT / top)))
        return found


def make_history():
    """Two plugins, three snapshots, a rollback, its undo, a deleted snapshot, a policy. Returns the snapshot of version 1."""
    install_sample(1, plugin='other@example.org')
    plugrb('snapshot', OTHER)
    snapshot = install_two(payload=os.urandom(30_000))
    plugrb('rollback', KEY, '--yes')
    old = look_at_world()
    plugrb('undo')
    set_settings({SETTINGS + 'title': "'new'"})
    extra = plugrb_json('snapshot-result', 'snapshot', KEY, '--label', 'to be deleted')['created'][0]
    plugrb('delete', extra['id'])
    plugrb('diff', KEY)
    (STORE / 'policy.ini').write_text('[policy]\nmax-snapshots=10\n')
    return snapshot, old, look_at_world()


# ---- damage


def flip(data, part, parts):
    """One bit in one of so many regions, always the same one."""
    at = min(len(data) - 1, part * len(data) // parts + zlib.crc32(b'%d' % part) % max(1, len(data) // parts))
    changed = bytearray(data)
    changed[at] ^= 1 << (zlib.crc32(b'%d %d' % (part, len(data))) % 8)
    return bytes(changed)


def list_twins(files, top, path):
    """Other files of the same kind."""
    return [(KEPT / top / other).read_bytes() for other_top, other in files if other_top == top and other != path
            and other.suffixes == path.suffixes and len(other.parts) == len(path.parts)]


def list_damages(data, twins, path):
    """What may become of a file. The same names come for any data, but for an empty file."""
    yield 'emptied', b''
    if 'pending' not in path.parts:
        yield 'lost', None
    if FULL:
        yield 'zeros', bytes(len(data))
    for part in range(FLIPS if data else 0):
        yield f'flipped {part}', flip(data, part, FLIPS)
    for part in range(CUTS if data else 0):
        yield f'cut {part}', data[:(part + 1) * len(data) // (CUTS + 1)]
    for index, twin in enumerate(twins[:6 if FULL else 1]):
        yield f'swapped {index}', twin


def apply(target, content):
    if content is None:
        target.unlink()
    else:
        target.write_bytes(content)


# ---- what must hold


def call(*arguments):
    result = run('plugrb', *arguments)
    assert result.status in STATUSES, f'plugrb {" ".join(arguments)}: status {result.status}\n{result.out}\n{result.err}'
    for word in ('CRITICAL', 'Assertion', 'Sanitizer', 'runtime error'):
        assert word not in result.err, f'plugrb {" ".join(arguments)}\n{result.err}'
    if '--json' in arguments and result.status != 2:
        json.loads(result.out)
    return result


def look_around(snapshot):
    quick = (['list'], ['show', snapshot['id'], '--files'], ['diff', KEY], ['history'])
    more = (['snapshots'], ['diff', snapshot['id']], ['log', '--verify'], ['verify'], ['verify', '--full'])
    for arguments in (*quick, *(more if FULL else ())):
        call(*arguments, '--json')


def check_rollback(snapshot, old, new):
    """Exactly the old version, or nothing changed. An extract gives the right bytes or none."""
    target = DATA / 'out'
    if call('extract', snapshot['id'], '--to', str(target)).status == 0:
        assert look_at_tree(target) == old['files'], 'wrong bytes were taken out'
        shutil.rmtree(target)
    assert not target.exists()

    status = call('rollback', snapshot['id'], '--yes').status
    assert_same(look_at_world(), old if status == 0 else new, f'a rollback that ended with {status}')
    if status == 0 and call('undo', '--yes').status == 0:
        assert_same(look_at_world(), new, 'its undo')


def check_new_snapshot():
    """What is taken after the damage is whole, whatever it could have been shared with, once that was set aside."""
    call('verify', '--full', '--repair')
    taken = call('snapshot', KEY, '--json')
    if taken.status != 0:
        return
    value = json.loads(taken.out)
    identifier = (value['created'] or value['unchanged'])[0].get('id') or value['unchanged'][0]['snapshot']
    want = look_at_tree(EXTENSIONS / SAMPLE)
    result = call('extract', identifier, '--to', str(DATA / 'out'))
    assert result.status == 0, f'a new snapshot is not whole: {result.err}'
    assert look_at_tree(DATA / 'out') == want, 'a new snapshot has wrong bytes'
    shutil.rmtree(DATA / 'out')


def sweep(prepare, files, check):
    """Damages each of the files in each way, each time in a world that prepare() makes."""
    tried, failures = 0, []
    for top, path in files:
        twins = list_twins(files, top, path)
        names = None
        while names is None or names:
            prepare()
            [target] = PATHS[top].glob(str(path))
            damages = dict(list_damages(target.read_bytes(), twins, path))
            names = list(damages) if names is None else names
            name = names.pop(0)
            apply(target, damages[name])
            tried += 1
            try:
                check()
            except AssertionError:
                failures.append(f'{top}/{path} {name}: {traceback.format_exc()}')
    print(f'# {tried} damages tried, {len(failures)} violations')
    assert not failures, '\n'.join(failures[:10])


def test_every_file_of_the_store_and_the_caches():
    snapshot, old, new = make_history()
    base = Base()

    def check():
        look_around(snapshot)
        check_rollback(snapshot, old, new)
        call('recover')
        check_new_snapshot()

    sweep(base.restore, base.list_files(), check)
    shutil.rmtree(KEPT)


def check_interrupted(point):
    """Trees are recognised by their inodes: each damage needs an interruption of its own."""
    snapshot, old, new = make_history()
    base = Base()
    left = None

    def prepare():
        nonlocal left
        base.restore()
        killed = run(os.environ['PLUGRB_INTERRUPT'], point, snapshot['id'])
        assert killed.status == -9, f'not killed at {point}: {killed}'
        left = look_at_world()
        assert left != old

    def check():
        for arguments in (['list'], ['history'], ['verify', '--full']):
            call(*arguments, '--json')
        call('snapshot', OTHER)
        assert_same(look_at_world(), left, 'somebody recovered')
        status = call('recover').status
        world = look_at_world()
        # What cannot be compared with its snapshot any more is kept beside the rest.
        world['above'] = [name for name in world['above'] if not name.startswith('.plugrb-kept-')]
        if (STORE / 'quarantine' / 'journals').exists():
            assert status == 3
            assert_same(world, left, 'recover touched what it knows nothing about')
        else:
            assert status == 0 and world in (old, new), f'recover ended with {status}: {world}'
        assert call('recover').status == 0
        again = call('snapshot', KEY)
        assert again.status == 0, again.err

    mine = [(top, path) for top, path in base.list_files() if top == 'store' and (FULL or snapshot['id'] in str(path))]
    sweep(prepare, [('store', PENDING), *mine], check)
    shutil.rmtree(KEPT)


def test_while_nothing_is_swapped_yet():
    check_interrupted('journal-written')


def test_while_files_are_swapped():
    check_interrupted('swapping')


def test_while_settings_are_written():
    check_interrupted('settings')


if __name__ == '__main__':
    harness.main(harness.collect(dict(globals())))
