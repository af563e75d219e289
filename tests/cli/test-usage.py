# SPDX-License-Identifier: GPL-3.0-or-later
"""What plugrb prints and exits with: help, options, JSON that fits the contract, odd surroundings."""

import fcntl
import json
import os
import pty
import re
import shlex
import signal
import subprocess
import time
from itertools import takewhile

import harness
from harness import (DATA, EXTENSIONS, KEY, SAMPLE, SETTINGS, STORE, Unchanged, assert_same, fails, install_sample,
                     install_two, look_at_world, must, plugrb, plugrb_json, run, set_settings)

COMMANDS = ['list', 'show', 'snapshot', 'snapshots', 'diff', 'rollback', 'undo', 'history', 'delete',
            'restore-deleted', 'pin', 'unpin', 'label', 'note', 'prune', 'recover', 'hosts', 'extract', 'verify',
             'log', 'policy', 'guard', 'demo', 'install', 'uninstall']


def environment(*without, **more):
    kept = {name: value for name, value in os.environ.items() if name not in without}
    return {**kept, **more}


# ---- help and usage


def test_version():
    for arguments in ['--version'], *([command, '--version'] for command in COMMANDS):
        assert re.fullmatch(r'plugrb \d+\.\d+\S*\n', plugrb(*arguments).out), arguments


def test_help_names_every_command():
    for arguments in (['--help'], ['-h'], ['help']):
        text = plugrb(*arguments).out
        for command in COMMANDS:
            assert f'\n  {command} ' in text, f'{command} is not in {text}'


def test_help_of_every_command():
    for command in COMMANDS:
        text = plugrb('help', command).out
        assert f'plugrb {command} [OPTION…]' in text, text
        assert 'Example:' in text and '--json' in text and '--store' in text, text
        assert plugrb(command, '--help').out == text
        assert plugrb(command, '-h').out == text


def test_a_shell_takes_the_examples():
    for command in COMMANDS:
        _, _, example = plugrb('help', command).out.partition('Example:\n')
        for line in takewhile(str.strip, example.splitlines()):
            assert not set(line) & set('“”„'), f'a shell does not know these quotes: {line}'
            assert shlex.split(line)[:2] == ['plugrb', command], line


def test_no_command():
    assert 'plugrb --help' in plugrb(status=2).err


def test_unknown_command():
    fails('lst', status=2, names=['lst', 'Did you mean “list”'], code='usage')
    fails('snapshots-of-it-all', status=2, names=['snapshots-of-it-all'], code='usage')
    assert 'Did you mean' not in plugrb('quux', status=2).err


def test_unknown_option():
    for command in COMMANDS:
        status = 125 if command == 'guard' else 2
        fails(command, '--frobnicate', status=status, names=['--frobnicate', f'plugrb help {command}'], code='usage')


def test_wrong_number_of_arguments():
    for arguments in (['show'], ['diff'], ['rollback'], ['delete'], ['snapshot'], ['pin'], ['unpin'], ['label', 'x'],
                      ['note', 'x'], ['extract']):
        fails(*arguments, status=2, code='usage')
    for arguments in (['list', 'x'], ['hosts', 'x'], ['show', 'x', 'y'], ['undo', 'x', 'y'], ['recover', 'x'], ['log', 'x', 'y'],
                      ['snapshot', '--all', 'x'], ['diff', 'x', 'y', 'z'], ['label', 'x', 'y', 'z'], ['prune', 'x', 'y']):
        fails(*arguments, status=2, code='usage')


def test_wrong_values():
    install_sample(1)
    fails('snapshot', KEY, '--reason', 'pre-rollback', status=2, names=['pre-rollback'], code='usage')
    fails('snapshot', KEY, '--reason', 'boredom', status=2, names=['boredom'], code='usage')
    fails('rollback', KEY, '--only', 'dreams', status=2, names=['dreams'], code='usage')


