#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# terminal-tour.sh - the main job in the terminal, on a sample plugin in a scratch folder: snapshot, update, look,
# roll back, undo.  Nothing of the user's is touched.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
plugin=clock-colors@example.org

if [ -z "${TOUR_INSIDE:-}" ]; then
  exec env TOUR_INSIDE=1 "$here/scratch-session.sh" "$0"
fi

run() {
  printf '\n$ %s\n' "$*"
  "$@"
}

settings() {
  printf '\n$ dconf dump /org/gnome/shell/extensions/clock-colors/\n'
  dconf dump /org/gnome/shell/extensions/clock-colors/
}

printf '# Version 1 of a sample plugin is installed in %s\n' "$XDG_DATA_HOME/gnome-shell/extensions"
"$here/sample-plugin.sh" 1
run plugrb list
run plugrb snapshot "$plugin" --label 'Works well'

printf '\n# Version 2 comes, and turns the settings into another form\n'
"$here/sample-plugin.sh" 2
settings
run plugrb diff "$plugin"
run plugrb rollback "$plugin" --yes
settings
run plugrb list
run plugrb undo --yes
run plugrb list
run plugrb history
