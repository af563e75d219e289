# SPDX-License-Identifier: GPL-3.0-or-later
"""plugrb inside Flatpak works on what is the user's, not the sandbox': plugins, settings, snapshots. What it cannot see
from there it says."""

import json

import harness
import sandbox
from harness import (DATA, ENABLED, EXTENSIONS, KEY, SAMPLE, SETTINGS, assert_same, install_sample, install_two, look_at_world, must,
                     plugrb, plugrb_json, set_settings, write)
from sandbox import HOME

COPY = '''<schemalist><schema id="org.gnome.desktop.interface" path="/org/gnome/desktop/interface/">
<key name="clock-format" type="s"><default>''</default></key>
</schema></schemalist>
'''
LINK = HOME / '.var/app' / sandbox.ID / 'config/dconf'


def test_main_job():
    with sandbox.Sandbox() as env:
        install_sample(1)
        set_settings({ENABLED: f"['{SAMPLE}']", SETTINGS + 'title': "'old'"})
        before = look_at_world()
        snapshot = plugrb_json('snapshot-result', 'snapshot', KEY, env=env)['created'][0]
        install_sample(2)
        set_settings({SETTINGS + 'title': "'new'"})
        after = look_at_world()
        plugrb('rollback', KEY, '--yes', env=env)
        assert_same(look_at_world(), before, 'the rollback')
        # Outside, the same is seen.
        assert [item['id'] for item in plugrb_json('snapshots', 'snapshots', KEY) if item['reason'] == 'manual'] == [snapshot['id']]
        plugrb('undo', '--yes')
        assert_same(look_at_world(), after, 'the undo outside')


def test_settings_out_of_reach():
    """Whoever packages libdconf as its authors do has it look in the sandbox: nothing is taken for not set."""
    snapshot = install_two()
    with sandbox.Sandbox() as env:
        LINK.unlink(missing_ok=True)
        write(LINK / 'user', 'of somebody else')
        with harness.Unchanged():
            assert str(LINK) in plugrb('snapshot', KEY, status=1, env=env).err
            assert str(LINK) in plugrb('rollback', snapshot['id'], '--yes', status=1, env=env).err
        (LINK / 'user').unlink()
        # An empty folder is in nobody's way.
        plugrb('rollback', snapshot['id'], '--yes', env=env)
        assert LINK.is_symlink()
        assert must('dconf', 'read', SETTINGS + 'title').strip() == "'old'"


def test_settings_of_the_system():
    """An extension that ships a copy of a schema of the system's does not own its settings."""
    clock = '/org/gnome/desktop/interface/clock-format'
    install_sample(1)
    schemas = EXTENSIONS / SAMPLE / 'schemas'
    write(schemas / 'copy.gschema.xml', COPY)
    must('glib-compile-schemas', schemas)
    set_settings({clock: "'12h'", SETTINGS + 'title': "'old'"})
    with sandbox.Sandbox() as env:
        plugrb('snapshot', KEY, env=env)
        set_settings({clock: "'24h'", SETTINGS + 'title': "'new'"})
        plugrb('rollback', KEY, '--yes', env=env)
    assert must('dconf', 'read', SETTINGS + 'title').strip() == "'old'"
    assert must('dconf', 'read', clock).strip() == "'24h'"


def test_programs_are_not_seen():
    extensions = HOME / '.vscode/extensions'

    def install(version):
        write(extensions / f'maker.tool-{version}/package.json',
              json.dumps({'publisher': 'maker', 'name': 'tool', 'version': version}))
        write(extensions / 'extensions.json', json.dumps([{
            'identifier': {'id': 'maker.tool'}, 'version': version,
            'location': {'$mid': 1, 'path': f'{extensions}/maker.tool-{version}', 'scheme': 'file'},
            'relativeLocation': f'maker.tool-{version}'}]))

    install('1.0.0')
    plugrb('snapshot', 'vscode/maker.tool')
    install('2.0.0')
    assert plugrb_json('plans', 'rollback', 'vscode/maker.tool', '--dry-run')['plans'][0]['warnings'] == []
    with sandbox.Sandbox() as env:
        warnings = plugrb_json('plans', 'rollback', 'vscode/maker.tool', '--dry-run', env=env)['plans'][0]['warnings']
        assert any('cannot be seen from inside Flatpak' in warning for warning in warnings), warnings


def test_demo():
    with sandbox.Sandbox() as env:
        for scenario, verdict in (None, 'installed'), ('health', 'as-before'), ('kill', 'as-before'):
            options = ['--fail', scenario] if scenario else []
            shown = plugrb_json('demo', 'demo', *options, env=env)
            assert shown['verdict'] == verdict, shown


def test_hints_all_the_same():
    """A program that may run is one to start anew."""
    plugin = DATA / 'gedit/plugins'

    def install(version):
        write(plugin / 'tidy.plugin', f'[Plugin]\nLoader=python3\nModule=tidy\nName=Tidy\nVersion={version}\n')
        write(plugin / 'tidy.py', f'# {version}')

    install('1')
    plugrb('snapshot', 'gedit/tidy')
    install('2')
    assert plugrb_json('operation', 'rollback', 'gedit/tidy', '--yes')['hints'] == []
    with sandbox.Sandbox() as env:
        hints = plugrb_json('operation', 'undo', 'gedit/tidy', '--yes', env=env)['hints']
        assert len(hints) == 1 and 'gedit' in hints[0], hints


harness.main(harness.collect(dict(globals())))
