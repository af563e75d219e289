# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts that run: what they say of a plugin, how they are told of a change."""

import json
import os
import re
import shutil
import subprocess
import time
from pathlib import Path

from gi.repository import GLib

import harness
from harness import DATA, ENABLED, EXTENSIONS, KEY, SAMPLE, install_sample, must, plugrb, plugrb_json, write

CONFIG = Path(os.environ['XDG_CONFIG_HOME'])
SOURCE = Path(os.environ['PLUGRB_SOURCE'])
FOLDER = Path(os.environ['HOME']) / 'fake-host'
APPLET = 'clock@example.org'

WATCHED = '''[Host]
Id=toggled
Name=Toggled
Detect=path:${DATA}/toggled

[Root user]
Path=${DATA}/toggled
Layout=dir

[Manifest]
File=plugin.json
Format=json
IdFrom=dirname
Version=/version

[Part memory]
Path=${CACHE}/toggled/{id}
Role=cache

[State enabled]
Role=enabled
Backend=gsettings-list
Path=/org/toggled/
Key=active
Entry={id}

[Running]
Bus=org.example.Toggled

[Apply]
WhileRunning=yes
Order=disable;swap;settings;enable;reload

[Reload]
Method=restart
'''


class Running:
    def __init__(self, name):
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir()
        self.process = subprocess.Popen([SOURCE / 'tests/tools/fake-host.py', name, FOLDER],
                                        stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        assert self.process.stdout.readline() == 'ready\n'
        return self

    def __exit__(self, *ignored):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def says(**facts):
    write(FOLDER / 'extensions.json', json.dumps({SAMPLE: facts}))


def health_of(key):
    listed = {plugin['key']: plugin['health'] for plugin in plugrb_json('list', 'list')}
    shown = plugrb_json('show-plugin', 'show', key)
    assert shown['health'] == listed[key], (shown, listed)
    return listed[key]


def test_what_the_shell_says():
    harness.reset()
    install_sample(1)
    assert health_of(KEY) == 'unknown'
    with Running('org.gnome.Shell'):
        for state, health in (1, 'good'), (2, 'unknown'), (3, 'bad'), (4, 'bad'), (6, 'good'), (99, 'unknown'):
            says(state=state, version=1, error='It is broken')
            assert health_of(KEY) == health, (state, health)
        # What it has loaded is not what is installed.
        says(state=3, version=2, error='It is broken')
        assert health_of(KEY) == 'unknown'
        write(FOLDER / 'extensions.json', '{}')
        assert health_of(KEY) == 'unknown'
        (FOLDER / 'extensions.json').unlink()
        assert health_of(KEY) == 'unknown'
    assert health_of(KEY) == 'unknown'


def test_guard_believes_the_shell():
    harness.reset()
    install_sample(1)
    before = harness.look_at_world()
    script = FOLDER.parent / 'update'
    with Running('org.gnome.Shell'):
        says(state=1, version=1)
        write(script, f'''#!/bin/sh
sed -i 's/"version": 1/"version": 2/' {EXTENSIONS / SAMPLE}/metadata.json
echo '{{"{SAMPLE}": {{"state": 3, "version": 2, "error": "TypeError: x is undefined"}}}}' > {FOLDER}/extensions.json
''', 0o755)
        result = plugrb('guard', KEY, '--', script, status=124)
        assert 'TypeError: x is undefined' in result.err, result.err
    harness.assert_same(harness.look_at_world(), before, 'the plugin')


def install_applet(version, languages):
    root = DATA / 'cinnamon/applets' / APPLET
    shutil.rmtree(root, ignore_errors=True)
    write(root / 'metadata.json', json.dumps({'uuid': APPLET, 'name': 'Clock', 'version': version}))
    write(root / 'applet.js', f'// {version}')
    write(CONFIG / 'cinnamon/spices' / APPLET / '7.json', json.dumps({'format': {'value': version}}))
    for path in (DATA / 'locale').glob(f'*/LC_MESSAGES/{APPLET}.mo'):
        path.unlink()
    for language in languages:
        write(DATA / 'locale' / language / 'LC_MESSAGES' / f'{APPLET}.mo', f'{language} {version}')


def look_at_applet():
    return {str(path): path.read_text() for folder in ('cinnamon', 'locale') for path in (DATA / folder).rglob('*')
            if path.is_file()} | {str(path): path.read_text() for path in (CONFIG / 'cinnamon').rglob('*.json')}


def test_cinnamon_loads_it_anew():
    harness.reset()
    key = f'cinnamon-applets/{APPLET}'
    must('dconf', 'write', '/org/cinnamon/enabled-applets', f"['panel1:left:0:{APPLET}:7']")
    write(DATA / 'locale/de/LC_MESSAGES/other.mo', 'of another program')
    install_applet('1', ['de', 'pt_BR'])
    before = look_at_applet()
    target = plugrb_json('snapshot-result', 'snapshot', key)['created'][0]['id']
    install_applet('2', ['de', 'fr'])
    after = look_at_applet()
    with Running('org.Cinnamon'):
        # By then everything is as it will be: it drops settings that the code it loads does not know.
        write(FOLDER / 'on-reload', f'''#!/bin/sh
cat {DATA}/cinnamon/applets/{APPLET}/applet.js {CONFIG}/cinnamon/spices/{APPLET}/7.json > {FOLDER}/seen
''', 0o755)
        done = plugrb_json('operation', 'rollback', target, '--yes')
        assert done['hints'] == [], done['hints']
        assert (FOLDER / 'reloads').read_text() == f'{APPLET} APPLET\n'
        assert (FOLDER / 'seen').read_text() == '// 1' + json.dumps({'format': {'value': '1'}})
        assert look_at_applet() == before, (look_at_applet(), before)
        # Settings alone are read when they change.
        write(FOLDER / 'refuse', '')
        done = plugrb_json('operation', 'undo', '--yes')
        assert len(done['hints']) == 1 and 'Cinnamon' in done['hints'][0], done['hints']
        assert look_at_applet() == after
    assert plugrb_json('operation', 'undo', '--yes')['hints'] == []
    assert look_at_applet() == before


class Watch:
    """What is written to dconf, in order, read from the messages: a value that was looked up when its change was
    announced may be the next one already."""

    MARK = '/org/mark'

    def __init__(self):
        self.path = FOLDER.parent / 'watched'
        self.output = open(self.path, 'w')
        self.process = subprocess.Popen(['dbus-monitor', "interface='ca.desrt.dconf.Writer',member='Change'"],
                                        stdout=self.output)

    def changes(self):
        for blob in re.findall(r'array of bytes \[([0-9a-f\s]*)\]', self.path.read_text()):
            written = GLib.Bytes.new(bytes.fromhex(blob))
            yield GLib.Variant.new_from_bytes(GLib.VariantType('a{smv}'), written, False).unpack()

    def wait_for(self, text):
        for _ in range(200):
            must('dconf', 'write', self.MARK, f"'{text}'")
            if any(change.get(self.MARK) == text for change in self.changes()):
                return
            time.sleep(0.05)
            must('dconf', 'reset', self.MARK)
        raise AssertionError(f'{text} was never seen')

    def __enter__(self):
        self.wait_for('begin')
        return self

    def finish(self, path):
        """The values that were written to @path."""
        self.wait_for('over')
        return [change[path] for change in self.changes() if path in change]

    def __exit__(self, *ignored):
        self.process.kill()
        self.process.wait()
        self.output.close()


def install_toggled(version):
    write(DATA / 'toggled/spin/plugin.json', json.dumps({'version': version}))
    write(DATA / 'toggled/spin/code.js', f'// {version}')
    write(Path(os.environ['XDG_CACHE_HOME']) / 'toggled/spin/compiled/code.jsc', f'{version} in another form')


def test_disabled_while_it_is_changed():
    harness.reset()
    write(DATA / 'plugin-rollback/hosts/toggled.host', WATCHED)
    active = ['first', 'spin', 'last']
    must('dconf', 'write', '/org/toggled/active', str(active))
    install_toggled('1')
    target = plugrb_json('snapshot-result', 'snapshot', 'toggled/spin')['created'][0]['id']
    install_toggled('2')
    with Running('org.example.Toggled'), Watch() as watch:
        plugrb('rollback', target, '--yes')
        written = watch.finish('/org/toggled/active')
    assert written == [['first', 'last'], active], written
    assert must('dconf', 'read', '/org/toggled/active').strip() == str(active)
    assert (DATA / 'toggled/spin/code.js').read_text() == '// 1'
    assert not (Path(os.environ['XDG_CACHE_HOME']) / 'toggled/spin').exists()
    # A host that does not run need not unload anything.
    plugrb('undo', '--yes')
    assert must('dconf', 'read', '/org/toggled/active').strip() == str(active)


def test_what_the_log_says():
    harness.reset()
    plugin = CONFIG / 'obs-studio/plugins/clone'
    logs = CONFIG / 'obs-studio/logs'
    key = 'obs/clone'

    def start(name, *lines):
        write(logs / name, '\n'.join(f'11:43:30.816: {line}' for line in lines) + '\n')

    start('2026-01-01.txt', "Module '/home/u/clone.so' not loaded")
    time.sleep(0.05)
    write(plugin / 'bin/64bit/clone.so', 'code')
    # It is of a version that was there before.
    assert health_of(key) == 'unknown'
    target = plugrb_json('snapshot-result', 'snapshot', key)['created'][0]['id']
    time.sleep(0.05)
    start('2026-01-02.txt', "Module '../my.clone.so' not loaded", "Module '../cloneXso' not loaded",
          '  Loaded Modules:', '    other-clone.so')
    assert health_of(key) == 'unknown'
    time.sleep(0.05)
    start('2026-01-03.txt', '  Loaded Modules:', '    clone.so')
    assert health_of(key) == 'good'
    time.sleep(0.05)
    start('2026-01-04.txt', 'Loading', "Module '/home/u/clone.so' not loaded", 'Done')
    assert health_of(key) == 'bad'
    shown = plugrb_json('show-plugin', 'show', key)
    assert shown['health-message'].endswith("Module '/home/u/clone.so' not loaded"), shown
    assert "Fails: 11:43:30.816: Module '/home/u/clone.so' not loaded" in plugrb('show', key).out
    # What was read in an old log is not held against what came back.
    write(plugin / 'bin/64bit/clone.so', 'broken code')
    plugrb('rollback', target, '--yes')
    assert health_of(key) == 'unknown'
    (logs / '2026-01-04.txt').write_bytes(b'\xff\xfe' + os.urandom(3_000_000))
    assert health_of(key) == 'unknown'


harness.main(harness.collect(dict(globals())))
