#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Every language in po/LINGUAS has every string, and no language is left out of it.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
po/extract.sh "$work/new.pot"

for file in po/*.po; do
  language=$(basename "$file" .po)
  grep -qx "$language" po/LINGUAS || { echo "$language is not in po/LINGUAS"; exit 1; }
done

while read -r language; do
  merged="$work/$language.po"
  msgmerge --quiet --no-fuzzy-matching --output-file="$merged" "po/$language.po" "$work/new.pot"
  msgfmt --check --output-file=/dev/null "$merged"
  missing=$(msgattrib --untranslated --no-obsolete "$merged")
  [ -z "$missing" ] || { echo "$missing"; exit 1; }
done < po/LINGUAS