def test_options_before_the_command():
    install_sample(1)
    listed = plugrb('--json', '--store', DATA / 'elsewhere', 'list').out
    assert json.loads(listed)[0]['key'] == KEY
    assert (DATA / 'elsewhere' / 'store.json').exists() and not STORE.exists()


def test_store_option():
    install_sample(1)
    plugrb('snapshot', KEY, '--store', DATA / 'elsewhere')
    assert plugrb_json('snapshots', 'snapshots') == []
    assert len(plugrb_json('snapshots', 'snapshots', '--store', DATA / 'elsewhere')) == 1


# ---- JSON


def test_json_of_nothing():
    assert plugrb_json('list', 'list') == []
    assert plugrb_json('snapshots', 'snapshots') == []
    assert plugrb_json('history', 'history') == []
    assert plugrb_json('snapshots', 'restore-deleted') == []
    assert plugrb_json('recover', 'recover') == {'recovered': []}
    assert plugrb_json('snapshot-result', 'snapshot', '--all') == {'created': [], 'unchanged': [], 'failed': []}


def test_json_of_hosts():
    hosts = {host['id']: host for host in plugrb_json('hosts', 'hosts')}
    host = hosts['gnome-shell']
    assert (host['name'], host['state'], host['plugins']) == ('GNOME Shell', 'present', 0), host
    assert hosts['gedit']['state'] == 'missing', hosts['gedit']


def test_json_of_list():
    install_sample(7)
    set_settings({harness.ENABLED: f"['{SAMPLE}']"})
    plugin = plugrb_json('list', 'list')[0]
    assert plugin['key'] == KEY and plugin['version'] == '7' and plugin['enabled'], plugin
    assert plugin['path'] == str(EXTENSIONS / SAMPLE) and plugin['snapshots'] == 0, plugin
    plugrb('snapshot', SAMPLE)
    must('rm', '-r', EXTENSIONS / SAMPLE)
    plugin = plugrb_json('list', 'list')[0]
    assert plugin['key'] == KEY and plugin['path'] is None and plugin['snapshots'] == 1, plugin


def test_json_of_snapshot():
    install_sample(1)
    taken = plugrb_json('snapshot-result', 'snapshot', KEY, '--label', 'Grün', '--note', 'n', '--reason', 'pre-update')
    snapshot = taken['created'][0]
    assert (snapshot['label'], snapshot['note'], snapshot['reason']) == ('Grün', 'n', 'pre-update'), snapshot
    assert snapshot['version'] == '1' and snapshot['files'] > 0 and not snapshot['absent'], snapshot
    again = plugrb_json('snapshot-result', 'snapshot', KEY)
    assert again['unchanged'] == [{'plugin': KEY, 'snapshot': snapshot['id']}] and not again['created'], again
    assert plugrb_json('snapshots', 'snapshots', KEY) == [snapshot]


def test_json_of_partly_failed_snapshots():
    install_sample(1)
    install_sample(1, plugin='other@example.org')
    os.mkfifo(EXTENSIONS / 'other@example.org' / 'pipe')
    taken = plugrb_json('snapshot-result', 'snapshot', '--all', status=5)
    assert [snapshot['plugin'] for snapshot in taken['created']] == [KEY], taken
    assert taken['failed'][0]['plugin'] == 'gnome-shell/other@example.org', taken
    assert 'pipe' in taken['failed'][0]['error']['message'], taken
    assert 'pipe' in plugrb('snapshot', 'other@example.org', status=1).err


def test_json_of_diff():
    snapshot = install_two()
    plan = plugrb_json('plans', 'diff', KEY)['plans'][0]
    assert (plan['from'], plan['to']) == (snapshot['id'], None), plan
    assert any('only-in-2.js' in item['path'] for item in plan['files']['added']), plan
    assert any('only-in-1.js' in item['path'] for item in plan['files']['removed']), plan
    back = plugrb_json('plans', 'diff', KEY, snapshot['id'])['plans'][0]
    assert (back['from'], back['to']) == (None, snapshot['id']), back
    assert any(item['key'].endswith('title') for item in back['settings']['added']), back
    text = plugrb('diff', snapshot['id'][:14]).out
    assert '+ ' in text and 'only-in-2.js' in text and 'speed' in text, text


