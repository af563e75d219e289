# SPDX-License-Identifier: GPL-3.0-or-later
"""One point: put the world back, interrupt the command there, recover, and look at everything."""

import json
import os
import random
import shutil

import lost
from storecheck import Store, compare
from world import Failed

SKIP = {('.config', 'dconf'), ('.cache',)}
WHOLE = 'of the plugins is neither exactly old nor exactly new'


class Prepared:
    """A scenario in one worker's world: its saved beginning, and what it is like before and after."""

    def __init__(self, world, scenario, features):
        self.world = world
        self.scenario = scenario
        self.features = features
        world.begin()
        scenario.prepare(world)
        world.save(scenario.name)
        self.old = world.look()
        self.old_store = Store(world.store)
        self.command = scenario.command(world)
        self.restore()
        result = world.run(*self.command, env=scenario.env)
        if result.returncode != scenario.status:
            raise Failed(f'{scenario.name}: status {result.returncode}: {result.stderr.decode()}')
        self.new = world.look()
        self.new_store = Store(world.store)
        if self.new_store.problems or (features['sweep'] and self.new_store.leftovers):
            raise Failed(f'{scenario.name}: {self.new_store.problems} {self.new_store.leftovers}')
        self.calls = self.trace()

    def restore(self):
        self.world.restore(self.scenario.name)

    def trace(self, *options, cache=False):
        self.restore()
        return self.world.trace(options, self.command, self.scenario.env, cache)[1]

    def trace_service(self):
        """How many calls dconf-service makes for this command."""
        self.restore()
        log = self.world.top / 'service-log'
        log.unlink(missing_ok=True)
        self.world.service_options.write_text(f'--root\n{self.world.home}\n--log\n{log}\n')
        self.world.run(*self.command, env=self.scenario.env)
        self.world.end_services()
        return len(log.read_text().splitlines()) if log.exists() else 0

    # ---- looking

    def which(self, seen):
        return 'old' if seen == self.old else 'new' if seen == self.new else None

    def is_state(self, seen, state):
        return state is None or seen == {'old': self.old, 'new': self.new}[state]

    def check_whole(self, seen):
        """Even before anything is recovered no plugin is ever mixed, where trees can be exchanged."""
        for name in set(self.old['plugins']) | set(self.new['plugins']):
            now = seen['plugins'].get(name)
            if now not in (self.old['plugins'].get(name), self.new['plugins'].get(name)):
                yield f'before recovery {name} {WHOLE}'

    def describe(self, seen):
        lines = []
        for part in seen:
            for state, name in ((self.old, 'old'), (self.new, 'new')):
                if seen[part] == state[part]:
                    lines.append(f'{part} {name}')
                    break
            else:
                lines.append(f'{part} neither {str(seen[part])[:300]}')
        return ', '.join(lines)

    # ---- checking

    def recover(self):
        result = self.world.run('plugrb', 'recover', '--json')
        try:
            return result, json.loads(result.stdout)['recovered']
        except (ValueError, KeyError):
            return result, []

    def check(self, wanted=None, complete=False):
        """Problems after an interruption. `wanted` is the only state that is right, if there is one; `complete` says
        that the command had ended well."""
        world = self.world
        result, recovered = self.recover()
        seen = world.look()
        state = self.which(seen)
        if result.returncode != 0:
            return [f'recover: status {result.returncode}: {recovered} {result.stderr.decode()}']
        if state is None:
            return [f'after recovery ({recovered}): {self.describe(seen)}']
        problems = []
        if not self.is_state(seen, wanted):
            problems.append(f'the state is {state}, not {wanted}')
        problems += self.check_directions(recovered, state)
        problems += self.check_store(state, complete)
        problems += self.check_again()
        return problems or self.check_use(state)

    def check_directions(self, recovered, state):
        wanted = {'forward': 'new', 'back': 'old'}
        for item in recovered:
            if self.old != self.new and wanted.get(item['direction']) != state:
                yield f'recover says {item["direction"]}, but the state is {state}'

    def check_store(self, state, complete):
        store = Store(self.world.store)
        if self.scenario.kind != 'prune' and not self.old_store.places and not self.world.store.exists():
            return
        yield from compare(store, self.old_store, self.new_store, complete)
        if store.pending:
            yield f'still pending: {store.pending}'
        yield from self.check_history(store, state)
        if self.features['sweep']:
            self.world.plugrb('prune')
            store = Store(self.world.store)
        if store.leftovers and self.features['sweep']:
            yield f'left over: {store.leftovers}'

    def check_history(self, store, state):
        """A rollback that the history calls completed happened, and no other did."""
        if self.scenario.kind not in ('rollback', 'undo', 'broken'):
            return
        for name in set(store.operations) - set(self.old_store.operations):
            completed = store.operations[name]['status'] == 'completed'
            if completed != (state == 'new'):
                yield f'the history says {store.operations[name]["status"]}, but the state is {state}'

    def check_again(self):
        before = Store(self.world.store).list_files()
        result, recovered = self.recover()
        if result.returncode != 0 or recovered:
            yield f'a second recover: {result.stdout.decode()} {result.stderr.decode()}'
        if Store(self.world.store).list_files() != before:
            yield 'a second recover changed the store'
        if self.features['verify']:
            result = self.world.run('plugrb', 'verify', '--full', '--json')
            if result.returncode != 0:
                yield f'verify: {result.stdout.decode()} {result.stderr.decode()}'

    # ---- whether all still works

    def check_use(self, state):
        return list(getattr(self, 'use_' + self.scenario.kind)(state))

    def expect(self, wanted, *arguments):
        result = self.world.run('plugrb', *arguments)
        seen = self.world.look()
        if result.returncode != 0:
            yield f'{arguments} afterwards: status {result.returncode}: {result.stderr.decode()}'
        elif seen != wanted:
            yield f'{arguments} afterwards: {self.describe(seen)}'

    def use_rollback(self, state):
        if state == 'old':
            yield from self.expect(self.new, *self.command[1:])
        else:
            yield from self.expect(self.old, 'undo', '--yes')

    def use_broken(self, _state):
        """It failed at last or is still there to fail: nothing is left of it in the plugin either way."""
        yield from self.expect(self.old, 'snapshot', self.scenario.keys()[0])

    def use_undo(self, state):
        yield from self.expect(self.new if state == 'old' else self.old, 'undo', '--yes')

    def use_snapshot(self, _state):
        """The snapshot is taken again and brings back everything."""
        world, name = self.world, self.scenario.plugins[0]
        yield from self.expect(self.old, 'snapshot', self.scenario.keys()[0])
        newest = world.plugrb_json('snapshots', self.scenario.keys()[0])[0]['id']
        (world.extensions / name / 'extension.js').write_text('broken')
        yield from self.expect(self.old, 'rollback', newest, '--yes')

    def use_delete(self, _state):
        store = Store(self.world.store)
        for name in sorted(set(self.old_store.places)):
            if self.old_store.places[name] != self.new_store.places[name]:
                command = 'restore-deleted' if store.places[name] == 'trash' else 'delete'
                yield from self.expect(self.old, command, name)

    def use_prune(self, _state):
        yield from self.expect(self.old, 'prune')
        store = Store(self.world.store)
        if set(store.places.items()) != set(self.new_store.places.items()):
            yield 'a further prune does not finish the job'


