# SPDX-License-Identifier: GPL-3.0-or-later
"""plugrb guard: commands that fail, are killed, break plugins, install new ones, or do nothing at all."""

import json
import os
import pty
import signal
import subprocess
import sys
import time

import harness
import schema
from harness import (ENABLED, EXTENSIONS, KEY, SAMPLE, SETTINGS, STORE, assert_same, install_sample, look_at_tree,
                     look_at_world, must, plugrb, plugrb_json, run, set_settings)

OTHER = 'other@example.org'
NEW = 'new@example.org'
HOST = ['--host', 'gnome-shell']

# What an installer does, as a program of its own.
PRELUDE = f'import sys; sys.path.insert(0, {os.path.dirname(os.path.abspath(__file__))!r}); from harness import *; '


def does(code):
    return [sys.executable, '-c', PRELUDE + code]


def guard(*arguments, status=0):
    return plugrb('guard', *arguments, status=status)


def guard_json(*arguments, status=0):
    """Options of ours stand before the command."""
    result = plugrb('guard', '--json', *arguments, status=status)
    value = json.loads(result.out)
    schema.check(value, schema.load('guard'))
    return value


def look():
    return {'files': {plugin: look_at_tree(EXTENSIONS / plugin) for plugin in [SAMPLE, OTHER, NEW]},
            'beside': sorted(os.listdir(EXTENSIONS)), 'dconf': must('dconf', 'dump', '/')}


def make_two():
    install_sample(1)
    install_sample(1, plugin=OTHER)
    set_settings({ENABLED: f"['first@x', '{SAMPLE}', 'last@x']", SETTINGS + 'title': "'old'"})
    return look()


def assert_nothing_pending():
    assert list((STORE / 'operations' / 'pending').glob('*')) == []
    assert plugrb_json('recover', 'recover') == {'recovered': []}


UPDATE = "install_sample(2); set_settings({SETTINGS + 'title': None}); "
UPDATE_BOTH = UPDATE + f"install_sample(2, plugin='{OTHER}'); "


def is_automatic():
    """Whether nobody was asked about the newest rollback."""
    newest = plugrb_json('history', 'history')[0]
    return json.loads((STORE / 'operations' / f'{newest["operation"]}.json').read_text())['automatic']


# ---- commands that fail


def test_failing_command():
    world = make_two()
    result = guard(KEY, '--', *does(UPDATE + 'sys.exit(7)'), status=7)
    assert look() == world
    assert result.out == '', result.out
    assert 'exit status 7' in result.err and KEY in result.err and 'plugrb undo' in result.err, result.err
    assert_nothing_pending()
    assert is_automatic()
    plugrb('undo')
    assert (EXTENSIONS / SAMPLE / 'only-in-2.js').exists()


def test_failing_command_that_changes_two():
    world = make_two()
    done = guard_json(*HOST, '--', *does(UPDATE_BOTH + 'sys.exit(1)'), status=1)
    assert look() == world
    assert done['command']['code'] == 1 and done['command']['signal'] is None, done
    assert sorted(change['plugin'] for change in done['changes']) == sorted([KEY, f'gnome-shell/{OTHER}']), done
    assert done['rollback']['status'] == 'completed' and len(done['rollback']['changes']) == 2, done
    assert done['error'] is None and len(done['snapshots']) == 2, done
    plugrb('undo')
    assert (EXTENSIONS / OTHER / 'only-in-2.js').exists() and (EXTENSIONS / SAMPLE / 'only-in-2.js').exists()


def test_all_or_none():
    """One of the two cannot be brought back: the other one is left as well, and that is told."""
    make_two()
    spoil = (f"archive = next((STORE / 'archives' / 'gnome-shell' / '{OTHER}').rglob('*.tar.zst')); "
             'archive.write_bytes(bytes(byte ^ 85 for byte in archive.read_bytes())); ')
    done = guard_json(*HOST, '--', *does(UPDATE_BOTH + spoil + 'sys.exit(9)'), status=9)
    assert done['error'] is not None and done['rollback']['status'] == 'failed', done
    assert (EXTENSIONS / SAMPLE / 'only-in-2.js').exists() and (EXTENSIONS / OTHER / 'only-in-2.js').exists()
    assert_nothing_pending()


def test_command_that_is_killed():
    world = make_two()
    result = guard(KEY, '--', *does(UPDATE + 'os.kill(os.getpid(), 9)'), status=128 + 9)
    assert 'signal 9' in result.err, result.err
    assert look() == world


def test_removal_that_fails():
    world = make_two()
    done = guard_json(KEY, '--', *does('shutil.rmtree(EXTENSIONS / SAMPLE); sys.exit(2)'), status=2)
    assert [change['change'] for change in done['changes']] == ['removed'], done
    assert look() == world


