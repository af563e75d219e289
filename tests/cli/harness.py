# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the program plugrb from outside: a scratch home, a sample plugin, comparing, TAP.

The environment comes from tests/tools/scratch-session.sh: HOME and the XDG folders are the test's own, and
the real dconf-service answers on a private session bus.
"""

import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path

import schema

SAMPLE = 'sample@example.org'
KEY = f'gnome-shell/{SAMPLE}'
SETTINGS = '/org/gnome/shell/extensions/sample/'
ENABLED = '/org/gnome/shell/enabled-extensions'
SCHEMA = '''<schemalist><schema id="org.gnome.shell.extensions.sample" path="/org/gnome/shell/extensions/sample/">
<key name="speed" type="i"><default>1</default></key>
<key name="title" type="s"><default>''</default></key>
</schema></schemalist>
'''

DATA = Path(os.environ.get('XDG_DATA_HOME', '/nonexistent'))
EXTENSIONS = DATA / 'gnome-shell' / 'extensions'
STORE = DATA / 'plugin-rollback'


class Skip(Exception):
    pass


@dataclass
class Result:
    status: int
    out: str
    err: str


# ---- running programs


def run(*command, env=None, input=None, timeout=120):
    done = subprocess.run([str(word) for word in command], env=env, input=input, timeout=timeout,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          **({} if input is not None else {'stdin': subprocess.DEVNULL}))
    return Result(done.returncode, done.stdout.decode('utf-8', 'surrogateescape'),
                  done.stderr.decode('utf-8', 'surrogateescape'))


def must(*command):
    result = run(*command)
    assert result.status == 0, f'{command}: status {result.status}\n{result.err}'
    return result.out


def plugrb(*arguments, status=0, env=None, input=None):
    """Runs plugrb, which must exit with the status; None for any."""
    result = run('plugrb', *arguments, env=env, input=input)
    assert status is None or result.status == status, (f'plugrb {" ".join(map(str, arguments))}: status {result.status}, not {status}\n'
                                     f'stdout: {result.out}\nstderr: {result.err}')
    return result


def plugrb_json(name, *arguments, status=0, env=None):
    """Runs plugrb --json; all of its output must be one value that fits the schema."""
    result = plugrb(*arguments, '--json', status=status, env=env)
    try:
        value = json.loads(result.out)
        schema.check(value, schema.load(name))
    except (ValueError, schema.Mismatch) as problem:
        raise AssertionError(f'plugrb {" ".join(map(str, arguments))} --json: {problem}\n{result.out}') from problem
    return value


def fails(*arguments, status=1, names=(), code=None, env=None):
    """Runs plugrb twice: the error must be on stderr for people and in JSON for programs."""
    result = plugrb(*arguments, status=status, env=env)
    assert result.out == '', f'standard output of a failure: {result.out}'
    assert result.err.startswith('plugrb: '), result.err
    for name in names:
        assert str(name) in result.err, f'the message does not name {name}: {result.err}'
    error = plugrb_json('error', *arguments, status=status, env=env)['error']
    assert code is None or error['code'] == code, error
    return error


# ---- a state of the world


def reset():
    """A user who has nothing yet."""
    if EXTENSIONS.exists():
        must('chmod', '-R', 'u+rwX', DATA)
    shutil.rmtree(DATA)
    DATA.mkdir(mode=0o700)
    EXTENSIONS.mkdir(parents=True)
    must('dconf', 'reset', '-f', '/')


def set_settings(settings):
    for key, value in settings.items():
        must(*(['dconf', 'reset', key] if value is None else ['dconf', 'write', key, value]))


def write(path, content, mode=0o644):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(mode)


def install_sample(version, plugin=SAMPLE, payload=b''):
    """A plugin of our own: every version has a file that the others lack, and all kinds of entries."""
    folder = EXTENSIONS / plugin
    if folder.exists():
        shutil.rmtree(folder)
    write(folder / 'metadata.json', json.dumps({
        'uuid': plugin, 'name': 'Sample', 'description': 'A sample', 'version': version, 'shell-version': ['48'],
        'settings-schema': 'org.gnome.shell.extensions.sample'}))
    write(folder / 'extension.js', f'// version {version}\n'.encode() + payload)
    write(folder / 'common.js', '// the same in all versions\n')
    write(folder / f'only-in-{version}.js', 'x')
    write(folder / 'tool.sh', '#!/bin/sh\n', 0o755)
    write(folder / 'schemas' / 'org.gnome.shell.extensions.sample.gschema.xml', SCHEMA)
    must('glib-compile-schemas', folder / 'schemas')
    (folder / 'empty').mkdir()
    (folder / 'link.js').symlink_to('common.js')
    for path in [*folder.rglob('*'), folder]:
        moment = 1_700_000_000_123_456_789 + version * 1_000_000_007
        os.utime(path, ns=(moment, moment), follow_symlinks=False)
    set_settings({SETTINGS + 'speed': str(version)})


def install_two(payload=b''):
    """Version 1 with a snapshot of it, then version 2. Returns the snapshot."""
    install_sample(1, payload=payload)
    set_settings({ENABLED: f"['first@x', '{SAMPLE}', 'last@x']", SETTINGS + 'title': "'old'"})
    snapshot = plugrb_json('snapshot-result', 'snapshot', KEY)['created'][0]
    install_sample(2, payload=payload[::-1])
    set_settings({SETTINGS + 'title': None})
    return snapshot


def look_at(path):
    info = os.lstat(path)
    kind = stat.S_IFMT(info.st_mode)
    content = os.readlink(path) if kind == stat.S_IFLNK else b''
    if kind == stat.S_IFREG:
        try:
            with open(path, 'rb') as file:
                content = hashlib.sha256(file.read()).hexdigest()
        except PermissionError:
            content = 'unreadable'
    return (oct(info.st_mode), info.st_mtime_ns, info.st_size if kind == stat.S_IFREG else 0, content)


def look_at_tree(folder):
    """Type, mode, time to the nanosecond, link target and content of everything in a folder."""
    top = os.fsencode(folder)
    if not os.path.lexists(top):
        return {}
    seen = {b'.': look_at(top)}
    for parent, folders, files in os.walk(top):
        for name in folders + files:
            path = os.path.join(parent, name)
            seen[os.path.relpath(path, top)] = look_at(path)
    return seen


def look_at_world(plugin=SAMPLE):
    """All that belongs to the plugin, and the settings of all."""
    return {'files': look_at_tree(EXTENSIONS / plugin), 'beside': sorted(os.listdir(EXTENSIONS)),
            'above': sorted(os.listdir(EXTENSIONS.parent)), 'dconf': must('dconf', 'dump', '/')}


def assert_same(seen, wanted, what):
    if seen == wanted:
        return
    lines = []
    for part in wanted:
        if isinstance(wanted[part], dict):
            for name in sorted(set(seen[part]) | set(wanted[part])):
                if seen[part].get(name) != wanted[part].get(name):
                    lines.append(f'{name}: {seen[part].get(name)} instead of {wanted[part].get(name)}')
        elif seen[part] != wanted[part]:
            lines.append(f'{part}: {seen[part]} instead of {wanted[part]}')
    raise AssertionError(f'{what}:\n' + '\n'.join(lines))


def snapshot_ids():
    """Ids of all snapshots but the safety copies, which a failed rollback may leave behind."""
    folder = STORE / 'snapshots'
    found = set()
    for path in folder.glob('*/*/*/snapshot.json'):
        try:
            if json.loads(path.read_bytes())['reason'] == 'pre-rollback':
                continue
        except ValueError:
            pass
        found.add(path.parent.name)
    return found


class Unchanged:
    """Nothing of the user's may change while this is open, and nothing may be left half done."""

    def __enter__(self):
        self.world = look_at_world()
        self.snapshots = snapshot_ids()

    def __exit__(self, kind, value, trace):
        if kind is None:
            assert_same(look_at_world(), self.world, 'a failed command changed something')
            assert snapshot_ids() == self.snapshots, 'a failed command changed the snapshots'
            pending = list((STORE / 'operations' / 'pending').glob('*'))
            assert not pending, f'left behind: {pending}'


# ---- TAP


def required(variable, what):
    """The value of a variable that CI must have; elsewhere the test is skipped without it."""
    value = os.environ.get(variable)
    if value and os.path.exists(value):
        return value
    assert os.environ.get('CI') != 'true', f'{variable} is not set: {what}'
    raise Skip(f'{variable} is not set: {what}')


def main(tests):
    """Runs (name, function) pairs, each for a user who has nothing yet."""
    failed = 0
    print('TAP version 14')
    print(f'1..{len(tests)}')
    for number, (name, function) in enumerate(tests, 1):
        try:
            reset()
            function()
            print(f'ok {number} - {name}')
        except Skip as reason:
            print(f'ok {number} - {name} # SKIP {reason}')
        except Exception:
            failed += 1
            print(f'not ok {number} - {name}')
            print(''.join(f'# {line}\n' for line in traceback.format_exc().splitlines()), end='')
        sys.stdout.flush()
    sys.exit(1 if failed else 0)


def collect(namespace):
    """All functions test_..., in the order in which they are written."""
    return [(name.removeprefix('test_').replace('_', '-'), function) for name, function in namespace.items()
            if name.startswith('test_') and callable(function)]
