# SPDX-License-Identifier: GPL-3.0-or-later
"""Plugins that look like one another, are there twice, or lie behind links."""

import json
import os
import resource
import shutil

import harness
from harness import DATA, EXTENSIONS, STORE, look_at_tree, must, plugrb, plugrb_json, write
from hosts import CONFIG, HOME, for_new_users, keys, look, put, same, sql, take

SHELL = '/org/gnome/shell/'
OUTSIDE = HOME / 'elsewhere'


def snapshots(key):
    return [snapshot['id'] for snapshot in plugrb_json('snapshots', 'snapshots', key)]


# ---- ids that differ in nothing but case

def make_shell(name, version, extra=''):
    put(None, EXTENSIONS / name)
    write(EXTENSIONS / name / 'metadata.json', json.dumps({'uuid': name, 'name': 'Foo', 'version': version,
                                                           'shell-version': ['48']}))
    write(EXTENSIONS / name / 'extension.js', f'// {name} {version}{extra}')
    write(EXTENSIONS / name / f'only-{name[0]}-{version}', 'x')


def test_case_of_folders():
    one, other = 'gnome-shell/Foo@x', 'gnome-shell/foo@x'
    for name in 'Foo@x', 'foo@x':
        make_shell(name, 1)
    must('dconf', 'write', SHELL + 'enabled-extensions', "['Foo@x', 'z@x']")
    assert {plugin['key']: plugin['enabled'] for plugin in plugrb_json('list', 'list')} == {one: True, other: False}
    first, second = take(one), take('foo@x')
    assert snapshots(one) == [first] and snapshots(other) == [second]

    for name in 'Foo@x', 'foo@x':
        make_shell(name, 2)
    must('dconf', 'write', SHELL + 'enabled-extensions', "['z@x', 'foo@x']")
    beside = look_at_tree(EXTENSIONS / 'foo@x')
    plugrb('rollback', one, '--yes')
    assert look_at_tree(EXTENSIONS / 'foo@x') == beside
    assert (EXTENSIONS / 'Foo@x/extension.js').read_text() == '// Foo@x 1'
    enabled = must('dconf', 'read', SHELL + 'enabled-extensions')
    assert sorted(json.loads(enabled.replace("'", '"'))) == ['Foo@x', 'foo@x', 'z@x'], enabled
    # That one has its own to go back to.
    plugrb('rollback', other, '--yes')
    assert (EXTENSIONS / 'foo@x/extension.js').read_text() == '// foo@x 1'

    # What is deleted of one is there of the other.
    plugrb('delete', *snapshots(one), '--yes')
    assert second in snapshots(other)
    assert not plugrb_json('verify', 'verify')['bad']
    harness.fails('snapshot', 'FOO@x')
    harness.fails('snapshot', 'gnome-shell/FOO@x')
    assert sorted(path.name for path in (STORE / 'snapshots/gnome-shell').iterdir()) == ['Foo@x', 'foo@x']


def test_case_of_what_is_in_one_folder():
    make_shell('a@x', 1)
    for name in 'README', 'readme', 'Readme':
        write(EXTENSIONS / 'a@x' / name, name)
    target, before = take('a@x'), look_at_tree(EXTENSIONS / 'a@x')
    make_shell('a@x', 2)
    plugrb('rollback', target, '--yes')
    assert look_at_tree(EXTENSIONS / 'a@x') == before


def test_a_snapshot_is_of_one_plugin():
    """As on a file system for which both names are one: what is filed under the other is not taken for it."""
    make_shell('Foo@x', 1)
    target = take('Foo@x')
    make_shell('Foo@x', 2)
    for folder in 'snapshots', 'archives':
        (STORE / folder / 'gnome-shell/Foo@x').rename(STORE / folder / 'gnome-shell/foo@x')
    make_shell('foo@x', 3)
    before = look(EXTENSIONS)
    for plugin in 'gnome-shell/foo@x', target:
        assert plugrb('rollback', plugin, '--yes', status=None).status != 0
    same(look(EXTENSIONS), before)


