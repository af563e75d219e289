# SPDX-License-Identifier: GPL-3.0-or-later
"""What is kept: prune, pin, unpin, label, note, and deleting what would be missed."""

import hashlib
import json
import os
import shutil
import time

import harness
from harness import EXTENSIONS, KEY, SAMPLE, STORE, fails, install_sample, install_two, plugrb, plugrb_json

GROUP = 'io/github/plugrb/PluginRollback/policy'


def set_policy(**settings):
    lines = [f'{key.replace("_", "-")}={value}' for key, value in settings.items()]
    harness.write(STORE / 'policy.ini', '\n'.join([f'[{GROUP}]', *lines, '']))


def take(versions, plugin=SAMPLE):
    """Snapshots of some versions, of which the last one stays installed. Returns their ids."""
    ids = []
    for version in versions:
        install_sample(version, plugin=plugin)
        ids.append(plugrb_json('snapshot-result', 'snapshot', plugin)['created'][0]['id'])
    return ids


def rewrite(snapshot, **changes):
    """Changes what the store says of a snapshot, sealed again."""
    path = next((STORE / 'snapshots').glob(f'*/*/{snapshot}/snapshot.json'))
    value = json.loads(path.read_bytes())
    value.update(changes)
    del value['checksum']
    text = json.dumps(value, separators=(',', ':'), ensure_ascii=False)
    value['checksum'] = hashlib.sha256(text.encode()).hexdigest()
    path.write_text(json.dumps(value, ensure_ascii=False))


def age(snapshot, days):
    moment = time.gmtime(time.time() - days * 86400)
    rewrite(snapshot, timestamp=time.strftime('%Y-%m-%dT%H:%M:%SZ', moment))


def live():
    return [snapshot['id'] for snapshot in plugrb_json('snapshots', 'snapshots')]


def words(items):
    return {item['id']: item['why'] for item in items}


# ---- pin, label, note


def test_pin():
    first, second, third = take([1, 2, 3])
    assert [item['pinned'] for item in plugrb_json('snapshots', 'snapshots')] == [False] * 3
    changed = plugrb_json('pin-result', 'pin', first, third[:18])
    assert [item['id'] for item in changed['changed']] == [first, third] and not changed['failed'], changed
    assert {item['id']: item['pinned'] for item in plugrb_json('snapshots', 'snapshots')} == {
        first: True, second: False, third: True}
    assert first[:13] in plugrb('unpin', first).out
    assert [item['id'] for item in plugrb_json('snapshots', 'snapshots') if item['pinned']] == [third]
    plugrb('pin', third)


def test_pin_partly():
    first, second = take([1, 2])
    metadata = next((STORE / 'snapshots').glob(f'*/*/{first}/snapshot.json'))
    metadata.write_text('{')
    changed = plugrb_json('pin-result', 'pin', first, second, status=5)
    assert [item['snapshot'] for item in changed['failed']] == [first], changed
    assert changed['failed'][0]['error']['code'] == 'corrupt', changed
    plugrb('unpin', first, status=1)
    assert metadata.read_text() == '{'
    fails('pin', second, second, status=2, names=[second], code='usage')
    fails('pin', 'nothing-like-this', code='not-found')


def test_label_and_note():
    first, = take([1])
    assert plugrb_json('snapshot', 'label', first[:18], 'Before “the” talk')['label'] == 'Before “the” talk'
    assert plugrb_json('snapshot', 'note', first, 'one\ntwo')['note'] == 'one\ntwo'
    snapshot = plugrb_json('snapshots', 'snapshots')[0]
    assert (snapshot['label'], snapshot['note']) == ('Before “the” talk', 'one\ntwo'), snapshot
    assert 'label removed' in plugrb('label', first, '').out
    assert 'note removed' in plugrb('note', first, '').out
    snapshot = plugrb_json('snapshots', 'snapshots')[0]
    assert (snapshot['label'], snapshot['note']) == (None, None), snapshot
    assert 'label set' in plugrb('label', '--', first, '-x').out
    plugrb('rollback', first, '--yes')


