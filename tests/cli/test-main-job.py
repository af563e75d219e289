# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job on real plugins: snapshot, update, roll back, undo, redo, through plugrb."""

import os
import re
import shutil
from pathlib import Path

import harness
from harness import EXTENSIONS, assert_same, look_at_world, must, plugrb, plugrb_json, set_settings

SHELL = '/org/gnome/shell/'
OWN = SHELL + 'extensions/'

# What a user and the old version wrote, then what the new version makes of it; None: not set.
SETTINGS = {
    ('caffeine@patapon.info', '37', '44'): (
        {OWN + 'caffeine/show-indicator': 'false', OWN + 'caffeine/restore-state': 'true'},
        {OWN + 'caffeine/show-indicator': "'never'", OWN + 'caffeine/restore-state': None,
         OWN + 'caffeine/countdown-timer': '30', OWN + 'caffeine/toggle-shortcut': "['<Super>c']"}),
    ('caffeine@patapon.info', '44', '55'): (
        {OWN + 'caffeine/show-indicator': "'always'"},
        {OWN + 'caffeine/show-indicator': "'only-active'", OWN + 'caffeine/cli-toggle': 'true'}),
    ('dash-to-dock@micxgx.gmail.com', '69', '75'): (
        {OWN + 'dash-to-dock/dock-position': "'LEFT'", OWN + 'dash-to-dock/background-opacity': '0.5'},
        {OWN + 'dash-to-dock/dock-position': "'RIGHT'", OWN + 'dash-to-dock/multi-monitor': 'true'}),
    ('dash-to-dock@micxgx.gmail.com', '75', '100'): (
        {OWN + 'dash-to-dock/dock-position': "'TOP'"},
        {OWN + 'dash-to-dock/dock-position': None}),
    ('impatience@gfxmonk.net', '0.4.8', '0.5.2'): (
        {OWN + 'net/gfxmonk/impatience/speed-factor': '0.25'},
        {OWN + 'net/gfxmonk/impatience/speed-factor': '1.5'}),
    ('ubuntu-appindicators@ubuntu.com', '34', '46'): (
        {},
        {OWN + 'appindicator/icon-size': '24', OWN + 'appindicator/icon-opacity': '200'}),
    ('ubuntu-appindicators@ubuntu.com', '46', '59'): (
        {OWN + 'appindicator/icon-size': '24'},
        {OWN + 'appindicator/icon-size': '16', OWN + 'appindicator/tray-pos': "'left'"}),
}


def by_version(name):
    return [int(number) for number in re.findall(r'\d+', name)]


def list_pairs(folder):
    """Each version of each plugin with its next one."""
    for plugin in sorted(os.listdir(folder)):
        if '@' not in plugin:
            continue
        versions = sorted(os.listdir(folder / plugin), key=by_version)
        for old, new in zip(versions, versions[1:]):
            yield plugin, old, new


def install(folder, plugin, version):
    target = EXTENSIONS / plugin
    if target.exists():
        shutil.rmtree(target)
    must('cp', '-a', '--no-preserve=ownership', folder / plugin / version, target)


def do_job(folder, plugin, old, new):
    old_settings, new_settings = SETTINGS.get((plugin, old, new), ({}, {}))
    key = f'gnome-shell/{plugin}'

    install(folder, plugin, old)
    set_settings({SHELL + 'enabled-extensions': f"['first@x', '{plugin}', 'last@x']", **old_settings})
    before = look_at_world(plugin)
    snapshot = plugrb_json('snapshot-result', 'snapshot', plugin)['created'][0]
    assert_same(look_at_world(plugin), before, 'taking a snapshot changed something')
    assert plugrb_json('snapshot-result', 'snapshot', key)['unchanged'] == [{'plugin': key, 'snapshot': snapshot['id']}]

    install(folder, plugin, new)
    set_settings({SHELL + 'enabled-extensions': "['first@x', 'last@x']", **new_settings})
    after = look_at_world(plugin)
    assert after['files'] != before['files'], 'the versions do not differ'

    plan = plugrb_json('plans', 'rollback', plugin, '--dry-run')['plans'][0]
    assert plan['to'] == snapshot['id'] and plan['files']['changed'], plan
    plugrb_json('plans', 'diff', plugin)
    assert_same(look_at_world(plugin), after, 'a preview changed something')

    done = plugrb_json('operation', 'rollback', plugin, '--yes')
    assert done['status'] == 'completed' and done['changes'][0]['target'] == snapshot['id'], done
    assert_same(look_at_world(plugin), before, 'the rollback did not bring back the old version exactly')

    again = plugrb_json('operation', 'rollback', plugin, '--yes')
    assert again['operation'] is None and again['changes'] == [], again

    undone = plugrb_json('operation', 'undo', '--yes')
    assert undone['status'] == 'completed', undone
    assert_same(look_at_world(plugin), after, 'undo did not bring back the new version exactly')

    plugrb('undo', plugin)
    assert_same(look_at_world(plugin), before, 'undoing the undo did not bring back the old version exactly')

    kinds = [operation['kind'] for operation in plugrb_json('history', 'history', plugin)]
    assert kinds == ['undo', 'undo', 'rollback', 'snapshot'], kinds


def main():
    try:
        folder = Path(harness.required('PLUGRB_TEST_PLUGINS', 'the real plugins were not downloaded'))
    except harness.Skip as reason:
        print(f'1..0 # SKIP {reason}')
        return
    pairs = list(list_pairs(folder))
    assert pairs, f'{folder} has no plugins'
    harness.main([(f'{plugin} {old} {new}', lambda pair=(plugin, old, new): do_job(folder, *pair))
                  for plugin, old, new in pairs])


main()
