# SPDX-License-Identifier: GPL-3.0-or-later
"""Walks the real program through all it can show, light, dark, from right to left, with high contrast and with large text,
and takes pictures wide and narrow.

The user, the plugins and the snapshots are made by the command line tool and plain files.
"""

import contextlib
import fcntl
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from driver import App, has_state, poll, walk

from gi.repository import Gio, GLib

FOLDER = Path(sys.argv[1])
DATA = Path(os.environ['XDG_DATA_HOME'])
EXTENSIONS = DATA / 'gnome-shell' / 'extensions'
STORE = DATA / 'plugin-rollback'
SAMPLE = 'clock-colors@example.org'
BIG = 'weather@example.org'
SAMPLE_SCRIPT = Path(__file__).parent.parent / 'tools' / 'sample-plugin.sh'
WELCOME_DONE = '/io/github/plugrb/PluginRollback/State/welcome-done'
SCHEMES = os.environ.get('SCHEMES', 'light dark rtl contrast large').split()
PSEUDO = Path(os.environ.get('PSEUDO', ''))
SETTINGS = Path(os.environ['XDG_CONFIG_HOME']) / 'gtk-4.0' / 'settings.ini'
# Without a settings daemon GTK knows neither GNOME's font nor its window buttons.
LOOKS = '[Settings]\ngtk-font-name=Cantarell 11\ngtk-decoration-layout=:close\ngtk-enable-animations=0\n'
LARGE = f'Xft.dpi: {int(96 * 1.25)}\n'
WIDE, NARROW = (960, 640), (360, 640)


def run(*command):
    return subprocess.run([str(word) for word in command], check=True, stdout=subprocess.PIPE, text=True).stdout


def reset():
    run('chmod', '-R', 'u+w', DATA)
    shutil.rmtree(DATA)
    DATA.mkdir(mode=0o700)
    run('dconf', 'reset', '-f', '/')
    run('dconf', 'write', WELCOME_DONE, 'true')


def install(name, title, version, files=0):
    folder = EXTENSIONS / name
    shutil.rmtree(folder, ignore_errors=True)
    (folder / 'data').mkdir(parents=True)
    (folder / 'metadata.json').write_text(json.dumps(
        {'uuid': name, 'name': title, 'version': version, 'shell-version': ['47', '48']}))
    (folder / 'extension.js').write_text(f'// {title}, version {version}\n')
    for number in range(files):
        (folder / 'data' / f'map-{number:05}-{version}.json').write_text(f'{number} {version} ' * 100)


def install_all():
    run(SAMPLE_SCRIPT, 1)
    install('workspace-names@example.org', 'Workspace Names', 12)
    install('night-slider@example.org', 'Night Light Slider', 3)
    install(BIG, 'Weather Forecast', 1, files=20000)
    enabled = f"['{SAMPLE}', 'night-slider@example.org', '{BIG}']"
    run('dconf', 'write', '/org/gnome/shell/enabled-extensions', enabled)


class Shell:
    """Something that has the name of GNOME Shell on the bus, so that it counts as running."""

    def __enter__(self):
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        self._call('RequestName', GLib.Variant('(su)', ('org.gnome.Shell', 4)))
        return self

    def __exit__(self, *failure):
        self._call('ReleaseName', GLib.Variant('(s)', ('org.gnome.Shell',)))

    def _call(self, method, arguments):
        self.bus.call_sync('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', method, arguments,
                           None, Gio.DBusCallFlags.NONE, -1)


class Camera:
    def __init__(self, scheme):
        self.scheme = scheme
        self.number = 0
        self.app = None
        SETTINGS.parent.mkdir(parents=True, exist_ok=True)
        SETTINGS.write_text(LOOKS)
        run('xprop', '-root', '-f', 'RESOURCE_MANAGER', '8s', '-set', 'RESOURCE_MANAGER', LARGE if scheme == 'large' else '')

    def start(self, *arguments):
        env = {'ADW_DEBUG_COLOR_SCHEME': 'prefer-dark' if self.scheme == 'dark' else 'prefer-light', 'G_DEBUG': ''}
        if self.scheme == 'contrast':
            env['ADW_DEBUG_HIGH_CONTRAST'] = '1'
        if self.scheme == 'rtl':
            env.update(LD_PRELOAD=str(PSEUDO), PSEUDO_DIRECTION_ONLY='1')
        self.app = App(*arguments, env=env)
        return self.app

    def size(self, size):
        self.app.resize(*size)
        time.sleep(0.4)

    def one(self, name, size=WIDE, settle=0.4):
        which = 'wide' if size == WIDE else 'narrow'
        self.app.shoot(FOLDER / f'{self.number:02}-{name}-{which}-{self.scheme}.png', *size, settle=settle)

    def take(self, name):
        """Wide and narrow. The window is wide before and after."""
        self.number += 1
        self.one(name)
        self.size(NARROW)
        self.one(name, NARROW)
        self.size(WIDE)