# ---- prune


def test_prune():
    ids = take([1, 2, 3, 4, 5])
    plugrb('pin', ids[0])
    set_policy(max_snapshots=1)
    before = sorted(path for path in STORE.rglob('*') if path.name not in ('.lock', 'audit.jsonl'))
    dry = plugrb_json('prune', 'prune', '--dry-run')
    assert words(dry['kept']) == {ids[0]: 'pinned', ids[2]: 'within-limits', ids[3]: 'previous-version',
                                  ids[4]: 'installed-version'}, dry
    assert words(dry['deleted']) == {ids[1]: 'over-count'} and dry['freed'] == 0 and not dry['purged'], dry
    assert sorted(path for path in STORE.rglob('*') if path.name not in ('.lock', 'audit.jsonl')) == before
    assert plugrb_json('prune', 'prune') == dry
    assert live() == [ids[4], ids[3], ids[2], ids[0]]
    assert plugrb_json('snapshot', 'restore-deleted', ids[1])['id'] == ids[1]
    assert plugrb_json('prune', 'prune', SAMPLE) == dry


def test_prune_text():
    ids = take([1, 2, 3, 4])
    set_policy(max_snapshots=1)
    text = plugrb('prune', '--dry-run').out
    lines = text.splitlines()
    assert len(lines) == 6, text
    for snapshot in ids:
        assert sum(snapshot[:18] in line or line.startswith(snapshot[:13]) for line in lines) >= 1, text
    assert 'Latest copy of the installed version' in text and '1 newer one is kept' in text, text
    assert '1 snapshot would go to the trash.' in text and len(live()) == 4, text
    assert '1 snapshot is in the trash' in plugrb('prune').out and len(live()) == 3
    assert 'Nothing to clean up.' in plugrb('prune').out


def test_prune_of_nothing():
    assert plugrb_json('prune', 'prune') == {'kept': [], 'deleted': [], 'purged': [], 'failed': [], 'freed': 0}
    assert plugrb('prune').out == 'Nothing to clean up.\n'
    fails('prune', 'nothing@example.org', code='not-found')


def test_prune_by_age():
    ids = take([1, 2, 3])
    for snapshot, days in zip(ids, (90, 80, 70)):
        age(snapshot, days)
    pruned = plugrb_json('prune', 'prune')
    assert words(pruned['deleted']) == {ids[0]: 'too-old'}, pruned
    assert words(pruned['kept']) == {ids[1]: 'previous-version', ids[2]: 'installed-version'}, pruned


def test_prune_empties_the_trash():
    ids = take([1, 2, 3])
    age(ids[0], 60)
    plugrb('delete', ids[0])
    trashed = STORE / 'trash' / 'gnome-shell' / SAMPLE / ids[0]
    table = STORE / 'tables' / (json.loads((trashed / 'snapshot.json').read_text())['table'] + '.json.zst')
    kept = plugrb_json('prune', 'prune')
    assert not kept['purged'] and trashed.exists() and table.exists(), kept

    moment = time.time() - 8 * 86400
    os.utime(trashed, (moment, moment))
    dry = plugrb_json('prune', 'prune', '--dry-run')
    assert words(dry['purged']) == {ids[0]: 'trash-expired'} and trashed.exists() and table.exists(), dry
    done = plugrb_json('prune', 'prune')
    assert done == dry and done['freed'] > 0, (done, dry)
    assert not trashed.exists() and not table.exists()
    assert live() == [ids[2], ids[1]]
    plugrb('rollback', ids[1], '--yes')


