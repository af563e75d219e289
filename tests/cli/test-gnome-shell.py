# SPDX-License-Identifier: GPL-3.0-or-later
"""A real GNOME Shell without a screen, and a real extension: what the one makes of the other, which broken updates
plugrb sees, and that what it brings back is what the shell runs after the next login."""

import json
import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import harness
import sandbox
from harness import DATA, EXTENSIONS, assert_same, look_at_world, must, plugrb, plugrb_json, set_settings

CAFFEINE = 'caffeine@patapon.info'
KEY = f'gnome-shell/{CAFFEINE}'
OWN = '/org/gnome/shell/extensions/caffeine/'
STAGED = DATA / 'gnome-shell/extension-updates'
RUNTIME = Path(os.environ['XDG_RUNTIME_DIR'])

ACTIVE, ERROR, OUT_OF_DATE = 1, 3, 4


def wait_until(what, function, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = function()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f'after {seconds} s still not: {what}')


class Login:
    """A session from its start to its end: the shell loads the code of an extension once."""

    system_bus = None

    def __init__(self):
        self.log = RUNTIME / 'shell.log'
        if Login.system_bus is None:
            Login.system_bus = subprocess.Popen(['dbus-daemon', '--session', '--nofork', '--nosyslog', '--nopidfile',
                                                 f'--address=unix:path={RUNTIME}/system-bus'])
            wait_until('the system bus is there', (RUNTIME / 'system-bus').exists)

    def __enter__(self):
        # What makes our own programs strict is not for this one.
        env = {name: value for name, value in os.environ.items() if not name.startswith(('G_', 'MALLOC_'))}
        env.update(XDG_CURRENT_DESKTOP='GNOME', XDG_SESSION_TYPE='wayland', LIBGL_ALWAYS_SOFTWARE='1',
                   DBUS_SYSTEM_BUS_ADDRESS=f'unix:path={RUNTIME}/system-bus')
        with open(self.log, 'w') as log:
            self.process = subprocess.Popen(['gnome-shell', '--headless', '--wayland', '--no-x11',
                                             '--virtual-monitor', '800x600'], env=env, stdout=log, stderr=log)
        wait_until('the shell has started', self.has_started)
        return self

    def has_started(self):
        # The name is on the bus before the extensions are loaded.
        text = self.log.read_text(errors='replace')
        assert self.process.poll() is None, text
        return 'GNOME Shell started at' in text

    def state(self):
        """What the shell itself says, asked by a program that is not ours."""
        answer = must('gdbus', 'call', '--session', '--dest', 'org.gnome.Shell', '--object-path', '/org/gnome/Shell',
                      '--method', 'org.gnome.Shell.Extensions.GetExtensionInfo', CAFFEINE)
        found = re.search(r"'state': <(\d+)", answer)
        return int(found[1]) if found else None

    def __exit__(self, *ignored):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def assert_is(login, state):
    wait_until(f'the extension is in state {state}', lambda: login.state() == state)


def health(env=None):
    return next(plugin['health'] for plugin in plugrb_json('list', 'list', env=env) if plugin['key'] == KEY)


def plugins():
    return Path(harness.required('PLUGRB_TEST_PLUGINS', 'the real plugins were not downloaded'))


def install(version):
    shutil.rmtree(EXTENSIONS / CAFFEINE, ignore_errors=True)
    must('cp', '-a', '--no-preserve=ownership', plugins() / CAFFEINE / version, EXTENSIONS / CAFFEINE)


def make_user():
    """Somebody who uses the version for this shell, with settings that are not the default."""
    install('55')
    set_settings({'/org/gnome/shell/enabled-extensions': f"['{CAFFEINE}']",
                  '/org/gnome/shell/welcome-dialog-last-shown-version': "'99'",
                  OWN + 'show-indicator': "'always'"})


def make_broken_update(folder):
    """The same with a mistake of its author's: it gives a setting another value, and throws."""
    must('cp', '-a', '--no-preserve=ownership', plugins() / CAFFEINE / '55', folder)
    manifest = json.loads((folder / 'metadata.json').read_text())
    (folder / 'metadata.json').write_text(json.dumps({**manifest, 'version': 56}))
    code = (folder / 'extension.js').read_text()
    begin = 'this._settings = this.getSettings();\n'
    assert begin in code
    (folder / 'extension.js').write_text(code.replace(
        begin, begin + "this._settings.set_string('show-indicator', 'never'); Gio.Settings.sync();\n"
        "throw new Error('the author was tired');\n", 1))