def list_close_buttons(app):
    return [node for node, _ in walk(app.root)
            if node.get_name() == 'Close' and node.get_role_name() == 'button' and has_state(node, 'SHOWING')]


def close_dialog(app):
    """By its own button, which comes after the window's: libadwaita takes the focus away from a dialog that became
    a bottom sheet and back, so no key reaches it."""
    buttons = list_close_buttons(app)
    app.press(buttons[-1])
    poll('the dialog gone', lambda: len(list_close_buttons(app)) < len(buttons))
    time.sleep(0.3)


def shoot_empty(camera):
    with camera.start() as app:
        app.wait('No Plugins Found')
        camera.take('no-plugins')


def shoot_welcome(camera):
    """What is shown before there is any snapshot: nothing to protect, several programs, and work under way."""
    run('dconf', 'reset', WELCOME_DONE)
    with camera.start() as app:
        app.wait('No Supported Programs Found')
        camera.take('welcome-nothing')
    install_all()
    code = Path.home() / '.vscode' / 'extensions'
    folder = code / 'example.vitesse-1.0.0'
    folder.mkdir(parents=True)
    (folder / 'package.json').write_text('{"name": "vitesse", "publisher": "example", "version": "1.0.0", '
                                         '"engines": {"vscode": "*"}}')
    (code / 'extensions.json').write_text(json.dumps([{
        'identifier': {'id': 'example.vitesse'}, 'version': '1.0.0', 'relativeLocation': folder.name,
        'location': {'$mid': 1, 'path': str(folder), 'scheme': 'file'}}]))
    with camera.start() as app:
        app.wait('Protect All')
        time.sleep(1)
        camera.take('welcome')
        app.click('Protect All')
        app.wait('Protecting plugins', 'progress bar')
        camera.number += 1
        camera.one('welcome-running', settle=0.3)
        app.wait(starts='5 plugins protected', timeout=60)
        camera.take('welcome-done')
    shutil.rmtree(code)
    reset()


def shoot_store_errors(camera):
    """A damaged store is mended when it is opened; a file where it should be is not."""
    shutil.rmtree(STORE, ignore_errors=True)
    STORE.write_text('no folder')
    with camera.start() as app:
        app.wait('Snapshots Cannot Be Opened')
        camera.take('store-failed')
    STORE.unlink()
    STORE.mkdir()
    (STORE / 'store.json').write_text('{"format": 99, "created": "2026-01-01T00:00:00Z"}')
    with camera.start() as app:
        app.wait('Snapshots Are from a Newer Version')
        camera.take('store-too-new')
    shutil.rmtree(STORE)


def shoot_pages(camera, app):
    app.wait('Select a Plugin')
    camera.take('nothing-selected')
    app.click('Search Plugins', 'toggle button')
    time.sleep(0.3)
    app.type('zzz')
    app.wait('Try a different search.')
    camera.take('search-no-hit')
    app.key('Escape')
    app.app_action('open-plugin', f"'gnome-shell/{SAMPLE}'")
    app.wait('No Snapshots')
    camera.take('no-snapshots')
    app.click('Take Snapshot')
    app.wait('Snapshot of Clock Colors taken')
    camera.take('snapshot-taken')


