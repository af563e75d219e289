#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# plugin-rollback.host(5) has every key that a description may have, in its group, with an example.
set -euo pipefail

page=data/man/plugin-rollback.host.5
missing=0
while read -r group key; do
  awk -v group="$group" -v key="$key" '
    /^\.SH "/ { inside = $2 == "\"[" group "]\"" || $2 == "\"[" group }
    inside && $0 == ".BR " key " \"= ... \"" { found = 1 }
    inside && found && index($0, key "=") == 1 { example = 1 }
    END { exit !(found && example) }' "$page" || { echo "[$group] $key is not in $page"; missing=1; }
done < <(sed -n 's/^  { "\([A-Za-z]*\)", "\([A-Za-z]*\)", .*/\1 \2/p' src/core/plug-rb-host-keys.c
         )
exit "$missing"
