# SPDX-License-Identifier: GPL-3.0-or-later
"""plugrb install and uninstall: real packages, what goes wrong with them, and the way back."""

import io
import json
import os
import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path

import harness
from harness import (DATA, ENABLED, EXTENSIONS, KEY, SAMPLE, SETTINGS, STORE, Skip, assert_same, fails, install_sample,
                     look_at_tree, look_at_world, must, plugrb, plugrb_json, run, set_settings, write)

HOME = Path(os.environ['HOME'])
CONFIG = Path(os.environ['XDG_CONFIG_HOME'])
SOURCE = Path(os.environ['PLUGRB_SOURCE'])
PACKAGES = HOME / 'packages'


def real(plugin, version):
    folder = Path(os.environ.get('PLUGRB_TEST_PLUGINS', '/nonexistent')) / plugin / version
    if not folder.is_dir():
        raise Skip(f'{folder} is not there')
    return folder


def fresh():
    harness.reset()
    shutil.rmtree(PACKAGES, ignore_errors=True)
    PACKAGES.mkdir()


def manifest(version=2, plugin=SAMPLE, **more):
    return json.dumps({'uuid': plugin, 'name': 'Sample', 'description': 'A sample', 'version': version,
                       'shell-version': ['48'], **more})


def zip_of(files, name='sample.zip'):
    path = PACKAGES / name
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as package:
        for member, content in files.items():
            package.writestr(member, content)
    return path


def zip_folder(folder, name):
    path = PACKAGES / name
    must('sh', '-c', f'cd "{folder}" && zip -qr "{path}" .')
    return path


def reasons():
    return [snapshot['reason'] for snapshot in plugrb_json('snapshots', 'snapshots')]


def assert_clean():
    assert list((STORE / 'packages').glob('*')) == [], list((STORE / 'packages').glob('*'))
    assert not list(HOME.rglob('.plugrb-*'))
    assert plugrb_json('recover', 'recover') == {'recovered': []}


def test_update():
    fresh()
    install_sample(1)
    set_settings({ENABLED: f"['first@x', '{SAMPLE}', 'last@x']", SETTINGS + 'title': "'mine'"})
    before = look_at_world()
    done = plugrb_json('operation', 'install', zip_of({'metadata.json': manifest(), 'extension.js': '// 2'}))
    assert done['status'] == 'completed' and done['changes'][0]['to-version'] == '2', done
    assert sorted(path.name for path in (EXTENSIONS / SAMPLE).iterdir()) == ['extension.js', 'metadata.json']
    after = look_at_world()
    assert after['dconf'] == before['dconf']
    assert reasons() == ['package', 'pre-update'], reasons()
    assert sorted(done['kind'] for done in plugrb_json('history', 'history')) == ['install']
    plugrb('undo')
    assert_same(look_at_world(), before, 'the plugin')
    plugrb('undo')
    assert_same(look_at_world(), after, 'the plugin')
    # Going back without saying where goes to what was there before.
    plugrb('rollback', KEY, '--yes')
    assert_same(look_at_world(), before, 'the plugin')
    assert_clean()

    # What a package brought is gone back to like any other version that was in use.
    plugrb('install', zip_of({'metadata.json': manifest(), 'extension.js': '// 2'}))
    good = look_at_world()
    plugrb('install', zip_of({'metadata.json': manifest(3), 'extension.js': '// 3'}))
    plugrb('rollback', KEY, '--yes')
    assert_same(look_at_world(), good, 'the plugin')


def test_new():
    fresh()
    set_settings({ENABLED: "['first@x']"})
    package = zip_of({'metadata.json': manifest(), 'extension.js': '// 2'})
    plugrb('install', package)
    assert must('dconf', 'read', ENABLED).strip() == "['first@x']"
    assert reasons() == ['package', 'pre-install']
    plugrb('undo')
    assert not (EXTENSIONS / SAMPLE).exists()
    plugrb('install', package, '--enable')
    assert must('dconf', 'read', ENABLED).strip() == f"['first@x', '{SAMPLE}']"
    # To the snapshot from before it was installed: plugin and settings go.
    set_settings({SETTINGS + 'speed': '7'})
    target = [s['id'] for s in plugrb_json('snapshots', 'snapshots') if s['reason'] == 'pre-install'][0]
    plugrb('rollback', target, '--yes')
    assert not (EXTENSIONS / SAMPLE).exists()
    assert must('dconf', 'read', ENABLED).strip() == "['first@x']"
    assert_clean()