def shoot_rollback(camera, app):
    run('plugrb', 'snapshot', SAMPLE, '--label', 'Before the talk', '--note', 'Colors as on the slides')
    run(SAMPLE_SCRIPT, 2)
    app.key('F5')
    app.wait('Version 2 · Enabled · Health unknown')
    app.dismiss_toasts()
    camera.take('plugin')
    app.click('Roll Back…')
    app.wait('Version 2 → 1')
    camera.take('preview')
    app.click('Settings', 'radio button')
    app.wait('Settings 2')
    camera.take('preview-settings')
    app.click('Everything', 'radio button')
    app.click('Roll Back')
    app.wait('Clock Colors rolled back to version 1')
    camera.take('rolled-back')
    app.key('ctrl+z')
    app.wait('Roll back undone')
    camera.take('undone')
    app.dismiss_toasts()
    app.act(app.find(role='frame'), 'win.show-plugin-history')
    app.wait(starts='Undid')
    camera.take('history')
    app.key('Escape')


def shoot_history(camera, app):
    """The history of all plugins, its filters, and all that is known of two operations."""
    app.key('alt+2')
    app.wait(starts='Undid', role='list item')
    camera.take('history-all')
    app.click('Filter', 'toggle button')
    app.wait('Any kind')
    camera.one('history-filter-popover')
    app.click('Undone', 'radio button')
    app.key('Escape')
    app.wait('Clear')
    camera.take('history-filtered')
    app.click('Clear')
    app.wait(starts='Undid', role='list item')
    app.act(app.find(role='frame'), 'win.search')
    app.type('zzz')
    app.wait('Nothing Found')
    camera.take('history-no-hit')
    app.click('Clear Filters')
    app.wait(starts='Undid', role='list item')
    trail = STORE / 'audit.jsonl'
    text = trail.read_text()
    trail.write_text(text.replace('snapshot', 'snopshot', 1))
    app.click('History Menu', 'toggle button')
    time.sleep(0.3)
    app.key('Down', 'Return')
    app.wait(starts='The audit trail was changed')
    camera.take('history-audit')
    trail.write_text(text)
    app.key('alt+2')
    time.sleep(0.3)
    app.key('Down', 'Return')
    app.wait('Safety Snapshot')
    camera.take('activity')
    app.key('Escape')
    install('workspace-names@example.org', 'Workspace Names', 13)
    (EXTENSIONS / 'workspace-names@example.org' / 'extension.js').chmod(0)
    app.app_action('open-plugin', "'gnome-shell/workspace-names@example.org'")
    app.click('Take Snapshot')
    app.wait('1 task failed')
    camera.take('jobs-failed-button')
    app.key('ctrl+j')
    app.wait('Dismiss', 'button', below=app.wait('Tasks', 'list'))
    camera.one('jobs-failed')
    app.key('Escape')
    app.key('alt+2')
    app.wait(starts='Could not take', role='list item')
    app.key('Home', 'Return')
    app.wait('What went wrong')
    camera.take('activity-failed')
    app.key('Escape')
    app.dismiss_toasts()
    install('workspace-names@example.org', 'Workspace Names', 12)
    app.app_action('open-plugin', f"'gnome-shell/{SAMPLE}'")


def shoot_warnings(camera, app):
    with Shell():
        app.click('Roll Back…')
        app.wait('Version 2 → 1')
        camera.take('preview-warning')
        app.click('Roll Back')
        app.wait('Clock Colors rolled back to version 1')
        camera.take('hint')
        app.key('ctrl+z')
        app.wait('Roll back undone')
    EXTENSIONS.chmod(0o500)
    app.click('Roll Back…')
    app.wait('Check Again')
    camera.take('preview-blocked')
    app.click('Cancel')
    app.wait_gone('Check Again')
    EXTENSIONS.chmod(0o700)


def shoot_menus(camera, app):
    app.dismiss_toasts()
    for name in ('Main Menu', 'Snapshot Menu'):
        camera.number += 1
        for size in (WIDE, NARROW):
            camera.size(size)
            if size == NARROW and name == 'Main Menu':
                app.click('Back')
            app.click(name, 'toggle button')
            camera.one(name.lower().replace(' ', '-'), size)
            app.key('Escape')
        app.app_action('open-plugin', f"'gnome-shell/{SAMPLE}'")
    camera.size(WIDE)
    app.click_secondary(860 if camera.scheme == 'rtl' else 100, 243)
    app.wait('Night Light Slider', 'menu')
    camera.number += 1
    camera.one('plugin-menu')
    app.key('Escape')
    app.app_action('about')
    app.wait('Troubleshooting')
    camera.take('about')
    close_dialog(app)


