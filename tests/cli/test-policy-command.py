# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user wants: plugrb policy, and that everything follows it at once."""

import os
import pty
import select
import shutil
import subprocess
import time

import harness
from harness import EXTENSIONS, KEY, SAMPLE, STORE, fails, install_sample, install_two, plugrb, plugrb_json

GROUP = 'io/github/plugrb/PluginRollback/policy'
OTHER = 'other@example.org'
SETTINGS = {
    'auto-snapshot-on-install': True, 'auto-snapshot-on-update': True, 'auto-snapshot-on-uninstall': True,
    'auto-rollback-on-failure': True, 'require-confirmation': True, 'max-snapshots': 10, 'retention-days': 30,
    'max-snapshot-size': 2147483648, 'exclude': [],
}


def policy(*arguments, **keywords):
    return plugrb_json('policy', 'policy', *arguments, **keywords)


def values(*arguments):
    return {setting['name']: setting['value'] for setting in policy('list', *arguments)['settings']}


def sources(*arguments):
    return {setting['name']: setting['source'] for setting in policy('list', *arguments)['settings']}


def take(versions, plugin=SAMPLE):
    for version in versions:
        install_sample(version, plugin=plugin)
        plugrb('snapshot', plugin)


def count():
    return len(plugrb_json('snapshots', 'snapshots'))


def read():
    path = STORE / 'policy.ini'
    return path.read_text() if path.exists() else None


def answer(text, *arguments):
    """Runs plugrb at a terminal and answers its question."""
    parent, child = pty.openpty()
    process = subprocess.Popen(['plugrb', *arguments], stdin=child, stdout=child, stderr=child,
                               start_new_session=True)
    os.close(child)
    seen, answered, end = b'', False, time.monotonic() + 60
    while time.monotonic() < end:
        if not select.select([parent], [], [], 1)[0]:
            continue
        try:
            piece = os.read(parent, 4096)
        except OSError:
            break
        if not piece:
            break
        seen += piece
        if not answered and b'[y/N]' in seen:
            os.write(parent, text.encode() + b'\n')
            answered = True
    os.close(parent)
    return process.wait(60), seen.decode()


# ---- showing


def test_defaults():
    assert values() == SETTINGS, values()
    assert set(sources().values()) == {'default'}
    assert not STORE.exists(), 'looking made a store'
    assert policy()['settings'] == policy('list')['settings']
    out = plugrb('policy').out
    assert all(name in out for name in SETTINGS) and '2.1' in out, out


def test_get():
    assert plugrb('policy', 'get', 'max-snapshots').out == '10\n'
    assert plugrb('policy', 'get', 'max-snapshot-size').out == '2147483648\n'
    assert plugrb('policy', 'get', 'require-confirmation').out == 'true\n'
    assert plugrb('policy', 'get', 'exclude').out == '\n'
    assert policy('get', 'retention-days')['settings'] == [
        {'name': 'retention-days', 'value': 30, 'source': 'default', 'default': 30, 'min': 1, 'max': 3650}]


# ---- changing


def test_set_and_reset():
    for name, text, value in [('max-snapshots', '25', 25), ('retention-days', '365', 365),
                              ('max-snapshot-size', '1.5GB', 1500000000), ('require-confirmation', 'off', False),
                              ('auto-snapshot-on-update', 'no', False), ('exclude', '*.log, cache', ['*.log', 'cache'])]:
        result = policy('set', f'{name}={text}')
        assert [(item['name'], item['value'], item['source']) for item in result['settings']] == [(name, value, 'all')]
        assert values() == {**SETTINGS, name: value}
        assert plugrb('policy', 'get', name).out.strip() == plugrb('policy', 'reset', name).out.split('=')[1].strip() \
            or values()[name] == SETTINGS[name]
        assert values() == SETTINGS, values()
    assert plugrb('policy', 'set', 'max-snapshots', '12').out == 'max-snapshots=12\n'
    plugrb('policy', 'set', 'max-snapshots=13', 'retention-days=14')
    assert values()['max-snapshots'] == 13 and values()['retention-days'] == 14
    assert GROUP in read() and 'max-snapshots=13' in read()
    plugrb('policy', 'reset', '--all')
    assert values() == SETTINGS and GROUP not in read()


def test_all_or_none():
    plugrb('policy', 'set', 'max-snapshots=13')
    fails('policy', 'set', 'max-snapshots=14', 'retention-days=0', status=2, code='usage')
    assert values()['max-snapshots'] == 13


