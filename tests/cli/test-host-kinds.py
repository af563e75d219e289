# SPDX-License-Identifier: GPL-3.0-or-later
"""Plugins of the programs that are known, as they lie there, brought back as they were."""

import json
import os
import shutil
from pathlib import Path

import harness
from harness import DATA, fails, plugrb, plugrb_json, write

HOME = Path(os.environ['HOME'])
CONFIG = Path(os.environ['XDG_CONFIG_HOME'])


def clear():
    for folder in (CONFIG, HOME / '.var', HOME / '.kodi', HOME / '.vim', HOME / '.vscode', HOME / 'vaults'):
        shutil.rmtree(folder, ignore_errors=True)
    CONFIG.mkdir()


def look(root):
    found = {}
    for path in sorted(root.rglob('*')):
        if '__pycache__' not in path.parts and '.plugrb' not in str(path):
            found[str(path.relative_to(root))] = path.read_bytes() if path.is_file() else None
    return found


def keys():
    return [plugin['key'] for plugin in plugrb_json('list', 'list')]


def states():
    return {host['id']: host['state'] for host in plugrb_json('hosts', 'hosts')}


def there_and_back(key, root, old, new, version=None):
    """old and new: contents by path below root, None for what is not there."""
    def apply(files):
        for name, content in files.items():
            path = root / name
            if content is None:
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
            else:
                write(path, content)

    write(root / 'of-nobody.txt', 'of nobody')
    apply(old)
    before = look(root)
    assert key in keys(), keys()
    if version is not None:
        listed = {plugin['key']: plugin for plugin in plugrb_json('list', 'list')}
        assert listed[key]['version'] == version, listed[key]
    target = plugrb_json('snapshot-result', 'snapshot', key)['created'][0]['id']
    apply(new)
    after = look(root)
    assert before != after
    plugrb('rollback', target, '--yes')
    assert look(root) == before, (look(root), before)
    plugrb('undo', '--yes')
    assert look(root) == after, (look(root), after)
    assert not list(root.rglob('.plugrb-*'))


def add_vaults(config, *paths):
    for path in paths:
        (path / '.obsidian').mkdir(parents=True, exist_ok=True)
    write(config / 'obsidian' / 'obsidian.json',
          json.dumps({'vaults': {f'v{i}': {'path': str(path), 'ts': 1} for i, path in enumerate(paths)}}))


def test_obsidian_vaults():
    clear()
    vaults = [HOME / 'vaults' / 'a' / 'My notes; {id}', HOME / 'vaults' / 'b' / 'My notes; {id}']
    add_vaults(CONFIG, *vaults)
    for vault in vaults:
        write(vault / '.obsidian/plugins/dataview/manifest.json', '{"id": "dataview", "name": "Dataview", "version": "0.5.1"}')
    found = keys()
    assert len(set(found)) == 2 and all(key.startswith('obsidian+My-notes---id--') for key in found), found
    shown = {key: plugrb('show', key).out for key in found}
    vault = vaults[0]
    key = next(key for key in found if '/a/' in shown[key])
    there_and_back(key, vault,
                   {'.obsidian/plugins/dataview/main.js': 'old', '.obsidian/plugins/dataview/data.json': '{"a": 1}'},
                   {'.obsidian/plugins/dataview/main.js': 'new', '.obsidian/plugins/dataview/data.json': '{"a": 2}'}, '0.5.1')
    assert not (vaults[1] / '.obsidian/plugins/dataview/main.js').exists()


def test_obsidian_of_flatpak_and_damaged_list():
    clear()
    vault = HOME / 'vaults' / 'Work'
    add_vaults(HOME / '.var/app/md.obsidian.Obsidian/config', vault)
    (vault / '.obsidian/plugins/x').mkdir(parents=True)
    assert len(keys()) == 1 and keys()[0].startswith('obsidian@flatpak+Work-'), keys()
    # Two variants that know the same vault have it once.
    add_vaults(CONFIG, vault)
    assert len(keys()) == 1 and keys()[0].startswith('obsidian+Work-'), keys()
    write(CONFIG / 'obsidian' / 'obsidian.json', '{"vaults": oops')
    assert states()['obsidian'] == 'unreadable', states()
    message = next(host['message'] for host in plugrb_json('hosts', 'hosts') if host['id'] == 'obsidian')
    assert 'obsidian.json' in message, message


