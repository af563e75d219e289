#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# check-units.sh BUILT - the units in data/systemd are what systemd expects, and so is the autostart entry. BUILT is the
# folder with the program, which is where the units look for it here.
set -euo pipefail

built=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

for file in data/systemd/*.in data/systemd/*.timer; do
  name=${file##*/}
  sed "s|@bindir@|$built|g" "$file" >"$scratch/${name%.in}"
done

desktop-file-validate "$scratch/plugrb-recover.desktop"
rm "$scratch/plugrb-recover.desktop"

export XDG_RUNTIME_DIR=$scratch HOME=$scratch
complaints=$(systemd-analyze --user verify --man=no --recursive-errors=no "$scratch"/plugrb-* 2>&1) || { echo "$complaints"; exit 1; }
[ -z "$complaints" ] || { echo "$complaints"; exit 1; }

# A check that finds nothing wrong in anything would be worth nothing.
sed -i 's/^Type=/Tpye=/' "$scratch/plugrb-recover.service"
[ -n "$(systemd-analyze --user verify --man=no --recursive-errors=no "$scratch/plugrb-recover.service" 2>&1 || true)" ]
