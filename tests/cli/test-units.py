# SPDX-License-Identifier: GPL-3.0-or-later
"""What works without anybody asking: the systemd units and the autostart entry, with the real program."""

import os
import re
import shlex
import subprocess
import time
from pathlib import Path

import harness
from harness import DATA, EXTENSIONS, KEY, STORE, assert_same, install_sample, install_two, look_at_world, plugrb_json, run

UNITS = Path(os.environ['PLUGRB_UNITS'])
PENDING = STORE / 'operations' / 'pending'
PAYLOAD = 4_000_000


def condition(unit):
    """Whether systemd would start the unit now."""
    result = run('systemd-analyze', '--user', 'condition', f'--unit={unit}',
                 env={**os.environ, 'SYSTEMD_UNIT_PATH': f'{UNITS}:', 'SYSTEMD_LOG_LEVEL': 'info'})
    said = result.out + result.err
    assert 'onditions' in said, said
    assert (result.status == 0) == ('Conditions succeeded' in said), said
    return result.status == 0


def list_commands(unit):
    """What the unit runs, with the program that was built."""
    lines = re.findall(r'^ExecStart=(.*)$', (UNITS / unit).read_text(), re.M)
    return [['plugrb', *shlex.split(line)[1:]] for line in lines]


def autostart():
    """What a desktop without systemd does at login."""
    line = re.search(r'^Exec=(.*)$', (UNITS / 'plugrb-recover.desktop').read_text(), re.M).group(1)
    return run('plugrb', *shlex.split(line)[1:])


def interrupt():
    """A rollback that was killed after something of it was durable. Returns the world before it."""
    payload = os.urandom(PAYLOAD)
    install_sample(1, payload=payload)
    install_two(payload=payload)
    world = look_at_world()
    process = subprocess.Popen(['plugrb', 'rollback', KEY, '--yes'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None and not any(PENDING.glob('[0-9a-f]*.json')):
        time.sleep(0.001)
    process.kill()
    process.wait()
    return world


def test_nothing_is_done_for_a_user_who_has_nothing():
    assert not condition('plugrb-recover.service')
    assert not condition('plugrb-login.service')
    result = autostart()
    assert (result.status, result.out, result.err) == (0, '', ''), result
    assert not STORE.exists(), 'a store was made'
    assert plugrb_json('recover', 'recover') == {'recovered': []}
    assert not STORE.exists(), 'a store was made'


def test_nothing_is_pending():
    install_two()
    assert not condition('plugrb-recover.service')
    assert condition('plugrb-login.service')
    before = sorted(str(path) for path in STORE.rglob('*'))
    result = autostart()
    assert (result.status, result.out, result.err) == (0, '', ''), result
    assert sorted(str(path) for path in STORE.rglob('*')) == before


def check_recovery(recover):
    world = interrupt()
    if not any(PENDING.glob('[0-9a-f]*.json')):
        return False
    assert condition('plugrb-recover.service')
    assert recover().status == 0
    assert not condition('plugrb-recover.service')
    assert not any(EXTENSIONS.parent.glob('.plugrb-*'))
    seen = look_at_world()
    if seen['files'] == world['files']:
        assert_same(seen, world, 'what was taken back')
    assert (autostart().out, plugrb_json('recover', 'recover')) == ('', {'recovered': []})
    return True


def retry(recover):
    """The rollback may be done before it is killed."""
    for _ in range(20):
        if check_recovery(recover):
            return
        harness.reset()
    raise AssertionError('no rollback was interrupted')


def test_the_unit_recovers():
    [command] = list_commands('plugrb-recover.service')
    retry(lambda: run(*command))


def test_the_autostart_entry_recovers():
    retry(autostart)


def test_the_baseline():
    for unit in ('plugrb-login.service', 'plugrb-baseline.service'):
        harness.reset()
        install_sample(1)
        snapshot, prune = list_commands(unit)
        assert prune == ['plugrb', 'prune']
        assert run(*snapshot).status == 0
        [taken] = plugrb_json('snapshots', 'snapshots')
        assert taken['reason'] == 'baseline', taken
        assert run(*snapshot).status == 0
        assert len(plugrb_json('snapshots', 'snapshots')) == 1
        if 'prune' in run('plugrb', '--help').out:
            assert run(*prune).status == 0
            assert len(plugrb_json('snapshots', 'snapshots')) == 1


def test_a_baseline_without_plugins():
    assert run(*list_commands('plugrb-baseline.service')[0]).status == 0
    assert not any(DATA.rglob('snapshot.json'))


if __name__ == '__main__':
    harness.main(harness.collect(dict(globals())))
