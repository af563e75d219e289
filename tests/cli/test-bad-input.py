# SPDX-License-Identifier: GPL-3.0-or-later
"""What must fail: with a message that names it, and with nothing changed."""

import fcntl
import json
import os
import subprocess
import sys

import harness
from harness import (DATA, EXTENSIONS, KEY, SAMPLE, STORE, Skip, Unchanged, assert_same, fails, install_sample,
                     install_two, look_at_world, plugrb, plugrb_json, run)


def find_one(pattern):
    found = list(STORE.glob(pattern))
    assert len(found) == 1, (pattern, found)
    return found[0]


def rollback_fails(*arguments, status=1, names=()):
    """A rollback that fails, perhaps after it has begun."""
    with Unchanged():
        result = plugrb('rollback', *arguments, '--yes', status=status)
        assert result.out == '' and result.err.startswith('plugrb: '), result
        for name in names:
            assert str(name) in result.err, f'the message does not name {name}: {result.err}'
    with Unchanged():
        output = json.loads(plugrb('rollback', *arguments, '--yes', '--json', status=status).out)
        assert output['error']['message'], output
        harness.schema.check(output, harness.schema.load('operation' if 'operation' in output else 'error'))


# ---- names


def test_unknown_plugin():
    install_two()
    with Unchanged():
        for command in ('snapshot', 'snapshots', 'history'):
            fails(command, 'nobody@example.org', names=['nobody@example.org'], code='not-found')
        for command in ('show', 'diff', 'rollback'):
            fails(command, 'gnome-shell/nobody@example.org', names=['nobody@example.org'], code='not-found')
        fails('show', 'no-program/nobody', names=['no-program'], code='not-found')


def test_unknown_snapshot():
    install_two()
    with Unchanged():
        for command in ('show', 'diff', 'rollback', 'delete', 'restore-deleted'):
            fails(command, '00000000-0000', names=['00000000-0000'], code='not-found')
        fails('diff', KEY, '00000000-0000', names=['00000000-0000'], code='not-found')


def test_ambiguous_prefix():
    first = install_two()
    second = plugrb_json('snapshot-result', 'snapshot', KEY)['created'][0]
    prefix = os.path.commonprefix([first['id'], second['id']])
    assert len(prefix) >= 4, prefix
    with Unchanged():
        for command in ('show', 'delete', 'rollback', 'diff'):
            fails(command, prefix, names=[prefix], code='ambiguous')


def test_ambiguous_plugin():
    with open(os.path.join(os.environ['PLUGRB_HOSTS_DIR'], 'gnome-shell.host'), encoding='utf-8') as file:
        text = file.read()
    text = text.replace('Id=gnome-shell\n', 'Id=other-shell\n').replace('/gnome-shell/', '/other-shell/')
    harness.write(STORE / 'hosts' / 'other-shell.host', text)
    install_sample(1)
    other = DATA / 'other-shell' / 'extensions' / SAMPLE
    harness.write(other / 'metadata.json', json.dumps({'uuid': SAMPLE, 'name': 'Other', 'version': 1}))
    with Unchanged():
        fails('snapshot', SAMPLE, names=[KEY, f'other-shell/{SAMPLE}'], code='ambiguous')
    plugrb('snapshot', f'other-shell/{SAMPLE}')


def test_plugin_id_with_slash_or_dots():
    install_two()
    with Unchanged():
        for name in ('..', '.', 'gnome-shell/..', 'gnome-shell/a/b', 'gnome-shell/../../etc', 'gnome-shell/', '/etc', ''):
            for command in ('snapshot', 'show', 'rollback', 'snapshots'):
                fails(command, name)
        fails('snapshot', 'gnome-shell/../x', names=['../x'], code='invalid')


def test_folder_with_a_strange_name():
    install_two()
    harness.write(EXTENSIONS / '..hidden@x' / 'metadata.json', '{"uuid": "..hidden@x"}')
    harness.write(EXTENSIONS / 'a b%2F\n@x' / 'metadata.json', '{"uuid": "../../owned"}')
    plugrb_json('list', 'list')
    plugrb('snapshot', '--all', status=run('plugrb', 'snapshot', '--all').status)
    for path in STORE.rglob('*'):
        assert STORE in path.resolve().parents, path
    assert not (DATA / 'owned').exists() and not (EXTENSIONS.parent / 'owned').exists()


