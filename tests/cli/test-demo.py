# SPDX-License-Identifier: GPL-3.0-or-later
"""plugrb demo: every scenario, under either policy. What it shows is compared here once more, and of the user's
nothing may be touched, and nothing be left."""

import hashlib
import json
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import harness
from harness import (KEY, STORE, fails, install_sample, look_at_tree, look_at_world, plugrb, plugrb_json,
                     set_settings)

HOME = Path(os.environ['HOME'])
OLD_SCRIPT = hashlib.sha256(b'say Whoosh\nsay Bang\n').hexdigest()


def look_at_all():
    """The home and the temporary folder, but for what others have in that."""
    return {'home': look_at_tree(HOME), 'dconf': harness.must('dconf', 'dump', '/'),
            'temporary': sorted(name for name in os.listdir(tempfile.gettempdir()) if name.startswith('plugrb-'))}


class Untouched:
    """A user with a plugin and a snapshot of it. A temporary folder that is this test's alone."""

    def __enter__(self):
        install_sample(1)
        set_settings({harness.SETTINGS + 'title': "'mine'"})
        plugrb('snapshot', KEY)
        self.folder = tempfile.TemporaryDirectory()
        self.env = dict(os.environ, TMPDIR=self.folder.name)
        self.world = look_at_all()
        return self

    def __exit__(self, kind, value, trace):
        left = os.listdir(self.folder.name)
        self.folder.cleanup()
        if kind is None:
            assert left == [], f'left behind: {left}'
            assert look_at_all() == self.world, 'something of the user has changed'


def play(*arguments, verdict):
    with Untouched() as user:
        shown = plugrb_json('demo', 'demo', *arguments, env=user.env)
    before, after = shown['before'], shown['after']
    assert shown['verdict'] == verdict, shown
    assert before['version'] == '1.0' and before['health'] == 'good' and before['enabled'], before
    scripts = [file['sha256'] for file in before['files'] if file['path'] == 'fireworks/main.script']
    assert scripts == [OLD_SCRIPT], before
    assert before['settings']['fireworks/color'] == "'gold'", before
    assert (after == before) == (verdict == 'as-before'), (before, after)
    assert shown['log'][-1]['time'] >= shown['log'][0]['time'] > 0, shown['log']
    return shown


def assert_version_2(after, health):
    assert after['version'] == '2.0' and after['health'] == health and after['enabled'], after
    assert OLD_SCRIPT not in [file['sha256'] for file in after['files']], after
    assert after['settings']['fireworks/color'] == "'rainbow'", 'it has not changed its settings'
    assert after['settings']['clock/hours'] == '24', 'settings of another plugin were changed'


def get_failed(shown):
    return [step['name'] for step in shown['steps'] if step['status'] == 'failed']


# ---- the scenarios


def test_success():
    shown = play(verdict='installed')
    assert shown['status'] == 'completed' and shown['error'] is None, shown
    assert_version_2(shown['after'], 'good')


def test_package():
    shown = play('--fail', 'package', verdict='as-before')
    assert shown['status'] == 'failed' and 'plugin.json' in shown['error']['message'], shown
    assert get_failed(shown) == ['check'], shown


def test_host_version():
    shown = play('--fail', 'host-version', verdict='as-before')
    assert shown['status'] == 'failed' and '4.0' in shown['error']['message'], shown


def test_dependency():
    shown = play('--fail', 'dependency', verdict='as-before')
    assert shown['status'] == 'failed' and 'gunpowder, ' in shown['error']['message'], shown


def test_health():
    shown = play('--fail', 'health', verdict='as-before')
    assert shown['status'] in ('failed', 'undone') and shown['error']['code'] == 'unhealthy', shown
    assert 'sparkle' in shown['error']['message'], 'what the program said is lost'
    assert get_failed(shown) == ['health'], shown


def test_health_without_rollback():
    shown = play('--fail', 'health', '--no-auto-rollback', verdict='broken')
    assert shown['error']['code'] == 'unhealthy' and get_failed(shown) == ['health'], shown
    assert_version_2(shown['after'], 'bad')
    assert 'sparkle' in shown['after']['message'], shown['after']


def test_disk_full():
    shown = play('--fail', 'disk-full', verdict='as-before')
    assert shown['status'] == 'failed' and shown['error'] is not None, shown
    assert get_failed(shown) != [], shown


def test_disk_full_where_disks_are_forbidden():
    """A system that lets nobody make a disk: a limit takes its place, and says so."""
    forbid = 'echo 0 >/proc/sys/user/max_user_namespaces && exec plugrb demo --fail disk-full --json'
    if harness.run('unshare', '-Ur', 'sh', '-c', 'echo 0 >/proc/sys/user/max_user_namespaces').status == 0:
        with Untouched() as user:
            shown = json.loads(harness.run('unshare', '-Ur', 'sh', '-c', forbid, env=user.env).out)
    else:
        shown = play('--fail', 'disk-full', verdict='as-before')
    assert any('2 MB' in line['text'] for line in shown['log']), shown['log']
    assert shown['verdict'] == 'as-before' and get_failed(shown) != [], shown


def test_kill():
    shown = play('--fail', 'kill', verdict='as-before')
    assert shown['killed-at'] == 'restore-files', shown
    assert shown['status'] in ('failed', 'undone'), shown
    texts = [line['text'] for line in shown['log']]
    assert any(text.startswith('Process killed at') for text in texts), texts
    assert any(text.startswith('Recovered') for text in texts), texts


def test_other_failures_without_rollback():
    """Nothing was changed that could be taken back: the policy makes no difference."""
    for scenario in ('package', 'host-version', 'dependency', 'disk-full', 'kill'):
        play('--fail', scenario, '--no-auto-rollback', verdict='as-before')
    play('--no-auto-rollback', verdict='installed')


# ---- around it


def test_text():
    with Untouched() as user:
        result = plugrb('demo', '--fail', 'health', env=user.env)
    assert result.err == '' and 'Exactly as before' in result.out and 'BEFORE' in result.out, result
    assert 'changed' not in result.out, result.out


def test_needs_no_store():
    plugrb('demo')
    assert not STORE.exists(), 'the demo has made a store'


def test_unknown_scenario():
    fails('demo', '--fail', 'earthquake', status=2, names=['disk-full'])


def test_interrupted():
    """Its folder goes even when it is stopped."""
    with Untouched() as user:
        process = subprocess.Popen(['plugrb', 'demo', '--fail', 'disk-full'], env=user.env, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        end = time.monotonic() + 20
        while not os.listdir(user.folder.name) and time.monotonic() < end:
            time.sleep(0.001)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) in (0, 1), process.returncode


def test_keeps_away_from_the_session():
    """Where the variables of a sandbox name the user's folders, they are not believed."""
    with Untouched() as user:
        env = dict(user.env, HOST_XDG_DATA_HOME=os.environ['XDG_DATA_HOME'],
                   HOST_XDG_CONFIG_HOME=os.environ['XDG_CONFIG_HOME'])
        assert plugrb_json('demo', 'demo', env=env)['verdict'] == 'installed'


harness.main(harness.collect(globals()))