def shoot_preferences(camera, app):
    app.key('ctrl+comma')
    app.wait('Before Installing')
    camera.take('preferences')
    app.click('Programs', 'page tab')
    app.wait('Exceptions for Plugins')
    camera.take('preferences-programs')
    app.click('Storage', 'page tab')
    app.wait('Without Sharing')
    app.act_below('storage.verify')
    app.wait('Snapshots verified, no problems')
    camera.take('preferences-storage')
    app.click('Policy', 'page tab')
    app.wait('Days', 'spin button')
    close_dialog(app)
    run('plugrb', 'policy', 'set', 'max-snapshots=50', 'auto-rollback-on-failure=no', '--plugin', SAMPLE)
    app.act(app.find(role='frame'), 'win.plugin-policy')
    app.wait('Use Common Setting', 'button')
    camera.take('preferences-plugin')
    close_dialog(app)
    run('plugrb', 'policy', 'reset', '--all', '--plugin', SAMPLE)


def shoot_delete(camera, app):
    app.act(app.wait(starts='Version 1, Manual', role='list item'), 'snapshot.delete')
    app.wait('Snapshot deleted')
    camera.take('deleted')
    app.key('ctrl+z')
    app.wait_gone('Snapshot deleted')


@contextlib.contextmanager
def held(path):
    """Work that needs the lock of this folder or file waits meanwhile, for three seconds at most."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def shoot_big(camera, app):
    """Work that takes long enough to be seen."""
    app.app_action('open-plugin', f"'gnome-shell/{BIG}'")
    lock = STORE / 'snapshots' / 'gnome-shell' / BIG / '.lock'
    lock.parent.mkdir(parents=True, mode=0o700)
    lock.touch(mode=0o600)
    with held(lock):
        app.click('Take Snapshot')
        app.wait('1 task running')
        app.key('ctrl+j')
        app.wait('Tasks', 'list')
        camera.number += 1
        camera.one('jobs', settle=0.1)
    app.wait('Snapshot of Weather Forecast taken', timeout=60)
    install(BIG, 'Weather Forecast', 2, files=20000)
    app.key('F5')
    app.wait('Version 2 · Enabled · Health unknown')
    for size, name in ((WIDE, 'wide'), (NARROW, 'narrow')):
        camera.size(size)
        app.click('Roll Back…')
        app.wait('Version 2 → 1')
        app.click('Roll Back')
        app.wait('Steps', 'list')
        camera.number += size == WIDE
        camera.one('running', size, settle=0.5)
        app.wait('Weather Forecast rolled back to version 1', timeout=60)
        app.key('ctrl+z')
        app.wait('Roll back undone', timeout=60)
    camera.size(WIDE)
    shoot_closed(camera, app)


def start_and_close(app):
    """The dialog is closed while the work goes on."""
    app.click('Roll Back')
    app.wait('Steps', 'list')
    app.key('Escape')
    app.wait('Rolling back continues')


def open_preview(app):
    app.dismiss_toasts()
    app.click('Roll Back…')
    app.wait('Version 2 → 1')


def shoot_closed(camera, app):
    open_preview(app)
    with held(EXTENSIONS):
        start_and_close(app)
        camera.number += 1
        camera.one('continues', settle=0.1)
    app.wait('Weather Forecast rolled back to version 1', timeout=60)
    app.key('ctrl+z')
    app.wait('Roll back undone', timeout=60)
    open_preview(app)
    with held(EXTENSIONS):
        start_and_close(app)
        app.key('ctrl+w')
        app.wait(starts='Stop ')
        camera.number += 1
        camera.one('stop', settle=0.1)
    app.click('Cancel')
    app.wait('Weather Forecast rolled back to version 1', timeout=60)


def shoot_failure(camera, app):
    """The content of a snapshot is damaged, which shows only while it is unpacked."""
    install(BIG, 'Weather Forecast', 3, files=10)
    app.app_action('open-plugin', f"'gnome-shell/{BIG}'")
    app.key('F5')
    app.wait('Version 3 · Enabled · Health unknown')
    app.click('Roll Back…', below=app.wait('Snapshots', 'list'))
    app.wait('Roll Back')
    archives = {path: path.read_bytes() for path in (STORE / 'archives').rglob('*.tar.zst')}
    for path, content in archives.items():
        middle = len(content) // 2
        path.write_bytes(content[:middle] + bytes(64) + content[middle + 64:])
    app.click('Roll Back')
    app.wait('Nothing was changed.', timeout=60)
    camera.take('failed')
    for path, content in archives.items():
        path.write_bytes(content)
    close_dialog(app)


def shoot_panel(camera, app):
    """All snapshots: the list, its filters, the search and the selection."""
    for name in ('workspace-names@example.org', 'night-slider@example.org'):
        run('plugrb', 'snapshot', name)
    run('plugrb', 'snapshot', SAMPLE, '--label', 'Slides are done')
    app.key('F5', 'alt+1')
    app.wait(starts='Workspace Names 12', role='list item')
    app.dismiss_toasts()
    camera.take('panel')
    app.click('Filter', 'toggle button')
    app.wait('Pinned or labeled only')
    app.key('Tab', 'space')
    camera.one('panel-filter-popover')
    app.key('Escape')
    app.wait('Clear')
    camera.take('panel-filtered')
    app.click('Clear')
    app.key('ctrl+f')
    app.type('zzz')
    app.wait('No Snapshots Found')
    camera.take('panel-no-hit')
    app.click('Clear Filters')
    app.click('Select Snapshots', 'toggle button')
    app.wait('Cancel', 'button')
    app.key('Down', 'space', 'Down', 'space')
    app.wait('2 Selected')
    camera.take('panel-selecting')
    app.click('Roll Back…')
    app.wait('All of them or none.')
    camera.take('batch')
    app.click('Cancel', below=app.wait(starts='Roll Back ', role='dialog'))
    time.sleep(0.5)
    app.key('Escape')
    app.key('ctrl+shift+b')
    app.wait('Points in time', 'list')
    camera.take('moments')
    app.key('Escape')
    time.sleep(0.5)
    app.act(app.find(role='frame'), 'win.clean-up')
    app.wait('Nothing to Clean Up')
    camera.take('clean-up-nothing')
    close_dialog(app)


def shoot_compare(camera, app):
    """A comparison, the text of a file, one that is no text, and all that is known of a snapshot."""
    app.app_action('open-plugin', f"'gnome-shell/{SAMPLE}'")
    code = [f'function step{number}() {{ return {number}; }}' for number in range(40)]
    script = EXTENSIONS / SAMPLE / 'extension.js'
    script.write_text('\n'.join(code) + '\n')
    (EXTENSIONS / SAMPLE / 'icon.png').write_bytes(bytes(1200))
    run('plugrb', 'snapshot', SAMPLE, '--label', 'Before the rewrite', '--note', 'Works with two clocks')
    code[3:5] = ['function third() {', '  // A line that is so long that it does not fit and goes on in the next: '
                 + 'colors, ' * 12, '}']
    script.write_text('\n'.join(code))
    (EXTENSIONS / SAMPLE / 'icon.png').write_bytes(bytes(900))
    for number in range(12):
        (EXTENSIONS / SAMPLE / f'color-{number}.js').write_text(f'export default {number};\n')
    app.key('F5')
    app.wait(starts='“Before the rewrite”', role='list item')
    app.act(app.find(role='frame'), 'win.compare-latest')
    app.wait(starts='extension.js, Changed', role='list item')
    app.dismiss_toasts()
    camera.take('compare')
    app.key('End', 'Up', 'Return')
    app.wait(starts='Added, line')
    camera.take('text-diff')
    app.act(app.find(role='frame'), 'win.back')
    time.sleep(0.5)
    app.key('Down', 'Return')
    app.wait('Binary File')
    camera.take('binary-diff')
    app.act(app.find(role='frame'), 'win.back')
    app.act(app.find(role='frame'), 'win.back')


def shoot_install(camera, app):
    """What is asked of a package, what is refused, and what failed."""
    source = Path.home() / 'package'
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir()

    def pack(file_name, **manifest):
        (source / 'metadata.json').write_text(json.dumps(
            {'uuid': SAMPLE, 'name': 'Clock Colors', 'version': 9, 'shell-version': ['48'], 'description': ''} | manifest))
        (source / 'extension.js').write_text('// packed')
        package = Path.home() / file_name
        run('tar', '-C', source, '-czf', package, 'metadata.json', 'extension.js')
        return package

    def show(name, package, *text, **starts):
        app.app_action('install', f"'{package}'")
        app.wait(*text, **starts)
        camera.take(name)
        close_dialog(app)

    app.app_action('open-plugin', f"'gnome-shell/{SAMPLE}'")
    show('install-update', pack('clock-colors-9.tar.gz'), 'Install Clock Colors?')
    show('install-new', pack('moon-phase.tar.gz', uuid='moon@example.org', name='Moon Phase', version=1), 'Install Moon Phase?')
    (source / 'notes').mkdir()
    (source / 'notes' / 'read-me.txt').write_text('nothing')
    show('install-choose', source / 'notes', 'Which Program Is It For?')
    package = Path.home() / 'broken.tar.gz'
    package.write_bytes(b'nothing of the kind')
    show('install-refused', package, starts='Cannot Install')
    app.app_action('install', f"'{pack('clock-colors-9.tar.gz')}'")
    app.wait('Install Clock Colors?')
    app.click('Update')
    app.wait(starts='Clock Colors 9 installed')
    camera.take('installed')
    app.key('ctrl+z')
    app.wait('Installation undone')


def shoot_broken(camera, app):
    (EXTENSIONS / 'night-slider@example.org' / 'metadata.json').write_text('{')
    shutil.rmtree(EXTENSIONS / SAMPLE)
    app.key('F5')
    app.app_action('open-plugin', "'gnome-shell/night-slider@example.org'")
    app.wait('The folder of this plugin cannot be read')
    camera.take('broken')
    app.click('Show Details')
    time.sleep(0.5)
    camera.take('details')
    close_dialog(app)
    app.app_action('open-plugin', f"'gnome-shell/{SAMPLE}'")
    app.wait('Uninstalled', 'label')
    camera.take('uninstalled')


def open_demo(app, scenario='Success'):
    """Anew for each scenario: keys no longer reach a dialog that was narrow."""
    app.app_action('demo')
    choice = app.wait(scenario, 'radio button')
    for _ in range(20):
        time.sleep(0.4)
        if has_state(choice, 'CHECKED'):
            return
        app.key('Down', 'space')
    raise AssertionError(f'{scenario} cannot be chosen')


def shoot_demo(camera, app):
    open_demo(app)
    camera.take('demo')
    close_dialog(app)
    for scenario, name, result in (('Success', 'success', 'Version 2.0 installed'), ('Health check fails', 'health', 'Exactly as before'),
                                   ('Killed in the middle', 'kill', 'Recovered: exactly as before')):
        open_demo(app, scenario)
        app.click('Run')
        app.wait(result, timeout=30)
        camera.take(f'demo-{name}')
        app.click('Compare')
        app.wait('Before and After')
        camera.take(f'demo-{name}-compare')
        close_dialog(app)
        close_dialog(app)
    open_demo(app, 'Health check fails')
    # The row has that name and role, too, and cannot be pressed.
    app.press([node for node, _ in walk(app.root) if node.get_name() == 'Roll Back Automatically' and
               node.get_role_name() == 'check box' and node.is_action()][-1])
    app.click('Run')
    app.wait('Version 2.0 stays, broken', timeout=30)
    camera.take('demo-broken')
    close_dialog(app)


def shoot_shortcuts(camera, app):
    app.key('ctrl+question')
    camera.number += 1
    time.sleep(0.5)
    camera.one('shortcuts')


def main():
    parts = sys.argv[2:]
    for scheme in SCHEMES:
        camera = Camera(scheme)
        reset()
        for part in (shoot_empty, shoot_store_errors, shoot_welcome):
            if not parts or part.__name__ in parts:
                part(camera)
        install_all()
        with camera.start() as app:
            for part in (shoot_pages, shoot_rollback, shoot_history, shoot_warnings, shoot_menus, shoot_preferences, shoot_delete,
                         shoot_big, shoot_panel, shoot_compare, shoot_install, shoot_failure, shoot_broken, shoot_demo,
                         shoot_shortcuts):
                if parts and part.__name__ not in parts:
                    continue
                try:
                    part(camera, app)
                except AssertionError:
                    camera.one('unexpected')
                    raise
                print(f'screenshots: {part.__name__} {scheme}', flush=True)


main()