def test_disk_without_case():
    module = os.environ.get('PLUGRB_ANY_CASE')
    if not module:
        raise harness.Skip('a program with a sanitizer cannot be shown another file system')
    env = {**os.environ, 'LD_PRELOAD': module, 'ANY_CASE': str(EXTENSIONS)}
    make_shell('Foo@x', 1)
    assert 'Foo@x' in plugrb('list', env=env).out
    make_shell('foo@x', 1)
    other = take('foo@x')
    put(None, EXTENSIONS / 'foo@x')
    plugrb('snapshot', 'Foo@x', env=env)
    before = look(EXTENSIONS)
    # One folder: what is asked for in another case is not what lies there.
    for arguments in ('snapshot', 'gnome-shell/foo@x'), ('rollback', other, '--yes'), ('snapshot', 'gnome-shell/FOO@x'):
        result = plugrb(*arguments, status=3, env=env)
        assert '“Foo@x”' in result.err and 'case' in result.err, result.err
        same(look(EXTENSIONS), before)
    assert not list(STORE.glob('snapshots/gnome-shell/FOO@x/*/snapshot.json'))
    make_shell('Foo@x', 2)
    plugrb('rollback', 'gnome-shell/Foo@x', '--yes', env=env)
    assert (EXTENSIONS / 'Foo@x/extension.js').read_text() == '// Foo@x 1'


def test_case_of_modules():
    root = DATA / 'pluma/plugins'

    def make(version):
        for name in 'Term', 'term':
            write(root / f'{name}.plugin', f'[Plugin]\nModule={name}\nName=T\nVersion={version}\n')
            write(root / f'{name}.py', f'{name} {version}')

    make(1)
    assert sorted(keys()) == ['pluma/Term', 'pluma/term']
    target = take('pluma/Term')
    make(2)
    plugrb('rollback', target, '--yes')
    texts = [(root / name).read_text() for name in ('Term.py', 'term.py')]
    assert texts == ['Term 1', 'term 2'], texts


def test_case_of_rows():
    """In a database, too, they are two."""
    database = HOME / '.kodi/userdata/Database/Addons33.db'
    sql(database, 'CREATE TABLE installed (id INTEGER PRIMARY KEY, addonID TEXT UNIQUE, enabled BOOLEAN, installDate TEXT, '
                  "lastUpdated TEXT, lastUsed TEXT, origin TEXT NOT NULL DEFAULT '')",
        "INSERT INTO installed (addonID, enabled) VALUES ('Plugin.x', 1), ('plugin.x', 1)")
    for name in 'Plugin.x', 'plugin.x':
        write(HOME / '.kodi/addons' / name / 'addon.xml', f'<addon id="{name}" version="1"/>')
    target = take('kodi/Plugin.x')
    sql(database, 'UPDATE installed SET enabled = 0')
    plugrb('rollback', target, '--yes')
    rows = must('sqlite3', database, 'SELECT addonID, enabled FROM installed ORDER BY id').split()
    assert rows == ['Plugin.x|1', 'plugin.x|0'], rows


CODE = HOME / '.vscode/extensions'


def make_code(folder, version, root=CODE, **more):
    write(root / folder / 'package.json', json.dumps({'publisher': 'Maker', 'name': 'Tool', 'version': version, **more}))


def test_case_that_does_not_count():
    """For VS Code they are the same, however they are written: one plugin, one key."""
    make_code('Maker.Tool-1.0.0', '1.0.0')
    assert keys() == ['vscode/maker.tool']
    target = take('vscode/Maker.Tool')
    for name in 'Maker.Tool', 'maker.tool', 'vscode/MAKER.tool':
        again = plugrb_json('snapshot-result', 'snapshot', name)
        assert again['created'] == [] and again['unchanged'] == [{'plugin': 'vscode/maker.tool', 'snapshot': target}], again
        assert snapshots(name) == [target]
    assert keys() == ['vscode/maker.tool']
    # As the program updates it, which writes the new name as the gallery has it.
    shutil.move(CODE / 'Maker.Tool-1.0.0', OUTSIDE / 'old')
    make_code('maker.tool-1.1.0', '1.1.0')
    assert keys() == ['vscode/maker.tool']
    plugrb('rollback', 'Maker.Tool', '--yes')
    assert [path.name for path in CODE.iterdir()] == ['Maker.Tool-1.0.0']


def test_case_of_what_is_needed():
    make_code('maker.base-1.0.0', '1.0.0')
    make_code('maker.tool-1.0.0', '1.0.0', extensionDependencies=['Maker.Base'])
    base, tool = take('vscode/maker.base'), take('vscode/maker.tool')
    assert plugrb_json('snapshots', 'snapshots', 'vscode/maker.base')[0]['id'] == base
    shutil.rmtree(CODE / 'maker.base-1.0.0')
    shutil.rmtree(CODE / 'maker.tool-1.0.0')
    make_code('maker.tool-2.0.0', '2.0.0')
    plugrb('rollback', tool, '--yes')
    assert sorted(path.name for path in CODE.iterdir()) == ['maker.base-1.0.0', 'maker.tool-1.0.0']


