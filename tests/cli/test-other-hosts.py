# SPDX-License-Identifier: GPL-3.0-or-later
"""Real plugins of programs that keep them as files among others', updated by hand and brought back."""

import hashlib
import os
import shutil
import stat
from dataclasses import dataclass, field
from pathlib import Path

import harness
from harness import DATA, must, plugrb, plugrb_json


@dataclass
class Case:
    host: str
    plugin: str
    old: str
    new: str
    root: str                  # of the plugins, below the data folder
    mine: tuple                # globs of what the plugin has in there
    settings: str = ''         # folder in dconf
    enabled: str = ''          # list in dconf
    versions: tuple = field(default=(None, None))

    @property
    def key(self):
        return f'{self.host}/{self.plugin}'

    @property
    def folder(self):
        return DATA / self.root


CASES = (
    Case('gedit', 'terminal', '3.38.1', '44.1', 'gedit/plugins', ('terminal.plugin', 'terminal.py'),
         '/org/gnome/gedit/plugins/terminal/', '/org/gnome/gedit/plugins/active-plugins', ('3.38.1', '44.1')),
    Case('gedit', 'multiedit', '3.38.1', '44.1', 'gedit/plugins', ('multiedit.plugin', 'multiedit'),
         '/org/gnome/gedit/plugins/multiedit/', '/org/gnome/gedit/plugins/active-plugins', ('3.38.1', '44.1')),
    Case('rhythmbox', 'artsearch', '3.4.4', '3.4.6', 'rhythmbox/plugins', ('artsearch',),
         '/org/gnome/rhythmbox/plugins/artsearch/', '/org/gnome/rhythmbox/plugins/active-plugins'),
    Case('nautilus-python', 'nautilus-admin', 'bullseye', 'bookworm', 'nautilus-python/extensions', ('nautilus-admin.py',)),
)


def source(case, version):
    plugins = Path(harness.required('PLUGRB_TEST_PLUGINS', 'the real plugins were not downloaded'))
    return plugins / case.host / case.plugin / version


def install(case, version):
    """As a user unpacks it over what is there; what the plugin does not have any more goes."""
    for name in case.mine:
        path = case.folder / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        new = source(case, version) / name
        must('cp', '-a', new, path)


def add_neighbours(case):
    """Everything else that the package has, and files of nobody."""
    case.folder.mkdir(parents=True)
    for path in source(case, case.old).iterdir():
        if path.name not in case.mine:
            must('cp', '-a', path, case.folder)
    (case.folder / 'notes.txt').write_text('of nobody')
    if case.folder.parent.name == 'gedit':
        (case.folder / 'other.plugin').write_text('[Plugin]\nModule=other\nName=Other\nVersion=7\n')
        (case.folder / 'other.py').write_text('pass\n')


def set_up(case, version, number, listed):
    install(case, version)
    # What Python leaves behind is never stored.
    for name in case.mine:
        if (case.folder / name).is_dir():
            (case.folder / name / '__pycache__').mkdir()
            (case.folder / name / '__pycache__' / 'x.pyc').write_text(version)
    if case.settings:
        must('dconf', 'write', f'{case.settings}number', str(number))
        must('dconf', 'write', f'{case.settings}deep/{version.replace(".", "-")}', "'only here'")
        must('dconf', 'write', case.enabled, str(['a', 'other'] + ([case.plugin] if listed else []) + ['z']))


def look(case):
    """All files of the host and all settings."""
    found = {}
    for folder, folders, names in os.walk(case.folder):
        folders[:] = [name for name in folders if name != '__pycache__']
        for name in folders + names:
            path = Path(folder) / name
            info = path.lstat()
            content = hashlib.sha256(path.read_bytes()).hexdigest() if stat.S_ISREG(info.st_mode) else None
            # The time of the host's own folder is not the plugin's.
            found[str(path.relative_to(case.folder))] = (stat.S_IFMT(info.st_mode), info.st_mode & 0o7777, content,
                                                         info.st_mtime_ns if content else None)
    return found, must('dconf', 'dump', '/')