def test_only_what_is_named():
    make_two()
    other = f"install_sample(2, plugin='{OTHER}'); "
    guard(KEY, '--', *does(UPDATE + other + 'sys.exit(1)'), status=1)
    assert (EXTENSIONS / SAMPLE / 'only-in-1.js').exists() and (EXTENSIONS / OTHER / 'only-in-2.js').exists()


# ---- commands that succeed


def test_success():
    make_two()
    result = guard(*HOST, '--', *does(UPDATE_BOTH))
    assert (result.out, result.err) == ('', ''), result
    assert (EXTENSIONS / SAMPLE / 'only-in-2.js').exists()
    reasons = [snapshot['reason'] for snapshot in plugrb_json('snapshots', 'snapshots', KEY)]
    assert reasons == ['pre-update'], reasons
    plugrb('rollback', KEY, '--yes')
    assert (EXTENSIONS / SAMPLE / 'only-in-1.js').exists()


def test_broken_manifest():
    world = make_two()
    breaks = "(EXTENSIONS / SAMPLE / 'metadata.json').write_text('{')"
    done = guard_json(*HOST, '--', *does(UPDATE_BOTH + breaks), status=124)
    assert look() == world
    assert done['command']['code'] == 0, done
    broken = {change['plugin']: change['message'] for change in done['changes'] if change['broken']}
    assert list(broken) == [KEY] and broken[KEY], done
    result = guard(*HOST, '--', *does(UPDATE_BOTH + breaks), status=124)
    assert 'does not work' in result.err and KEY in result.err, result.err
    assert look() == world


def health_of(*wanted):
    """What is remembered of the snapshots of a version."""
    found = [json.loads(path.read_text()) for path in (STORE / 'snapshots').rglob('snapshot.json')]
    return [(snapshot['health'], snapshot.get('health-message')) for snapshot in found if (snapshot['plugin'], snapshot['version']) == wanted]


def test_new_version_that_fails_is_remembered():
    """The version that the command brought is, and what it only broke is not."""
    world = make_two()
    breaks = (f"path = EXTENSIONS / SAMPLE / 'metadata.json'; path.write_text(path.read_text().replace({SAMPLE!r}, 'x@y'))")
    guard(KEY, '--', *does(breaks), status=124)
    assert all(health != 'bad' for health, _ in health_of(KEY, '1')), health_of(KEY, '1')
    guard(KEY, '--', *does(UPDATE + breaks), status=124)
    assert look() == world
    bad = [message for health, message in health_of(KEY, '2') if health == 'bad']
    assert len(bad) == 1 and 'x@y' in bad[0], bad
    # A command that fails says nothing of the version.
    make_other = f"install_sample(2, plugin='{OTHER}'); sys.exit(1)"
    guard(*HOST, '--', *does(make_other), status=1)
    assert all(health != 'bad' for health, _ in health_of(f'gnome-shell/{OTHER}', '2'))


def test_wrong_id():
    world = make_two()
    breaks = "path = EXTENSIONS / SAMPLE / 'metadata.json'; path.write_text(path.read_text().replace(SAMPLE, 'x@y'))"
    guard(KEY, '--', *does(breaks), status=124)
    assert look() == world


def test_manifest_that_is_gone():
    world = make_two()
    result = guard(KEY, '--', *does("(EXTENSIONS / SAMPLE / 'metadata.json').unlink()"), status=124)
    assert 'metadata.json' in result.err, result.err
    assert look() == world


def test_broken_before():
    """What was broken and still is, the command did not break; mended is changed, not broken."""
    make_two()
    (EXTENSIONS / SAMPLE / 'metadata.json').write_text('{')
    guard(KEY, '--', *does("(EXTENSIONS / SAMPLE / 'metadata.json').write_text('[')"))
    assert (EXTENSIONS / SAMPLE / 'metadata.json').read_text() == '['
    guard(KEY, '--', *does('install_sample(2)'))
    assert (EXTENSIONS / SAMPLE / 'only-in-2.js').exists()


def test_nothing_changed():
    world = make_two()
    assert guard_json(*HOST, '--', 'true')['changes'] == []
    done = guard_json(*HOST, '--', 'false', status=1)
    assert done['changes'] == [] and done['rollback'] is None and done['error'] is None, done
    assert look() == world
    assert [operation['kind'] for operation in plugrb_json('history', 'history')] == ['snapshot']


# ---- plugins that are new


INSTALL = (f"install_sample(1, plugin='{NEW}'); "
           f"""set_settings({{ENABLED: "['first@x', '{SAMPLE}', 'last@x', '{NEW}']"}}); """)


