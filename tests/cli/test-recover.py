# SPDX-License-Identifier: GPL-3.0-or-later
"""plugrb killed in the middle of a rollback, and plugrb recover after it."""

import os
import subprocess
import time

import harness
from harness import KEY, STORE, assert_same, install_two, look_at_world, plugrb, plugrb_json

TRIES = 24
PAYLOAD = 4_000_000


def list_pending():
    return [path for path in (STORE / 'operations' / 'pending').glob('*.json') if not path.name.startswith('.')]


def roll_back_and_kill(seconds):
    process = subprocess.Popen(['plugrb', 'rollback', KEY, '--yes'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    process.kill()
    process.wait()


def check_warning():
    """Who only looks is told, and recovers nothing."""
    pending = list_pending()
    warning = plugrb('list').err
    assert 'plugrb recover' in warning and KEY in warning, f'{warning}\n{pending[0].read_text()}'
    assert list_pending() == pending, 'a reader recovered'


def measure(old, new):
    start = time.monotonic()
    plugrb('rollback', KEY, '--yes')
    seconds = time.monotonic() - start
    assert_same(look_at_world(), old, 'a rollback that nobody kills')
    plugrb('undo')
    assert_same(look_at_world(), new, 'its undo')
    return seconds


def test_kill_at_any_moment():
    payload = os.urandom(PAYLOAD)
    harness.install_sample(1, payload=payload)
    install_two(payload=payload)
    new = look_at_world()
    plugrb('rollback', KEY, '--yes')
    old = look_at_world()
    plugrb('undo')
    seconds = measure(old, new)

    interrupted = 0
    for step in range(TRIES):
        roll_back_and_kill(seconds * (step + 0.5) / TRIES)
        if list_pending():
            interrupted += 1
            check_warning()
        recovered = plugrb_json('recover', 'recover')['recovered']
        assert all(item['direction'] in ('forward', 'back') for item in recovered), recovered
        assert plugrb_json('recover', 'recover') == {'recovered': []}
        assert not list_pending()
        world = look_at_world()
        if world['files'] == old['files']:
            assert_same(world, old, f'killed at step {step}, finished')
            plugrb('undo', '--yes')
        assert_same(look_at_world(), new, f'killed at step {step}')
    print(f'# {interrupted} of {TRIES} kills left something to recover')


if __name__ == '__main__':
    harness.main(harness.collect(dict(globals())))
