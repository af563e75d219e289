#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# check-installed.sh BUILD PREFIX - what gets installed is all that the program needs: every description of a host is
# there with what it inherits, and the program knows them all. Other tests read the sources.
set -euo pipefail

build=$1 prefix=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

complain() { echo "$*"; failed=1; }

DESTDIR=$scratch meson install -C "$build" --no-rebuild --quiet >/dev/null
installed=$scratch$prefix
hosts=$installed/share/plugin-rollback/hosts

wanted=(bin/plugrb share/man/man1/plugrb.1 share/man/man5/plugin-rollback.host.5 share/bash-completion/completions/plugrb)
for file in data/hosts/*.host data/hosts/*.template; do wanted+=("share/plugin-rollback/hosts/${file##*/}"); done
while read -r language; do wanted+=("share/locale/$language/LC_MESSAGES/plugin-rollback.mo"); done <po/LINGUAS
for file in "${wanted[@]}"; do [ -s "$installed/$file" ] || complain "not installed: $file"; done

export HOME=$scratch/home XDG_DATA_HOME=$scratch/home/data XDG_CONFIG_HOME=$scratch/home/config XDG_RUNTIME_DIR=$scratch
mkdir -p "$XDG_DATA_HOME" "$XDG_CONFIG_HOME"
known=$(PLUGRB_HOSTS_DIR=$hosts "$installed/bin/plugrb" hosts --json)
[ "$(jq '[.[] | select(.state == "description-invalid")] | length' <<<"$known")" = 0 ] ||
  complain "$(jq -r '.[] | select(.state == "description-invalid") | "\(.id): \(.message)"' <<<"$known")"
[ "$(jq 'length' <<<"$known")" -ge "$(find data/hosts -name '*.host' | wc -l)" ] || complain 'some hosts are not known'

exit "$failed"