def test_krita_set_with_actions():
    clear()
    desktop = ('[Desktop Entry]\nType=Service\nServiceTypes=Krita/PythonPlugin\nX-KDE-Library={}\nName=Ten\n'
               'Comment=Ten of them\n')
    write(DATA / 'krita/pykrita/other.desktop', desktop.format('other'))
    write(DATA / 'krita/pykrita/other/__init__.py', 'other')
    there_and_back('krita/tenbrushes', DATA / 'krita',
                   {'pykrita/kritapykrita_tenbrushes.desktop': desktop.format('tenbrushes'),
                    'pykrita/tenbrushes/__init__.py': 'old', 'actions/tenbrushes.action': '<old/>'},
                   {'pykrita/tenbrushes/__init__.py': 'new', 'pykrita/tenbrushes/more.py': 'new',
                    'actions/tenbrushes.action': None})


def test_inkscape_folder_and_file():
    clear()
    root = CONFIG / 'inkscape' / 'extensions'
    write(root / 'pkg' / 'flat.json', '{}')
    there_and_back('inkscape/textext', root, {'textext/info.json': '{"name": "TexText", "version": "1.8.2"}',
                                              'textext/textext.inx': '<old/>'},
                   {'textext/info.json': '{"name": "TexText", "version": "1.11.1"}', 'textext/textext.inx': '<new/>'})
    there_and_back('inkscape/flat', root, {'flat.inx': '<old/>', 'flat.py': 'old', 'pkg/flat.json': '{"v": 1}'},
                   {'flat.inx': '<new/>', 'flat.py': 'new', 'pkg/flat.json': '{"v": 2}'})
    assert sorted(keys()) == ['inkscape/flat', 'inkscape/textext'], keys()


def test_inkscape_listed():
    clear()
    root = CONFIG / 'inkscape' / 'extensions'

    def package(*files):
        return json.dumps({'id': 'org.example.tools', 'files': files})

    write(CONFIG / 'inkscape' / 'evil.py', 'of the program')
    write(root / 'alone.inx', '<of-nobody-else/>')
    write(root / 'alone.py', 'of nobody else')
    there_and_back('inkscape/org.example.tools', root,
                   {'pkg/org.example.tools.json': package('cut.inx', 'paste.inx', 'common.py', '../evil.py', '.hidden', 'pkg/else'),
                    'cut.inx': '<old/>', 'paste.inx': '<old/>', 'common.py': 'old', '.hidden': 'not listed', 'pkg/else': 'not listed'},
                   {'pkg/org.example.tools.json': package('cut.inx', 'join.inx', 'common.py', 'more.py'),
                    'cut.inx': '<new/>', 'join.inx': '<new/>', 'paste.inx': None, 'common.py': 'new', 'more.py': 'new'})
    assert sorted(keys()) == ['inkscape/alone', 'inkscape/org.example.tools'], keys()
    assert (CONFIG / 'inkscape' / 'evil.py').read_text() == 'of the program'

    # What a second one lists as well is not the second one's.
    write(root / 'pkg' / 'z.json', json.dumps({'files': ['common.py', 'z.inx']}))
    write(root / 'z.inx', '<z/>')
    taken = plugrb_json('snapshot-result', 'snapshot', 'inkscape/z')['created'][0]['id']
    shown = plugrb('show', taken, '--files').out
    assert 'z.inx' in shown and 'common.py' not in shown, shown
    # What belongs to another by now is not taken from it.
    target = plugrb_json('snapshot-result', 'snapshot', 'inkscape/org.example.tools')['unchanged'][0]['snapshot']
    write(root / 'pkg' / 'org.example.tools.json', package('cut.inx'))
    result = plugrb('rollback', target, '--yes', status=3)
    assert 'common.py' in result.err and '“z”' in result.err, result.err


def test_gimp_versions():
    clear()
    for version in ('2.10', '3.0'):
        write(CONFIG / 'GIMP' / version / 'plug-ins' / 'texturize' / 'texturize', version, 0o755)
    assert keys() == ['gimp+2.10/texturize', 'gimp+3.0/texturize'], keys()
    there_and_back('gimp+3.0/texturize', CONFIG / 'GIMP', {'3.0/plug-ins/texturize/texturize': 'old'},
                   {'3.0/plug-ins/texturize/texturize': 'new'})
    there_and_back('gimp+2.10/script', CONFIG / 'GIMP', {'2.10/scripts/script.scm': '(old)'}, {'2.10/scripts/script.scm': '(new)'})


def test_kodi_with_data():
    clear()
    root = HOME / '.kodi'
    write(root / 'addons' / 'packages' / 'x.zip', 'x')
    there_and_back('kodi/pvr.iptvsimple', root,
                   {'addons/pvr.iptvsimple/addon.xml': '<addon id="pvr.iptvsimple" version="1"/>',
                    'userdata/addon_data/pvr.iptvsimple/settings.xml': '<old/>'},
                   {'addons/pvr.iptvsimple/addon.xml': '<addon id="pvr.iptvsimple" version="2"/>',
                    'userdata/addon_data/pvr.iptvsimple/settings.xml': '<new/>'})
    assert keys() == ['kodi/pvr.iptvsimple'], keys()


