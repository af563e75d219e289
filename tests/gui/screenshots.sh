#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# screenshots.sh DIR - draw every page, dialog and state of the installed program as PNG files into DIR, wide and
# narrow, in each of SCHEMES.  Runs inside tests/tools/gui-session.sh; ./bootstrap screenshots does that.
set -euo pipefail

readonly folder=${1:?usage: screenshots.sh DIR}
here=$(cd "$(dirname "$0")" && pwd)

mkdir -p "$folder"
export PYTHONDONTWRITEBYTECODE=1
# Any build's will do.
PSEUDO=${PSEUDO:-$(find "$here/../../_build" -maxdepth 4 -name libpseudo.so -print -quit)}
export PSEUDO
exec python3 "$here/screenshots.py" "$@"
