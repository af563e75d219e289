#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows that the kill matrix catches what it is there for: builds the program with one bug planted at a time, and runs
the part of the matrix that must fail then. Without a bug the same parts must pass.

  plant.py --tracer PROGRAM --source FOLDER

Each bug is a change of one place of the source. If the place is not found any more, that is a failure: say here where
it went."""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

CORE = Path('src/core')
MATRIX = Path(__file__).resolve().parent / 'matrix.py'


class Plant:
    def __init__(self, name, file, place, instead, scenario, kind):
        self.name = name
        self.file = CORE / file
        self.place = place
        self.instead = instead
        self.scenario = scenario
        self.kind = kind


PLANTS = [
    Plant('a missing fsync of a file', 'plug-rb-fs.c',
          r'plug_rb_fs_write \(fd, data, length, error\) && plug_rb_fs_sync \(fd, name, error\)',
          'plug_rb_fs_write (fd, data, length, error)', 'rollback', 'lost'),
    Plant('a missing fsync of a folder', 'plug-rb-fs.c',
          r'return plug_rb_fs_sync \(parent_fd, name, error\);', 'return TRUE;', 'rollback', 'lost'),
    Plant('a missing sync of the new tree', 'plug-rb-fs.c', r'if \(syncfs \(fd\) == 0\)', 'if (fd >= 0)', 'rollback',
          'lost'),
    Plant('a missing sync of the settings', 'plug-rb-dconf.c',
          r'return edits->len == 0 \|\| sync_database \(error\);', '(void) sync_database; return TRUE;', 'rollback',
          'lost'),
    Plant('a missing journal write', 'plug-rb-transaction.c',
          r'save_phase \(self, PLUG_RB_PHASE_SWAPPING, (error|&\w+)\)',
          '(self->journal->phase = PLUG_RB_PHASE_SWAPPING, TRUE)', 'rollback-batch', 'kill'),
    Plant('the wrong direction of recovery', 'plug-rb-recover.c', r'return recover_forward \(', 'return recover_back (',
          'rollback', 'kill'),
    Plant('no sync after a holder of a lock died', 'plug-rb-lock.c',
          r'if \(!plug_rb_fs_sync_all \(fd, path, error\)\)\n    return FALSE;', '', 'differential-snapshot', 'lost-later'),
    Plant('a journal write that failed and was forgotten', 'plug-rb-transaction.c',
          r'(static gboolean\nsave_phase .*?\n\{)(.*?)return (plug_rb_store_save_journal \(.*?\));',
          r'\1 PlugRbPhase before = self->journal->phase;\2if (\3) return TRUE; self->journal->phase = before; return FALSE;',
          'rollback', 'undoing'),
]


def run(*command, **options):
    return subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, **options)


def must(*command):
    done = run(*command)
    if done.returncode != 0:
        sys.exit(f'{command}: status {done.returncode}\n{done.stdout}')


class Garden:
    """A copy of the source to plant bugs in."""

    def __init__(self, source, top, tracer):
        self.source, self.copy, self.build = source, top / 'source', top / 'build'
        self.tracer = tracer
        self.copy.mkdir()
        for name in ('COPYING', 'COPYING.LGPL-2.1', 'meson.build', 'meson.options', 'src', 'data', 'po'):
            must('cp', '-a', source / name, self.copy)
        must('meson', 'setup', self.build, self.copy, '-Dgui=false', '-Dtests=false', '-Dbuildtype=plain')
        self.make()

    def make(self):
        must('ninja', '-C', self.build, 'src/cli/plugrb')

    def plant(self, bug):
        path = self.copy / bug.file
        text, count = re.subn(bug.place, bug.instead, path.read_text(), flags=re.DOTALL)
        if count != 1:
            return False
        path.write_text(text)
        self.make()
        return True

    def weed(self, bug):
        shutil.copyfile(self.source / bug.file, self.copy / bug.file)
        self.make()

    def passes(self, scenario, kind):
        env = {**os.environ, 'PATH': f'{self.build}/src/cli:{os.environ["PATH"]}',
               'PLUGRB_HOSTS_DIR': str(self.copy / 'data/hosts')}
        done = run(sys.executable, MATRIX, '--tracer', self.tracer, '--scenario', scenario, '--kind', kind,
                   '--sample', '2', env=env)
        return done.returncode == 0, done.stdout


def report(number, ok, text, output=''):
    print(f'{"ok" if ok else "not ok"} {number} - {text}')
    print(''.join(f'# {line}\n' for line in output.splitlines()[:8]), end='', flush=True)
    return ok


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument('--tracer', required=True, type=os.path.abspath)
    parser.add_argument('--source', required=True, type=lambda path: Path(path).resolve())
    options = parser.parse_args()
    parts = sorted({(bug.scenario, bug.kind) for bug in PLANTS})
    print(f'TAP version 14\n1..{len(parts) + len(PLANTS)}')
    fine = True
    with tempfile.TemporaryDirectory(prefix='plugrb-plant-') as top:
        garden = Garden(options.source, Path(top), options.tracer)
        for number, (scenario, kind) in enumerate(parts, 1):
            passed, output = garden.passes(scenario, kind)
            fine &= report(number, passed, f'no bug planted: {scenario} {kind} passes', '' if passed else output)
        for number, bug in enumerate(PLANTS, len(parts) + 1):
            if not garden.plant(bug):
                fine &= report(number, False, f'{bug.name}: {bug.file} has no place for it any more')
                continue
            passed, output = garden.passes(bug.scenario, bug.kind)
            fine &= report(number, not passed, f'{bug.name} is caught by {bug.scenario} {bug.kind}', output)
            garden.weed(bug)
    sys.exit(0 if fine else 1)


if __name__ == '__main__':
    main()
