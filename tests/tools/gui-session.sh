#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# gui-session.sh [--size WxH | --wayland] [--] COMMAND... - run COMMAND with a display, a session bus and an
# accessibility bus of its own, and a home folder that is deleted afterwards.
set -euo pipefail

size=1280x900 wayland=''
while [ $# -gt 0 ]; do
  case $1 in
    --size) size=$2; shift 2 ;;
    --wayland) wayland=1; shift ;;
    --) shift; break ;;
    *) break ;;
  esac
done

scratch=$(mktemp -d)
server=''
cleanup() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  chmod -R u+w "$scratch" 2>/dev/null || true
  rm -rf "$scratch"
}
trap cleanup EXIT

export HOME=$scratch/home XDG_RUNTIME_DIR=$scratch/run
export XDG_DATA_HOME=$HOME/.local/share XDG_CONFIG_HOME=$HOME/.config XDG_CACHE_HOME=$HOME/.cache
export XDG_STATE_HOME=$HOME/.local/state
mkdir -p "$XDG_DATA_HOME" "$XDG_CONFIG_HOME" "$XDG_CACHE_HOME" "$XDG_STATE_HOME"
mkdir -m 0700 "$XDG_RUNTIME_DIR"

unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS GSETTINGS_BACKEND
# No portal, no gvfs, no system bus: nothing to wait for.  Cairo draws the same everywhere.
export DBUS_SYSTEM_BUS_ADDRESS=unix:path=/nonexistent GIO_USE_VFS=local GTK_USE_PORTAL=0
export GDK_DEBUG=${GDK_DEBUG:-no-portals} GSK_RENDERER=${GSK_RENDERER:-cairo} LIBGL_ALWAYS_SOFTWARE=1

# A number by chance: sessions side by side may share /tmp but not process ids, and Xvfb would take the lock of
# another for a stale one.
start_x11() {
  exec 6< <(exec Xvfb ":$((RANDOM + 100))" -displayfd 1 -screen 0 "${size}x24" -nolisten tcp -noreset 2>/dev/null)
  server=$!
  read -r -t 20 number <&6
  export GDK_BACKEND=x11 DISPLAY=:$number
}

# A compositor that needs neither a seat nor a graphics card.  It says on which display it shows what it starts.
start_wayland() {
  # shellcheck disable=SC2016
  exec 6< <(exec env WLR_BACKENDS=headless WLR_RENDERER=pixman WLR_LIBINPUT_NO_DEVICES=1 \
    cage -- sh -c 'echo "$WAYLAND_DISPLAY"; exec sleep infinity' 2>/dev/null)
  server=$!
  read -r -t 20 WAYLAND_DISPLAY <&6
  export GDK_BACKEND=wayland WAYLAND_DISPLAY
  unset DISPLAY
}

if [ -n "$wayland" ]; then start_wayland; else start_x11; fi

rc=0
# What the bus starts must see the display, too.  The command keeps its standard streams; the bus and what it starts
# do not mix in.
# shellcheck disable=SC2016
dbus-run-session -- bash -c '
  dbus-update-activation-environment DISPLAY WAYLAND_DISPLAY GDK_BACKEND GDK_DEBUG GSK_RENDERER GTK_USE_PORTAL XDG_DATA_DIRS \
    XDG_DATA_HOME XDG_CONFIG_HOME HOME PATH PLUGRB_HOSTS_DIR 2>/dev/null || true
  "$@" >&3 2>&4 3>&- 4>&-' bash "$@" 3>&1 4>&2 >/dev/null 2>&1 || rc=$?
exit "$rc"
