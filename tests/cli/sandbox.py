# SPDX-License-Identifier: GPL-3.0-or-later
"""plugrb as if inside Flatpak: a file system that says so, Flatpak's variables, and a session bus, filtered by Flatpak's
own program, of which only that is seen which the manifest asks for."""

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

import harness

ID = 'io.github.plugrb.PluginRollback'
MANIFEST = Path(os.environ['PLUGRB_SOURCE']) / 'flatpak' / f'{ID}.json'
HOME = Path(os.environ['HOME'])
RUNTIME = Path(os.environ['XDG_RUNTIME_DIR'])

WRAPPER = '''#!/bin/bash
arguments=(--die-with-parent)
for path in /*; do
  if [ -L "$path" ]; then arguments+=(--symlink "$(readlink "$path")" "$path")
  elif [ "$path" = /run ]; then arguments+=(--tmpfs /run --ro-bind /usr /run/host/usr)
  else arguments+=(--dev-bind "$path" "$path"); fi
done
exec bwrap "${arguments[@]}" --file 9 /.flatpak-info -- "$PLUGRB_OUTSIDE" "$@" 9<<<'[Application]'
'''


class Sandbox:
    """Its environment finds a plugrb that runs inside."""

    def __enter__(self):
        if not can_be_made():
            assert os.environ.get('CI') != 'true', 'no sandbox can be made'
            raise harness.Skip('no sandbox can be made')
        asked = json.loads(MANIFEST.read_text())['finish-args']
        bus = RUNTIME / 'filtered-bus'
        bus.unlink(missing_ok=True)
        names = [word.replace('--talk-name', '--talk') for word in asked if word.startswith('--talk-name=')]
        # A client that ends early is worth a warning to it, which must not be the end of it.
        lenient = {name: value for name, value in os.environ.items() if name != 'G_DEBUG'}
        self.proxy = subprocess.Popen(['xdg-dbus-proxy', os.environ['DBUS_SESSION_BUS_ADDRESS'], bus, '--filter', *names],
                                      env=lenient, stderr=subprocess.DEVNULL)
        while not bus.exists():
            assert self.proxy.poll() is None
            time.sleep(0.01)
        folder = RUNTIME / 'sandbox'
        folder.mkdir(exist_ok=True)
        (folder / 'plugrb').write_text(WRAPPER)
        (folder / 'plugrb').chmod(0o755)
        # What Flatpak sets, and what the manifest sets.
        own = HOME / '.var/app' / ID
        self.env = {**os.environ, 'PATH': f'{folder}:{os.environ["PATH"]}',
                    'PLUGRB_OUTSIDE': find_plugrb(), 'DBUS_SESSION_BUS_ADDRESS': f'unix:path={bus}',
                    'XDG_DATA_HOME': str(own / 'data'), 'XDG_CONFIG_HOME': str(own / 'config'),
                    'XDG_DATA_DIRS': '/app/share', 'XDG_CACHE_HOME': str(own / 'cache'), 'XDG_STATE_HOME': str(own / '.local/state')}
        self.env.update(word.removeprefix('--env=').split('=', 1) for word in asked if word.startswith('--env='))
        return self.env

    def __exit__(self, *ignored):
        self.proxy.kill()
        self.proxy.wait()


def can_be_made():
    """Some systems forbid it to ordinary users."""
    return (shutil.which('xdg-dbus-proxy') is not None and shutil.which('bwrap') is not None and
            subprocess.run(['bwrap', '--ro-bind', '/', '/', 'true'], stderr=subprocess.DEVNULL).returncode == 0)


def find_plugrb():
    return next(path for path in (f'{folder}/plugrb' for folder in os.environ['PATH'].split(':')) if os.access(path, os.X_OK))