# ---- the same plugin in two variants of a program

APP = HOME / '.var/app/com.visualstudio.code'


def make_variant(extensions, user, version, number):
    put(None, extensions)
    make_code(f'maker.tool-{version}', version, extensions)
    write(extensions / 'extensions.json', json.dumps([{'identifier': {'id': 'maker.tool'}, 'version': version,
                                                       'relativeLocation': f'maker.tool-{version}'}]))
    write(user / 'globalStorage/maker.tool/data.json', str(number))
    write(user / 'settings.json', '{"n": %d}' % number)
    state = user / 'globalStorage/state.vscdb'
    state.unlink(missing_ok=True)
    sql(state, 'CREATE TABLE ItemTable (key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB)',
        f"INSERT INTO ItemTable VALUES ('maker.tool', '{number}'), ('other', '{number}')")


def test_two_variants():
    native = CODE, CONFIG / 'Code/User'
    flatpak = APP / 'data/vscode/extensions', APP / 'config/Code/User'
    for place in native, flatpak:
        make_variant(*place, '1.0.0', 1)
    assert keys() == ['vscode/maker.tool', 'vscode@flatpak/maker.tool']
    error = harness.fails('snapshot', 'maker.tool', code='ambiguous')
    assert 'vscode@flatpak/maker.tool' in error['message'], error
    targets = {key: take(key) for key in keys()}
    assert len(set(targets.values())) == 2

    for place in native, flatpak:
        make_variant(*place, '2.0.0', 2)
    for mine, other, key in (native, flatpak, 'vscode/maker.tool'), (flatpak, native, 'vscode@flatpak/maker.tool'):
        before = look(*other)
        new = look(*mine)
        plugrb('rollback', key, '--yes')
        same(look(*other), before)
        assert [path.name for path in mine[0].glob('maker*')] == ['maker.tool-1.0.0']
        rows = must('sqlite3', mine[1] / 'globalStorage/state.vscdb', 'SELECT * FROM ItemTable ORDER BY key').split()
        assert rows == ['maker.tool|1', 'other|2'], rows
        plugrb('undo', '--yes')
        same(look(*mine), new)
        same(look(*other), before)
    # A snapshot of one is not for the other.
    for place in native, flatpak:
        shutil.rmtree(place[0])
    plugrb('rollback', targets['vscode@flatpak/maker.tool'], '--yes')
    assert (flatpak[0] / 'maker.tool-1.0.0').exists() and not native[0].exists()


# ---- links that lead out

def link(path, target):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)


def is_refused(key, change, *roots):
    """What lies behind a link is somebody else's: it is saved, and nothing is written."""
    assert key in keys(), keys()
    target = take(key)
    change()
    before = look(OUTSIDE, *roots)
    result = plugrb('rollback', target, '--yes', status=3)
    assert 'is a link to' in result.err and str(OUTSIDE) in result.err, result.err
    same(look(OUTSIDE, *roots), before)


def test_link_to_a_folder():
    write(OUTSIDE / 'fugitive/plugin/a.vim', 'one')
    link(HOME / '.vim/pack/t/start/fugitive', OUTSIDE / 'fugitive')
    is_refused('vim+t/fugitive', lambda: write(OUTSIDE / 'fugitive/plugin/a.vim', 'two'), HOME / '.vim')


def test_link_to_a_folder_with_a_manifest():
    write(OUTSIDE / 'checkout/term.plugin', '[Plugin]\nModule=term\nName=T\nVersion=1\n')
    write(OUTSIDE / 'checkout/term.py', 'one')
    link(DATA / 'pluma/plugins/mine', OUTSIDE / 'checkout')
    is_refused('pluma/term', lambda: write(OUTSIDE / 'checkout/term.py', 'two'), DATA / 'pluma')


def test_link_to_a_version():
    make_code('folder', '1.0.0', OUTSIDE)
    link(CODE / 'maker.tool-1.0.0', OUTSIDE / 'folder')
    is_refused('vscode/maker.tool', lambda: write(OUTSIDE / 'folder/more.js', 'two'), CODE)


