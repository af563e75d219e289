# SPDX-License-Identifier: GPL-3.0-or-later
"""What is interrupted: for each scenario a prepared world, a command, and how to see that all still works."""

import os
from pathlib import Path

from world import FAULT, LIST, World, key_of

SAMPLE = 'sample@example.org'
TRIO = ['one@example.org', 'two@example.org', 'three@example.org']
REAL = 'caffeine@patapon.info'


class Scenario:
    """`kind` says how to go on from where recovery left things, `status` how the command ends if nobody interrupts it."""

    def __init__(self, name, kind, prepare, command, env=None, plugins=(SAMPLE,), weight=1.0, status=0):
        self.name = name
        self.kind = kind
        self.prepare = prepare
        self.command = command
        self.env = env or {}
        self.plugins = plugins
        self.weight = weight
        self.status = status
        # What is tried out is there before it is known whether it stays.
        self.exchanges = 'PLUGRB_AVOID_EXCHANGE' not in self.env and kind != 'broken'

    def keys(self):
        return [key_of(name) for name in self.plugins]


# ---- prepared worlds


def one_version(world: World):
    world.install(SAMPLE, 1)
    world.configure(SAMPLE, 1, "'old'")
    world.set({LIST: f"['first@x', '{SAMPLE}', 'last@x']"})


def one_snapshot(world):
    one_version(world)
    world.plugrb('snapshot', key_of(SAMPLE))


def updated(world):
    """Version 1 in a snapshot, version 2 in use, with other settings and not enabled."""
    one_snapshot(world)
    world.install(SAMPLE, 2)
    world.configure(SAMPLE, 2)
    world.set({LIST: "['first@x', 'last@x']"})


def updated_and_staged(world):
    updated(world)
    world.stage(SAMPLE, 3)


def updated_and_shared(world):
    """The same, with what the host keeps in files that all plugins share."""
    world.share(SAMPLE, 1)
    updated(world)
    world.share(SAMPLE, 2)


def uninstalled(world):
    one_snapshot(world)
    world.run('rm', '-rf', world.extensions / SAMPLE)
    world.set({LIST: "['first@x', 'last@x']"})


def rolled_back(world):
    updated_and_staged(world)
    world.plugrb('rollback', key_of(SAMPLE), '--yes')


def two_snapshots(world):
    updated(world)
    world.plugrb('snapshot', key_of(SAMPLE))


def one_deleted(world):
    two_snapshots(world)
    world.plugrb('delete', oldest(world))


def trio(world):
    for version in (1, 2):
        for name in TRIO:
            world.install(name, version, payload=400)
            world.configure(name, version, "'old'" if version == 1 else None)
        if version == 1:
            world.plugrb('snapshot', *map(key_of, TRIO))


def real_pair(world):
    source = Path(os.environ['PLUGRB_TEST_PLUGINS']) / REAL
    for version, value in (('44', 'true'), ('55', 'false')):
        world.run('rm', '-rf', world.extensions / REAL)
        world.must('cp', '-a', source / version, world.extensions / REAL)
        world.must('chmod', '-R', 'u+w', world.extensions / REAL)
        world.set({'/org/gnome/shell/extensions/caffeine/show-notifications': value, LIST: f"['{REAL}']"})
        if version == '44':
            world.plugrb('snapshot', key_of(REAL))


def pack_update(world, version):
    """A package of the sample, as its users would get it."""
    package = world.home / 'sample.tar'
    world.install(SAMPLE, version)
    world.must('tar', '-C', world.extensions / SAMPLE, '-cf', package, '.')


def packed(world):
    pack_update(world, 2)
    one_version(world)


def packed_new(world):
    pack_update(world, 2)
    world.run('rm', '-rf', world.extensions / SAMPLE)
    world.set({LIST: "['first@x', 'last@x']"})


def packed_broken(world):
    """An update that does not work: it is tried, taken back and remembered."""
    package = world.home / 'sample.tar'
    world.install(SAMPLE, 2)
    (world.extensions / SAMPLE / 'fault').write_text('')
    world.must('tar', '-C', world.extensions / SAMPLE, '-cf', package, '.')
    world.add_to_host(FAULT)
    one_version(world)


def many_snapshots(world):
    """More than the policy allows, each with contents of its own, and some in the trash for long."""
    one_version(world)
    for version in range(1, 9):
        world.install(SAMPLE, version, payload=400)
        world.plugrb('snapshot', key_of(SAMPLE))
    for _ in range(2):
        world.plugrb('delete', oldest(world))
    for path in (world.store / 'trash').glob('*/*/*'):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    (world.store / 'policy.ini').write_text('[io/github/plugrb/PluginRollback/policy]\nmax-snapshots=2\n')


# ---- commands; a function where the words depend on the world


def oldest(world):
    return world.plugrb_json('snapshots', key_of(SAMPLE))[-1]['id']


def rollback(*names):
    return lambda world: ['plugrb', 'rollback', *map(key_of, names), '--yes']


def install(world):
    return ['plugrb', 'install', world.home / 'sample.tar']


def build():
    avoid = {'PLUGRB_AVOID_EXCHANGE': '1'}
    take = lambda world: ['plugrb', 'snapshot', key_of(SAMPLE)]  # noqa: E731
    scenarios = [
        Scenario('first-snapshot', 'snapshot', one_version, take),
        Scenario('differential-snapshot', 'snapshot', updated, take),
        Scenario('unchanged-snapshot', 'snapshot', one_snapshot, take, weight=0.3),
        Scenario('rollback', 'rollback', updated_and_staged, rollback(SAMPLE), weight=2),
        Scenario('rollback-no-exchange', 'rollback', updated_and_staged, rollback(SAMPLE), avoid, weight=1.5),
        Scenario('rollback-shared', 'rollback', updated_and_shared, rollback(SAMPLE)),
        Scenario('rollback-uninstalled', 'rollback', uninstalled, rollback(SAMPLE)),
        Scenario('rollback-batch', 'rollback', trio, rollback(*TRIO), plugins=TRIO, weight=1.5),
        Scenario('rollback-batch-no-exchange', 'rollback', trio, rollback(*TRIO), avoid, TRIO),
        Scenario('install-update', 'rollback', packed, install, weight=0.7),
        Scenario('install-new', 'rollback', packed_new, install, weight=0.7),
        Scenario('install-broken', 'broken', packed_broken, install, weight=0.7, status=1),
        Scenario('uninstall', 'rollback', one_version, lambda world: ['plugrb', 'uninstall', key_of(SAMPLE)], weight=0.7),
        Scenario('undo', 'undo', rolled_back, lambda world: ['plugrb', 'undo', '--yes']),
        Scenario('delete', 'delete', two_snapshots, lambda world: ['plugrb', 'delete', oldest(world)],
                 weight=0.5),
        Scenario('restore-deleted', 'delete', one_deleted, lambda world: ['plugrb', 'restore-deleted', trashed(world)],
                 weight=0.5),
        Scenario('prune', 'prune', many_snapshots, lambda world: ['plugrb', 'prune']),
    ]
    if os.environ.get('PLUGRB_TEST_PLUGINS'):
        scenarios.append(Scenario('rollback-real', 'rollback', real_pair, rollback(REAL), plugins=[REAL]))
    return scenarios


def trashed(world):
    return next((world.store / 'trash').glob('*/*/*')).name
