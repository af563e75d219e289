# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that keep what belongs to a plugin in files that all plugins share: a rollback puts the plugin's own back, and
leaves every other byte alone.  Looked at with sqlite3, jq, xmllint and dconf."""

import json
import shutil
import sqlite3

import harness
from harness import DATA, must, plugrb, plugrb_json, write
from hosts import CONFIG, HOME, for_new_users, look, put, real, same, sql, take, there_and_back

# ---- VS Code

EXTENSIONS = HOME / '.vscode' / 'extensions'
USER = CONFIG / 'Code' / 'User'
STATE = USER / 'globalStorage' / 'state.vscdb'


def entry(identifier, version):
    return {'identifier': {'id': identifier, 'uuid': f'u-{identifier}'}, 'version': version,
            'location': {'$mid': 1, 'path': f'{EXTENSIONS}/{identifier.lower()}-{version}', 'scheme': 'file'},
            'relativeLocation': f'{identifier.lower()}-{version}', 'metadata': {'installedTimestamp': 1}}


def register(*entries):
    write(EXTENSIONS / 'extensions.json', json.dumps(list(entries), separators=(',', ':')))


def make_code(source):
    """source: gives the folder of a version."""
    put(source('0.8.3'), EXTENSIONS / 'antfu.theme-vitesse-0.8.3')
    put(source('0.8.3'), EXTENSIONS / 'antfu.theme-vitesse-more-0.1.0')
    register(entry('other.one', '1.0.0'), entry('Antfu.theme-vitesse', '0.8.3'), entry('antfu.theme-vitesse-more', '0.1.0'))
    write(EXTENSIONS / '.obsolete', '{"other.one-0.9.0":true,"antfu.theme-vitesse-more-0.0.9":true}')
    write(USER / 'settings.json', '// mine\n{\n  "editor.tabSize": 2, // so\n  "vitesse.border": true,\n}\n')
    for path in STATE, STATE.with_suffix('.vscdb.backup'):
        sql(path, 'CREATE TABLE ItemTable (key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB)',
            "INSERT INTO ItemTable VALUES ('antfu.theme-vitesse', '{\"n\": 1}'), ('other.one', '{}')",
            "INSERT INTO ItemTable VALUES ('extensionsIdentifiers/disabled', '[{\"id\":\"other.one\"}]')")


def update_code(source):
    """As the program does it: the new folder beside the old one, which is to be deleted at the next start."""
    put(source('1.0.0'), EXTENSIONS / 'antfu.theme-vitesse-1.0.0')
    register(entry('other.one', '1.0.0'), entry('Antfu.theme-vitesse', '1.0.0'), entry('antfu.theme-vitesse-more', '0.1.0'))
    write(EXTENSIONS / '.obsolete',
          '{"other.one-0.9.0":true,"antfu.theme-vitesse-more-0.0.9":true,"antfu.theme-vitesse-0.8.3":true}')
    for path in STATE, STATE.with_suffix('.vscdb.backup'):
        sql(path, "UPDATE ItemTable SET value = '{\"n\": 2}' WHERE key = 'antfu.theme-vitesse'",
            'UPDATE ItemTable SET value = \'[{"id":"other.one"},{"id":"antfu.theme-vitesse"}]\' '
            "WHERE key = 'extensionsIdentifiers/disabled'")


def test_code_real():
    def source(version):
        return real('vscode/antfu.theme-vitesse', version)

    make_code(source)
    there_and_back('vscode/antfu.theme-vitesse', (EXTENSIONS, USER), lambda: update_code(source), version='0.8.3')
    found = must('jq', '-c', '[.[] | {id: .identifier.id, version}]', EXTENSIONS / 'extensions.json')
    assert json.loads(found)[1] == {'id': 'Antfu.theme-vitesse', 'version': '1.0.0'}, found


def fixture(version):
    folder = HOME / 'versions' / version
    write(folder / 'package.json', json.dumps({
        'publisher': 'antfu', 'name': 'theme-vitesse', 'version': version, 'displayName': '%name%',
        'contributes': {'configuration': {'properties': {'vitesse.border': {}, f'vitesse.v{version[0]}': {}}}}}))
    write(folder / 'package.nls.json', '{"name": "Vitesse Theme"}')
    return folder


def test_code_with_settings():
    make_code(fixture)
    listed = plugrb_json('list', 'list')
    assert listed[0]['name'] == 'Vitesse Theme' and listed[0]['enabled'], listed
    target = take('vscode/antfu.theme-vitesse')
    want = look(EXTENSIONS, USER)
    update_code(fixture)
    assert not plugrb_json('list', 'list')[0]['enabled']
    write(USER / 'settings.json', '// mine\n{\n  "editor.tabSize": 2, // so\n  "vitesse.border": false,\n  "vitesse.v1": [1, 2],\n}\n')
    updated = look(EXTENSIONS, USER)
    plugrb('rollback', target, '--yes')
    same(look(EXTENSIONS, USER), want)
    plugrb('undo', '--yes')
    same(look(EXTENSIONS, USER), updated)
    # The folder alone would be deleted at the next start, so what names it goes with the files.
    plugrb('rollback', target, '--yes', '--only', 'files')
    assert must('jq', '-r', '.[1].version', EXTENSIONS / 'extensions.json').strip() == '0.8.3'
    assert not (EXTENSIONS / 'antfu.theme-vitesse-1.0.0').exists()
    assert '"vitesse.v1": [1, 2]' in (USER / 'settings.json').read_text()
    # The host has deleted what it had marked.
    plugrb('undo', '--yes')
    shutil.rmtree(EXTENSIONS / 'antfu.theme-vitesse-0.8.3')
    plugrb('rollback', target, '--yes')
    same(look(EXTENSIONS, USER), want)


def test_code_database_in_use_or_damaged():
    make_code(fixture)
    target = take('vscode/antfu.theme-vitesse')
    update_code(fixture)
    before = look(EXTENSIONS, USER)
    database = sqlite3.connect(STATE, isolation_level=None)
    database.execute('BEGIN IMMEDIATE')
    result = plugrb('rollback', target, '--yes', status=3)
    database.execute('ROLLBACK')
    database.close()
    assert 'state.vscdb' in result.err and 'Close Visual Studio Code' in result.err, result.err
    same(look(EXTENSIONS, USER), before)
    damaged = STATE.read_bytes()[:100] + b'\xff' * 5000
    STATE.write_bytes(damaged)
    result = plugrb('rollback', target, '--yes', status=1)
    assert 'state.vscdb' in result.err, result.err
    assert STATE.read_bytes() == damaged
    assert (EXTENSIONS / 'antfu.theme-vitesse-1.0.0').exists()


def test_code_damaged_list():
    make_code(fixture)
    target = take('vscode/antfu.theme-vitesse')
    update_code(fixture)
    damaged = '\ufeff[{"identifier": '
    write(EXTENSIONS / 'extensions.json', damaged)
    result = plugrb('rollback', target, '--yes', status=1)
    assert 'extensions.json' in result.err, result.err
    assert (EXTENSIONS / 'extensions.json').read_text() == damaged
    assert (EXTENSIONS / 'antfu.theme-vitesse-1.0.0').exists()


# ---- Kodi

KODI = HOME / '.kodi'


def make_addons(*addons):
    sql(KODI / 'userdata/Database/Addons27.db', 'CREATE TABLE installed (id INTEGER PRIMARY KEY, addonID TEXT UNIQUE)')
    sql(KODI / 'userdata/Database/Addons33.db',
        'CREATE TABLE installed (id INTEGER PRIMARY KEY, addonID TEXT UNIQUE, enabled BOOLEAN, installDate TEXT, '
        'lastUpdated TEXT, lastUsed TEXT, origin TEXT NOT NULL DEFAULT \'\', disabledReason INTEGER NOT NULL DEFAULT 0)',
        *(f"INSERT INTO installed (addonID, enabled, installDate) VALUES ('{addon}', 1, '2024')" for addon in addons))


def test_kodi_real():
    name = 'repository.xbmc.org'
    put(real(f'kodi/{name}', 'bookworm') / name, KODI / 'addons' / name)
    write(KODI / f'userdata/addon_data/{name}/settings.xml', '<old/>')
    make_addons('other', name)

    def update():
        put(real(f'kodi/{name}', 'trixie') / name, KODI / 'addons' / name)
        write(KODI / f'userdata/addon_data/{name}/settings.xml', '<new/>')
        sql(KODI / 'userdata/Database/Addons33.db', f"UPDATE installed SET enabled = 0, lastUpdated = '2025' WHERE addonID = '{name}'")

    there_and_back(f'kodi/{name}', (KODI,), update, version='3.3.1')
    assert not plugrb_json('list', 'list')[0]['enabled']


def addon(name, version, needs=''):
    write(KODI / 'addons' / name / 'addon.xml',
          f'<addon id="{name}" version="{version}"><requires><import addon="xbmc.python" version="3.0.0"/>{needs}</requires></addon>')


def versions(*names):
    return [must('xmllint', '--xpath', 'string(/addon/@version)', KODI / 'addons' / name / 'addon.xml').strip()
            if (KODI / 'addons' / name).exists() else None for name in names]


def test_dependencies():
    make_addons('app', 'lib', 'deep')
    addon('deep', '1.0.0')
    addon('lib', '1.0.0', '<import addon="deep" version="1.0.0"/>')
    addon('app', '1.0.0', '<import addon="lib" version="1.0.0"/><import addon="nice" version="1" optional="true"/>')
    targets = {name: take(f'kodi/{name}') for name in ('deep', 'lib', 'app')}
    addon('app', '2.0.0')
    shutil.rmtree(KODI / 'addons' / 'lib')
    shutil.rmtree(KODI / 'addons' / 'deep')
    shown = plugrb('rollback', targets['app'], '--dry-run')
    assert 'kodi/lib' in shown.out and 'kodi/deep' in shown.out, shown.out
    result = plugrb('rollback', targets['app'], '--yes')
    assert 'kodi/lib' in result.out + result.err, result
    assert versions('app', 'lib', 'deep') == ['1.0.0'] * 3
    plugrb('undo', '--yes')
    assert versions('app', 'lib', 'deep') == ['2.0.0', None, None]
    plugrb('rollback', targets['app'], '--yes', '--no-dependencies')
    assert versions('app', 'lib', 'deep') == ['1.0.0', None, None]


def test_dependencies_unmet_and_dependants():
    make_addons('app', 'lib')
    addon('lib', '1.0.0')
    old = take('kodi/lib')
    addon('lib', '2.0.0')
    addon('app', '1.0.0', '<import addon="lib" version="2.0.0"/><import addon="gone" version="7"/>')
    app = take('kodi/app')
    addon('app', '2.0.0', '<import addon="lib" version="2.0.0"/>')
    before = look(KODI)
    result = plugrb('rollback', app, '--yes', status=3)
    assert 'gone' in result.err and '--no-dependencies' in result.err, result.err
    same(look(KODI), before)
    # Who would be left without what he needs is named.
    result = plugrb('rollback', old, '--dry-run')
    assert 'kodi/app' in result.out + result.err, result
    result = plugrb('rollback', old, '--yes')
    assert 'kodi/app' in result.out + result.err, result
    assert versions('app', 'lib') == ['2.0.0', '1.0.0']


def test_dependencies_in_a_circle():
    make_addons('a', 'b')
    for version in '1.0.0', '2.0.0':
        addon('a', version, f'<import addon="b" version="{version}"/>')
        addon('b', version, f'<import addon="a" version="{version}"/>')
        if version == '1.0.0':
            target = take('kodi/a')
            take('kodi/b')
    shutil.rmtree(KODI / 'addons' / 'b')
    plugrb('rollback', target, '--yes')
    assert versions('a', 'b') == ['1.0.0', '1.0.0']


# ---- KDE

def test_krita_real():
    root = DATA / 'krita'
    rc = CONFIG / 'kritarc'

    def install(version):
        for name in 'tenbrushes', 'kritapykrita_tenbrushes.desktop':
            put(real('krita/tenbrushes', version) / name, root / 'pykrita' / name)
        action = real('krita/actions', version) / 'tenbrushes.action'
        if action.exists():
            put(action, root / 'actions' / 'tenbrushes.action')

    install('5.1.5')
    write(root / 'pykrita/tenbrushes/__pycache__/x.pyc', 'x')
    put(real('krita/tenbrushes', '5.1.5') / 'exportlayers', root / 'pykrita' / 'exportlayers')
    write(rc, 'top=1\n\n[a][b][$i]\nx=1\n\n[python]\nenable_exportlayers=true\nenable_tenbrushes=true\n\n[z]\nlast=1\n')

    def update():
        install('5.2.9')
        write(rc, 'top=1\n\n[a][b][$i]\nx=1\n\n[python]\nenable_exportlayers=true\n\n[z]\nlast=1\n')

    there_and_back('krita/tenbrushes', (root, CONFIG), update)


def test_kwin_real():
    name = 'minimizeall'
    rc = CONFIG / 'kwinrc'
    put(real(f'kwin/{name}', '5.27.5') / name, DATA / 'kwin/scripts' / name)
    write(rc, f'[Plugins]\n{name}Enabled=true\nzEnabled=true\n\n[Script-{name}]\na=1\n')

    def update():
        put(real(f'kwin/{name}', '6.3.6') / name, DATA / 'kwin/scripts' / name)
        write(rc, f'[Plugins]\nzEnabled=true\n\n[Script-{name}]\na=1\n')

    target = there_and_back(f'kwin/{name}', (DATA / 'kwin', CONFIG), update, version='1.0')
    # That this group is the script's is not settled: it is saved, but nobody writes it.
    write(rc, f'[Plugins]\n{name}Enabled=true\nzEnabled=true\n\n[Script-{name}]\na=2\n')
    plugrb('rollback', target, '--yes')
    assert 'a=2' in rc.read_text()


def test_plasma_real():
    name = 'org.kde.plasma.fuzzyclock'
    rc = CONFIG / 'plasma-org.kde.plasma.desktop-appletsrc'
    text = ('[ActionPlugins][0]\nRightButton;NoModifier=org.kde.contextmenu\n\n'
            f'[Containments][1][Applets][2]\nimmutability=1\nplugin={name}\n\n'
            '[Containments][1][Applets][2][Configuration][Appearance]\nboldText={}\n\n'
            '[Containments][1][Applets][20]\nplugin=org.other\n\n'
            '[Containments][1][Applets][20][Configuration]\nboldText={}\n')
    put(real(f'plasma/{name}', '5.27.5') / name, DATA / 'plasma/plasmoids' / name)
    write(rc, text.format('true', 1))

    def update():
        put(real(f'plasma/{name}', '6.3.5') / name, DATA / 'plasma/plasmoids' / name)
        write(rc, text.format('false\nfuzzyness=2', 2))

    def settle():
        write(rc, text.format('true', 2))

    there_and_back(f'plasma/{name}', (DATA / 'plasma', CONFIG), update, settle)


# ---- others

def test_inkscape_real():
    root = CONFIG / 'inkscape'
    text = ('<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n<inkscape\n   xmlns="http://www.inkscape.org/namespaces/inkscape"\n'
            '   version="1">\n  <!-- <group id="extensions"> -->\n  <group\n     id="other"\n     x="1" />\n  <group\n     id="extensions"\n'
            '     org.other.a="&lt;1"{} />\n</inkscape>\n')
    put(real('inkscape/textext', '1.8.2') / 'textext', root / 'extensions' / 'textext')
    identifier = must('xmllint', '--xpath', 'string(//*[local-name()="id"])', root / 'extensions/textext/textext.inx').strip()
    write(root / 'preferences.xml', text.format(f'\n     {identifier}.scale="1.5"'))

    def update():
        put(real('inkscape/textext', '1.11.1') / 'textext', root / 'extensions' / 'textext')
        write(root / 'preferences.xml', text.format(f'\n     {identifier}.scale="2"\n     {identifier}.font="a&amp;b"'))

    there_and_back('inkscape/textext', (root,), update)
    must('xmllint', '--noout', root / 'preferences.xml')


def test_cinnamon_real():
    name = 'calendar@cinnamon.org'
    key = '/org/cinnamon/enabled-applets'
    other = "'panel1:left:0:menu@cinnamon.org:0'"
    put(real(f'cinnamon-applets/{name}', '5.6.8') / name, DATA / 'cinnamon/applets' / name)
    write(CONFIG / f'cinnamon/spices/{name}/12.json', '{"use-custom-format": {"value": false}, "__md5__": "a"}')
    must('dconf', 'write', key, f"[{other}, 'panel1:right:9:{name}:12', 'panel1:right:10:x@y:13']")
    before = must('dconf', 'read', key)

    def update():
        put(real(f'cinnamon-applets/{name}', '6.4.10') / name, DATA / 'cinnamon/applets' / name)
        write(CONFIG / f'cinnamon/spices/{name}/12.json', '{"custom-format": {"value": "%H"}, "__md5__": "b"}')
        must('dconf', 'write', key, f"[{other}, 'panel1:right:10:x@y:13']")

    assert plugrb_json('list', 'list')[0]['enabled']
    target = there_and_back(f'cinnamon-applets/{name}', (DATA / 'cinnamon', CONFIG / 'cinnamon'), update)
    assert not plugrb_json('list', 'list')[0]['enabled']
    plugrb('rollback', target, '--yes')
    assert must('dconf', 'read', key) == before, must('dconf', 'read', key)


def test_obsidian():
    vault = HOME / 'vault'
    plugin = vault / '.obsidian/plugins/dataview'
    write(CONFIG / 'obsidian/obsidian.json', json.dumps({'vaults': {'a': {'path': str(vault), 'ts': 1, 'open': True}}}))
    listed = vault / '.obsidian/community-plugins.json'

    def install(version, data):
        write(plugin / 'manifest.json', json.dumps({'id': 'dataview', 'name': 'Dataview', 'version': version}))
        write(plugin / 'main.js', f'// {version}')
        write(plugin / 'data.json', data)

    install('0.5.1', '{"a": 1}')
    write(listed, '[\n  "calendar",\n  "dataview",\n  "templater"\n]')

    def update():
        install('0.6.0', '{"b": 2}')
        write(listed, '[\n  "calendar",\n  "templater"\n]')

    there_and_back(plugrb_json('list', 'list')[0]['key'], (vault,), update, version='0.5.1')
    assert must('jq', '-r', '.[]', listed).split() == ['calendar', 'templater']


def test_obsidian_data_apart_from_code():
    vault = HOME / 'vault'
    plugin = vault / '.obsidian/plugins/dataview'
    listed = vault / '.obsidian/community-plugins.json'
    write(CONFIG / 'obsidian/obsidian.json', json.dumps({'vaults': {'a': {'path': str(vault), 'ts': 1, 'open': True}}}))

    def install(version, data):
        write(plugin / 'manifest.json', json.dumps({'id': 'dataview', 'name': 'Dataview', 'version': version}))
        write(plugin / 'main.js', f'// {version}')
        write(plugin / f'only-in-{version}.css', '')
        if data:
            write(plugin / 'data.json', data)

    def find():
        return {path.name: path.read_text() for path in plugin.iterdir() if path.suffix != '.css'}, \
            sorted(path.name for path in plugin.glob('*.css'))

    old_code, new_code = '// 0.5.1', '// 0.6.0'
    install('0.5.1', '{"a": 1}')
    write(listed, '["dataview"]')
    key = plugrb_json('list', 'list')[0]['key']
    target = plugrb_json('snapshot-result', 'snapshot', key)['created'][0]['id']
    (plugin / 'only-in-0.5.1.css').unlink()
    install('0.6.0', '{"b": 2}')
    write(listed, '[]')
    before = find()

    plugrb('rollback', target, '--only', 'settings', '--yes')
    files, styles = find()
    assert (files['main.js'], files['data.json'], styles) == (new_code, '{"a": 1}', ['only-in-0.6.0.css']), (files, styles)
    assert json.loads(listed.read_text()) == ['dataview']
    plugrb('undo', '--yes')
    assert find() == before and listed.read_text() == '[]'

    plugrb('rollback', target, '--only', 'files', '--yes')
    files, styles = find()
    assert (files['main.js'], files['data.json'], styles) == (old_code, '{"b": 2}', ['only-in-0.5.1.css']), (files, styles)
    assert listed.read_text() == '[]'
    plugrb('undo', '--yes')
    assert find() == before

    (plugin / 'data.json').unlink()
    plugrb('rollback', target, '--only', 'files', '--yes')
    assert 'data.json' not in find()[0]
    plugrb('undo', '--yes')
    plugrb('rollback', target, '--only', 'settings', '--yes')
    assert find()[0]['data.json'] == '{"a": 1}' and find()[0]['main.js'] == new_code


def test_gedit_of_flatpak():
    app = HOME / '.var/app/org.gnome.gedit'
    keyfile = app / 'config/glib-2.0/settings/keyfile'
    text = ("[org/gnome/gedit/plugins]\nactive-plugins={}\n\n[org/gnome/gedit/plugins/terminal]\nnumber={}\n\n"
            '[org/gnome/gedit/preferences/editor]\ntabs-size=uint32 {}\n')

    def install(version, *facts):
        for name in 'terminal.plugin', 'terminal.py':
            put(real('gedit/terminal', version) / name, app / 'data/gedit/plugins' / name)
        write(keyfile, text.format(*facts))

    install('3.38.1', "['a', 'terminal']", 1, 4)
    there_and_back('gedit@flatpak/terminal', (app,), lambda: install('44.1', "['a']", 2, 8),
                   lambda: write(keyfile, text.format("['a', 'terminal']", 1, 8)), version='3.38.1')


harness.main(for_new_users(harness.collect(dict(globals()))))
