# SPDX-License-Identifier: GPL-3.0-or-later
"""Hundreds of plugins of five programs: the list is there at once, and nothing is read that it does not show."""

import json
import os
import re
import resource
import time
from pathlib import Path

import harness
from harness import DATA, EXTENSIONS, must, plugrb, plugrb_json, run, write
from hosts import CONFIG, HOME, for_new_users

EACH = 108
HOSTS = 'gnome-shell', 'vscode', 'totem', 'kodi', 'obsidian'
# What a plugin has besides the file that says what it is, which is the one that may be opened.
BESIDES = [f'lib/part-{number}.js' for number in range(12)] + ['README.md', 'schemas/x.gschema.xml']
MANIFESTS = 'metadata.json', 'package.json', 'package.nls.json', 'addon.xml', 'manifest.json'
# Seconds of the processor: ten times what a list takes, as some machines are slow and some builds look for mistakes.
COLD_LIMIT, WARM_LIMIT = 1.5, 1.0


def fill(folder):
    for name in BESIDES:
        write(folder / name, name * 40)


def make_shell(number):
    folder = EXTENSIONS / f'ext-{number}@example.org'
    write(folder / 'metadata.json', json.dumps({'uuid': folder.name, 'name': f'Extension {number}', 'version': number,
                                                'shell-version': ['48'], 'settings-schema': f'org.gnome.x{number}'}))
    fill(folder)
    return f'gnome-shell/{folder.name}'


def make_code(number):
    folder = HOME / '.vscode/extensions' / f'maker.ext-{number}-1.0.{number}'
    write(folder / 'package.json', json.dumps({'publisher': 'maker', 'name': f'ext-{number}', 'version': f'1.0.{number}',
                                               'displayName': '%name%' if number % 2 else 'Plain'}))
    write(folder / 'package.nls.json', '{"name": "Of the catalog"}')
    fill(folder)
    return f'vscode/maker.ext-{number}'


def make_peas(number):
    # As Totem has its own: each in a folder, of which the name is not always that of the module.
    folder = DATA / 'totem/plugins' / (f'folder-{number}' if number % 4 == 0 else f'module-{number}')
    write(folder / f'module-{number}.plugin', f'[Plugin]\nModule=module-{number}\nName=Module {number}\nVersion=1.{number}\n')
    fill(folder)
    return f'totem/module-{number}'


def make_kodi(number):
    folder = HOME / '.kodi/addons' / f'plugin.number-{number}'
    write(folder / 'addon.xml', f'<addon id="{folder.name}" name="Number {number}" version="1.{number}"/>')
    fill(folder)
    return f'kodi/{folder.name}'


def make_obsidian(number):
    folder = HOME / 'vault/.obsidian/plugins' / f'note-{number}'
    write(folder / 'manifest.json', json.dumps({'id': folder.name, 'name': f'Note {number}', 'version': f'1.{number}'}))
    write(folder / 'data.json', '{"a": 1}')
    fill(folder)
    return f'/note-{number}'


def make_all():
    write(CONFIG / 'obsidian/obsidian.json', json.dumps({'vaults': {'a': {'path': str(HOME / 'vault')}}}))
    (HOME / 'vault/.obsidian').mkdir(parents=True)
    for number in range(EACH):
        for make in make_shell, make_code, make_peas, make_kodi, make_obsidian:
            make(number)
    write(HOME / '.vscode/extensions/extensions.json', json.dumps([
        {'identifier': {'id': f'maker.ext-{number}'}, 'version': f'1.0.{number}',
         'relativeLocation': f'maker.ext-{number}-1.0.{number}'} for number in range(EACH)]))
    write(HOME / 'vault/.obsidian/community-plugins.json', json.dumps([f'note-{number}' for number in range(0, EACH, 2)]))
    must('dconf', 'write', '/org/gnome/shell/enabled-extensions',
         str([f'ext-{number}@example.org' for number in range(0, EACH, 2)]))


def roots():
    return (EXTENSIONS, HOME / '.vscode/extensions', DATA / 'totem/plugins', HOME / '.kodi/addons',
            HOME / 'vault/.obsidian/plugins')


def forget():
    """No cache of our own, and none of what the files have in the machine's memory."""
    must('rm', '-rf', Path(os.environ['XDG_CACHE_HOME']) / 'plugin-rollback')
    for root in roots():
        for folder, _, names in os.walk(root):
            for name in (name for name in names if name in MANIFESTS or name.endswith('.plugin')):
                with open(os.path.join(folder, name), 'rb') as file:
                    os.fsync(file.fileno())
                    os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def measure(*arguments):
    """Seconds of the processor, and of the clock."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    plugrb(*arguments)
    after, end = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    return (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime), end - start


def test_listed_at_once():
    make_all()
    forget()
    cold = measure('list')
    warm = min(measure('list') for _ in range(3))
    print(f'# {5 * EACH} plugins: cold {cold[0]:.3f} s of the processor, {cold[1]:.3f} s; warm {warm[0]:.3f} s, {warm[1]:.3f} s')
    listed = plugrb_json('list', 'list')
    assert len(listed) == 5 * EACH, len(listed)
    versions = {plugin['key']: (plugin['version'], plugin['name'], plugin['enabled']) for plugin in listed}
    assert versions['vscode/maker.ext-7'] == ('1.0.7', 'Of the catalog', True), versions['vscode/maker.ext-7']
    assert versions['totem/module-8'] == ('1.8', 'Module 8', False), versions['totem/module-8']
    assert versions['gnome-shell/ext-6@example.org'] == ('6', 'Extension 6', True)
    assert cold[0] < COLD_LIMIT and warm[0] < WARM_LIMIT, (cold, warm)


def opened():
    """What one list opens below the roots, folders included, and how often."""
    log = HOME / 'trace'
    # A sanitizer that looks for leaks cannot do so under a tracer.
    must('env', 'ASAN_OPTIONS=detect_leaks=0', 'strace', '-f', '-y', '-qq', '-s', '4096', '-e', 'trace=open,openat,openat2', '-o', log, 'plugrb', 'list')
    counts = {}
    for line in log.read_text(errors='surrogateescape').splitlines():
        match = re.search(r'= \d+<(.+)>$', line)
        if match and any(match[1].startswith(f'{root}/') for root in roots()):
            counts[match[1]] = counts.get(match[1], 0) + 1
    return counts


def test_nothing_else_is_read():
    if run('strace', '-o', '/dev/null', 'true').status != 0:
        assert os.environ.get('CI') != 'true', 'strace cannot trace here'
        raise harness.Skip('strace cannot trace here')
    make_all()
    for state in 'cold', 'warm':
        counts = opened()
        files = {path: count for path, count in counts.items() if os.path.isfile(path)}
        folders = {path: count for path, count in counts.items() if os.path.isdir(path)}
        print(f'# {state}: {sum(files.values())} times a file is opened, {len(files)} of them, {sum(folders.values())} times a folder')
        wrong = [path for path in files if Path(path).name not in MANIFESTS and not path.endswith('.plugin')
                 and Path(path).parent not in roots()]
        assert not wrong, wrong[:5]
        deep = [path for path in folders if Path(path).parent not in roots()]
        assert not deep, deep[:5]
        assert sum(files.values()) <= 3 * 5 * EACH, sum(files.values())
        assert sum(folders.values()) <= 3 * 5 * EACH, sum(folders.values())


harness.main(for_new_users(harness.collect(dict(globals()))))