def own_settings():
    return must('dconf', 'dump', OWN)


def look():
    return {'files': look_at_world(CAFFEINE)['files'], 'settings': own_settings()}


def test_broken_update():
    make_user()
    with Login() as login:
        assert_is(login, ACTIVE)
        assert health() == 'good'
        before = look()
        target = plugrb_json('snapshot-result', 'snapshot', KEY)['created'][0]
        # The shell downloads an update, and moves it into place when it starts the next time.
        STAGED.mkdir(parents=True)
        make_broken_update(STAGED / CAFFEINE)
    with Login() as login:
        assert_is(login, ERROR)
        assert not (STAGED / CAFFEINE).exists()
        assert "show-indicator='never'" in own_settings()
        assert health() == 'bad'
        shown = plugrb_json('show-plugin', 'show', KEY)
        assert shown['version'] == '56' and 'the author was tired' in shown['health-message'], shown
        done = plugrb_json('operation', 'rollback', CAFFEINE, '--yes')
        assert done['changes'][0]['target'] == target['id'], done
        assert any('log out' in hint.lower() for hint in done['hints']), done['hints']
        assert_same(look(), before, 'the extension')
        # What the shell says now is about code that it loaded before.
        assert login.state() == ERROR
        assert health() == 'unknown'
    with Login() as login:
        assert_is(login, ACTIVE)
        assert health() == 'good'
        assert_same(look(), before, 'the extension')


def test_staged_update_goes():
    make_user()
    before = look()
    target = plugrb_json('snapshot-result', 'snapshot', KEY)['created'][0]['id']
    set_settings({OWN + 'show-indicator': "'only-active'"})
    STAGED.mkdir(parents=True)
    make_broken_update(STAGED / CAFFEINE)
    plugrb('rollback', target, '--yes')
    assert not (STAGED / CAFFEINE).exists()
    assert_same(look(), before, 'the extension')
    with Login() as login:
        assert_is(login, ACTIVE)
        assert look()['files'] == before['files']
    # It was ours to take away and is there again when that is undone.
    plugrb('undo', '--yes')
    with Login() as login:
        assert_is(login, ERROR)


def test_version_for_another_shell():
    make_user()
    with Login() as login:
        assert_is(login, ACTIVE)
        before = look()
        plugrb('snapshot', KEY)
    install('44')
    with Login() as login:
        assert_is(login, OUT_OF_DATE)
        assert health() == 'bad'
        plugrb('rollback', CAFFEINE, '--yes')
    with Login() as login:
        assert_is(login, ACTIVE)
        assert_same(look(), before, 'the extension')


def test_inside_flatpak():
    make_user()
    with sandbox.Sandbox() as env:
        # Nothing that runs can be asked.
        assert health(env) == 'unknown'
        with Login() as login:
            assert_is(login, ACTIVE)
            assert health(env) == 'good'
            before = look()
            plugrb('snapshot', KEY, env=env)
            shutil.rmtree(EXTENSIONS / CAFFEINE)
            make_broken_update(EXTENSIONS / CAFFEINE)
        with Login() as login:
            assert_is(login, ERROR)
            assert health(env) == 'bad'
            shown = plugrb_json('show-plugin', 'show', KEY, env=env)
            assert 'the author was tired' in shown['health-message'], shown
            done = plugrb_json('operation', 'rollback', CAFFEINE, '--yes', env=env)
            assert any('log out' in hint.lower() for hint in done['hints']), done['hints']
            assert_same(look(), before, 'the extension')
        assert plugrb_json('operation', 'undo', '--yes', env=env)['hints'] == []


def main():
    try:
        plugins()
        if shutil.which('gnome-shell') is None:
            assert os.environ.get('CI') != 'true', 'there is no gnome-shell'
            raise harness.Skip('there is no gnome-shell')
    except harness.Skip as reason:
        print(f'1..0 # SKIP {reason}')
        return
    try:
        harness.main(harness.collect(globals()))
    finally:
        if Login.system_bus is not None:
            Login.system_bus.kill()
            Login.system_bus.wait()


main()
