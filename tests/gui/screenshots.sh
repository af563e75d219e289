#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# screenshots.sh DIR - draw every page, dialog and state of the installed program as PNG files into DIR, wide and
# narrow, light, dark and from right to left.  Runs inside tests/tools/gui-session.sh; ./bootstrap screenshots does that.
set -euo pipefail

readonly folder=${1:?usage: screenshots.sh DIR}
here=$(cd "$(dirname "$0")" && pwd)

mkdir -p "$folder" "$XDG_CONFIG_HOME/gtk-4.0"
# Without a settings daemon GTK knows neither GNOME's font nor its window buttons.
cat > "$XDG_CONFIG_HOME/gtk-4.0/settings.ini" <<'INI'
[Settings]
gtk-font-name=Cantarell 11
gtk-decoration-layout=:close
gtk-enable-animations=0
INI

export PYTHONDONTWRITEBYTECODE=1
# Any build's will do.
PSEUDO=${PSEUDO:-$(find "$here/../../_build" -maxdepth 4 -name libpseudo.so -print -quit)}
export PSEUDO
exec python3 "$here/screenshots.py" "$@"