def test_dry_run():
    fresh()
    install_sample(1)
    before = look_at_world()
    package = zip_of({'metadata.json': manifest(), 'extension.js': '// 2'})
    seen = plugrb_json('install-preview', 'install', package, '--dry-run')
    assert seen == {'plugin': KEY, 'name': 'Sample', 'from-version': '1', 'to-version': '2', 'installed': True}, seen
    assert '1 → 2' in plugrb('install', package, '--dry-run').out
    assert_same(look_at_world(), before, 'the plugin')
    assert reasons() == []
    assert_clean()


def test_program_not_here():
    """The first plugin of all: its program has no folder for them yet."""
    fresh()
    shutil.rmtree(EXTENSIONS)
    package = zip_of({'metadata.json': json.dumps({'uuid': SAMPLE, 'name': 'Sample', 'shell-version': ['48']}),
                      'extension.js': '// 1'})
    fails('install', package, code='not-found', names=('a program that was not found here: ', 'GNOME Shell', '“--host”'))
    assert must('plugrb', 'install', package, '--host', 'gnome-shell', '--dry-run').strip() == \
        f'Sample ({KEY}) would be installed'
    assert must('plugrb', 'install', package, '--host', 'gnome-shell').startswith('Installed Sample\n')
    assert (EXTENSIONS / SAMPLE / 'extension.js').read_text() == '// 1'
    assert must('plugrb', 'install', package, '--dry-run').strip() == f'Sample ({KEY}) would be replaced'
    plugrb('undo')
    assert not (EXTENSIONS / SAMPLE).exists()
    assert '“--host”' not in fails('install', PACKAGES / 'nothing.zip')['message']
    assert_clean()


def test_policy():
    fresh()
    install_sample(1)
    plugrb('policy', 'set', 'auto-snapshot-on-update=false')
    plugrb('install', zip_of({'metadata.json': manifest(2), 'extension.js': '// 2'}))
    assert reasons() == ['pre-rollback', 'package'], reasons()
    plugrb('policy', 'set', 'auto-snapshot-on-update=true')
    plugrb('install', zip_of({'metadata.json': manifest(3), 'extension.js': '// 3'}), '--no-snapshot')
    assert 'pre-update' not in reasons()
    plugrb('uninstall', KEY)
    assert 'pre-uninstall' in reasons()


# The manifest cannot be read by whoever looks for its id in the folder of another plugin.
BROKEN = {'metadata.json': manifest(2), 'extension.js': '// 2'}


