# SPDX-License-Identifier: GPL-3.0-or-later
"""Rolling back a whole program, chosen files, and what is said about it."""

import json
import os
import time

import harness
from harness import (ENABLED, EXTENSIONS, KEY, SAMPLE, STORE, Unchanged, assert_same, fails, install_sample, install_two,
                     look_at_tree, look_at_world, must, plugrb, plugrb_json, set_settings)

OTHERS = ['other@example.org', 'third@example.org']


def install_three(version):
    for plugin in [SAMPLE, *OTHERS]:
        install_sample(version, plugin=plugin)


def look_at_all():
    return {'files': {plugin: look_at_tree(EXTENSIONS / plugin) for plugin in [SAMPLE, *OTHERS]},
            'dconf': must('dconf', 'dump', '/')}


def make_history():
    """Three plugins in version 1 with snapshots, then in version 2. Returns the world of version 1."""
    install_three(1)
    world = look_at_all()
    plugrb('snapshot', '--all')
    install_three(2)
    return world


# ---- a whole program


def test_whole_host():
    old = make_history()
    new = look_at_all()
    plans = plugrb_json('plans', 'rollback', '--host', 'gnome-shell', '--all', '--dry-run')['plans']
    assert sorted(plan['plugin'] for plan in plans) == sorted(f'gnome-shell/{name}' for name in [SAMPLE, *OTHERS]), plans
    done = plugrb_json('operation', 'rollback', '--host', 'gnome-shell', '--all', '--yes')
    assert len(done['changes']) == 3, done
    assert look_at_all() == old
    plugrb('undo')
    assert look_at_all() == new


def test_whole_host_to_a_version():
    old = make_history()
    plugrb('snapshot', '--all')
    install_three(3)
    plugrb('rollback', '--host', 'gnome-shell', '--all', '--to', '1', '--yes')
    assert look_at_all() == old
    fails('rollback', '--host', 'gnome-shell', '--all', '--to', '99', '--yes', names=['99', 'gnome-shell'], code='not-found')


def test_whole_host_to_a_moment():
    """Also a plugin that came later: it has no snapshot from then, and is left as it is."""
    old = make_history()
    stamp = sorted(snapshot['timestamp'] for snapshot in plugrb_json('snapshots', 'snapshots'))[-1]
    time.sleep(1.1)
    install_sample(1, plugin='late@example.org')
    plugrb('snapshot', '--all')
    late = look_at_tree(EXTENSIONS / 'late@example.org')
    done = plugrb_json('operation', 'rollback', '--host', 'gnome-shell', '--all', '--to', stamp, '--yes')
    assert look_at_all()['files'] == old['files']
    assert look_at_tree(EXTENSIONS / 'late@example.org') == late
    assert any('late@example.org' in hint for hint in done['hints']), done
    assert len(done['changes']) == 3, done


def test_whole_host_to_the_moment_of_a_snapshot():
    old = make_history()
    newest = max(snapshot['id'] for snapshot in plugrb_json('snapshots', 'snapshots'))
    plugrb('snapshot', '--all')
    install_three(3)
    plugrb('rollback', '--host', 'gnome-shell', '--all', '--to', newest, '--yes')
    assert look_at_all()['files'] == old['files']


def test_all_or_none():
    """The archive of the last one is damaged: the first two stay as they are."""
    make_history()
    new = look_at_all()
    archives = list((STORE / 'archives' / 'gnome-shell' / OTHERS[-1]).rglob('*.tar.zst'))
    assert len(archives) == 1, archives
    content = bytearray(archives[0].read_bytes())
    for position in range(20, len(content) - 20, 7):
        content[position] ^= 0x55
    archives[0].write_bytes(content)
    result = plugrb('rollback', KEY, *OTHERS, '--to', '1', '--yes', status=1)
    assert result.err.startswith('plugrb: '), result.err
    assert look_at_all() == new
    plugrb('rollback', KEY, OTHERS[0], '--to', '1', '--yes')


def test_usage_of_host():
    install_two()
    with Unchanged():
        fails('rollback', '--all', '--yes', status=2, names=['--host'], code='usage')
        fails('rollback', '--host', 'gnome-shell', '--yes', status=2, names=['--all'], code='usage')
        fails('rollback', '--host', 'gnome-shell', '--all', KEY, '--yes', status=2, code='usage')
        fails('rollback', '--host', 'nothing', '--all', '--yes', names=['nothing'], code='not-found')
        fails('rollback', status=2, code='usage')


# ---- chosen files


def test_path():
    install_two()
    before = look_at_world()
    plans = plugrb_json('plans', 'rollback', KEY, '--path', 'extension.js', '--dry-run')['plans']
    assert [change['path'] for change in plans[0]['files']['changed']] == ['extension.js'], plans
    assert not plans[0]['files']['added'] and not plans[0]['settings']['changed'], plans
    done = plugrb_json('operation', 'rollback', KEY, '--path', 'extension.js', '--yes')
    assert done['changes'][0]['items']['restored'] == 1, done
    assert (EXTENSIONS / SAMPLE / 'extension.js').read_text() == '// version 1\n'
    assert (EXTENSIONS / SAMPLE / 'only-in-2.js').exists()
    assert look_at_world()['dconf'] == before['dconf']
    plugrb('undo')
    assert_same(look_at_world(), before, 'undo of a chosen file')