# ---- a damaged store


def test_corrupt_archive_byte():
    snapshot = install_two(payload=os.urandom(200_000))
    archive = find_one('archives/*/*/*.tar.zst')
    good = archive.read_bytes()
    for position in (0, len(good) // 3, len(good) // 2):
        archive.write_bytes(good[:position] + bytes([good[position] ^ 0x10]) + good[position + 1:])
        rollback_fails(KEY, '--to', snapshot['id'], names=[snapshot['id']])
    archive.write_bytes(good[:len(good) // 2])
    rollback_fails(KEY, '--to', snapshot['id'], names=[snapshot['id']])
    archive.write_bytes(good)
    plugrb('rollback', KEY, '--yes')
    assert (EXTENSIONS / SAMPLE / 'only-in-1.js').exists()


def test_corrupt_table():
    snapshot = install_two()
    table = find_one('tables/*.zst')
    good = table.read_bytes()
    table.write_bytes(good[:-3])
    rollback_fails(snapshot['id'], names=[snapshot['id']])
    table.unlink()
    rollback_fails(snapshot['id'], names=[snapshot['id']])


def test_truncated_metadata():
    snapshot = install_two()
    metadata = find_one('snapshots/*/*/*/snapshot.json')
    good = metadata.read_bytes()
    for length in (0, 1, len(good) // 2, len(good) - 5):
        metadata.write_bytes(good[:length])
        listed = plugrb_json('snapshots', 'snapshots', KEY)
        assert listed[0]['id'] == snapshot['id'] and listed[0]['damaged'], listed
        assert 'damaged' in plugrb('snapshots').out
        assert snapshot['id'] in plugrb('show', snapshot['id'], status=5).out
        rollback_fails(snapshot['id'], names=[snapshot['id']])
    metadata.write_bytes(good)
    plugrb('rollback', KEY, '--yes')


def test_changed_metadata():
    snapshot = install_two()
    metadata = find_one('snapshots/*/*/*/snapshot.json')
    metadata.write_bytes(metadata.read_bytes().replace(b'"version" : "1"', b'"version" : "2"'))
    assert plugrb_json('snapshots', 'snapshots', KEY)[0]['damaged']
    rollback_fails(snapshot['id'], names=[snapshot['id']])


def test_missing_archive():
    snapshot = install_two()
    find_one('archives/*/*/*.tar.zst').unlink()
    rollback_fails(KEY, '--to', snapshot['id'], names=[snapshot['id']])
    plugrb_json('snapshots', 'snapshots')


def test_store_from_a_newer_version():
    install_two()
    (STORE / 'store.json').write_text('{"format": 99}')
    with Unchanged():
        for arguments in (['list'], ['snapshots'], ['snapshot', KEY], ['rollback', KEY, '--yes'], ['undo'], ['recover']):
            fails(*arguments, names=[STORE, '99'], code='too-new')


def test_store_that_is_a_file():
    install_sample(1)
    (DATA / 'file').write_text('x')
    fails('list', '--store', DATA / 'file', names=[DATA / 'file'])


def test_host_file_that_is_wrong():
    good = os.path.join(os.environ['PLUGRB_HOSTS_DIR'], 'gnome-shell.host')
    plugrb('hosts', '--check', good)
    with open(good, encoding='utf-8') as file:
        text = file.read()
    for name, content in (('none.host', None), ('empty.host', ''), ('text.host', 'x'),
                          ('missing.host', text.replace('Id=gnome-shell\n', ''))):
        if content is not None:
            harness.write(DATA / name, content)
        fails('hosts', '--check', DATA / name, names=[name])


# ---- a plugin that cannot be read or written


def test_manifest_that_is_not_json():
    install_two()
    harness.write(EXTENSIONS / SAMPLE / 'metadata.json', '{"uuid": oops')
    listed = plugrb_json('list', 'list')
    assert listed[0]['key'] == KEY and listed[0]['version'] is None, listed
    assert 'metadata.json' in plugrb('show', KEY).out
    plugrb('rollback', KEY, '--yes')
    assert plugrb_json('list', 'list')[0]['version'] == '1'


def test_read_only_folder_of_plugins():
    install_two()
    EXTENSIONS.chmod(0o555)
    rollback_fails(KEY, names=[EXTENSIONS, 'Permission denied'])
    EXTENSIONS.chmod(0o755)


def test_unreadable_file():
    install_two()
    (EXTENSIONS / SAMPLE / 'common.js').chmod(0)
    with Unchanged():
        assert 'common.js' in plugrb('snapshot', KEY, status=1).err
    rollback_fails(KEY, names=['common.js'])


def test_device_in_the_folder():
    install_two()
    os.mkfifo(EXTENSIONS / SAMPLE / 'pipe')
    with Unchanged():
        assert 'pipe' in plugrb('snapshot', KEY, status=1).err


def test_plugin_folder_that_is_a_link():
    install_two()
    real = DATA / 'checkout'
    (EXTENSIONS / SAMPLE).rename(real)
    (EXTENSIONS / SAMPLE).symlink_to(real)
    rollback_fails(KEY, status=3, names=[real])


# ---- two at once


def test_locked_plugin():
    install_two()
    with open(find_one('snapshots/*/*/.lock'), 'r+b') as lock, Unchanged():
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = plugrb('rollback', KEY, '--yes', status=1)
        assert KEY in result.err and 'Another task' in result.err, result.err


def test_two_rollbacks_at_once():
    snapshot = install_two(payload=os.urandom(3_000_000))
    wanted = plugrb_json('show-snapshot', 'show', snapshot['id'])
    processes = [subprocess.Popen(['plugrb', 'rollback', KEY, '--yes', '--json'], stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE) for _ in range(2)]
    outputs = [process.communicate(timeout=120) for process in processes]
    statuses = sorted(process.returncode for process in processes)
    assert statuses[0] == 0 and statuses[1] in (0, 1), (statuses, outputs)
    assert plugrb_json('list', 'list')[0]['version'] == '1'
    plan = plugrb_json('plans', 'diff', wanted['id'])['plans'][0]
    assert not plan['files']['changed'] and not plan['files']['added'] and not plan['files']['removed'], plan
    assert plugrb_json('recover', 'recover') == {'recovered': []}


# ---- a full disk


def on_small_disk(payload_size):
    """Runs inside a namespace of its own, with a small tmpfs for the data folder."""
    payload = os.urandom(payload_size)
    snapshot = install_two(payload=payload)
    before = look_at_world()

    with open(DATA / 'filler', 'wb') as filler:
        try:
            while True:
                filler.write(b'\0' * 4096)
                filler.flush()
        except OSError:
            pass
    os.truncate(DATA / 'filler', max(os.path.getsize(DATA / 'filler') - 64 * 1024, 0))

    for arguments in (['snapshot', KEY], ['rollback', KEY, '--yes']):
        result = plugrb(*arguments, status=1)
        assert 'space' in result.err, result.err
        assert_same(look_at_world(), before, f'{arguments} on a full disk')
        assert harness.snapshot_ids() == {snapshot['id']}

    (DATA / 'filler').unlink()
    plugrb('rollback', KEY, '--yes')
    assert (EXTENSIONS / SAMPLE / 'only-in-1.js').exists()


def test_full_disk():
    session = os.path.join(os.environ['PLUGRB_SOURCE'], 'tests', 'tools', 'scratch-session.sh')
    if run('unshare', '-rm', 'true').status != 0:
        assert os.environ.get('CI') != 'true', 'a namespace of its own is needed for a small disk'
        raise Skip('no namespace of its own can be made here for a small disk')
    script = 'mount -t tmpfs -o size=4m none "$XDG_DATA_HOME"; "$@"; status=$?; umount "$XDG_DATA_HOME"; exit $status'
    result = run('unshare', '-rm', session, 'sh', '-c', script, 'sh', sys.executable, __file__, '--small-disk')
    assert result.status == 0, result.out + result.err


if __name__ == '__main__':
    if sys.argv[1:] == ['--small-disk']:
        EXTENSIONS.mkdir(parents=True)
        on_small_disk(700_000)
    else:
        harness.main(harness.collect(dict(globals())))
