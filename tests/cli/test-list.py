# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of snapshots: from the cache, and still what is there."""

import hashlib
import os
import time
from pathlib import Path

import harness
from harness import KEY, STORE, install_sample, plugrb, plugrb_json

LISTINGS = Path(os.environ['XDG_CACHE_HOME']) / 'plugin-rollback' / 'listings'


def take(versions):
    ids = []
    for version in versions:
        install_sample(version)
        ids.append(plugrb_json('snapshot-result', 'snapshot', KEY)['created'][0]['id'])
    return ids


def settle():
    """What has just been changed is not remembered, for two steps of the clock that stamps files."""
    time.sleep(2 * time.clock_getres(time.CLOCK_REALTIME) + 0.05)


def remembered():
    """A list that has come from the cache."""
    settle()
    plugrb('snapshots')
    return plugrb_json('snapshots', 'snapshots')


def test_metadata_are_not_read():
    take([1, 2, 3])
    seen, text = remembered(), plugrb('snapshots').out
    files = list((STORE / 'snapshots').glob('*/*/*/snapshot.json'))
    assert len(files) == len(seen) == 3
    for path in files:
        path.rename(path.with_name('hidden'))
    assert plugrb_json('snapshots', 'snapshots') == seen
    assert plugrb('snapshots').out == text
    assert plugrb_json('list', 'list')[0]['snapshots'] == 3
    assert len(plugrb_json('verify', 'verify', status=5)['bad']) == 3

    for path in LISTINGS.iterdir():
        path.unlink()
    assert all(item['damaged'] for item in plugrb_json('snapshots', 'snapshots'))


def test_same_from_the_cache():
    first, second = take([1, 2])
    plugrb('label', first, 'Grün “1”\ttab')
    plugrb('note', second, 'one\n"two" \\ three')
    plugrb('pin', second)
    for path in LISTINGS.iterdir() if LISTINGS.exists() else []:
        path.unlink()
    anew = plugrb_json('snapshots', 'snapshots'), plugrb('snapshots').out, plugrb('snapshots', '--json').out
    remembered()
    assert (plugrb_json('snapshots', 'snapshots'), plugrb('snapshots').out, plugrb('snapshots', '--json').out) == anew


def test_changes_are_seen_at_once():
    first, second = take([1, 2])

    def shown():
        return {item['id']: (item['label'], item['note'], item['pinned']) for item in plugrb_json('snapshots', 'snapshots')}

    for wait in (remembered, lambda: None):
        wait()
        plugrb('label', first, 'a label')
        assert shown() == {first: ('a label', None, False), second: (None, None, False)}
        wait()
        plugrb('note', second, 'a note')
        assert shown()[second] == (None, 'a note', False)
        wait()
        plugrb('pin', second)
        assert shown()[second] == (None, 'a note', True)
        wait()
        plugrb('unpin', second)
        plugrb('label', first, '')
        plugrb('note', second, '')
        assert shown() == {first: (None, None, False), second: (None, None, False)}
        wait()
        plugrb('delete', first, '--yes')
        assert set(shown()) == {second}
        wait()
        plugrb('restore-deleted', first)
        assert set(shown()) == {first, second}


def test_stores_of_their_own():
    first, = take([1])
    other = STORE.with_name('other-store')
    second = plugrb_json('snapshot-result', 'snapshot', KEY, '--store', other)['created'][0]['id']
    for _ in range(2):
        remembered()
        plugrb('snapshots', '--store', other)
        assert [item['id'] for item in plugrb_json('snapshots', 'snapshots')] == [first]
        assert [item['id'] for item in plugrb_json('snapshots', 'snapshots', '--store', other)] == [second]


def test_no_snapshots():
    assert plugrb_json('snapshots', 'snapshots') == []
    assert plugrb('snapshots', '--json').out == '[]\n'


def test_damaged_cache():
    take([1, 2])
    seen = remembered()
    path = LISTINGS / hashlib.sha256(os.fsencode(STORE)).hexdigest()
    content = path.read_bytes()
    for damaged in (b'', b'x', content[:-1], content[: len(content) // 2], content + b'x', bytes(len(content)),
                    bytes(byte ^ 0xff for byte in content)):
        path.write_bytes(damaged)
        assert plugrb_json('snapshots', 'snapshots') == seen
    path.chmod(0)
    assert plugrb_json('snapshots', 'snapshots') == seen


harness.main(harness.collect(dict(globals())))