def test_paths():
    install_two()
    plugrb('rollback', KEY, '--path', 'only-in-1.js', '--path', 'only-in-2.js', '--path', 'schemas', '--yes')
    folder = EXTENSIONS / SAMPLE
    assert (folder / 'only-in-1.js').exists() and not (folder / 'only-in-2.js').exists()
    assert (folder / 'extension.js').read_text() == '// version 2\n'


def test_usage_of_path():
    install_two()
    with Unchanged():
        fails('rollback', KEY, '--path', 'no-such-file', '--yes', names=['no-such-file'], code='not-found')
        fails('rollback', KEY, '--path', '../other', '--yes', names=['../other'], code='not-found')
        fails('rollback', KEY, '--path', 'x', '--only', 'settings', '--yes', status=2, names=['--path'], code='usage')
        fails('rollback', KEY, 'other', '--path', 'x', '--yes', status=2, names=['--path'], code='usage')
        fails('rollback', '--host', 'gnome-shell', '--all', '--path', 'x', status=2, names=['--path'], code='usage')


# ---- the report


def test_report():
    install_two()
    plan = plugrb_json('plans', 'rollback', KEY, '--dry-run')['plans'][0]
    planned = sum(len(plan[part][kind]) for part in ('files', 'settings') for kind in ('added', 'removed', 'changed'))
    done = plugrb_json('operation', 'rollback', KEY, '--yes')
    items = done['changes'][0]['items']
    assert items['restored'] == planned and items['skipped'] == items['failed'] == 0, (items, plan)
    assert done['changes'][0]['exceptions'] == [], done
    history = plugrb_json('history', 'history', KEY)[0]
    assert history['changes'] == done['changes'], history
    text = plugrb('undo').out
    assert f'  {planned} restored, {items["unchanged"]} unchanged\n' in text, text


def test_undo_without_the_safety_copy():
    install_two()
    done = plugrb_json('operation', 'rollback', KEY, '--yes')
    safety = done['changes'][0]['safety-snapshot']
    plugrb('delete', safety, *(['--yes'] if '--yes' in plugrb('delete', '--help').out else []))
    with Unchanged():
        history = plugrb('history').out
        result = plugrb('undo', status=1)
        assert safety in result.err and 'restore-deleted' in result.err and KEY in result.err, result.err
        assert plugrb('history').out == history
    plugrb('restore-deleted', safety)
    plugrb('undo')
    assert (EXTENSIONS / SAMPLE / 'only-in-2.js').exists()


# ---- what is excluded


def check_excluded(env):
    install_sample(1)
    plugrb('snapshot', KEY, env=env)
    install_sample(2)
    data = EXTENSIONS / SAMPLE / 'new' / 'user.db'
    harness.write(data, 'mine')
    before = look_at_world()
    assert 'user.db' not in json.dumps(plugrb_json('plans', 'rollback', KEY, '--dry-run', env=env))
    plugrb('rollback', KEY, '--yes', env=env)
    assert data.read_text() == 'mine' and not (EXTENSIONS / SAMPLE / 'only-in-2.js').exists()
    plugrb('undo', env=env)
    assert_same(look_at_world(), before, 'undo with an excluded file')


def test_excluded_by_the_program():
    text = open(os.path.join(os.environ['PLUGRB_HOSTS_DIR'], 'gnome-shell.host'), encoding='utf-8').read()
    hosts = harness.DATA / 'hosts'
    harness.write(hosts / 'gnome-shell.host', text + '\n[Exclude]\nGlobs=*.db;\n')
    check_excluded(dict(os.environ, PLUGRB_HOSTS_DIR=str(hosts)))


def test_excluded_by_the_user():
    plugrb('list')
    harness.write(STORE / 'policy.ini', "[io/github/plugrb/PluginRollback/policy]\nexclude=['*.log', '*.db']\n")
    check_excluded(None)


def test_excluded_folder_by_the_user():
    plugrb('list')
    harness.write(STORE / 'policy.ini', "[io/github/plugrb/PluginRollback/policy]\nexclude=['new/**']\n")
    check_excluded(None)


# ---- without a way to exchange folders


def test_without_exchange():
    env = dict(os.environ, PLUGRB_AVOID_EXCHANGE='1')
    set_settings({ENABLED: '@as []'})
    old = make_history()
    new = look_at_all()
    plugrb('rollback', '--host', 'gnome-shell', '--all', '--yes', env=env)
    assert look_at_all()['files'] == old['files']
    plugrb('undo', env=env)
    assert look_at_all() == new


if __name__ == '__main__':
    harness.main(harness.collect(dict(globals())))