def test_prune_keeps_what_undo_needs():
    ids = take([1, 2])
    plugrb('rollback', ids[0], '--yes')
    install_sample(3)
    set_policy(max_snapshots=1, retention_days=1)
    for snapshot in live():
        age(snapshot, 50)
    pruned = plugrb_json('prune', 'prune')
    assert set(words(pruned['kept']).values()) == {'recent-rollback'}, pruned
    plugrb('undo', '--yes')


def test_prune_of_uninstalled():
    ids = take([1, 2])
    for snapshot in ids:
        age(snapshot, 50)
    shutil.rmtree(EXTENSIONS / SAMPLE)
    pruned = plugrb_json('prune', 'prune')
    assert words(pruned['kept']) == {ids[1]: 'last-copy'}, pruned
    plugrb('rollback', SAMPLE, '--yes')
    assert (EXTENSIONS / SAMPLE / 'only-in-2.js').exists()


def test_prune_with_broken_policy():
    ids = take([1, 2, 3])
    for snapshot in ids:
        age(snapshot, 50)
    (STORE / 'policy.ini').write_bytes(b'\x00\xff')
    failed = plugrb_json('prune', 'prune', status=5)
    assert [item['plugin'] for item in failed['failed']] == [KEY] and not failed['deleted'], failed
    fails('prune', SAMPLE, names=['policy.ini'], code='corrupt')
    assert len(live()) == 3
    install_sample(4)
    plugrb('snapshot', KEY)
    assert len(live()) == 4


def test_snapshot_cleans_up():
    set_policy(max_snapshots=2)
    ids = take([1, 2, 3, 4, 5])
    assert live() == list(reversed(ids[1:])), (live(), ids)
    age(ids[1], 90)
    plugrb('snapshot', KEY)
    assert ids[1] in live(), 'a snapshot that is not new cleaned up'
    take([1], plugin='other@example.org')
    assert ids[1] in live(), 'a snapshot of another plugin cleaned up'
    take([6])
    assert ids[1] not in live(), live()


def test_recover_sweeps_up():
    first, = take([1])
    leftover = STORE / 'archives' / 'gnome-shell' / SAMPLE / '.tmp-x.tar.zst'
    orphan = STORE / 'archives' / 'gnome-shell' / SAMPLE / '01890a5d-ac96-774b-bcce-b302099a8057.tar.zst'
    for path in (leftover, orphan):
        path.write_bytes(b'x')
    assert plugrb_json('recover', 'recover') == {'recovered': []}
    assert not leftover.exists() and not orphan.exists()
    plugrb('rollback', first, '--yes')


# ---- deleting


def test_delete_asks_for_the_safety_copy():
    first = install_two()
    plugrb('rollback', KEY, '--yes')
    safety = plugrb_json('history', 'history')[0]['changes'][0]['safety-snapshot']
    fails('delete', safety, status=3, names=[safety, KEY], code='needs-user')
    assert safety in live()
    plugrb('delete', safety, '--yes')
    assert live() == [first['id']]


def test_delete_asks_for_the_last_copy():
    first, second = take([1, 2])
    fails('delete', first, second, status=3, names=[KEY], code='needs-user')
    assert len(live()) == 2
    plugrb('delete', first)
    fails('delete', second, status=3, names=[KEY], code='needs-user')
    plugrb('delete', second, '--yes')
    assert live() == []


def test_delete_of_what_is_not_installed():
    first, second = take([1, 2])
    shutil.rmtree(EXTENSIONS / SAMPLE)
    plugrb('delete', first, second)
    assert live() == []


def test_audit_names_every_act():
    first, second, third = take([1, 2, 3])
    for arguments in (['pin', first], ['unpin', first], ['label', first, 'x'], ['note', first, 'x'], ['delete', second]):
        plugrb(*arguments)
    acts = [json.loads(line)['act'] for line in (STORE / 'audit.jsonl').read_text().splitlines()]
    assert acts == ['snapshot'] * 3 + ['pin', 'unpin', 'label', 'note', 'delete'], acts


harness.main(harness.collect(dict(globals())))
