#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The German translation has every string.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
po/extract.sh "$work/new.pot"
msgmerge --quiet --no-fuzzy-matching --output-file="$work/de.po" po/de.po "$work/new.pot"
msgfmt --check --output-file=/dev/null "$work/de.po"
missing=$(msgattrib --untranslated --no-obsolete "$work/de.po" | grep -c '^msgid' || true)
[ "$missing" -le 1 ] || { msgattrib --untranslated --no-obsolete "$work/de.po"; exit 1; }