def test_blender_file_to_folder():
    clear()
    there_and_back('blender+4.3/node_wrangler', CONFIG / 'blender', {'4.3/scripts/addons/node_wrangler.py': 'old'},
                   {'4.3/scripts/addons/node_wrangler.py': None, '4.3/scripts/addons/node_wrangler/__init__.py': 'new'})
    there_and_back('blender-extensions+4.3/extension', CONFIG / 'blender',
                   {'4.3/extensions/user_default/extension/a.py': 'old', '4.3/extensions/.user/user_default/extension/x': '1'},
                   {'4.3/extensions/user_default/extension/a.py': 'new', '4.3/extensions/.user/user_default/extension/x': '2'})


def test_vim_packages():
    clear()
    there_and_back('vim+tpope/fugitive', HOME / '.vim', {'pack/tpope/start/fugitive/plugin/a.vim': 'old'},
                   {'pack/tpope/start/fugitive/plugin/a.vim': 'new'})
    write(DATA / 'nvim/site/pack/core/opt/ale/a.lua', 'x')
    assert keys() == ['vim+tpope/fugitive', 'vim@neovim+core/ale'], keys()


def test_cinnamon_and_plasma():
    clear()
    write(DATA / 'cinnamon/applets/clock@x/metadata.json', '{"uuid": "clock@x", "name": "Clock", "version": "1"}')
    write(CONFIG / 'cinnamon/spices/clock@x/7.json', '{"a": 1}')
    write(DATA / 'plasma/plasmoids/org.x.y/metadata.json', '{"KPlugin": {"Name": "Y", "Version": "3"}}')
    write(DATA / 'kwin/scripts/tiles/metadata.json', '{"KPlugin": {"Name": "Tiles", "Version": "4"}}')
    listed = {plugin['key']: plugin['version'] for plugin in plugrb_json('list', 'list')}
    assert listed == {'cinnamon-applets/clock@x': '1', 'plasma/org.x.y': '3', 'kwin/tiles': '4'}, listed
    target = plugrb_json('snapshot-result', 'snapshot', 'cinnamon-applets/clock@x')['created'][0]['id']
    write(CONFIG / 'cinnamon/spices/clock@x/7.json', '{"a": 2}')
    plugrb('rollback', target, '--yes')
    assert (CONFIG / 'cinnamon/spices/clock@x/7.json').read_text() == '{"a": 1}'


def test_code_variants():
    clear()
    write(HOME / '.vscode-oss' / 'extensions' / 'a.b-1.0.0' / 'package.json', '{}')
    # Nothing tells yet which of two programs has this folder.
    assert states()['vscode@vscodium'] == 'missing' and states()['vscode@code-oss'] == 'missing'
    (CONFIG / 'VSCodium').mkdir()
    assert states()['vscode@vscodium'] == 'present' and states()['vscode@code-oss'] == 'missing'
    assert keys() == ['vscode@vscodium/a.b'], keys()
    shutil.rmtree(HOME / '.vscode-oss')


def test_gedit_of_flatpak():
    clear()
    root = HOME / '.var/app/org.gnome.gedit/data/gedit/plugins'
    there_and_back('gedit@flatpak/term', root, {'term.plugin': '[Plugin]\nModule=term\nName=T\nVersion=1\n', 'term.py': 'old'},
                   {'term.plugin': '[Plugin]\nModule=term\nName=T\nVersion=2\n', 'term.py': None, 'term/__init__.py': 'new'}, '1')
    assert keys() == ['gedit@flatpak/term'], keys()


def test_all_faults_are_told():
    path = DATA / 'wrong.host'
    write(path, '[Host]\nId=A\nName=x\nColour=red\n[Root user]\nPath=x\nLayout=dir\n[Manifest]\nFormat=none\n'
                'IdFrom=dirname\n[Data x]\nBackend=json-map\nEntry=x\n')
    error = fails('hosts', '--check', path, names=[path, 'line 2', 'Colour', 'key “Path”', 'key “File”', 'group “Data x”'])
    assert len(error['message'].splitlines()) == 5, error
    write(path, '[Host]\nId=a\nName=A\nInherits=b\n')
    write(DATA / 'b.host', '[Host]\nId=b\nName=B\nInherits=wrong\n')
    fails('hosts', '--check', path, names=['b.host', 'Inherits'])


def test_table_has_what_is_there():
    clear()
    out = plugrb('hosts').out
    assert 'vscode' in out and 'flatpak' not in out, out
    (HOME / '.var/app/org.kde.krita/data/krita/pykrita').mkdir(parents=True)
    assert 'krita@flatpak' in plugrb('hosts').out


harness.main(harness.collect(dict(globals())))
