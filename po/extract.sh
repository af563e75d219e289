#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# extract.sh FILE - collect the strings to translate into a template; "extract.sh --update" brings the translations
# in po/ up to date with them.
set -euo pipefail
cd "$(dirname "$0")/.."

extract() {
  local list
  list=$(mktemp -d)
  grep -E '\.(c|blp)$' po/POTFILES.in > "$list/code"
  grep -vE '\.(c|blp)$' po/POTFILES.in > "$list/data"
  xgettext --from-code=UTF-8 --language=C --keyword=_ --keyword=N_ --keyword=C_:1c,2 --keyword=ngettext:1,2 \
    --keyword=g_dngettext:2,3 --add-comments=TRANSLATORS --package-name=plugin-rollback --files-from="$list/code" \
    --output="$1"
  xgettext --from-code=UTF-8 --add-comments=TRANSLATORS --join-existing --files-from="$list/data" --output="$1"
  rm -rf "$list"
}

if [ "$1" = --update ]; then
  work=$(mktemp -d)
  extract "$work/new.pot"
  for language in $(cat po/LINGUAS); do
    [ -e "po/$language.po" ] || msginit --no-translator --locale="$language" --input="$work/new.pot" --output="po/$language.po"
    msgmerge --quiet --no-fuzzy-matching --no-location --update --backup=none "po/$language.po" "$work/new.pot"
  done
  rm -rf "$work"
else
  extract "$1"
fi
