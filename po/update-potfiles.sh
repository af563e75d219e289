#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# update-potfiles.sh [--check] - list the files with strings to translate in po/POTFILES.in; with --check, only
# say whether the list is true.
set -euo pipefail
cd "$(dirname "$0")/.."

list() {
  {
    ls data/*.desktop.in.in data/*.metainfo.xml.in.in
    grep -lE '(^|[^a-z_])(N?_|C_|ngettext|g_dngettext) ?\(' src/*/*.c src/gui/*.blp
    grep -l 'translatable' src/gui/gtk/*.ui || true
  } | LC_ALL=C sort
}

if [ "${1:-}" = --check ]; then
  diff -u po/POTFILES.in <(list) || { echo 'po/POTFILES.in is not true: run po/update-potfiles.sh' >&2; exit 1; }
else
  list > po/POTFILES.in
fi
