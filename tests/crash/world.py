# SPDX-License-Identifier: GPL-3.0-or-later
"""A user of his own for each worker: a home folder that can be put back to a saved state, a session bus, and the real
dconf-service, which is started anew for each point, because it remembers what it read."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'cli'))
from harness import look_at_tree  # noqa: E402

HOST = 'gnome-shell'
LIST = '/org/gnome/shell/enabled-extensions'
SERVICE = '/usr/share/dbus-1/services/ca.desrt.dconf.service'
SERVICES = ('dconf-service', 'crash-tracer')
SCHEMA = '''<schemalist><schema id="org.gnome.shell.extensions.{id}" path="/org/gnome/shell/extensions/{id}/">
<key name="speed" type="i"><default>1</default></key>
<key name="title" type="s"><default>''</default></key>
</schema></schemalist>
'''
SHARED = '''
[State listed]
Role=installed
Backend=json-list
File=${CONFIG}/shared/list.json
Entry={id}

[Data rc]
Backend=kconfig-group
File=${CONFIG}/shared/rc
Group={id}

[Data state]
Backend=sqlite-row
File=${CONFIG}/shared/state.db
Table=t
KeyColumn=k
Key={id}
ValueColumns=v
'''

# What makes a version fail that is otherwise well made.
FAULT = '''
[Health fault]
Probe=file-exists ${DATA}/gnome-shell/extensions/{id}/fault
'''


class Failed(Exception):
    """Something that must work for a point to mean anything did not."""


def key_of(name):
    return f'{HOST}/{name}'


class World:
    def __init__(self, top, tracer):
        self.top = Path(top)
        self.tracer = tracer
        self.home = self.top / 'home'
        self.runtime = self.top / 'run'
        self.saved = self.top / 'saved'
        self.data = self.home / '.local/share'
        self.shell = self.data / 'gnome-shell'
        self.extensions = self.shell / 'extensions'
        self.updates = self.shell / 'extension-updates'
        self.store = self.data / 'plugin-rollback'
        self.shared = self.home / '.config/shared'
        self.dconf = self.home / '.config/dconf/user'
        self.service_options = self.top / 'service-options'
        self.runtime.mkdir(parents=True, mode=0o700)
        self.saved.mkdir()
        self.env = self.make_environment()
        self.start_bus()

    def make_environment(self):
        env = {name: value for name, value in os.environ.items()
               if name in ('PATH', 'PLUGRB_HOSTS_DIR', 'XDG_DATA_DIRS', 'LD_LIBRARY_PATH', 'ASAN_OPTIONS')}
        env.update(HOME=str(self.home), XDG_DATA_HOME=str(self.data), XDG_CONFIG_HOME=str(self.home / '.config'),
                   XDG_CACHE_HOME=str(self.home / '.cache'), XDG_STATE_HOME=str(self.home / '.local/state'),
                   XDG_RUNTIME_DIR=str(self.runtime), DBUS_SESSION_BUS_ADDRESS=f'unix:path={self.runtime}/bus',
                   DBUS_SYSTEM_BUS_ADDRESS='unix:path=/nonexistent', GIO_USE_VFS='local', LC_ALL='C.UTF-8',
                   PLUGRB_THREADS='1', G_DEBUG='fatal-criticals')
        return env

    # ---- the bus

    def start_bus(self):
        """dconf-service is started under the tracer where a file of options says so, free otherwise."""
        services = self.runtime / 'dbus-1/services'
        services.mkdir(parents=True)
        program = next(line.partition('=')[2].strip() for line in Path(SERVICE).read_text().splitlines()
                       if line.startswith('Exec='))
        (services / 'ca.desrt.dconf.service').write_text(
            f'[D-BUS Service]\nName=ca.desrt.dconf\n'
            f'Exec={self.tracer} --options-from {self.service_options} -- {program}\n')
        self.bus = subprocess.Popen(['dbus-daemon', '--session', '--nofork', '--print-address',
                                     f'--address=unix:path={self.runtime}/bus'], env=self.env,
                                    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        if not self.bus.stdout.readline():
            raise Failed('the session bus does not start')

    def list_services(self):
        """Processes that our bus started: nobody else has our runtime folder."""
        mark = f'XDG_RUNTIME_DIR={self.runtime}'.encode()
        found = []
        for entry in os.listdir('/proc'):
            try:
                if entry.isdigit() and Path(f'/proc/{entry}/comm').read_text().strip() in SERVICES and \
                        mark in Path(f'/proc/{entry}/environ').read_bytes().split(b'\0'):
                    found.append(int(entry))
            except OSError:
                pass
        return found

    def end_services(self):
        deadline = time.monotonic() + 10
        while (pids := self.list_services()) and time.monotonic() < deadline:
            for pid in pids:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            time.sleep(0.001)
        (self.runtime / 'dconf/user').unlink(missing_ok=True)

    def close(self):
        self.end_services()
        self.bus.kill()
        self.bus.wait()

    # ---- saved states

    def remove_home(self):
        if self.home.exists():
            try:
                shutil.rmtree(self.home)
            except PermissionError:
                subprocess.run(['chmod', '-R', 'u+rwX', self.home], check=True)
                shutil.rmtree(self.home)

    def begin(self):
        self.end_services()
        self.service_options.unlink(missing_ok=True)
        self.remove_home()
        self.extensions.mkdir(parents=True)
        self.dconf.parent.mkdir(parents=True)

    def save(self, name):
        subprocess.run(['cp', '-a', self.home, self.saved / name], check=True)

    def restore(self, name):
        self.end_services()
        self.service_options.unlink(missing_ok=True)
        self.remove_home()
        subprocess.run(['cp', '-a', self.saved / name, self.home], check=True)

    # ---- running

    def run(self, *command, env=None, timeout=60):
        return subprocess.run([str(word) for word in command], env={**self.env, **(env or {})}, timeout=timeout,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.top)

    def must(self, *command):
        result = self.run(*command)
        if result.returncode != 0:
            raise Failed(f'{" ".join(map(str, command))}: status {result.returncode}: {result.stderr.decode()}')
        return result.stdout.decode()

    def plugrb(self, *arguments):
        return self.must('plugrb', *arguments)

    def plugrb_json(self, *arguments):
        return json.loads(self.plugrb(*arguments, '--json'))

    def trace(self, options, command, env=None, cache=False):
        """Runs a command under the tracer. Returns its result and the calls that it made. What it does to its caches
        depends on how fast it is, so that those calls are counted apart."""
        log, folder = self.top / 'log', self.home / '.cache'
        roots = ['--root', folder] if cache else ['--root', self.home, '--ignore', folder]
        result = self.run(self.tracer, *roots, '--log', log, *options, '--', *command, env=env)
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        if result.returncode in (98, 99) or not lines or 'total' not in lines[-1]:
            raise Failed(f'the tracer: {result.stderr.decode()}')
        return result, lines[:-1]

    # ---- what lives there

    def look(self):
        """All that a rollback may change, to the byte and the nanosecond."""
        return {'plugins': {entry.name: look_at_tree(entry) for entry in sorted(self.extensions.iterdir())},
                'updates': {entry.name: look_at_tree(entry) for entry in sorted(self.updates.glob('*'))},
                'beside': sorted(os.listdir(self.shell)), 'dconf': self.must('dconf', 'dump', '/'),
                'shared': self.look_at_shared()}

    def look_at_shared(self):
        """What programs keep of all plugins in one file; of a database its tables."""
        if not self.shared.exists():
            return {}
        return {path.name: self.must('sqlite3', path, '.dump') if path.suffix == '.db' else path.read_text()
                for path in sorted(self.shared.iterdir()) if not path.name.endswith('-journal')}

    # ---- files that plugins share

    def add_to_host(self, text):
        hosts = self.store / 'hosts'
        hosts.mkdir(parents=True, exist_ok=True)
        shipped = Path(os.environ['PLUGRB_HOSTS_DIR']) / f'{HOST}.host'
        (hosts / f'{HOST}.host').write_text(shipped.read_text() + text)

    def share(self, name, number):
        """As if the shell kept lists and settings of its extensions in such files too."""
        self.add_to_host(SHARED)
        self.shared.mkdir(exist_ok=True)
        listed = f'"{name}", ' if number == 1 else ''
        (self.shared / 'list.json').write_text(f'[ "a", {listed}"z" ] // all\n')
        (self.shared / 'rc').write_text(f'[x][y]\nk=1\n\n[{name}]\nnumber={number}\n')
        database = self.shared / 'state.db'
        if not database.exists():
            self.must('sqlite3', database, 'CREATE TABLE t (k TEXT PRIMARY KEY, v BLOB)')
        self.must('sqlite3', database, f"INSERT OR REPLACE INTO t VALUES ('{name}', '{number}'), ('other', 'x')")

    # ---- plugins

    def install(self, name, version, payload=2000):
        """Every version has a file that the others lack, and all kinds of entries."""
        self.write_plugin(self.extensions / name, name, version, payload)
        self.must('glib-compile-schemas', self.extensions / name / 'schemas')
        self.date(self.extensions / name, version)

    def stage(self, name, version):
        self.write_plugin(self.updates / name, name, version, 100)
        self.date(self.updates / name, version)

    def write_plugin(self, folder, name, version, payload):
        shutil.rmtree(folder, ignore_errors=True)
        short = name.partition('@')[0]
        (folder / 'schemas').mkdir(parents=True)
        (folder / 'empty').mkdir()
        (folder / 'metadata.json').write_text(json.dumps({
            'uuid': name, 'name': short.title(), 'description': 'A sample', 'version': version,
            'shell-version': ['48'], 'settings-schema': f'org.gnome.shell.extensions.{short}'}))
        (folder / 'extension.js').write_text(''.join(f'// {short} {version} {i}\n' for i in range(payload // 20)))
        (folder / 'common.js').write_text('// the same in all versions\n')
        (folder / f'only-in-{version}.js').write_text('x')
        (folder / 'tool.sh').write_text('#!/bin/sh\n')
        (folder / 'tool.sh').chmod(0o755)
        (folder / 'link.js').symlink_to('common.js')
        (folder / 'schemas' / f'org.gnome.shell.extensions.{short}.gschema.xml').write_text(SCHEMA.format(id=short))

    def date(self, folder, version):
        """What is equal in two versions has one time, so that a rollback links it."""
        for path in sorted([*folder.rglob('*'), folder], reverse=True):
            common = path.name in ('common.js', 'tool.sh')
            moment = 1_700_000_000_123_456_789 + (0 if common else version * 1_000_000_007)
            os.utime(path, ns=(moment, moment), follow_symlinks=False)

    def set(self, settings):
        for key, value in settings.items():
            self.must(*(['dconf', 'reset', key] if value is None else ['dconf', 'write', key, value]))

    def configure(self, name, version, title=None):
        folder = f'/org/gnome/shell/extensions/{name.partition("@")[0]}/'
        self.set({folder + 'speed': str(version), folder + 'title': title})