def test_refused():
    for arguments, names in [
            (['set', 'max-snapshots=1001'], ['max-snapshots', '1001', '1 to 1000']),
            (['set', 'max-snapshots=0'], ['1 to 1000']),
            (['set', 'retention-days=ten'], ['ten', '1 to 3650']),
            (['set', 'max-snapshot-size=5 apples'], ['5 apples', '100.0']),
            (['set', 'max-snapshot-size=101GB'], ['101000000000', '100.0']),
            (['set', 'require-confirmation=perhaps'], ['perhaps', 'true or false']),
            (['set', 'max-snapshot=5'], ['max-snapshots']),
            (['set', 'colour=5'], ['colour', 'plugrb policy']),
            (['set'], ['KEY=VALUE']), (['set', 'max-snapshots'], ['KEY=VALUE']),
            (['set', 'max-snapshots=5', '--all'], ['reset']),
            (['get'], ['one setting']), (['get', 'nothing'], ['nothing']),
            (['get', 'max-snapshots', 'retention-days'], ['one setting']),
            (['reset'], ['--all']), (['reset', '--all', 'max-snapshots'], ['--all']), (['reset', 'nothing'], ['nothing']),
            (['list', 'x'], ['list']), (['lost'], ['lost', 'reset']), (['list', '--yes'], ['--yes']),
            (['--host', 'a', '--plugin', 'b'], ['--host', '--plugin'])]:
        fails('policy', *arguments, status=2, names=names, code='usage')
    assert read() is None
    fails('policy', '--host', 'nobody', names=['nobody'], code='not-found')
    fails('policy', '--plugin', 'gnome-shell/nobody@x', names=['nobody@x'], code='not-found')
    fails('policy', 'set', 'max-snapshots=5', '--host', KEY, names=[KEY], code='not-found')


def test_precedence():
    install_sample(1)
    install_sample(1, plugin=OTHER)
    plugrb('policy', 'set', 'max-snapshots=20', 'retention-days=40', 'exclude=a')
    plugrb('policy', 'set', 'max-snapshots=21', 'retention-days=41', '--host', 'gnome-shell')
    result = policy('set', 'max-snapshots=22', '--plugin', SAMPLE)
    assert result['scope'] == KEY and result['settings'][0]['source'] == 'plugin', result
    assert result['overrides'] == ['gnome-shell', KEY]

    seen = values('--plugin', KEY)
    assert (seen['max-snapshots'], seen['retention-days'], seen['exclude']) == (22, 41, ['a']), seen
    why = sources('--plugin', KEY)
    assert (why['max-snapshots'], why['retention-days'], why['exclude'], why['max-snapshot-size']) == \
        ('plugin', 'host', 'all', 'default'), why
    assert values('--plugin', OTHER)['max-snapshots'] == 21
    assert values('--host', 'gnome-shell')['max-snapshots'] == 21
    assert values()['max-snapshots'] == 20
    assert KEY in plugrb('policy').out

    plugrb('policy', 'reset', 'max-snapshots', '--plugin', KEY)
    assert values('--plugin', KEY)['max-snapshots'] == 21
    plugrb('policy', 'reset', '--all', '--host', 'gnome-shell')
    assert values('--plugin', KEY)['max-snapshots'] == 20
    assert policy()['overrides'] == []


def test_plugin_that_is_gone():
    install_sample(1)
    plugrb('policy', 'set', 'max-snapshots=22', '--plugin', KEY)
    shutil.rmtree(EXTENSIONS / SAMPLE)
    assert values('--plugin', KEY)['max-snapshots'] == 22
    plugrb('policy', 'reset', '--all', '--plugin', KEY)
    fails('policy', '--plugin', KEY, code='not-found')


def test_bad_file():
    install_sample(1)
    plugrb('snapshot', KEY)
    harness.write(STORE / 'policy.ini', f'[{GROUP}]\nmax-snapshots=0\nretention-days=50\n')
    # Elsewhere in the tests a warning is fatal.
    result = plugrb('policy', 'get', 'max-snapshots', env={**os.environ, 'G_DEBUG': ''})
    assert result.out == '10\n' and result.err.count('max-snapshots=0') == 1, result
    result = plugrb('policy', 'get', 'retention-days', env={**os.environ, 'G_DEBUG': ''})
    assert result.out == '50\n'
    harness.write(STORE / 'policy.ini', 'max-snapshots=5\n')
    for arguments in (['list'], ['set', 'max-snapshots=6'], ['reset', '--all', '--yes']):
        fails('policy', *arguments, names=['policy.ini'], code='corrupt')
    assert read() == 'max-snapshots=5\n'


def test_hand_written_stays():
    harness.write(STORE / 'policy.ini', f'# mine\n[{GROUP}]\n# many\nmax-snapshots=50\nnew-key=1\n')
    plugrb('policy', 'set', 'retention-days=31')
    for line in ('# mine', '# many', 'max-snapshots=50', 'new-key=1', 'retention-days=31'):
        assert line in read().splitlines(), read()


def test_writers_at_once():
    install_sample(1)
    plugrb('snapshot', KEY)
    wishes = [f'{name}={value}' for name, value in [
        ('max-snapshots', 11), ('retention-days', 31), ('max-snapshot-size', 5), ('require-confirmation', 'no'),
        ('auto-snapshot-on-install', 'no'), ('auto-snapshot-on-update', 'no'), ('auto-rollback-on-failure', 'no')]]
    writers = [subprocess.Popen(['plugrb', 'policy', 'set', wish], stdout=subprocess.DEVNULL) for wish in wishes]
    assert [writer.wait(60) for writer in writers] == [0] * len(wishes)
    assert values() == {**SETTINGS, 'max-snapshots': 11, 'retention-days': 31, 'max-snapshot-size': 5,
                        'require-confirmation': False, 'auto-snapshot-on-install': False,
                        'auto-snapshot-on-update': False, 'auto-rollback-on-failure': False}


