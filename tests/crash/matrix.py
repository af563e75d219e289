#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kill matrix: the real program, interrupted at its system calls in every way there is.

  matrix.py --tracer PROGRAM [--full] [--scenario NAME]... [--kind KIND]... [--sample FACTOR] [--seed N]
            [--jobs N]
  matrix.py --tracer PROGRAM --scenario NAME --trace        print the calls that are counted (with --kind open: every open)
  matrix.py --tracer PROGRAM --scenario NAME --kind KIND --point 'POINT'   one point, as a violation names it

Kinds: kill (before each call), cache (before each call that changes a cache), fail (each error that a call can return, once and from then on, and short writes), open
(no more files can be opened), undoing (killed while a failure is taken back), recovery (killed, and killed again while
recovering), service (dconf-service dies), lost (a power cut loses what was not synced),
lost-later (killed; the power cut while or just after one goes on).

Prints TAP, one test for each scenario and kind with the points tried and the violations. Deterministic: without --full
the same sample is drawn each time."""

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path

import points
import scenarios
from world import World

KINDS = ['kill', 'cache', 'fail', 'open', 'undoing', 'recovery', 'service', 'lost', 'lost-later']
SAMPLE = {'kill': 30, 'cache': 3, 'fail': 24, 'open': 6, 'undoing': 10, 'recovery': 8, 'service': 4, 'lost': 6, 'lost-later': 4}
LASTING = ['EIO', 'ENOSPC', 'EROFS']
SHOWN = 12


# ---- which points there are


def kill_points(prepared, _draw):
    return [[call['k']] for call in prepared.calls]


def fail_points(prepared, _draw):
    found = []
    for call in prepared.calls:
        found += [['--fail', f'{call["k"]}:{error}'] for error in call['errors']]
        found += [['--fail-from', f'{call["k"]}:{error}'] for error in LASTING if error in call['errors']]
        if call['call'] == 'write' and call['size'] > 1:
            found.append(['--short', str(call['k'])])
    return found


def open_points(prepared, _draw):
    opens = [call['k'] for call in prepared.trace('--opens') if call['call'] == 'open']
    return [['--opens', how, f'{k}:EMFILE'] for k in opens for how in ('--fail', '--fail-from')]


def find_failures(prepared, draw):
    """Calls whose failure makes all be taken back: the journal's own, the settings', and some others."""
    syncs = [call for call in prepared.calls if call['call'] == 'fsync']
    chosen = {call['k'] for call in syncs if call['path'].endswith(('operations/pending', '.config/dconf'))}
    others = [call['k'] for call in prepared.calls if call['k'] not in chosen and 'EIO' in call['errors']]
    return sorted(chosen) + draw.sample(others, min(4, len(others)))


def undoing_points(prepared, draw):
    found = []
    for at in find_failures(prepared, draw):
        option = ['--fail', f'{at}:EIO']
        found += [[call['k'], *option] for call in prepared.trace(*option) if call['k'] > at]
    return found


def recovery_points(prepared, draw):
    places = [call['k'] for call in prepared.calls]
    found = []
    for j in draw.sample(places, min(len(places), 24)):
        found += [[j, k + 1] for k in range(points.count_going_on(prepared, j))]
    return found


def later_points(prepared, draw):
    """Half of them when all is done: what was said to be done must last."""
    places = [call['k'] for call in prepared.calls]
    found = []
    for j in draw.sample(places, min(len(places), 32)):
        count = points.count_going_on(prepared, j)
        found.append([j, count + 1])
        if count > 0:
            found.append([j, draw.randint(1, count)])
    return found


def service_points(prepared, _draw):
    return [[k + 1, stays_dead] for k in range(prepared.trace_service()) for stays_dead in (False, True)]


def cache_points(prepared, _draw):
    return [[call['k']] for call in prepared.trace(cache=True)]


def try_point(prepared, kind, point, options):
    """Returns how many points this was, and what was wrong."""
    more = 4 if options.full else 1
    if kind == 'lost':
        return points.cut_power(prepared, None, point[0], options.seed, more)
    if kind == 'lost-later':
        return points.cut_power(prepared, *point, options.seed, more)
    if kind in ('fail', 'open'):
        return 1, points.fail(prepared, point)
    function = {'kill': points.kill, 'cache': points.kill_at_cache, 'undoing': points.kill, 'recovery': points.kill_recovery,
                'service': points.kill_service}[kind]
    return 1, function(prepared, *point)


def fits(kind, scenario):
    if scenario.kind in ('rollback', 'undo'):
        return True
    return kind in {'broken': ('kill', 'fail', 'open', 'lost', 'recovery'), 'snapshot': ('kill', 'cache', 'fail', 'open', 'lost', 'lost-later'),
                    'prune': ('kill', 'fail', 'open', 'lost', 'recovery')}.get(scenario.kind, ('kill', 'fail', 'open', 'lost'))


def list_points(prepared, kind, options):
    if options.point is not None:
        return [options.point]
    draw = random.Random(f'{options.seed}:{prepared.scenario.name}:{kind}')
    functions = {'kill': kill_points, 'cache': cache_points, 'fail': fail_points, 'open': open_points, 'undoing': undoing_points,
                 'recovery': recovery_points, 'service': service_points, 'lost': kill_points,
                 'lost-later': later_points}
    found = functions[kind](prepared, draw)
    wanted = round(SAMPLE[kind] * prepared.scenario.weight * options.sample)
    if options.full:
        wanted = 200 if kind == 'recovery' else len(found)
    return sorted(draw.sample(found, wanted), key=str) if len(found) > wanted else found


# ---- one worker


def find_features(world):
    world.begin()
    has = lambda *words: world.run('plugrb', *words, '--help').returncode == 0  # noqa: E731
    return {'sweep': has('prune'), 'verify': has('verify')}


def run_kind(prepared, kind, options, worker):
    found = list_points(prepared, kind, options)
    tried, violations = 0, []
    for point in found[worker::options.jobs]:
        try:
            count, problems = try_point(prepared, kind, point, options)
        except Exception:
            count, problems = 1, [traceback.format_exc(limit=-2)]
        tried += count
        violations += [[json.dumps(point), problem] for problem in problems]
    return {'scenario': prepared.scenario.name, 'kind': kind, 'tried': tried, 'violations': violations,
            'calls': len(prepared.calls), 'points': len(found)}


def run_worker(worker, top, options, chosen, output):
    world = World(Path(top) / f'w{worker}', options.tracer)
    try:
        features = find_features(world)
        for scenario in chosen:
            if scenario.kind == 'prune' and not features['sweep']:
                continue
            start = time.monotonic()
            try:
                prepared = points.Prepared(world, scenario, features)
            except Exception:
                result = {'scenario': scenario.name, 'kind': 'cannot be prepared', 'tried': 0, 'calls': 0, 'points': 0,
                          'seconds': 0, 'violations': [['', traceback.format_exc(limit=-1)]]}
                print(json.dumps(result), file=output, flush=True)
                continue
            for kind in options.kind:
                if fits(kind, scenario):
                    result = run_kind(prepared, kind, options, worker)
                    result['seconds'] = time.monotonic() - start
                    start = time.monotonic()
                    print(json.dumps(result), file=output, flush=True)
    finally:
        world.close()


def start_worker(worker, top, options, chosen):
    reader, writer = os.pipe()
    pid = os.fork()
    if pid != 0:
        os.close(writer)
        return pid, reader
    status = 1
    try:
        os.close(reader)
        with os.fdopen(writer, 'w') as output:
            run_worker(worker, top, options, chosen, output)
        status = 0
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(status)


# ---- all of them


def merge(results):
    """Adds up what the workers say of one scenario and kind; they must have seen the same calls."""
    merged = dict(results[0], violations=[], tried=0)
    for result in results:
        merged['tried'] += result['tried']
        merged['violations'] += result['violations']
        merged['seconds'] = max(merged['seconds'], result['seconds'])
        for what in ('calls', 'points'):
            if result[what] != merged[what] and result['kind'] != 'cache':
                merged['violations'].append(['', f'not deterministic: {result[what]} and {merged[what]} {what}'])
    return merged


def report(number, merged):
    ok = not merged['violations'] and (merged['tried'] > 0 or merged['points'] == 0)
    print(f'{"ok" if ok else "not ok"} {number} - {merged["scenario"]} {merged["kind"]}: {merged["calls"]} calls, '
          f'points tried: {merged["tried"]}, violations: {len(merged["violations"])}')
    print(f'# {merged["seconds"]:.1f} s')
    for point, problem in merged['violations'][:SHOWN]:
        print(''.join(f'#   {point} {line}\n' for line in problem.splitlines()), end='')
    sys.stdout.flush()
    return ok


def run_all(options, chosen, top):
    workers = [start_worker(number, top, options, chosen) for number in range(options.jobs)]
    streams = [os.fdopen(reader) for _pid, reader in workers]
    number, failed, tried = 0, 0, 0
    print('TAP version 14')
    while all(lines := [stream.readline() for stream in streams]):
        number += 1
        merged = merge([json.loads(line) for line in lines])
        tried += merged['tried']
        failed += not report(number, merged)
    lost = sum(os.waitpid(pid, 0)[1] != 0 for pid, _reader in workers)
    if lost or number == 0:
        number += 1
        failed += 1
        print(f'not ok {number} - {lost} workers failed')
    print(f'# {tried} points tried, {failed} of {number} tests failed')
    print(f'1..{number}')
    return failed


def print_trace(options, chosen, top):
    world = World(Path(top) / 'w0', options.tracer)
    for scenario in chosen:
        prepared = points.Prepared(world, scenario, find_features(world))
        for call in (prepared.trace('--opens') if 'open' in options.kind[:1] else prepared.calls):
            paths = ' '.join(call[name].replace(str(world.home), '~') for name in ('path', 'path2', 'text') if name in call)
            print(f'{call["k"]:4} {call["name"]:12} {paths} {call["offset"]}+{call["size"]} {call.get("hash", "")}')
    world.close()


def parse():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument('--tracer', required=True, type=os.path.abspath)
    parser.add_argument('--full', action='store_true')
    parser.add_argument('--trace', action='store_true')
    parser.add_argument('--scenario', action='append', default=[])
    parser.add_argument('--kind', action='append', default=[], choices=KINDS)
    parser.add_argument('--point', type=json.loads)
    parser.add_argument('--seed', default='1')
    parser.add_argument('--sample', type=float, default=1)
    parser.add_argument('--jobs', type=int, default=min(4, os.cpu_count()))
    options = parser.parse_args()
    options.kind = options.kind or KINDS
    return options


def main():
    options = parse()
    chosen = [scenario for scenario in scenarios.build()
              if not options.scenario or scenario.name in options.scenario]
    memory = '/dev/shm' if os.access('/dev/shm', os.W_OK) else None
    top = tempfile.mkdtemp(prefix='plugrb-crash-', dir=os.environ.get('PLUGRB_CRASH_DIR', memory))
    if options.point is not None:
        options.jobs = 1
    try:
        failed = print_trace(options, chosen, top) if options.trace else run_all(options, chosen, top)
    finally:
        shutil.rmtree(top, ignore_errors=True)
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()