def test_diff_of_contents():
    install_two()
    (EXTENSIONS / SAMPLE / 'data.bin').write_bytes(b'a\0b')
    (EXTENSIONS / SAMPLE / 'trick.txt').write_bytes(b'\x1b[2Jgone\n')
    plan = plugrb_json('plans', 'diff', KEY, '--content')['plans'][0]
    contents = {item['path']: item['diff'] for item in plan['contents']}
    assert contents['extension.js'] == '@@ -1,1 +1,1 @@\n-// version 1\n+// version 2\n', contents
    assert contents['data.bin'] is None, contents
    assert 'tool.sh' not in contents, contents
    out = plugrb('diff', KEY, '--content').out
    assert '\n--- extension.js\n+++ extension.js\n@@ -1,1 +1,1 @@\n-// version 1\n+// version 2\n' in out, out
    assert '\n--- /dev/null\n+++ trick.txt\n@@ -0,0 +1,1 @@\n+\u241b[2Jgone\n' in out, out
    assert 'data.bin: not compared' in out, out
    assert '@@' not in plugrb('diff', KEY).out
    assert 'contents' not in plugrb_json('plans', 'diff', KEY)['plans'][0]


def test_json_of_show():
    snapshot = install_two()
    plugin = plugrb_json('show-plugin', 'show', KEY, '--files')
    assert any(entry['path'] == 'only-in-2.js' for entry in plugin['entries']), plugin
    shown = plugrb_json('show-snapshot', 'show', snapshot['id'], '--files')
    assert any(entry['path'] == 'link.js' and entry['target'] == 'common.js' for entry in shown['entries']), shown
    assert os.path.exists(shown['path'] + '/snapshot.json'), shown['path']


def test_shown_tar_command_works():
    snapshot = install_two()
    line = plugrb_json('show-snapshot', 'show', snapshot['id'])['extract']
    target = DATA / 'taken out'
    target.mkdir()
    done = subprocess.run(['sh', '-c', line], cwd=target, check=False, capture_output=True)
    assert done.returncode == 0, (line, done.stderr)
    assert [path.name for path in target.rglob('only-in-1.js')] == ['only-in-1.js'], list(target.rglob('*'))
    assert line in plugrb('show', snapshot['id']).out


def test_json_of_rollback_undo_history():
    snapshot = install_two()
    done = plugrb_json('operation', 'rollback', KEY, '--yes')
    change = done['changes'][0]
    assert (change['plugin'], change['from-version'], change['to-version']) == (KEY, '2', '1'), done
    assert change['target'] == snapshot['id'] and change['safety-snapshot'], done
    assert all(step['status'] in ('done', 'skipped') for step in done['steps']), done
    undone = plugrb_json('operation', 'undo')
    history = plugrb_json('history', 'history')
    assert [item['operation'] for item in history][:2] == [undone['operation'], done['operation']], history
    assert [(item['kind'], item['status']) for item in history] == [
        ('undo', 'completed'), ('rollback', 'undone'), ('snapshot', 'completed')], history


def test_history_as_text():
    """All that is known of each operation, however narrow the terminal is."""
    install_two()
    done = plugrb_json('operation', 'rollback', KEY, '--yes')
    first, second = plugrb('history', '--text').out.split('\n\n')
    assert done['operation'] in first and f'  {KEY}: 2 → 1' in first and 'Took' in first, first
    assert second.splitlines()[2].startswith('  Took: '), second
    plugrb('undo')
    assert len(plugrb('history', '--text', KEY).out.split('\n\n')) == 3