def test_link_that_became_a_file():
    scripts = DATA / 'nautilus-python/extensions'
    write(OUTSIDE / 'admin.py', 'one')
    link(scripts / 'admin.py', OUTSIDE / 'admin.py')

    def replace():
        (scripts / 'admin.py').unlink()
        write(scripts / 'admin.py', 'two')

    target = take('nautilus-python/admin')
    replace()
    plugrb('rollback', target, '--yes', status=3)
    assert (scripts / 'admin.py').read_text() == 'two' and (OUTSIDE / 'admin.py').read_text() == 'one'
    # The other way round: a file that became a link.
    target = take('nautilus-python/admin')
    (scripts / 'admin.py').unlink()
    link(scripts / 'admin.py', OUTSIDE / 'admin.py')
    plugrb('rollback', target, '--yes', status=3)
    assert (OUTSIDE / 'admin.py').read_text() == 'one' and (scripts / 'admin.py').is_symlink()


def test_link_to_settings():
    write(HOME / '.kodi/addons/x/addon.xml', '<addon id="x" version="1"/>')
    write(OUTSIDE / 'data/settings.xml', '<one/>')
    link(HOME / '.kodi/userdata/addon_data/x', OUTSIDE / 'data')

    def change():
        write(HOME / '.kodi/addons/x/addon.xml', '<addon id="x" version="2"/>')
        write(OUTSIDE / 'data/settings.xml', '<two/>')

    is_refused('kodi/x', change, HOME / '.kodi')
    # The code is no link.
    plugrb('rollback', 'kodi/x', '--yes', '--only', 'files')
    assert plugrb_json('list', 'list')[0]['version'] == '1'
    assert (OUTSIDE / 'data/settings.xml').read_text() == '<two/>'


def test_link_among_the_files():
    """It goes back as a link; nobody goes through it."""
    plugin = CONFIG / 'obs-studio/plugins/clone'
    write(plugin / 'clone.so', 'one')
    write(OUTSIDE / 'secret', 'one')
    link(plugin / 'data', OUTSIDE)
    link(plugin / 'up', '../../../..')
    target = take('obs/clone')
    assert 'secret' not in plugrb('show', target, '--files').out
    put(None, plugin)
    write(plugin / 'clone.so', 'two')
    write(plugin / 'data/locale', 'two')
    write(OUTSIDE / 'secret', 'two')
    plugrb('rollback', target, '--yes')
    assert os.readlink(plugin / 'data') == str(OUTSIDE) and os.readlink(plugin / 'up') == '../../../..'
    assert sorted(os.listdir(OUTSIDE)) == ['secret'] and (OUTSIDE / 'secret').read_text() == 'two'


def test_folder_of_all_plugins_behind_a_link():
    """That is where the user wants them."""
    write(OUTSIDE / 'plugins/clone/clone.so', 'one')
    write(OUTSIDE / 'plugins/other/other.so', 'one')
    link(CONFIG / 'obs-studio/plugins', OUTSIDE / 'plugins')
    target, before = take('obs/clone'), look(OUTSIDE)
    write(OUTSIDE / 'plugins/clone/clone.so', 'two')
    after = look(OUTSIDE)
    plugrb('rollback', target, '--yes')
    same(look(OUTSIDE), before)
    plugrb('undo', '--yes')
    same(look(OUTSIDE), after)
    assert (CONFIG / 'obs-studio/plugins').is_symlink()


def test_links_that_lead_nowhere():
    write(CONFIG / 'obs-studio/plugins/good/good.so', 'x')
    link(CONFIG / 'obs-studio/plugins/gone', OUTSIDE / 'nothing')
    link(CONFIG / 'obs-studio/plugins/round', CONFIG / 'obs-studio/plugins/round')
    link(DATA / 'pluma/plugins/round', DATA / 'pluma/plugins/round')
    link(CODE / 'maker.tool-1.0.0', OUTSIDE / 'nothing')
    os.mkfifo(DATA / 'pluma/plugins/pipe.plugin')
    assert keys() == ['obs/good'], keys()


# ---- manifests and lists that somebody made to do harm

BOMB = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a0 "aaaaaaaaaa">%s]><addon id="bomb" name="&a9;" version="1"/>' % ''.join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
FOREIGN = ('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
           '<addon id="foreign" name="n&a;" version="1"/>')


def huge(path, begin=b''):
    """A hundred megabytes, most of it a hole."""
    write(path, begin)
    os.truncate(path, 100 * 1024 * 1024)


