# SPDX-License-Identifier: GPL-3.0-or-later
"""The session bus starts the program by its name, and one instance serves all.

test-activation.py PROGRAM DATA: the service file and the desktop file of the build's folder DATA are laid where a bus
looks for them, with PROGRAM in place of the installed one, and a new bus is started that finds them there. Runs in
tests/tools/gui-session.sh.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from driver import APP_ID, PROGRAM_DEBUG, Atspi, has_state, poll, walk

KEY = 'gnome-shell/sample@example.org'


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=30)
    assert done.returncode == 0, f'{command}: {done.stdout}'
    return done.stdout


def is_running():
    return 'true' in run('gdbus', 'call', '--session', '--dest', 'org.freedesktop.DBus', '--object-path',
                         '/org/freedesktop/DBus', '--method', 'org.freedesktop.DBus.NameHasOwner', APP_ID)


def quit_program():
    run('gdbus', 'call', '--session', '--dest', APP_ID, '--object-path', '/' + APP_ID.replace('.', '/'),
        '--method', 'org.gtk.Actions.Activate', 'quit', '[]', '{}')
    end = time.monotonic() + 20
    while is_running():
        assert time.monotonic() < end, 'the program does not quit'
        time.sleep(0.05)


def wait_title(title):
    """The window names the plugin that is open as its page, on the accessibility bus."""
    def find():
        desktop = Atspi.get_desktop(0)
        for index in range(desktop.get_child_count()):
            for node, _ in walk(desktop.get_child_at_index(index)):
                if node.get_name() == title and has_state(node, 'SHOWING'):
                    return node
        return None
    return poll(title, find)


def test_activate():
    assert not is_running()
    run('gapplication', 'launch', APP_ID)
    assert is_running()
    wait_title('Select a Plugin')
    quit_program()


def test_open_plugin_action():
    assert not is_running()
    run('gapplication', 'action', APP_ID, 'open-plugin', f"'{KEY}'")
    wait_title('Version 1 · Disabled · Health unknown')


def test_one_instance():
    """A second start hands its plugin to the first and ends."""
    assert is_running()
    run('plugin-rollback', 'gnome-shell/other@example.org')
    wait_title('Version 2 · Disabled · Health unknown')
    quit_program()


def test_command_line():
    assert run('plugin-rollback', '--version').startswith('plugin-rollback ')
    assert '--store' in run('plugin-rollback', '--help')
    two = subprocess.run(['plugin-rollback', KEY, KEY], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                         timeout=30)
    assert two.returncode == 2 and 'Only one plugin' in two.stdout, two


def install_plugin(name, version):
    folder = Path(os.environ['XDG_DATA_HOME']) / 'gnome-shell' / 'extensions' / name
    folder.mkdir(parents=True)
    (folder / 'metadata.json').write_text(
        f'{{"uuid": "{name}", "name": "{name}", "version": {version}, "shell-version": ["48"]}}')
    (folder / 'extension.js').write_text('//')


def inside():
    install_plugin('sample@example.org', 1)
    install_plugin('other@example.org', 2)
    run('dconf', 'write', '/io/github/plugrb/PluginRollback/State/welcome-done', 'true')
    tests = [test_activate, test_open_plugin_action, test_one_instance, test_command_line]
    print(f'1..{len(tests)}', flush=True)
    for number, test in enumerate(tests, 1):
        test()
        print(f'ok {number} {test.__name__}', flush=True)


def outside(program, share):
    """Installs the service and the desktop file, then starts a bus that looks there."""
    data = Path(os.environ['XDG_DATA_HOME']) / 'test-prefix'
    (data / 'dbus-1' / 'services').mkdir(parents=True)
    (data / 'applications').mkdir()
    service = (Path(share) / f'{APP_ID}.service').read_text().splitlines()
    service = [f'Exec={program} --gapplication-service' if line.startswith('Exec=') else line for line in service]
    (data / 'dbus-1' / 'services' / f'{APP_ID}.service').write_text('\n'.join(service) + '\n')
    (data / 'applications' / f'{APP_ID}.desktop').write_text((Path(share) / f'{APP_ID}.desktop').read_text())
    environment = {**os.environ, 'G_DEBUG': PROGRAM_DEBUG, 'XDG_DATA_DIRS': f'{data}:{os.environ.get("XDG_DATA_DIRS", "/usr/share")}'}
    os.execvpe('dbus-run-session', ['dbus-run-session', '--', sys.executable, __file__], environment)


if len(sys.argv) == 3:
    outside(sys.argv[1], sys.argv[2])
else:
    inside()