def test_json_of_delete():
    snapshot = install_two()
    fails('delete', snapshot['id'], status=3, names=[KEY], code='needs-user')
    deleted = plugrb_json('delete-result', 'delete', snapshot['id'], '--yes')
    assert [item['id'] for item in deleted['deleted']] == [snapshot['id']], deleted
    assert plugrb_json('snapshots', 'snapshots') == []
    assert [item['id'] for item in plugrb_json('snapshots', 'restore-deleted')] == [snapshot['id']]
    assert plugrb_json('snapshot', 'restore-deleted', snapshot['id'][:16])['id'] == snapshot['id']
    assert plugrb_json('snapshots', 'snapshots') == [snapshot]


# ---- choosing and asking


def test_rollback_needs_consent():
    install_two()
    with Unchanged():
        fails('rollback', KEY, status=3, names=['--yes'], code='needs-user')


def test_rollback_to():
    first = install_two()
    time.sleep(1.1)
    second = plugrb_json('snapshot-result', 'snapshot', KEY)['created'][0]
    install_sample(3)

    def target(to):
        return plugrb_json('plans', 'rollback', KEY, '--dry-run', '--to', to)['plans'][0]['to']

    assert target('1') == first['id'] and target('2') == second['id']
    assert target(first['id']) == first['id'] and target(second['id']) == second['id']
    assert target(first['timestamp']) == first['id']
    assert target('2100-01-01') == second['id'] and target('2100-01-01 10:00') == second['id']
    fails('rollback', KEY, '--yes', '--to', '99', names=['99', KEY], code='not-found')
    fails('rollback', KEY, '--yes', '--to', '1999-12-31', names=['1999-12-31'], code='not-found')


def test_rollback_only_files():
    install_two()
    before = must('dconf', 'dump', '/')
    plugrb('rollback', KEY, '--only', 'files', '--yes')
    assert (EXTENSIONS / SAMPLE / 'only-in-1.js').exists()
    assert must('dconf', 'dump', '/') == before


def test_rollback_only_settings():
    install_two()
    files = look_at_world()['files']
    plugrb('rollback', KEY, '--only', 'settings', '--yes')
    assert look_at_world()['files'] == files
    assert must('dconf', 'read', SETTINGS + 'title') == "'old'\n"


def test_rollback_of_two_at_once():
    other = 'other@example.org'
    for version in (1, 2):
        install_sample(version)
        install_sample(version, plugin=other)
        if version == 1:
            worlds = look_at_world(), look_at_world(other)
            plugrb('snapshot', '--all')
    text = plugrb('rollback', SAMPLE, other, '--yes').out
    assert text.count('Rolled back Sample to version 1 (was 2)') == 2, text
    assert_same(look_at_world(), worlds[0], 'the first plugin')
    assert_same(look_at_world(other), worlds[1], 'the second plugin')
    fails('rollback', SAMPLE, KEY, '--to', '2', '--yes', status=2, names=[KEY])


def test_uninstalled_plugin_comes_back():
    install_sample(1)
    set_settings({harness.ENABLED: f"['first@x', '{SAMPLE}']"})
    before = look_at_world()
    plugrb('snapshot', KEY, '--reason', 'pre-uninstall')
    must('rm', '-r', EXTENSIONS / SAMPLE)
    set_settings({harness.ENABLED: "['first@x']", SETTINGS + 'speed': None})
    gone = look_at_world()
    assert 'not installed' in plugrb('list').out
    plugrb('rollback', SAMPLE, '--yes')
    assert_same(look_at_world(), before, 'the plugin did not come back exactly')
    plugrb('undo')
    assert_same(look_at_world(), gone, 'undo did not remove it again')
    plugrb('undo')
    assert_same(look_at_world(), before, 'redo did not bring it back exactly')


def test_snapshot_of_what_is_not_installed():
    install_sample(1)
    plugrb('snapshot', KEY)
    must('rm', '-r', EXTENSIONS / SAMPLE)
    absent = plugrb_json('snapshot-result', 'snapshot', KEY)['created'][0]
    assert absent['absent'] and absent['files'] == 0, absent
    install_sample(2)
    assert 'will be removed' in plugrb('rollback', absent['id'], '--dry-run').out
    text = plugrb('rollback', absent['id'], '--yes').out
    assert 'Rolled back' in text and not (EXTENSIONS / SAMPLE).exists(), text
    plugrb('undo')
    assert plugrb_json('list', 'list')[0]['version'] == '2'