def make_good():
    make_shell('good@x', 1)
    write(DATA / 'pluma/plugins/good.plugin', '[Plugin]\nModule=good\nName=Good\nVersion=1\n')
    write(HOME / '.kodi/addons/good/addon.xml', '<addon id="good" version="1"/>')
    make_code('maker.good-1.0.0', '1.0.0')
    return {'gnome-shell/good@x': '1', 'pluma/good': '1', 'kodi/good': '1', 'vscode/maker.good': '1.0.0'}


def make_hostile():
    """Keys of those that a folder makes plugins all the same."""
    shells = {'huge@x': None, 'bom@x': b'\xef\xbb\xbf{"uuid": "bom@x", "name": ', 'deep@x': b'[' * 200_000,
              'binary@x': bytes(range(256)) * 40, 'types@x': b'{"uuid": ["types@x"], "name": {}, "version": {"a": 1}}'}
    for name, text in shells.items():
        path = EXTENSIONS / name / 'metadata.json'
        write(path, text) if text is not None else huge(path, b'{"uuid": "huge@x", "name": "')
    for name, text in {'bomb': BOMB, 'foreign': FOREIGN, 'open': '<addon id="open"'}.items():
        write(HOME / '.kodi/addons' / name / 'addon.xml', text)
    huge(HOME / '.kodi/addons/huge/addon.xml', b'<addon id="huge" name="')
    write(DATA / 'pluma/plugins/nested.plugin', '[Plugin][Other]\nModule=nested\n[Plugin]\nModule=../up\nName=X\n')
    huge(DATA / 'pluma/plugins/huge.plugin', b'[Plugin]\nModule=huge\n')
    return [f'gnome-shell/{name}' for name in shells] + [f'kodi/{name}' for name in ('bomb', 'foreign', 'open', 'huge')]


def test_manifests_that_do_harm():
    good = make_good()
    hostile = make_hostile()
    start = resource.getrusage(resource.RUSAGE_CHILDREN)
    listed = {plugin['key']: plugin for plugin in plugrb_json('list', 'list')}
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert sorted(listed) == sorted([*good, *hostile]), sorted(listed)
    for key, version in good.items():
        assert listed[key]['version'] == version, listed[key]
    for key in hostile:
        assert listed[key]['name'] == key.split('/')[1] and listed[key]['version'] is None, listed[key]
    assert used.ru_utime - start.ru_utime < 2, 'too much is made of it'
    # They are somebody's all the same, and those beside them are what they were.
    for key in 'kodi/bomb', 'gnome-shell/bom@x':
        folder = (HOME / '.kodi/addons/bomb') if 'bomb' in key else EXTENSIONS / 'bom@x'
        target, before = take(key), look_at_tree(folder)
        put(None, folder)
        plugrb('rollback', target, '--yes')
        assert look_at_tree(folder) == before


def test_shared_lists_that_do_harm():
    """What cannot be read is not written, and named."""
    vault = HOME / 'vault'
    write(CONFIG / 'obsidian/obsidian.json', json.dumps({'vaults': {'a': {'path': str(vault)}}}))
    write(vault / '.obsidian/plugins/a/manifest.json', '{"id": "a", "name": "A", "version": "1"}')
    lists = vault / '.obsidian/community-plugins.json'
    write(lists, '["a"]')
    key = keys()[0]
    target = take(key)
    write(vault / '.obsidian/plugins/a/manifest.json', '{"id": "a", "name": "A", "version": "2"}')
    for text in b'\xef\xbb\xbf["a"', b'[' * 100_000, b'{"a": "b"}', b'["\xff"]', None:
        write(lists, text) if text is not None else huge(lists, b'["b"')
        before = lists.read_bytes()
        result = plugrb('rollback', target, '--yes', status=None)
        assert result.status != 0 and 'community-plugins.json' in result.err, (text and text[:20], result)
        assert lists.read_bytes() == before
        assert '"2"' in (vault / '.obsidian/plugins/a/manifest.json').read_text()
    # With a mark it is a list as good as any other, and keeps it.
    write(lists, b'\xef\xbb\xbf["b"]')
    plugrb('rollback', target, '--yes')
    assert json.loads(lists.read_bytes().removeprefix(b'\xef\xbb\xbf')) in (['b', 'a'], ['a', 'b'])
    assert lists.read_bytes().startswith(b'\xef\xbb\xbf')


harness.main(for_new_users(harness.collect(dict(globals()))))
