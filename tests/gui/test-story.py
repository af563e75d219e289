# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job on a real plugin, through the window, as somebody does it who cannot see the screen.

test-story.py FOLDER: the old version is installed with settings; Take Snapshot; an update arrives and migrates the
settings; Roll Back… shows what will change; Roll Back brings the old version back to the last byte; Undo the new one.
The picture of the window lies in FOLDER afterwards. Runs in tests/tools/gui-session.sh.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from driver import App, poll

PLUGIN, OLD, NEW = 'caffeine@patapon.info', '37', '44'
SETTINGS = '/org/gnome/shell/extensions/caffeine/'
DATA = Path(os.environ['XDG_DATA_HOME'])
EXTENSIONS = DATA / 'gnome-shell' / 'extensions'

# Everything that a rollback may change, by programs that are not ours.
PICTURE = r'''cd "$1" && find . -mindepth 2 \( -type d -printf '%y %m %T@ %p\n' -o -printf '%y %m %s %T@ %p %l\n' \) |
LC_ALL=C sort; find . -type f -exec sha256sum {} + | LC_ALL=C sort -k 2; dconf dump /org/gnome/shell/'''


def run(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def picture():
    return run('bash', '-c', PICTURE, 'picture', str(EXTENSIONS))


def install(plugins, version):
    shutil.rmtree(EXTENSIONS / PLUGIN, ignore_errors=True)
    EXTENSIONS.mkdir(parents=True, exist_ok=True)
    run('cp', '-a', '--no-preserve=ownership', str(plugins / PLUGIN / version), str(EXTENSIONS / PLUGIN))


def set_setting(key, value):
    run(*(['dconf', 'reset', SETTINGS + key] if value is None else ['dconf', 'write', SETTINGS + key, value]))


def wait_picture(expected, what):
    poll(what, lambda: picture() == expected, 10)


def story(app, plugins, folder):
    app.wait(starts='Caffeine, version 37')
    old = picture()

    app.click('Take Snapshot')
    app.wait('Snapshot of Caffeine taken')
    app.wait(starts='Version 37, Manual', role='list item')

    # The shell updates the plugin, whose new version writes its settings in another form.
    install(plugins, NEW)
    set_setting('show-indicator', "'never'")
    set_setting('restore-state', None)
    set_setting('countdown-timer', '30')
    new = picture()
    assert new != old
    app.key('F5')
    app.wait(starts='Caffeine, version 44')

    app.click('Roll Back…')
    app.wait('Version 44 → 37')
    app.wait(starts='extension.js, Changed')
    app.click('Settings', role='radio button')
    app.wait('show-indicator, never → Off')
    app.shoot(folder / 'story-preview.png', 960, 640)
    app.click('Everything', role='radio button')
    app.click('Roll Back')
    app.wait('Caffeine rolled back to version 37')
    wait_picture(old, 'files and settings of version 37, to the last byte')
    app.wait(starts='Caffeine, version 37')
    app.wait(starts='Version 37, Manual', role='list item')
    app.shoot(folder / 'story.png', 960, 640)

    app.click('Undo', below=app.wait('Caffeine rolled back to version 37').get_parent().get_parent())
    app.wait('Roll back undone')
    wait_picture(new, 'files and settings of version 44, to the last byte')
    app.wait(starts='Caffeine, version 44')
    panel_story(app)


def panel_story(app):
    """All snapshots: searched, filtered, selected by the keyboard, deleted and brought back."""
    app.key('alt+1')
    app.wait(starts='Caffeine 37, Manual, Today', role='list item')
    app.wait(starts='Caffeine 44, Before rollback, Today', role='list item')
    app.key('ctrl+f')
    app.type('37')
    app.wait_gone_starting('Caffeine 44, ')
    app.key('Return')
    app.wait(starts='Caffeine 37, Manual, Today', role='list item')
    app.key('ctrl+a')
    app.wait(starts='1 Selected')
    app.key('Delete')
    app.wait('Snapshot deleted')
    app.wait('No Snapshots Found')
    app.key('Escape', 'Escape', 'ctrl+z')
    app.wait(starts='Caffeine 37, Manual, Today', role='list item')


def main():
    plugins = Path(os.environ.get('PLUGRB_TEST_PLUGINS', '/nonexistent'))
    if not (plugins / PLUGIN).is_dir():
        print('PLUGRB_TEST_PLUGINS names no folder of downloaded plugins')
        return 1 if os.environ.get('CI') == 'true' else 77

    install(plugins, OLD)
    run('dconf', 'write', '/org/gnome/shell/enabled-extensions', f"['first@example.org', '{PLUGIN}']")
    set_setting('show-indicator', 'false')
    set_setting('restore-state', 'true')
    with App('gnome-shell/' + PLUGIN) as app:
        story(app, plugins, Path(sys.argv[1]))
    return 0


sys.exit(main())