def test_undo_asks_after_a_change():
    install_two()
    plugrb('rollback', KEY, '--yes')
    harness.write(EXTENSIONS / SAMPLE / 'later.js', 'x')
    with Unchanged():
        result = plugrb('undo', status=3)
        assert KEY in result.err, result.err
    plugrb('undo', '--yes')
    assert (EXTENSIONS / SAMPLE / 'only-in-2.js').exists()


def test_nothing_to_undo():
    install_sample(1)
    fails('undo', code='not-found')
    fails('undo', KEY, names=[KEY], code='not-found')


def test_nothing_to_roll_back_to():
    install_sample(1)
    fails('rollback', KEY, '--yes', names=[KEY], code='not-found')
    plugrb('snapshot', KEY)
    fails('rollback', KEY, '--yes', names=[KEY], code='not-found')


# ---- on a terminal


def on_terminal(arguments, answer):
    """Runs plugrb on a terminal of 70 columns. Returns status and all that it showed."""
    pid, fd = pty.fork()
    if pid == 0:
        os.environ['TERM'] = 'xterm'
        os.execvp('sh', ['sh', '-c', 'stty cols 70; exec plugrb "$@"', 'plugrb', *arguments])
    shown = b''
    while True:
        try:
            block = os.read(fd, 4096)
        except OSError:
            break
        if not block:
            break
        shown += block
        if answer and b'[y/N]' in shown:
            os.write(fd, answer.encode())
            answer = None
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(fd)
    return status, shown.decode()


def test_terminal_asks():
    install_two()
    with Unchanged():
        status, text = on_terminal(['rollback', KEY], 'n\n')
        assert status == 1 and 'Canceled, nothing changed' in text, (status, text)
        assert 'Roll back? [y/N]' in text and '1 added, 1 removed' in text and 'title' in text, text
    status, text = on_terminal(['rollback', KEY], 'y\n')
    assert status == 0 and 'Rolled back Sample to version 1 (was 2)' in text, (status, text)
    assert 'Undo with: plugrb undo' in text, text


def test_terminal_shows_progress():
    install_two()
    status, text = on_terminal(['rollback', KEY, '--yes'], None)
    assert status == 0 and re.search(r'\r\[[# ]{20}\] +\d+%', text), (status, text)
    result = plugrb('undo')
    assert '%' not in result.out + result.err, result


def test_terminal_cuts_wide_tables():
    install_sample(1)
    label = 'a very long label ' * 10
    plugrb('snapshot', KEY, '--label', label)
    status, text = on_terminal(['snapshots', KEY], None)
    lines = text.replace('\r', '').splitlines()
    assert status == 0 and all(len(line) <= 70 for line in lines) and '…' in lines[1], text
    assert label.strip() in plugrb('snapshots', KEY).out


def test_short_ids_are_usable():
    install_two()
    plugrb('snapshot', KEY)
    lines = plugrb('snapshots', KEY).out.splitlines()[1:]
    assert len(lines) == 2
    for line in lines:
        plugrb('show', line.split()[0])


# ---- odd surroundings


def test_c_locale():
    install_two()
    env = environment('LANG', 'LC_ALL', LC_ALL='C')
    result = plugrb('show', 'nothing-like-this', status=1, env=env)
    assert result.err.isascii() and '"nothing-like-this"' in result.err, result.err
    plugrb('snapshot', KEY, '--label', 'Grün', env=env)
    assert plugrb_json('snapshots', 'snapshots', env=env)[0]['label'] == 'Grün'
    plugrb('rollback', KEY, '--yes', env=env)
    assert (EXTENSIONS / SAMPLE / 'only-in-1.js').exists()


