# SPDX-License-Identifier: GPL-3.0-or-later
"""Damage: plugrb verify, log and extract, and a store that a crash, a full disk or a bad copy left."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import harness
from harness import (DATA, EXTENSIONS, KEY, SAMPLE, STORE, assert_same, fails, install_sample, install_two, look_at_tree,
                     look_at_world, must, plugrb, plugrb_json)

OTHER = 'other@example.org'
OTHER_KEY = f'gnome-shell/{OTHER}'
CACHE = Path(os.environ['XDG_CACHE_HOME']) / 'plugin-rollback'
QUARANTINE = STORE / 'quarantine'


def find_one(pattern):
    found = list(STORE.glob(pattern))
    assert len(found) == 1, f'{pattern}: {found}'
    return found[0]


def find_archive(snapshot):
    return STORE / 'archives' / 'gnome-shell' / SAMPLE / f'{snapshot["id"]}.tar.zst'


def find_table(snapshot):
    folder = STORE / 'snapshots' / 'gnome-shell' / SAMPLE / snapshot['id']
    return STORE / 'tables' / (json.loads((folder / 'snapshot.json').read_bytes())['table'] + '.json.zst')


def flip(path, at=-40):
    data = bytearray(path.read_bytes())
    data[at % len(data)] ^= 0x10
    path.write_bytes(data)


def verify(*arguments, status=0):
    return plugrb_json('verify', 'verify', *arguments, status=status)


def read_log(*arguments, status=0):
    return plugrb_json('log', 'log', *arguments, status=status)


def list_acts():
    return [entry['act'] for entry in read_log()['entries']]


# ---- verify


def test_verify_finds_nothing_in_a_good_store():
    assert verify() == {'checked': 0, 'bad': []}
    install_two()
    plugrb('rollback', KEY, '--yes')
    for arguments in ([], ['--full'], ['--full', '--repair']):
        found = verify(*arguments)
        assert found == {'checked': 2, 'bad': []}, found
    assert '2 snapshots checked, no damage' in plugrb('verify').out
    assert not QUARANTINE.exists()


def test_verify_of_some():
    snapshot = install_two()
    install_sample(1, plugin=OTHER)
    plugrb('snapshot', OTHER_KEY)
    assert verify()['checked'] == 2
    assert verify(KEY)['checked'] == 1
    assert verify(snapshot['id'][:13])['checked'] == 1
    assert verify(KEY, OTHER_KEY)['checked'] == 2
    fails('verify', 'none@example.org', code='not-found')


def test_verify_reads_archives_only_when_it_is_to():
    snapshot = install_two()
    flip(find_archive(snapshot), at=200)
    assert verify()['bad'] == []
    bad = verify('--full', status=5)['bad']
    assert [found['snapshot'] for found in bad] == [snapshot['id']], bad
    assert snapshot['id'] in bad[0]['what'] and not bad[0]['repaired'], bad
    text = plugrb('verify', '--full', status=5).out
    assert snapshot['id'] in text and 'Can still be restored:' in text, text
    assert find_archive(snapshot).exists(), 'verify without --repair moved something'


def break_metadata(snapshot):
    flip(STORE / 'snapshots' / 'gnome-shell' / SAMPLE / snapshot['id'] / 'snapshot.json')


def cut_archive(snapshot):
    os.truncate(find_archive(snapshot), 300)


BREAKS = {
    'metadata': break_metadata,
    'no-metadata': lambda snapshot: (STORE / 'snapshots' / 'gnome-shell' / SAMPLE / snapshot['id'] / 'snapshot.json').unlink(),
    'table': lambda snapshot: flip(find_table(snapshot)),
    'empty-table': lambda snapshot: os.truncate(find_table(snapshot), 0),
    'no-table': lambda snapshot: find_table(snapshot).unlink(),
    'archive-cut': cut_archive,
    'no-archive': lambda snapshot: find_archive(snapshot).unlink(),
}


def test_repair_sets_aside_and_new_snapshots_are_whole():
    for name, break_it in BREAKS.items():
        harness.reset()
        snapshot = install_two()
        install_sample(1, plugin=OTHER)
        plugrb('snapshot', OTHER_KEY)
        break_it(snapshot)
        shutil.rmtree(CACHE)

        found = verify('--repair', status=5)
        assert len(found['bad']) == 1 and found['checked'] == 2, (name, found)
        bad = found['bad'][0]
        assert bad['snapshot'] == snapshot['id'] and bad['plugin'] == KEY and bad['repaired'], (name, bad)
        assert bad['restorable'] is not None or name == 'no-table', (name, bad)
        assert (QUARANTINE / 'snapshots' / 'gnome-shell' / SAMPLE / snapshot['id']).is_dir(), name
        assert list_acts()[0] == 'quarantine', name
        assert verify('--full')['bad'] == [], name

        install_sample(1)
        created = plugrb_json('snapshot-result', 'snapshot', KEY)['created']
        assert len(created) == 1, f'{name}: what was damaged passed for a snapshot'
        want = look_at_world()
        install_sample(2)
        plugrb('rollback', KEY, '--to', created[0]['id'], '--yes')
        assert_same(look_at_world(), want, name)


def test_repair_makes_a_lost_list_of_files_again():
    for name in ('table', 'no-table'):
        harness.reset()
        install_sample(1)
        snapshot = plugrb_json('snapshot-result', 'snapshot', KEY)['created'][0]
        table = find_table(snapshot)
        good = table.read_bytes()
        BREAKS[name](snapshot)
        [bad] = verify('--full', '--repair', status=5)['bad']
        assert bad['repaired'] and bad['restorable'] == 'everything', bad
        assert table.read_bytes() == good, name
        assert verify('--full')['bad'] == [], name
        assert list_acts()[0] == 'rebuild'


def test_repair_tells_what_is_left():
    install_sample(1, payload=os.urandom(3_000_000))
    folder = EXTENSIONS / SAMPLE
    for index in range(4):
        harness.write(folder / f'z{index}.bin', os.urandom(1_500_000))
    snapshot = plugrb_json('snapshot-result', 'snapshot', KEY)['created'][0]
    archive = find_archive(snapshot)
    flip(archive, at=archive.stat().st_size - 700_000)

    bad = verify('--full', '--repair', status=5)['bad'][0]
    words = bad['restorable'].split()
    good, total = int(words[-4]), int(words[-2])
    assert total == snapshot['files'] and 0 < good < total, bad

    target = DATA / 'out'
    got = plugrb_json('extract', 'extract', snapshot['id'], 'common.js', '--to', target, '--store', QUARANTINE)
    assert got['files'] == 1 and (target / 'common.js').read_bytes() == (folder / 'common.js').read_bytes()


def test_a_snapshot_of_a_newer_version_is_not_moved():
    snapshot = install_two()
    path = STORE / 'snapshots' / 'gnome-shell' / SAMPLE / snapshot['id'] / 'snapshot.json'
    path.write_text('{"format": 2, "checksum": "' + '0' * 64 + '"}')
    assert verify('--repair', status=5)['bad'][0]['repaired'], 'its checksum is wrong'


def test_repair_of_the_history():
    install_two()
    plugrb('rollback', KEY, '--yes')
    records = sorted((STORE / 'operations').glob('*.json'))
    flip(records[-1])
    plugrb('history')
    bad = verify(status=5)['bad']
    assert len(bad) == 1 and bad[0]['snapshot'] is None and records[-1].stem in bad[0]['what'], bad
    assert verify('--repair', status=5)['bad'][0]['repaired']
    assert (QUARANTINE / 'history' / records[-1].name).exists()
    assert verify()['bad'] == []


def test_verify_says_when_the_audit_trail_was_changed():
    install_two()
    path = STORE / 'audit.jsonl'
    plugrb('rollback', KEY, '--yes')
    path.write_text(path.read_text().replace('"snapshot"', '"snapshop"', 1))
    bad = verify(status=5)['bad']
    assert len(bad) == 1 and 'Line 2' in bad[0]['what'], bad


# ---- log


def test_log():
    assert read_log() == {'entries': [], 'verified': None}
    snapshot = install_two()
    install_sample(1, plugin=OTHER)
    plugrb('snapshot', OTHER_KEY)
    plugrb('rollback', KEY, '--yes')
    entries = read_log()['entries']
    assert [entry['act'] for entry in entries] == ['rollback', 'snapshot', 'snapshot', 'snapshot'], entries
    assert entries[0]['subject'] == KEY and entries[-1]['subject'] == snapshot['id'], entries
    assert [entry['act'] for entry in read_log(KEY)['entries']] == ['rollback', 'snapshot', 'snapshot']
    assert len(plugrb('log').out.splitlines()) == 5
    assert read_log('--verify')['verified'] == {'intact': True, 'line': None, 'what': None, 'torn': False}
    assert plugrb('log', '--verify').out == '4 lines, unchanged\n'


def test_log_names_the_first_line_that_does_not_fit():
    install_two()
    for _ in range(3):
        plugrb('rollback', KEY, '--yes')
        plugrb('undo')
    path = STORE / 'audit.jsonl'
    lines = path.read_text().splitlines(keepends=True)

    path.write_text(''.join([*lines[:2], lines[2].replace('Z', '0Z', 1), *lines[3:]]))
    assert read_log('--verify', status=5)['verified']['line'] in (3, 4)
    path.write_text(''.join([*lines[:2], *lines[3:]]))
    assert read_log('--verify', status=5)['verified']['line'] == 3
    assert 'Line 3 ' in plugrb('log', '--verify', status=5).out
    path.write_text(''.join(lines[:-1]))
    assert read_log('--verify', status=5)['verified']['line'] == len(lines), 'the end was cut off'
    path.unlink()
    assert read_log('--verify', status=5)['verified']['line'] == 1
    path.write_text(''.join(lines))
    plugrb('log', '--verify')


def test_a_torn_line_is_set_aside():
    install_two()
    path = STORE / 'audit.jsonl'
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"time":"20')
    verdict = read_log('--verify')['verified']
    assert verdict['intact'] and verdict['torn'], verdict
    assert plugrb('recover').out == ''
    assert path.read_bytes() == whole
    assert (QUARANTINE / 'torn-audit.jsonl').read_bytes() == b'{"time":"20'


# ---- extract


def test_extract_all():
    snapshot = install_two()
    install_sample(1)
    want = look_at_tree(EXTENSIONS / SAMPLE)
    target = DATA / 'deep' / 'out'
    got = plugrb_json('extract', 'extract', snapshot['id'], '--to', target)
    assert got == {'snapshot': snapshot['id'], 'path': str(target), 'files': snapshot['files'], 'backup': None}, got
    assert look_at_tree(target) == want
    assert os.listdir(target.parent) == ['out'], 'something was left beside it'


def test_extract_some():
    snapshot = install_two()
    target = DATA / 'out'
    target.mkdir()
    plugrb('extract', snapshot['id'], 'schemas', 'user/only-in-1.js', '--to', target)
    assert sorted(os.listdir(target)) == ['only-in-1.js', 'schemas'], os.listdir(target)
    assert len(os.listdir(target / 'schemas')) == 2
    shutil.rmtree(target)
    for name in ('none.js', '../extension.js', '/etc/passwd', 'user/none.js', 'link.js/x'):
        fails('extract', snapshot['id'], 'extension.js', name, '--to', target, names=[name.removeprefix('user/')],
              code='not-found')
        assert not target.exists()


def test_extract_with_settings():
    snapshot = install_two()
    target = DATA / 'out'
    plugrb('extract', snapshot['id'], '--settings', '--to', target)
    assert sorted(os.listdir(target)) == ['files', 'settings']
    assert (target / 'files' / 'user' / 'only-in-1.js').exists()
    text = (target / 'settings' / 'settings.json').read_text()
    assert "'old'" in text and json.loads(text), text


def test_extract_does_not_overwrite():
    snapshot = install_two()
    target = DATA / 'out'
    harness.write(target / 'mine.txt', 'mine')
    fails('extract', snapshot['id'], '--to', target, names=[target, '--force'], code='invalid')
    assert os.listdir(target) == ['mine.txt']
    got = plugrb_json('extract', 'extract', snapshot['id'], '--to', target, '--force')
    assert (target / 'only-in-1.js').exists() and not (target / 'mine.txt').exists()
    assert got['backup'] == f'{target}~' and (DATA / 'out~' / 'mine.txt').read_text() == 'mine', got
    plugrb('extract', snapshot['id'], '--to', target, '--force')
    assert (DATA / 'out~' / 'mine.txt').read_text() == 'mine' and (DATA / 'out~2').is_dir()
    (DATA / 'file').write_text('x')
    fails('extract', snapshot['id'], '--to', DATA / 'file', '--force', names=[DATA / 'file'])
    fails('extract', snapshot['id'], status=2, names=['--to'], code='usage')


def test_extract_is_all_or_nothing():
    snapshot = install_two()
    flip(find_archive(snapshot), at=200)
    fails('extract', snapshot['id'], '--to', DATA / 'out', names=[snapshot['id']], code='corrupt')
    assert not (DATA / 'out').exists() and not list(DATA.glob('.plugrb-*'))
    harness.write(DATA / 'out' / 'mine.txt', 'mine')
    fails('extract', snapshot['id'], '--to', DATA / 'out', '--force', code='corrupt')
    assert (DATA / 'out' / 'mine.txt').exists() and not list(DATA.glob('.plugrb-*'))


def test_extract_from_the_present_folder():
    snapshot = install_two()
    (DATA / 'empty').mkdir()
    refused = subprocess.run(['plugrb', 'extract', snapshot['id'], '--to', '.'], cwd=DATA / 'empty', check=False,
                             capture_output=True)
    assert refused.returncode == 1 and not os.listdir(DATA / 'empty')
    subprocess.run(['plugrb', 'extract', snapshot['id'], '--to', 'out'], cwd=DATA / 'empty', check=True,
                   stdout=subprocess.DEVNULL)
    assert (DATA / 'empty' / 'out' / 'only-in-1.js').exists()


# ---- show --files


def test_show_files():
    snapshot = install_two()
    for name, subject in (('show-snapshot', snapshot['id']), ('show-plugin', KEY)):
        entries = plugrb_json(name, 'show', subject, '--files')['entries']
        files = {entry['path']: entry for entry in entries if entry['part'] == 'user'}
        version = 1 if subject != KEY else 2
        assert set(files) == {'', 'common.js', 'empty', 'extension.js', 'link.js', 'metadata.json', 'schemas', 'tool.sh',
                              f'only-in-{version}.js', 'schemas/gschemas.compiled',
                              'schemas/org.gnome.shell.extensions.sample.gschema.xml'}, files.keys()
        assert files['tool.sh']['mode'] == '0755' and files['link.js']['target'] == 'common.js', files
        text = plugrb('show', subject, '--files').out
        assert f'user/only-in-{version}.js' in text and 'user/link.js → common.js' in text, text
    assert 'entries' not in plugrb_json('show-snapshot', 'show', snapshot['id'])
    break_metadata(snapshot)
    assert plugrb_json('show-snapshot', 'show', snapshot['id'], '--files', status=5)['damaged']


# ---- a damaged journal


def interrupt(text=None):
    """A journal of KEY that says nothing any more, with a stage beside the extensions."""
    operation = '019a8f3c-0000-7000-8000-000000000001'
    path = STORE / 'operations' / 'pending' / f'{operation}.json'
    path.write_text(text if text is not None else '{"id": "' + operation + '", "plugins": [{"plugin": "' + KEY + '", "sw')
    harness.write(EXTENSIONS.parent / f'.plugrb-{operation}' / '0' / 'old' / 'file', 'the old tree')
    return operation


def test_a_damaged_journal_holds_up_only_its_plugin():
    install_two()
    install_sample(1, plugin=OTHER)
    operation = interrupt()
    world = look_at_world()

    for command in (['list'], ['snapshots'], ['history']):
        assert operation in plugrb(*command).err, command
    plugrb('snapshot', OTHER_KEY)
    message = plugrb('rollback', KEY, '--yes', status=4).err
    assert KEY in message and 'plugrb recover' in message, message
    assert any(operation in found['what'] for found in verify(status=5)['bad'])

    recovered = plugrb_json('recover', 'recover', status=3)['recovered']
    assert [(found['operation'], found['direction'], found['status']) for found in recovered] == \
        [(operation, 'none', 'needs-user')], recovered
    assert f'.plugrb-{operation}' in recovered[0]['message'] and 'quarantine' in recovered[0]['message'], recovered
    assert_same(look_at_world(), world, 'recover touched what it knows nothing about')
    assert (QUARANTINE / 'journals' / f'{operation}.json').exists()

    assert plugrb_json('recover', 'recover')['recovered'] == []
    plugrb('rollback', KEY, '--yes')


def test_an_empty_journal_holds_up_nobody():
    install_two()
    operation = interrupt('')
    plugrb('rollback', KEY, '--yes')
    assert operation in plugrb('recover', status=3).err
    assert plugrb('list').err == ''


def test_a_journal_under_a_wrong_name():
    install_two()
    plugrb('rollback', KEY, '--yes')
    good = next((STORE / 'operations').glob('*.json'))
    operation = interrupt(good.read_text())
    assert [found['status'] for found in plugrb_json('recover', 'recover', status=3)['recovered']] == ['needs-user']
    assert (QUARANTINE / 'journals' / f'{operation}.json').exists()


# ---- what a crash, a full disk or a bad copy left


def test_a_store_without_its_parts_opens():
    snapshot = install_two()
    want = plugrb_json('snapshots', 'snapshots')
    store = STORE / 'store.json'
    for name, content in (('missing', None), ('empty', ''), ('torn', store.read_text()[:20]), ('zeros', '\0' * 90)):
        store.unlink()
        if content is not None:
            store.write_text(content)
        assert plugrb_json('snapshots', 'snapshots') == want, name
        assert json.loads(store.read_text())['format'] == 1, name
    assert list_acts()[:4] == ['rebuild'] * 4
    assert len(list(QUARANTINE.glob('damaged-store.json*'))) == 3

    for name in ('trash', 'operations', 'tables', 'archives'):
        (STORE / name).rename(DATA / name)
        assert plugrb_json('snapshots', 'snapshots') == want, name
        shutil.rmtree(STORE / name)
        (DATA / name).rename(STORE / name)
    assert verify('--full')['bad'] == []
    plugrb('rollback', snapshot['id'], '--yes')


def test_a_store_that_cannot_be_written():
    snapshot = install_two()
    for lacks in (None, 'store.json', 'trash'):
        if lacks is not None:
            must('rm', '-rf', STORE / lacks)
        must('chmod', '-R', 'a-w', STORE)
        world = look_at_tree(STORE)
        try:
            for arguments in (['list'], ['snapshots'], ['show', snapshot['id'], '--files'], ['diff', KEY], ['history'], ['log'],
                              ['verify', '--full']):
                plugrb(*arguments)
            plugrb('extract', snapshot['id'], '--to', DATA / 'out')
            shutil.rmtree(DATA / 'out')
            for arguments in (['snapshot', KEY], ['rollback', KEY, '--yes'], ['delete', snapshot['id'], '--yes']):
                message = plugrb(*arguments, status=1).err
                assert str(STORE) in message, message
            assert look_at_tree(STORE) == world, lacks
        finally:
            must('chmod', '-R', 'u+w', STORE)


def test_a_copy_with_open_modes():
    install_two()
    must('chmod', '-R', 'a+rwX', STORE)
    plugrb('list')
    assert STORE.stat().st_mode & 0o777 == 0o700


def forget_listings():
    """What was listed before is not read again."""
    shutil.rmtree(CACHE / 'listings', ignore_errors=True)


def test_modes_that_shut_out_the_user():
    snapshot = install_two()
    want = plugrb_json('snapshots', 'snapshots')
    folder = STORE / 'snapshots' / 'gnome-shell' / SAMPLE
    for path in (STORE, STORE / 'store.json', STORE / 'snapshots', STORE / 'operations' / 'pending', folder.parent, folder,
                 folder / snapshot['id'], folder / snapshot['id'] / 'snapshot.json'):
        path.chmod(0)
        forget_listings()
        assert plugrb_json('snapshots', 'snapshots') == want, path
        # A list need not look into each snapshot; whoever is asked for one does.
        assert plugrb_json('show-snapshot', 'show', snapshot['id'])['id'] == snapshot['id'], path
    find_archive(snapshot).chmod(0)
    find_table(snapshot).chmod(0)
    find_archive(snapshot).parent.chmod(0)
    assert verify('--full', status=5)['bad'][0]['snapshot'] == snapshot['id']
    assert verify('--full', '--repair') == {'checked': 1, 'bad': []}
    plugrb('rollback', snapshot['id'], '--yes')


def test_recover_says_nothing_when_there_is_nothing():
    install_sample(1)
    for _ in range(2):
        result = plugrb('recover')
        assert result.out == '' and result.err == '', result


# ---- snapshots of all


def test_one_entry_of_the_history_for_all():
    for number in range(3):
        install_sample(1, plugin=f'{number}-{SAMPLE}')
    first = plugrb_json('snapshot-result', 'snapshot', '--all', '--reason', 'baseline')
    assert len(first['created']) == 3 and {snapshot['reason'] for snapshot in first['created']} == {'baseline'}
    operations = plugrb_json('history', 'history')
    assert len(operations) == 1 and len(operations[0]['changes']) == 3, operations

    before = sorted(str(path) for path in STORE.rglob('*'))
    again = plugrb_json('snapshot-result', 'snapshot', '--all', '--reason', 'baseline')
    assert again['created'] == [] and len(again['unchanged']) == 3
    assert sorted(str(path) for path in STORE.rglob('*')) == before, 'unchanged plugins left something'

    harness.write(EXTENSIONS / f'1-{SAMPLE}' / 'extension.js', 'changed')
    assert len(plugrb_json('snapshot-result', 'snapshot', '--all')['created']) == 1
    operations = plugrb_json('history', 'history')
    assert len(operations) == 2 and len(operations[0]['changes']) == 1, operations


if __name__ == '__main__':
    harness.main(harness.collect(dict(globals())))