def test_new_plugin():
    """Nobody knew of it before; its settings and its place in the list go, too."""
    world = make_two()
    done = guard_json(*HOST, '--', *does(INSTALL + 'sys.exit(3)'), status=3)
    assert [change['change'] for change in done['changes'] if NEW in change['plugin']] == ['added'], done
    assert look() == world
    assert_nothing_pending()
    plugrb('undo')
    assert (EXTENSIONS / NEW / 'only-in-1.js').exists() and NEW in must('dconf', 'read', ENABLED)


def test_new_plugin_with_old_settings():
    """Settings that an earlier installation left are not the command's, and stay."""
    install_sample(1)
    settings = must('dconf', 'dump', '/')
    must('rm', '-r', EXTENSIONS / SAMPLE)
    set_settings({ENABLED: f"['{SAMPLE}']"})
    world = look()
    assert settings in world['dconf'] or 'speed=1' in world['dconf'], world
    code = "install_sample(2); set_settings({SETTINGS + 'title': \"'x'\"}); sys.exit(1)"
    guard(*HOST, '--', *does(code), status=1)
    assert look() == world


def test_new_plugin_that_is_named():
    world = make_two()
    guard(f'gnome-shell/{NEW}', '--', *does(INSTALL + 'sys.exit(3)'), status=3)
    assert EXTENSIONS / NEW not in EXTENSIONS.iterdir()
    assert look()['files'] == world['files'] and NEW not in must('dconf', 'read', ENABLED)


def test_new_plugin_that_is_kept():
    make_two()
    done = guard_json(*HOST, '--', *does(INSTALL))
    assert [change['change'] for change in done['changes'] if NEW in change['plugin']] == ['added'], done
    plugrb('rollback', f'gnome-shell/{NEW}', '--yes')
    assert not (EXTENSIONS / NEW).exists()


# ---- what the policy and options say


def test_keep():
    make_two()
    for option in ['--keep'], ['--on-failure=keep']:
        done = guard_json(KEY, *option, '--', *does(UPDATE + 'sys.exit(4)'), status=4)
        assert done['rollback'] is None, done
        assert (EXTENSIONS / SAMPLE / 'only-in-2.js').exists()
    plugrb('rollback', KEY, '--to', '1', '--yes')
    guard(KEY, '--keep', '--', *does("(EXTENSIONS / SAMPLE / 'metadata.json').write_text('{')"))


def test_ask_without_a_terminal():
    make_two()
    breaks = "(EXTENSIONS / SAMPLE / 'metadata.json').write_text('{')"
    guard(KEY, '--on-failure=ask', '--', *does(UPDATE + breaks), status=3)
    assert (EXTENSIONS / SAMPLE / 'metadata.json').read_text() == '{'
    guard(KEY, '--on-failure=ask', '--', 'false', status=1)


def set_policy(**policy):
    lines = [f'{name.replace("_", "-")}={value}' for name, value in policy.items()]
    STORE.mkdir(mode=0o700, exist_ok=True)
    (STORE / 'policy.ini').write_text('[io/github/plugrb/PluginRollback/policy]\n' + '\n'.join(lines) + '\n')


def test_policy_forbids_automatic_rollback():
    make_two()
    plugrb('snapshot', '--all')
    set_policy(auto_rollback_on_failure='false')
    guard(KEY, '--', *does(UPDATE + 'sys.exit(4)'), status=4)
    assert (EXTENSIONS / SAMPLE / 'only-in-2.js').exists()
    plugrb('rollback', KEY, '--yes')
    guard(KEY, '--on-failure=rollback', '--', *does(UPDATE + 'sys.exit(4)'), status=4)
    assert (EXTENSIONS / SAMPLE / 'only-in-1.js').exists()


