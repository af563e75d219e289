#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# scratch-session.sh COMMAND... - run a test as a user who has nothing yet: a home folder, XDG folders and a
# temporary folder of its own, deleted afterwards, and a private session bus, on which the real dconf-service is started
# when it is needed.
set -euo pipefail

scratch=$(mktemp -d)
trap 'chmod -R u+w "$scratch" 2>/dev/null; rm -rf "$scratch" || true' EXIT

export HOME=$scratch/home
export XDG_DATA_HOME=$HOME/.local/share XDG_CONFIG_HOME=$HOME/.config XDG_CACHE_HOME=$HOME/.cache
export XDG_STATE_HOME=$HOME/.local/state XDG_RUNTIME_DIR=$scratch/run TMPDIR=$scratch/tmp
mkdir -p "$XDG_DATA_HOME" "$XDG_CONFIG_HOME" "$XDG_CACHE_HOME" "$XDG_STATE_HOME"
mkdir -m 0700 "$XDG_RUNTIME_DIR" "$TMPDIR"
unset DBUS_SESSION_BUS_ADDRESS DISPLAY WAYLAND_DISPLAY
export DBUS_SYSTEM_BUS_ADDRESS=unix:path=/nonexistent GIO_USE_VFS=local
unset GSETTINGS_BACKEND

rc=0
# The command keeps its standard streams; the bus and what it starts do not mix in.
# shellcheck disable=SC2016
dbus-run-session -- bash -c '"$@" >&3 2>&4 3>&- 4>&-' bash "$@" 3>&1 4>&2 >/dev/null 2>&1 || rc=$?
exit "$rc"