def test_audited():
    plugrb('policy', 'set', 'max-snapshots=12')
    log = plugrb_json('log', 'log', '--verify')
    assert [(line['act'], line['subject']) for line in log['entries']] == [('policy', 'max-snapshots=12')], log


# ---- what would go


def test_says_how_many_go():
    take([1, 2, 3, 4, 5, 6])
    take([1, 2, 3], plugin=OTHER)
    error = fails('policy', 'set', 'max-snapshots=1', status=3, code='needs-user', names=['--yes'])
    assert values()['max-snapshots'] == 10 and count() == 9
    dry = policy('set', 'max-snapshots=1', '--dry-run')
    n = dry['snapshots-to-go']
    assert n > 0 and dry['bytes-to-go'] > 0 and str(n) in error['message'], (dry, error)
    assert dry['settings'][0]['value'] == 10
    assert policy('set', 'max-snapshots=1', '--dry-run', '--plugin', OTHER)['snapshots-to-go'] < n
    assert policy('set', 'max-snapshots=1', '--dry-run', '--host', 'gnome-shell')['snapshots-to-go'] == n

    done = policy('set', 'max-snapshots=1', '--yes')
    assert done['snapshots-to-go'] == n and count() == 9, done
    assert len(plugrb_json('prune', 'prune')['deleted']) == n
    assert count() == 9 - n


def test_reset_asks_too():
    plugrb('policy', 'set', 'max-snapshots=50')
    take(range(1, 15))
    fails('policy', 'reset', '--all', status=3, code='needs-user')
    fails('policy', 'reset', 'max-snapshots', status=3, code='needs-user')
    plugrb('policy', 'set', 'max-snapshots=60')
    assert policy('reset', '--all', '--yes')['snapshots-to-go'] > 0


def test_protected_need_no_question():
    take([1, 2, 3, 4, 5, 6])
    for snapshot in plugrb_json('snapshots', 'snapshots'):
        plugrb('pin', snapshot['id'])
    assert policy('set', 'max-snapshots=1')['snapshots-to-go'] == 0


def test_other_settings_need_no_question():
    take([1, 2, 3, 4, 5, 6])
    assert policy('set', 'max-snapshot-size=5', 'auto-snapshot-on-update=no')['snapshots-to-go'] == 0


def test_answer_at_the_terminal():
    take([1, 2, 3, 4, 5, 6])
    status, seen = answer('n', 'policy', 'set', 'max-snapshots=1')
    assert status == 1 and 'snapshots' in seen and values()['max-snapshots'] == 10, seen
    status, seen = answer('y', 'policy', 'set', 'max-snapshots=1')
    assert status == 0 and values()['max-snapshots'] == 1, seen


# ---- at once


def test_counts_from_the_next_command():
    take([1, 2, 3, 4, 5])
    plugrb('policy', 'set', 'max-snapshots=2', '--plugin', KEY, '--yes')
    before = count()
    take([6])
    assert count() <= before, 'the next snapshot did not clean up'
    plugrb('policy', 'set', 'max-snapshot-size=10')
    install_sample(7)
    failed = plugrb_json('snapshot-result', 'snapshot', KEY, status=1)['failed']
    assert failed[0]['error']['code'] == 'too-large', failed
    plugrb('policy', 'set', 'max-snapshot-size=0', '--plugin', KEY)
    plugrb('snapshot', KEY)


def test_excluded_at_once():
    install_sample(1)
    plugrb('policy', 'set', 'exclude=tool.sh')
    snapshot = plugrb_json('snapshot-result', 'snapshot', KEY)['created'][0]
    assert 'tool.sh' not in plugrb('show', snapshot['id'], '--files').out
    assert 'common.js' in plugrb('show', snapshot['id'], '--files').out


def test_confirmation():
    install_two()
    fails('rollback', KEY, status=3, code='needs-user')
    plugrb('policy', 'set', 'require-confirmation=no', '--plugin', KEY)
    plugrb('rollback', KEY)
    plugrb('undo', '--yes')
    plugrb('policy', 'reset', 'require-confirmation', '--plugin', KEY)
    fails('rollback', KEY, status=3, code='needs-user')
    plugrb('policy', 'set', 'require-confirmation=no')
    plugrb('policy', 'set', 'require-confirmation=yes', '--host', 'gnome-shell')
    fails('rollback', KEY, status=3, code='needs-user')


def test_damaged_policy_asks():
    install_two()
    harness.write(STORE / 'policy.ini', 'require-confirmation=false\n')
    fails('rollback', KEY, status=3, code='needs-user')


harness.main(harness.collect(dict(globals())))