def there_and_back(case):
    add_neighbours(case)
    set_up(case, case.old, 1, True)
    if case.settings:
        must('dconf', 'write', '/org/gnome/gedit/plugins/other/x', '7')
    want = look(case)
    listed = {plugin['key']: plugin for plugin in plugrb_json('list', 'list')}
    assert case.key in listed, sorted(listed)
    assert listed[case.key]['version'] == case.versions[0], listed[case.key]
    target = take(case.key)

    if case.settings:
        must('dconf', 'reset', '-f', case.settings)
    set_up(case, case.new, 2, False)
    before = look(case)
    assert want[0] != before[0]
    plugrb('snapshot', case.key)
    plugrb('rollback', target, '--yes')
    assert look(case) == want, difference(want, look(case))
    assert not list(case.folder.parent.rglob('.plugrb-*'))
    plugrb('undo', '--yes')
    assert look(case) == before, difference(before, look(case))


def take(key):
    """The id of a new snapshot."""
    return plugrb_json('snapshot-result', 'snapshot', key)['created'][0]['id']


def difference(a, b):
    names = sorted(name for name in set(a[0]) | set(b[0]) if a[0].get(name) != b[0].get(name))
    return f'{[(name, a[0].get(name), b[0].get(name)) for name in names]}\n{a[1]}\n---\n{b[1]}'


def test_gedit_single_module():
    there_and_back(CASES[0])


def test_gedit_module_as_folder():
    there_and_back(CASES[1])


def test_rhythmbox_folder():
    there_and_back(CASES[2])


def test_nautilus_script():
    there_and_back(CASES[3])


def test_only_settings_and_only_files():
    case = CASES[0]
    add_neighbours(case)
    set_up(case, case.old, 1, True)
    old = look(case)
    target = take(case.key)
    set_up(case, case.new, 2, True)
    new = look(case)
    plugrb('rollback', target, '--only', 'settings', '--yes')
    assert look(case)[0] == new[0]
    assert 'number=1' in look(case)[1]
    plugrb('undo', '--yes')
    plugrb('rollback', target, '--only', 'files', '--yes')
    assert look(case)[0] == old[0]
    assert 'number=2' in look(case)[1]


def test_settings_in_files_go_with_the_settings():
    plugin = Path(os.environ['XDG_CONFIG_HOME']) / 'obs-studio' / 'plugins' / 'clone'
    config = plugin.parent.parent / 'plugin_config' / 'clone'
    other = plugin.parent.parent / 'plugin_config' / 'other'
    for folder in (plugin / 'bin' / '64bit', plugin / 'data', config, other):
        folder.mkdir(parents=True)
    (plugin / 'bin' / '64bit' / 'clone.so').write_bytes(b'one')
    (config / 'config.json').write_text('{"a": 1}')
    (other / 'config.json').write_text('{"b": 1}')
    name = take('obs/clone')

    def update():
        (plugin / 'bin' / '64bit' / 'clone.so').write_bytes(b'two')
        (config / 'config.json').write_text('{"a": 2}')

    def now():
        return ((plugin / 'bin' / '64bit' / 'clone.so').read_text(), (config / 'config.json').read_text(),
                (other / 'config.json').read_text())

    update()
    plugrb('rollback', name, '--only', 'files', '--yes')
    assert now() == ('one', '{"a": 2}', '{"b": 1}'), now()
    update()
    plugrb('rollback', name, '--only', 'settings', '--yes')
    assert now() == ('two', '{"a": 1}', '{"b": 1}'), now()
    update()
    plugrb('rollback', name, '--yes')
    assert now() == ('one', '{"a": 1}', '{"b": 1}'), now()
    shutil.rmtree(plugin.parent.parent)


def test_a_new_host_is_one_file():
    hosts = DATA / 'plugin-rollback' / 'hosts'
    hosts.mkdir(parents=True)
    (hosts / 'mine.host').write_text('[Host]\nId=mine\nInherits=libpeas\nApp=mine\nName=Mine\n'
                                     '\n[Data settings]\nBackend=gsettings\nPath=/org/mine/{id}/\n')
    (DATA / 'mine' / 'plugins').mkdir(parents=True)
    (DATA / 'mine' / 'plugins' / 'a.plugin').write_text('[Plugin]\nModule=a\nName=A\nVersion=1\n')
    assert [plugin['key'] for plugin in plugrb_json('list', 'list')] == ['mine/a']
    plugrb('hosts', '--check', hosts / 'mine.host')
    (hosts / 'mine.host').write_text('[Host]\nId=mine\nInherits=nothing\nName=Mine\n')
    result = plugrb('hosts', '--check', hosts / 'mine.host', status=1)
    assert 'Inherits' in result.err and 'mine.host' in result.err, result.err


harness.main(harness.collect(dict(globals())))