# ---- the kinds of points


def kill_at_cache(prepared, k):
    world = prepared.world
    prepared.restore()
    world.trace(['--kill-before', str(k)], prepared.command, prepared.scenario.env, cache=True)
    return prepared.check()


def kill(prepared, k, *options):
    """Killed just before call k; one more than there are calls is a run that nobody kills."""
    world = prepared.world
    prepared.restore()
    world.trace(['--kill-before', str(k), *options], prepared.command, prepared.scenario.env)
    # An exchange that fails is done by two renames.
    exchanges = prepared.scenario.exchanges and not options
    problems = list(prepared.check_whole(world.look())) if exchanges else []
    return problems + prepared.check()


def fail(prepared, options):
    """A call that fails must be told, and leave old or new: old at once, if the status says so."""
    world = prepared.world
    prepared.restore()
    result, _calls = world.trace(options, prepared.command, prepared.scenario.env)
    error = result.stderr.decode()
    seen = world.look()
    problems = []
    if result.returncode not in (0, 1, 3, 4, 5):
        problems.append(f'status {result.returncode}: {error}')
    elif result.returncode != 0 and not error.strip():
        problems.append(f'status {result.returncode} without a message')
    pending = Store(world.store).pending
    if result.returncode in (1, 3) and (not prepared.is_state(seen, 'old') or pending):
        problems.append(f'status {result.returncode}, but {prepared.describe(seen)}, pending {pending}: {error}')
    if result.returncode == 0 and not prepared.is_state(seen, 'new'):
        problems.append(f'status 0, but {prepared.describe(seen)}: {error}')
    return problems + prepared.check({0: 'new', 1: 'old', 3: 'old'}.get(result.returncode))


