# SPDX-License-Identifier: GPL-3.0-or-later
"""For tests with plugins of any program: real ones, all that belongs to them, there and back again."""

import os
import shutil
from pathlib import Path

from harness import DATA, Skip, look_at_tree, must, plugrb, plugrb_json, required

HOME = Path(os.environ['HOME'])
CONFIG = Path(os.environ['XDG_CONFIG_HOME'])
OF_PROGRAMS = ('.var', '.kodi', '.vscode', '.vscode-oss', '.vim', '.node-red', '.homebridge', 'vault', 'versions', 'elsewhere')


def clear():
    for folder in (CONFIG, *(HOME / name for name in OF_PROGRAMS)):
        shutil.rmtree(folder, ignore_errors=True)
    CONFIG.mkdir()
    must('dconf', 'reset', '-f', '/')


def for_new_users(tests):
    """The same tests, each for a user who has no programs yet."""
    def run(function):
        clear()
        function()

    return [(name, lambda function=function: run(function)) for name, function in tests]


def real(plugin, version):
    """A real plugin, as its package has it."""
    path = Path(required('PLUGRB_TEST_PLUGINS', 'the real plugins were not downloaded')) / plugin / version
    if not path.exists():
        assert os.environ.get('CI') != 'true', f'{path} was not downloaded'
        raise Skip(f'{path} was not downloaded')
    return path


def put(source, target):
    """In place of what is there; nothing without a source."""
    shutil.rmtree(target) if target.is_dir() else target.unlink(missing_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    if source is not None:
        must('cp', '-a', source, target)


def look(*roots):
    """All settings, and all files with their contents and modes, but for databases, of which the tables count."""
    found = {'dconf': must('dconf', 'dump', '/')}
    for root in roots:
        for path in sorted(root.rglob('*')):
            if '__pycache__' in path.parts or path.suffix in ('.db-journal', '.db-wal'):
                continue
            if path.is_symlink():
                found[str(path)] = os.readlink(path)
            elif path.suffix in ('.db', '.vscdb', '.backup'):
                found[str(path)] = must('sqlite3', path, '.dump')
            elif path.is_file():
                found[str(path)] = (path.read_bytes(), path.stat().st_mode & 0o7777)
            else:
                found[str(path)] = path.stat().st_mode & 0o7777
    return found


def look_exactly(folder):
    """The same with times, but for what is never saved."""
    return {name: value for name, value in look_at_tree(folder).items() if b'__pycache__' not in name.split(b'/')}


def same(a, b):
    different = {name: (a.get(name), b.get(name)) for name in sorted(set(a) | set(b)) if a.get(name) != b.get(name)}
    assert not different, different


def take(key):
    """The id of a new snapshot."""
    return plugrb_json('snapshot-result', 'snapshot', key)['created'][0]['id']


def keys():
    return [plugin['key'] for plugin in plugrb_json('list', 'list')]


def there_and_back(key, roots, update, settle=lambda: None, version=None, exact=()):
    """settle: what differs from the time of the snapshot and is not the plugin's.
    exact: folders of which the times count as well."""
    def world():
        return look(*roots) | {f'exactly {path}': look_exactly(path) for path in exact}

    listed = {plugin['key']: plugin for plugin in plugrb_json('list', 'list')}
    assert key in listed, sorted(listed)
    if version is not None:
        assert listed[key]['version'] == version, listed[key]
    target = take(key)
    assert plugrb_json('snapshot-result', 'snapshot', key)['created'] == [], 'nothing changed, and yet there is something new'
    settle()
    want = world()
    update()
    updated = world()
    assert want != updated
    plugrb('rollback', target, '--yes')
    same(world(), want)
    plugrb('undo', '--yes')
    same(world(), updated)
    for root in (*roots, DATA):
        assert not [path for path in root.rglob('.plugrb-*') if path.is_dir() and any(path.iterdir())], root
    return target


def sql(path, *statements):
    path.parent.mkdir(parents=True, exist_ok=True)
    must('sqlite3', path, '; '.join(statements))