def answer(letter):
    """Answers the question at a terminal. Returns what the terminal showed."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp('plugrb', ['plugrb', 'guard', KEY, '--on-failure=ask', '--', *does(UPDATE + 'sys.exit(5)')])
    shown, asked = b'', False
    while True:
        try:
            data = os.read(terminal, 4096)
        except OSError:
            break
        if not data:
            break
        shown += data
        if not asked and b'[y/N]' in shown:
            os.write(terminal, letter + b'\n')
            asked = True
    status = os.waitpid(pid, 0)[1]
    os.close(terminal)
    assert asked and os.waitstatus_to_exitcode(status) == 5, (status, shown)
    return shown


def test_ask():
    world = make_two()
    answer(b'y')
    assert look() == world
    assert not is_automatic()
    answer(b'n')
    assert (EXTENSIONS / SAMPLE / 'only-in-2.js').exists()


# ---- as if the command were run without it


def test_output_to_the_byte():
    make_two()
    code = "sys.stdout.buffer.write(bytes(range(256)) * 999); sys.stderr.buffer.write(bytes(range(255, -1, -1)) * 99)"
    done = subprocess.run(['plugrb', 'guard', KEY, '--', *does(code)], capture_output=True, stdin=subprocess.DEVNULL)
    assert (done.returncode, done.stdout, done.stderr) == (0, bytes(range(256)) * 999, bytes(range(255, -1, -1)) * 99)


def test_input_and_environment():
    make_two()
    done = subprocess.run(['plugrb', 'guard', KEY, '--', 'sh', '-c', 'cat; echo "$FROM_OUTSIDE"; pwd'], input=b'\0in\xff',
                          capture_output=True, env={**os.environ, 'FROM_OUTSIDE': 'here'}, cwd='/usr')
    assert (done.returncode, done.stdout) == (0, b'\0in\xffhere\n/usr\n'), done


def test_options_of_the_command():
    make_two()
    result = guard(KEY, '--', 'echo', '--json', '--help', '--', '--keep', 'ü', '\udcff')
    assert result.out == '--json --help -- --keep ü \udcff\n', result.out
    assert guard_json(KEY, '--', 'echo', 'x')['command'] == {'name': 'echo', 'code': 0, 'signal': None}


def test_signals():
    """Passed on to the command; what it makes of them is the end, and guard goes on from there."""
    for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
        harness.reset()
        world = make_two()
        # Blocked and waited for: a handler could run just before the wait, which would then never end.
        code = (UPDATE + f'import signal; own = {{{number.value}}}; signal.pthread_sigmask(signal.SIG_BLOCK, own); '
                "print('ready', flush=True); signal.sigwait(own); sys.exit(42)")
        process = subprocess.Popen(['plugrb', 'guard', KEY, '--', *does(code)], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        assert process.stdout.readline() == b'ready\n'
        process.send_signal(number)
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 42, (number, process.returncode, errors)
        assert_same(look(), world, f'{number}: not rolled back')


def test_signal_that_ends_the_command():
    world = make_two()
    code = UPDATE + "print('ready', flush=True); import time; time.sleep(60)"
    process = subprocess.Popen(['plugrb', 'guard', KEY, '--', *does(code)], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    assert process.stdout.readline() == b'ready\n'
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM
    assert look() == world


def test_killed_in_the_middle():
    """What was saved stays, nothing is half done, and the way back is open."""
    world = make_two()
    code = UPDATE + "print('ready', flush=True); sys.stdin.read()"
    process = subprocess.Popen(['plugrb', 'guard', KEY, '--', *does(code)], stdout=subprocess.PIPE, stdin=subprocess.PIPE)
    assert process.stdout.readline() == b'ready\n'
    process.kill()
    process.communicate()
    assert_nothing_pending()
    assert [snapshot['reason'] for snapshot in plugrb_json('snapshots', 'snapshots', KEY)] == ['pre-update']
    plugrb('rollback', KEY, '--yes')
    assert look() == world


# ---- what cannot be run


def fails_to_start(*arguments, names=()):
    result = guard(*arguments, status=125)
    assert result.out == '' and result.err.startswith('plugrb: '), result
    for name in names:
        assert name in result.err, result.err


def test_not_started():
    world = make_two()
    fails_to_start(KEY, '--', 'no-such-command', names=['no-such-command'])
    fails_to_start(KEY, '--', '/etc/passwd', names=['/etc/passwd'])
    fails_to_start('no-such-plugin', '--', 'touch', EXTENSIONS / 'ran', names=['no-such-plugin'])
    fails_to_start('--host', 'nothing', '--', 'touch', EXTENSIONS / 'ran', names=['nothing'])
    fails_to_start('gnome-shell/../x', '--', 'touch', EXTENSIONS / 'ran')
    fails_to_start(KEY)
    fails_to_start(KEY, '--')
    fails_to_start('--', 'true')
    fails_to_start(KEY, *HOST, '--', 'true')
    fails_to_start(KEY, '--keep', '--on-failure=ask', '--', 'true')
    fails_to_start(KEY, '--on-failure=perhaps', '--', 'true', names=['--on-failure'])
    error = json.loads(plugrb('guard', '--json', KEY, '--', 'no-such-command', status=125).out)
    assert list(error) == ['error'], error
    assert look() == world


def test_not_started_without_a_snapshot():
    """What could not be brought back is not put at risk."""
    make_two()
    set_policy(max_snapshot_size='10')
    fails_to_start(*HOST, '--', 'touch', EXTENSIONS / 'ran', names=[OTHER, 'max-snapshot-size'])
    assert not (EXTENSIONS / 'ran').exists()


if __name__ == '__main__':
    harness.main(harness.collect(dict(globals())))