def kill_service(prepared, k, stays_dead):
    """dconf-service dies before its call k: before it has written, or after that and before its answer."""
    world = prepared.world
    prepared.restore()
    once = '' if stays_dead else '--once\n'
    world.service_options.write_text(f'--root\n{world.home}\n--kill-before\n{k}\n{once}')
    result = world.run(*prepared.command, env=prepared.scenario.env)
    world.service_options.unlink(missing_ok=True)
    world.end_services()
    wanted = {0: 'new', 1: 'old', 3: 'old'}.get(result.returncode)
    if result.returncode != 0 and not result.stderr.strip():
        return [f'status {result.returncode} without a message']
    return prepared.check(wanted)


def kill_recovery(prepared, j, k):
    """Killed at call j, and recovery of that at its call k."""
    world = prepared.world
    prepared.restore()
    world.trace(['--kill-before', str(j)], prepared.command, prepared.scenario.env)
    world.trace(['--kill-before', str(k)], ['plugrb', 'recover'])
    problems = list(prepared.check_whole(world.look())) if prepared.scenario.exchanges else []
    return problems + prepared.check()


def count_going_on(prepared, j):
    """How many calls it takes to go on after a kill at call j."""
    prepared.restore()
    prepared.world.trace(['--kill-before', str(j)], prepared.command, prepared.scenario.env)
    command = prepared.command if prepared.scenario.kind == 'snapshot' else ['plugrb', 'recover']
    return len(prepared.world.trace([], command)[1])


class Cut:
    """A run whose power is cut after call k of its last command, or after its end, and the states that may be found
    then. Where `j` is given, the command was killed before its call j, and the power is cut while one goes on."""

    def __init__(self, prepared, j, k):
        self.prepared, self.world = prepared, prepared.world
        self.copies = self.world.top / 'copies'
        self.calls = []
        prepared.restore()
        shutil.rmtree(self.copies, ignore_errors=True)
        self.copies.mkdir()
        self.base = lost.scan(self.world.home, SKIP)
        self.recorder = lost.Recorder(self.base, self.world.home)
        command = prepared.command
        if j is not None:
            self.run(command, '--kill-before', str(j))
            command = command if prepared.scenario.kind == 'snapshot' else ['plugrb', 'recover']
        result = self.run(command, '--kill-after', str(k))
        self.complete = result.returncode == 0
        self.wanted = prepared.which(self.world.look()) if self.complete else None
        self.world.end_services()
        self.durable = lost.find_durable_version(self.calls, self.world.dconf.parent)

    def run(self, command, *options):
        data = self.world.top / 'data'
        result, calls = self.world.trace(['--data', str(data), '--watch', str(self.world.dconf), '--copies',
                                          str(self.copies), *options], command, self.prepared.scenario.env)
        self.recorder.feed(calls, data.read_bytes())
        self.calls += calls
        return result

    def check_sight(self):
        for text in lost.differences(self.recorder.tree, self.world.home, SKIP):
            yield f'the harness is blind: {text}'

    def settings_at_risk(self):
        info = os.stat(self.world.dconf)
        now = f'{info.st_ino}-{info.st_mtime_ns // 10**9}-{info.st_mtime_ns % 10**9}'
        return self.durable not in (None, 'none', now)

    def has_risk(self):
        return self.recorder.has_risk() or self.settings_at_risk()

    def lose_settings(self):
        shutil.copyfile(self.copies / self.durable, str(self.world.dconf) + '.old')
        os.rename(str(self.world.dconf) + '.old', self.world.dconf)

    def check(self):
        return self.prepared.check(self.wanted, self.complete and self.prepared.scenario.kind == 'snapshot')


def cut_power(prepared, j, k, seed, more):
    """All variants of one cut. Returns how many there are, and the problems."""
    chance = random.Random(f'{seed}:{j}:{k}')
    seen, problems, tried = set(), [], 0
    for variant, choose in enumerate(lost.choosers(chance, more)):
        cut = Cut(prepared, j, k)
        if variant == 0:
            problems += cut.check_sight()
        wanted, choices = cut.recorder.survive(cut.base, choose)
        loses = cut.settings_at_risk() and (variant == 0 or chance.random() < 0.5)
        if (choices, loses) in seen:
            continue
        seen.add((choices, loses))
        risky = cut.has_risk()
        lost.Builder(prepared.world.home, cut.recorder.tree, wanted, prepared.world.top / 'pool')
        if loses:
            cut.lose_settings()
        tried += 1
        problems += [f'variant {variant}: {text}' for text in cut.check()]
        if not risky:
            break
    return tried, problems