def test_no_session_bus():
    install_two()
    env = environment('DBUS_SESSION_BUS_ADDRESS', 'DISPLAY', 'WAYLAND_DISPLAY', 'XDG_RUNTIME_DIR')
    assert plugrb_json('list', 'list', env=env)[0]['version'] == '2'
    plugrb('rollback', KEY, '--yes', '--only', 'files', env=env)
    assert (EXTENSIONS / SAMPLE / 'only-in-1.js').exists()


def test_no_home():
    install_sample(1)
    env = environment('HOME')
    assert plugrb_json('list', 'list', env=env)[0]['key'] == KEY


def test_reader_that_leaves():
    for plugin in range(50):
        harness.write(EXTENSIONS / f'p{plugin}@example.org' / 'metadata.json',
                      json.dumps({'uuid': f'p{plugin}@example.org', 'name': 'x' * 5000, 'version': 1}))
    for arguments in (['list'], ['list', '--json']):
        with subprocess.Popen(['plugrb', *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            process.stdout.read(1)
            process.stdout.close()
            assert process.wait(60) == 0 and process.stderr.read() == b''


def test_closed_standard_output():
    install_two()
    result = run('sh', '-c', f'plugrb rollback {KEY} --yes >&- 2>&-')
    assert result.status == 0, result
    assert (EXTENSIONS / SAMPLE / 'only-in-1.js').exists()
    assert plugrb_json('history', 'history')[0]['status'] == 'completed'


def test_full_standard_output():
    result = run('sh', '-c', 'plugrb hosts >/dev/full')
    assert result.status == 1 and 'Standard output' in result.err, result


def test_control_characters_do_not_reach_the_terminal():
    harness.write(EXTENSIONS / 'evil@example.org' / 'metadata.json',
                  json.dumps({'uuid': 'evil@example.org', 'name': 'x\x1b[2J\ny\x9b', 'version': 1}))
    text = plugrb('list').out
    assert '\x1b' not in text and '\x9b' not in text and len(text.splitlines()) == 2, text
    assert '\x1b' not in plugrb('list', '--json').out


def test_argument_that_is_not_utf8():
    result = run('plugrb', 'show', b'\xff\xfe'.decode('utf-8', 'surrogateescape'))
    assert result.status == 2 and 'UTF-8' in result.err, result


def test_interruption_cancels():
    install_two()
    lock_file = next(STORE.glob('snapshots/*/*/.lock'))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        with open(lock_file, 'r+b') as lock, Unchanged():
            fcntl.flock(lock, fcntl.LOCK_EX)
            with subprocess.Popen(['plugrb', 'rollback', KEY, '--yes'], stderr=subprocess.PIPE,
                                  stdout=subprocess.PIPE) as process:
                time.sleep(1)
                process.send_signal(number)
                out, err = process.communicate(timeout=60)
            assert process.returncode == 1 and b'Canceled, nothing changed' in err and not out, (process.returncode, err)


def test_completion():
    install_sample(1)
    script = os.path.join(os.environ['PLUGRB_SOURCE'], 'data', 'completions', 'plugrb')

    def complete(line):
        return must('bash', '-c', '. "$1"; COMP_LINE=$2 COMP_POINT=${#2} _plugrb; printf "%s\\n" "${COMPREPLY[@]}"',
                    'bash', script, line).split()

    assert complete('plugrb roll') == ['rollback']
    assert complete('plugrb help restore') == ['restore-deleted']
    assert complete('plugrb rollback --d') == ['--dry-run']
    assert complete('plugrb snapshot gnome-sh') == [KEY]
    assert complete('plugrb rollback --only se') == ['settings']
    assert complete('plugrb policy set max-snapshots') == ['max-snapshots']
    assert complete('plugrb policy --plugin gnome-sh') == [KEY]
    assert sorted(complete('plugrb ')) == sorted([*COMMANDS, 'help'])


if __name__ == '__main__':
    harness.main(harness.collect(dict(globals())))