class Shell:
    """A GNOME Shell that says what there is to say of the sample."""

    def __init__(self, **facts):
        self.folder = HOME / 'fake-host'
        shutil.rmtree(self.folder, ignore_errors=True)
        write(self.folder / 'extensions.json', json.dumps({SAMPLE: facts}))

    def __enter__(self):
        self.process = subprocess.Popen([SOURCE / 'tests/tools/fake-host.py', 'org.gnome.Shell', self.folder],
                                        stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == 'ready\n'

    def __exit__(self, *ignored):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def test_fails_and_is_taken_back():
    fresh()
    install_sample(1)
    set_settings({ENABLED: f"['{SAMPLE}']"})
    plugrb('policy', 'set', 'require-confirmation=false')
    before = look_at_world()
    package = zip_of(BROKEN)
    with Shell(state=3, version=2, error='TypeError: no'):
        done = plugrb_json('operation', 'install', package, status=1)
        assert done['status'] == 'failed' and done['error']['code'] == 'unhealthy', done
        assert 'TypeError: no' in done['error']['message']
        assert [step['status'] for step in done['steps'] if step['name'] == 'health'] == ['failed'], done['steps']
        assert_same(look_at_world(), before, 'the plugin')
        bad = [s for s in plugrb_json('snapshots', 'snapshots') if s['reason'] == 'package']
        assert [s['version'] for s in bad] == ['2']
        # It is remembered: not installed again unless one insists, and not what a rollback goes to.
        fails('install', package, status=3, code='needs-user', names=['TypeError: no', '--yes'])
        assert 'TypeError: no' in plugrb('rollback', bad[0]['id'], '--dry-run').out
        plugrb('install', package, '--yes', status=1)
        assert_same(look_at_world(), before, 'the plugin')
    assert 'nothing' in (result := plugrb('rollback', KEY, '--yes', status=1)).err.lower() or 'no snapshot' in result.err, result
    assert_clean()


def test_fails_and_stays():
    for options, policy in (['--keep-failed'], 'require-confirmation=false'), ([], 'auto-rollback-on-failure=false'):
        fresh()
        install_sample(1)
        plugrb('policy', 'set', policy)
        before = look_at_world()
        with Shell(state=3, version=2, error='TypeError: no'):
            done = plugrb_json('operation', 'install', zip_of(BROKEN), *options, status=1)
            assert done['status'] == 'completed' and done['error']['code'] == 'unhealthy', done
        assert (EXTENSIONS / SAMPLE / 'extension.js').read_text() == '// 2'
        plugrb('undo', '--yes')
        assert_same(look_at_world(), before, 'the plugin')


def test_wrong_host_version():
    fresh()
    install_sample(1)
    before = look_at_world()
    with Shell(state=1, version=1):
        done = plugrb_json('operation', 'install', zip_of({'metadata.json': manifest(**{'shell-version': ['3.38']})}), status=1)
        assert done['error']['code'] == 'unsupported' and '3.38' in done['error']['message'], done
    assert_same(look_at_world(), before, 'the plugin')
    assert reasons() == []
    assert_clean()


def tar_of(*members, name='sample.tar'):
    path = PACKAGES / name
    with tarfile.open(path, 'w') as package:
        for member, content in members:
            info = tarfile.TarInfo(member)
            if isinstance(content, tuple):
                info.type, info.linkname = content
                package.addfile(info)
            else:
                info.size = len(content)
                package.addfile(info, io.BytesIO(content.encode()))
    return path


def lying_zip():
    path = zip_of({'metadata.json': manifest(), 'big.bin': b'0' * 100000})
    data = bytearray(path.read_bytes())
    place = data.index(b'PK\x01\x02', data.index(b'PK\x01\x02') + 1)
    data[place + 24:place + 28] = (10).to_bytes(4, 'little')
    place = data.index(b'PK\x03\x04', 1)
    data[place + 22:place + 26] = (10).to_bytes(4, 'little')
    path.write_bytes(bytes(data))
    return path


def test_hostile():
    fresh()
    install_sample(1)
    before = look_at_world()
    good = ('metadata.json', manifest())
    deep = 'a/' * 200 + 'b'
    cases = {
        'climbs': (zip_of({'metadata.json': manifest(), '../../evil.js': 'x'}, 'climbs.zip'), 'evil'),
        'absolute': (tar_of(good, ('/tmp/evil.js', 'x'), name='absolute.tar'), 'evil'),
        'link out': (tar_of(good, ('out', (tarfile.SYMTYPE, '/etc')), ('out/passwd', 'x'), name='link.tar'), 'out'),
        'hard link out': (tar_of(good, ('shadow', (tarfile.LNKTYPE, '/etc/passwd')), name='hard.tar'), 'shadow'),
        'device': (tar_of(good, ('null', (tarfile.CHRTYPE, '')), name='device.tar'), 'null'),
        'deep': (tar_of(good, (deep, 'x'), name='deep.tar'), ''),
        'twice': (tar_of(good, ('a.js', '1'), ('a.js', '2'), name='twice.tar'), 'a.js'),
        'no manifest': (zip_of({'readme.txt': 'x'}, 'none.zip'), 'manifest'),
        'damaged manifest': (zip_of({'metadata.json': '{'}, 'broken.zip'), 'manifest'),
        'id that leads out': (zip_of({'metadata.json': manifest(plugin='../evil')}, 'id.zip'), 'manifest'),
        'no package': (PACKAGES / 'text.zip', ''),
        'cut off': (PACKAGES / 'cut.zip', ''),
        'lies about sizes': (lying_zip().rename(PACKAGES / 'lies.zip'), ''),
    }
    write(PACKAGES / 'text.zip', 'I am no package')
    write(PACKAGES / 'cut.zip', zip_of({'metadata.json': manifest(), 'x': os.urandom(5000)}).read_bytes()[:3000])
    for what, (path, named) in cases.items():
        result = run('plugrb', 'install', path)
        assert result.status == 1 and named in result.err, (what, result)
        assert_same(look_at_world(), before, what)
        assert_clean()
    assert not (HOME / 'evil.js').exists() and not Path('/tmp/evil.js').exists()
    assert reasons() == []
    fails('install', PACKAGES / 'not-there.zip', names=['not-there.zip'])
    fails('install', cases['climbs'][0], '--host', 'no-such', names=['no-such'])


def test_bomb():
    fresh()
    path = PACKAGES / 'bomb.zip'
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as package:
        package.writestr('metadata.json', manifest())
        with package.open('zeros', 'w', force_zip64=True) as member:
            for _ in range(300):
                member.write(b'\0' * (1 << 20))
    result = run('plugrb', 'install', path)
    assert result.status == 1, result
    assert not (EXTENSIONS / SAMPLE).exists()
    assert_clean()


def test_real_extension():
    fresh()
    plugin = 'caffeine@patapon.info'
    for version in '44', '55':
        plugrb('install', zip_folder(real(plugin, version), f'{version}.shell-extension.zip'), '--enable')
        assert_same({str(path.relative_to(EXTENSIONS / plugin)): path.read_bytes() for path in
                     (EXTENSIONS / plugin).rglob('*') if path.is_file()},
                    {str(path.relative_to(real(plugin, version))): path.read_bytes() for path in
                     real(plugin, version).rglob('*') if path.is_file()}, version)
    shown = plugrb_json('show-plugin', 'show', plugin)
    assert shown['version'] == '55' and shown['enabled'], shown
    before = look_at_tree(EXTENSIONS / plugin)
    plugrb('uninstall', plugin)
    assert not (EXTENSIONS / plugin).exists()
    assert must('dconf', 'read', ENABLED).strip() in ('@as []', '[]', '')
    plugrb('undo')
    assert look_at_tree(EXTENSIONS / plugin) == before
    assert plugin in must('dconf', 'read', ENABLED)
    fails('uninstall', 'nobody@example.org', names=['nobody'])


def test_real_code_extension():
    fresh()
    extensions = HOME / '.vscode/extensions'
    other = {'identifier': {'id': 'other.one'}, 'version': '1.0.0', 'relativeLocation': 'other.one-1.0.0',
             'location': {'$mid': 1, 'path': str(extensions / 'other.one-1.0.0'), 'scheme': 'file'}}
    write(extensions / 'extensions.json', json.dumps([other]))
    write(extensions / 'other.one-1.0.0/package.json', '{"name": "one", "publisher": "other", "version": "1.0.0", "engines": {"vscode": "*"}}')

    def package(version):
        folder = PACKAGES / version
        shutil.copytree(real('vscode/antfu.theme-vitesse', version), folder / 'extension')
        write(folder / 'extension.vsixmanifest', '<PackageManifest/>')
        write(folder / '[Content_Types].xml', '<Types/>')
        return zip_folder(folder, f'theme-{version}.vsix')

    def listed():
        return {entry['identifier']['id']: entry for entry in json.loads((extensions / 'extensions.json').read_text())}

    for version in '0.8.3', '1.0.0':
        plugrb('install', package(version), '--host', 'vscode')
        assert [path.name for path in extensions.glob('antfu*')] == [f'antfu.theme-vitesse-{version}']
        entry = listed()['antfu.theme-vitesse']
        assert entry['version'] == version and entry['relativeLocation'] == f'antfu.theme-vitesse-{version}', entry
        assert entry['location']['path'] == str(extensions / f'antfu.theme-vitesse-{version}'), entry
        assert listed()['other.one'] == other
    plugrb('undo')
    assert listed()['antfu.theme-vitesse']['version'] == '0.8.3'
    plugrb('uninstall', 'vscode/antfu.theme-vitesse')
    assert listed() == {'other.one': other} and not list(extensions.glob('antfu*'))
    plugrb('undo')
    assert listed()['antfu.theme-vitesse']['version'] == '0.8.3'
    assert_clean()


def test_other_kinds():
    """A libpeas plugin in a folder, a program whose plugins depend on one another."""
    fresh()
    write(DATA / 'gedit/plugins/other.plugin', '[Plugin]\nModule=other\nName=Other\nIAge=3\n')
    package = zip_of({'words/words.plugin': '[Plugin]\nModule=words\nName=Words\nVersion=2\nIAge=3\n',
                      'words/words.py': 'x = 2\n'}, 'words.zip')
    plugrb('install', package, '--host', 'gedit', '--enable')
    assert (DATA / 'gedit/plugins/words/words.py').read_text() == 'x = 2\n'
    assert must('dconf', 'read', '/org/gnome/gedit/plugins/active-plugins').strip() == "['words']"
    plugrb('undo')
    assert not (DATA / 'gedit/plugins/words').exists()

    addons = HOME / '.kodi/addons'
    write(addons / 'plugin.base/addon.xml', '<addon id="plugin.base" version="1.0.0" name="Base"/>')
    needs = ('<addon id="plugin.top" version="2.0.0" name="Top"><requires><import addon="plugin.base" version="{}"/>'
             '</requires></addon>')
    package = zip_of({'plugin.top/addon.xml': needs.format('2.0.0')}, 'top.zip')
    error = plugrb_json('operation', 'install', package, '--host', 'kodi', status=3)['error']
    assert 'plugin.base' in error['message'], error
    assert not (addons / 'plugin.top').exists()
    plugrb('install', package, '--host', 'kodi', '--no-dependencies')
    assert (addons / 'plugin.top/addon.xml').exists()
    plugrb('install', zip_of({'plugin.top/addon.xml': needs.format('1.0.0')}, 'top.zip'), '--host', 'kodi')
    assert_clean()


def look_at_gedit():
    return sorted(str(path.relative_to(DATA)) for path in (DATA / 'gedit/plugins').rglob('*') if path.is_file())


def test_folder():
    fresh()
    install_sample(1)
    before = look_at_world()
    folder = PACKAGES / 'any name'
    write(folder / 'metadata.json', manifest())
    write(folder / 'lib/run.sh', '#!/bin/sh')
    (folder / 'lib/run.sh').chmod(0o755)
    (folder / 'lib/link').symlink_to('run.sh')
    for path in folder, f'{folder}/':
        plugrb('install', path)
        there = EXTENSIONS / SAMPLE
        assert sorted(str(path.relative_to(there)) for path in there.rglob('*')) == ['lib', 'lib/link', 'lib/run.sh', 'metadata.json']
        assert os.access(there / 'lib/run.sh', os.X_OK) and os.readlink(there / 'lib/link') == 'run.sh'
        assert not os.access(there / 'metadata.json', os.X_OK)
    must('sh', '-c', 'cd "$1" && plugrb install .', 'sh', folder)
    plugrb('undo')
    assert_same(look_at_world(), before, 'the plugin')
    # It is a copy: what is in the folder is nobody's but its owner's.
    assert (folder / 'metadata.json').stat().st_nlink == 1
    assert_clean()


def test_hostile_folder():
    fresh()
    install_sample(1)
    before = look_at_world()
    write(HOME / 'secret', 'secret')

    def folder(what, make):
        path = PACKAGES / what
        write(path / 'metadata.json', manifest())
        make(path)
        return path

    cases = {
        'shadow': lambda path: (path / 'shadow').symlink_to('/etc/passwd'),
        'climb': lambda path: (path / 'climb').symlink_to('../../secret'),
        'circle': lambda path: (path / 'circle').symlink_to('circle'),
        'pipe': lambda path: os.mkfifo(path / 'pipe'),
        'setuid': lambda path: (write(path / 'setuid', 'x'), (path / 'setuid').chmod(0o4755)),
        'a.js': lambda path: (write(path / 'a.js', '1'), write(path / 'A.js', '2')),
        'locked': lambda path: (write(path / 'locked', 'x'), (path / 'locked').chmod(0)),
        'deep': lambda path: os.makedirs(path / ('deep/' * 100)),
    }
    for what, make in cases.items():
        result = run('plugrb', 'install', folder(what, make))
        assert result.status == 1 and what.lower() in result.err.lower(), (what, result)
        assert_same(look_at_world(), before, what)
        assert_clean()
    assert run('plugrb', 'install', STORE).status == 1
    assert reasons() == []
    assert_clean()


def test_single_file():
    """Its name tells which plugin it is, and nothing tells for which program."""
    fresh()
    write(DATA / 'nautilus-python/extensions/other.py', 'other')
    path = PACKAGES / 'solo.py'
    write(path, 'first')
    result = run('plugrb', 'install', path)
    assert result.status == 1 and 'nautilus-python' in result.err and '--host' in result.err, result
    there = DATA / 'nautilus-python/extensions/solo.py'
    assert not there.exists()
    fails('install', path, '--host', 'gnome-shell', names=[])
    seen = plugrb_json('install-preview', 'install', path, '--host', 'nautilus-python', '--dry-run')
    assert seen['plugin'] == 'nautilus-python/solo' and not seen['installed'], seen
    plugrb('install', path, '--host', 'nautilus-python')
    assert there.read_text() == 'first' and there.stat().st_mode & 0o777 == 0o644
    write(path, 'second')
    plugrb('install', path, '--host', 'nautilus-python')
    assert there.read_text() == 'second'
    plugrb('undo')
    assert there.read_text() == 'first'
    plugrb('uninstall', 'nautilus-python/solo')
    assert not there.exists() and (DATA / 'nautilus-python/extensions/other.py').read_text() == 'other'
    plugrb('undo')
    assert there.read_text() == 'first'
    for name in '.py', '..py':
        write(PACKAGES / name, 'x')
        assert run('plugrb', 'install', PACKAGES / name, '--host', 'nautilus-python').status == 1, name
    (PACKAGES / 'link.py').symlink_to('/dev/zero')
    assert run('plugrb', 'install', PACKAGES / 'link.py', '--host', 'nautilus-python').status == 1
    assert not list((DATA / 'nautilus-python/extensions').glob('.*')) and len(list(there.parent.iterdir())) == 2
    assert_clean()


def test_named_by_its_folder():
    """Where plugins say nothing of themselves, the folder's name is the id, if one says for which program it is."""
    fresh()
    addons = CONFIG / 'blender/4.2/scripts/addons'
    write(addons / 'other/__init__.py', 'bl_info = {"name": "Other", "version": (1, 0)}')
    host = [host['id'] for host in plugrb_json('hosts', 'hosts') if host['id'].startswith('blender') and host['state'] == 'present'][0]
    content = 'bl_info = {"name": "Words", "version": (2, 1)}'
    write(PACKAGES / 'words/__init__.py', content)
    package = zip_of({'words/__init__.py': content}, 'words.zip')
    fails('install', PACKAGES / 'words', names=['manifest'])
    for path in PACKAGES / 'words', package:
        done = plugrb_json('operation', 'install', path, '--host', host)
        assert done['changes'][0]['plugin'] == f'{host}/words' and done['changes'][0]['to-version'] == '2.1', done
        assert (addons / 'words/__init__.py').read_text() == content
        plugrb('uninstall', f'{host}/words')
        assert not (addons / 'words').exists()
    assert_clean()


def test_same_again():
    fresh()
    package = zip_of({'metadata.json': manifest(), 'extension.js': '// 2'})
    plugrb('install', package)
    world = look_at_world()
    before = reasons()
    for _ in range(3):
        plugrb('install', package)
        assert_same(look_at_world(), world, 'the plugin')
    assert reasons().count('package') == before.count('package'), reasons()
    assert len(reasons()) <= len(before) + 1, reasons()
    # What went before is still what one goes back to.
    plugrb('uninstall', KEY)
    plugrb('undo')
    assert_same(look_at_world(), world, 'the plugin')


def test_left_behind():
    """What a killed process left of a package goes with the next one; what is in use stays."""
    fresh()
    package = zip_of({'metadata.json': manifest()})
    for command in ['install', package], ['prune'], ['recover']:
        write(STORE / 'packages/.tmp-killed/metadata.json', manifest())
        plugrb(*command)
        assert_clean()


harness.main(harness.collect(dict(globals())))
