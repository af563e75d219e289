# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks JSON against the schemas beside this file: the part of JSON Schema that they use, and no more."""

import json
import re
from pathlib import Path

FOLDER = Path(__file__).parent / 'schemas'
TYPES = {
    'array': list, 'object': dict, 'string': str, 'boolean': bool, 'null': type(None),
    'integer': int, 'number': (int, float),
}
KNOWN = {
    '$schema', '$ref', 'description', 'type', 'enum', 'pattern', 'minimum', 'items', 'properties', 'required',
    'additionalProperties', 'allOf',
}


class Mismatch(Exception):
    pass


def load(name):
    with open(FOLDER / f'{name}.json', encoding='utf-8') as file:
        return json.load(file)


def is_type(value, name):
    if isinstance(value, bool) and name in ('integer', 'number'):
        return False
    return isinstance(value, TYPES[name])


def check_type(value, schema, where):
    names = schema.get('type', [])
    names = [names] if isinstance(names, str) else names
    if names and not any(is_type(value, name) for name in names):
        raise Mismatch(f'{where}: {value!r} is not {" or ".join(names)}')
    if 'enum' in schema and value not in schema['enum']:
        raise Mismatch(f'{where}: {value!r} is none of {schema["enum"]}')
    if 'pattern' in schema and isinstance(value, str) and not re.search(schema['pattern'], value):
        raise Mismatch(f'{where}: {value!r} does not match {schema["pattern"]}')
    if 'minimum' in schema and is_type(value, 'number') and value < schema['minimum']:
        raise Mismatch(f'{where}: {value!r} is less than {schema["minimum"]}')


def check_members(value, schema, where):
    properties = schema.get('properties', {})
    for name in schema.get('required', []):
        if name not in value:
            raise Mismatch(f'{where}: "{name}" is missing')
    for name, member in value.items():
        if name in properties:
            check(member, properties[name], f'{where}.{name}')
        elif schema.get('additionalProperties', True) is False:
            raise Mismatch(f'{where}: "{name}" is not in the contract')


def check(value, schema, where='$'):
    unknown = set(schema) - KNOWN
    if unknown:
        raise Mismatch(f'{where}: the schema has {unknown}, which schema.py does not know')
    if '$ref' in schema:
        check(value, load(schema['$ref'].removesuffix('.json')), where)
    for part in schema.get('allOf', []):
        check(value, part, where)
    check_type(value, schema, where)
    if isinstance(value, dict):
        check_members(value, schema, where)
    if isinstance(value, list) and 'items' in schema:
        for index, item in enumerate(value):
            check(item, schema['items'], f'{where}[{index}]')
