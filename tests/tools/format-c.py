#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""format-c.py [--check] [FILE...] - lay out C files (all, if none are named) as clang-format does, but with _("text")
and g_autoptr(Type) as they are written everywhere. (Its own option for such macros indents what follows them by
chance.) With --check nothing is written, and the files that are not as they should be are named."""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

MACRO = re.compile(r'\b(?:_|C_|N_|g_auto|g_autolist|g_autoptr)( )\(')


def find_anchor(lines, number, indent):
    """The line that a line hangs on: the nearest one before it that is indented less."""
    while number > 0:
        number -= 1
        text = lines[number]
        if text.strip() and len(text) - len(text.lstrip()) < indent:
            return number
    return None


def close_up(text):
    lines = text.split('\n')
    gaps = [[match.start(1) for match in MACRO.finditer(line)] for line in lines]
    shifts = [0] * len(lines)
    for number, line in enumerate(lines):
        indent = len(line) - len(line.lstrip())
        anchor = find_anchor(lines, number, indent) if indent else None
        if anchor is None:
            continue
        shifts[number] = shifts[anchor]
        above = lines[anchor]
        # It is lined up with something in the line above, which moves.
        if indent < len(above) and above[indent - 1] in '( ' and above[indent] != ' ':
            shifts[number] += sum(gap < indent for gap in gaps[anchor])
    return '\n'.join(move(line, gaps[number], shifts[number]) for number, line in enumerate(lines))


def move(line, gaps, shift):
    for gap in reversed(gaps):
        line = line[:gap] + line[gap + 1:]
    line = line[shift:]
    # The end of a line of a macro stays where it is.
    return line[:-1] + ' ' * (shift + len(gaps)) + '\\' if line.endswith('\\') else line


def lay_out(path):
    done = subprocess.run(['clang-format-19', path], capture_output=True, check=True, text=True)
    return close_up(done.stdout)


def main(arguments):
    check = '--check' in arguments
    paths = [Path(name) for name in arguments if name != '--check'] or sorted(
        path for folder in ('src', 'tests') for path in Path(folder).glob('*/*.[ch]'))
    with ThreadPoolExecutor() as pool:
        changed = [(path, text) for path, text in zip(paths, pool.map(lay_out, paths)) if text != path.read_text()]
    for path, text in changed:
        if check:
            print(f'{path} is not laid out as tests/tools/format-c.py does')
        else:
            path.write_text(text)
    return check and bool(changed)


sys.exit(main(sys.argv[1:]))
