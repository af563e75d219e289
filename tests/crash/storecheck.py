# SPDX-License-Identifier: GPL-3.0-or-later
"""What must hold in a store at all times, read without the program that is tested."""

import hashlib
import json
import os
import subprocess
from pathlib import Path

unpacked = {}


def unpack_hash(path):
    """SHA-256 of what is compressed in a file; the same bytes are unpacked once."""
    packed = path.read_bytes()
    name = hashlib.sha256(packed).digest()
    if name not in unpacked:
        done = subprocess.run(['zstd', '-dc', path], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL)
        unpacked[name] = hashlib.sha256(done.stdout).hexdigest() if done.returncode == 0 else None
    return unpacked[name]


class Store:
    """A picture of a store: `problems` is what must never be, `leftovers` what only takes space."""

    def __init__(self, path):
        self.path = Path(path)
        self.problems = []
        self.leftovers = []
        self.places = {}
        self.metadata = {}
        self.operations = {}
        self.pending = []
        self.audit_lines = []
        self.tables = set()
        self.archives = set()
        if self.path.exists():
            self.read()

    def read(self):
        for place in ('snapshots', 'trash'):
            for folder in sorted((self.path / place).glob('*/*/*')):
                if folder.is_dir() and not folder.name.startswith('.'):
                    self.read_snapshot(place, folder)
        self.pending = sorted(path.name for path in (self.path / 'operations/pending').glob('*.json')
                              if not path.name.startswith('.'))
        for path in sorted((self.path / 'operations').glob('[!.]*.json')):
            value = self.read_json(path)
            if value is not None:
                self.operations[path.stem] = value
        self.read_audit()
        self.find_leftovers()

    def read_json(self, path):
        try:
            return json.loads(path.read_bytes())
        except (OSError, ValueError) as error:
            self.problems.append(f'{path.relative_to(self.path)}: {error}')
            return None

    def read_snapshot(self, place, folder):
        name = folder.name
        if name in self.places:
            self.problems.append(f'snapshot {name} is there twice')
        self.places[name] = place
        value = self.read_json(folder / 'snapshot.json')
        if value is None:
            return
        self.metadata[name] = value
        self.check_table(name, value['table'])
        for archive in value['archives']:
            self.check_archive(name, archive)

    def check_table(self, name, table):
        path = self.path / 'tables' / f'{table}.json.zst'
        self.tables.add(path.name)
        if not path.exists() or unpack_hash(path) != table:
            self.problems.append(f'the table of snapshot {name} is missing or damaged')

    def check_archive(self, name, archive):
        path = self.path / 'archives' / archive['file']
        place = Path(archive['file']).parts
        self.archives.add((place[:2], place[2].partition('.')[0]))
        if not path.exists():
            self.problems.append(f'an archive of snapshot {name} is missing')
        elif hashlib.sha256(path.read_bytes()).hexdigest() != archive['sha256']:
            self.problems.append(f'an archive of snapshot {name} is damaged')

    def read_audit(self):
        path = self.path / 'audit.jsonl'
        if not path.exists():
            return
        *lines, _torn = path.read_bytes().split(b'\n')
        previous = None
        for number, line in enumerate(lines, 1):
            wanted = previous and hashlib.sha256(previous).hexdigest()
            try:
                if json.loads(line).get('previous') != wanted:
                    self.problems.append(f'the chain of the audit trail breaks in line {number}')
            except ValueError:
                self.problems.append(f'line {number} of the audit trail is damaged')
            previous = line
        self.audit_lines = lines

    def find_leftovers(self):
        for parent, folders, files in os.walk(self.path):
            for name in folders + files:
                path = Path(parent, name).relative_to(self.path)
                if self.is_leftover(path):
                    self.leftovers.append(str(path))

    def is_leftover(self, path):
        """An archive and its index have one name but for their suffixes."""
        if path.name == '.lock':
            return False
        if path.name.startswith('.tmp-'):
            return True
        if path.parts[0] == 'tables' and len(path.parts) == 2:
            return path.name not in self.tables
        if path.parts[0] == 'archives' and len(path.parts) == 4 and not path.name.startswith('.'):
            own = path.parts[1:3], path.name.partition('.')[0]
            return own not in self.archives
        return False

    def list_files(self):
        return {str(path.relative_to(self.path)): path.stat().st_size for path in self.path.rglob('*')
                if path.is_file() and path.name != '.lock'}


def meaning(value):
    """A repack changes where contents lie, never what they are."""
    return {name: part for name, part in value.items()
            if name not in ('archives', 'checksum', 'stored-size', 'size', 'sizes', 'extract')}


def list_added(store, old):
    """Why each new snapshot was taken, and of what state: files and settings, to the byte."""
    return sorted((store.metadata[name]['reason'], store.metadata[name]['table'])
                  for name in store.metadata if name not in old.places)


def compare(now, old, new, complete=False):
    """Problems of a store that was interrupted between two states, apart from what may be more. A `complete` command
    said that it was done: all that it saved must be there."""
    problems = list(now.problems)
    for name in sorted(set(old.places) | set(old.metadata)):
        if now.places.get(name) not in (old.places.get(name), new.places.get(name)):
            problems.append(f'snapshot {name} is in {now.places.get(name)}')
        elif name in now.metadata and meaning(now.metadata[name]) != meaning(old.metadata[name]):
            problems.append(f'the metadata of snapshot {name} changed')

    added, allowed = list_added(now, old), list_added(new, old)
    known = {value['table'] for value in (*old.metadata.values(), *new.metadata.values())}
    for what in added:
        if what in allowed:
            allowed.remove(what)
        elif what[0] != 'pre-rollback' or what[1] not in known:
            problems.append(f'there is a snapshot {what} that nobody took: it should be one of {allowed}')

    if complete and allowed:
        problems.append(f'snapshots are gone that were done: {allowed}')

    for name in old.operations:
        if name not in now.operations:
            problems.append(f'operation {name} is gone from the history')
    if len(now.operations) > len(old.operations) + 1:
        problems.append(f'{len(now.operations) - len(old.operations)} new operations in the history')
    if now.audit_lines[:len(old.audit_lines)] != old.audit_lines:
        problems.append('the audit trail lost lines')
    return problems
