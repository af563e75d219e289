#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# enter-root.sh - run a command inside a root file system, by bubblewrap.
#
#   enter-root.sh --root DIR [OPTION...] [--] COMMAND [ARG...]
#
#   --root DIR           the root file system, shown read-only ("/" works as well)
#   --bind SRC[:DST]     show SRC inside, writable (default: at the same path)
#   --ro-bind SRC[:DST]  the same, read-only
#   --home DIR           show DIR as the home folder (default: an empty one)
#   --chdir DIR          working directory inside
#   --net                share the network (default: loopback only)
#   --ipc                share System V IPC (drawing on an X server needs it)
#   --keep-tmp           share /tmp (default: an empty one)
#   --mount              for root: stay root, with this machine's devices and the right to mount (benchmarks)
#   --setenv NAME=VALUE  one more variable (the environment is cleared otherwise)
#
# But for --mount, the caller, root or not, becomes uid 1000 "dev" inside and has no capability:
# he owns what he owns outside, and a test of an unreadable file means something.
set -euo pipefail

readonly uid=1000 home_inside=/home/dev

root='' home='' chdir='' net=0 keep_tmp=0 mount=0
binds=() environment=() ipc=(--unshare-ipc)

while [ $# -gt 0 ]; do
  case $1 in
    --root) root=${2%/}; shift 2 ;;
    --bind) binds+=(--bind "${2%%:*}" "${2#*:}"); shift 2 ;;
    --ro-bind) binds+=(--ro-bind "${2%%:*}" "${2#*:}"); shift 2 ;;
    --home) home=$2; shift 2 ;;
    --chdir) chdir=$2; shift 2 ;;
    --net) net=1; shift ;;
    --ipc) ipc=(); shift ;;
    --keep-tmp) keep_tmp=1; shift ;;
    --mount) mount=1; shift ;;
    --setenv) environment+=(--setenv "${2%%=*}" "${2#*=}"); shift 2 ;;
    --) shift; break ;;
    -*) echo "enter-root: unknown option $1" >&2; exit 2 ;;
    *) break ;;
  esac
done
[ -d "$root/usr" ] || { echo "enter-root: no root file system at '$root'" >&2; exit 2; }
[ $# -gt 0 ] || set -- bash -l

# The top is an empty tmpfs with each folder of the root bound into it: below a
# read-only bind of the whole root no further mount point could be made.
args=(--perms 0755 --tmpfs /)
for entry in "$root"/*; do
  name=${entry##*/}
  case $name in
    dev | home | lost+found | proc | root | run | sys | tmp) continue ;;
  esac
  if [ -L "$entry" ]; then
    args+=(--symlink "$(readlink "$entry")" "/$name")
  elif [ -d "$entry" ]; then
    args+=(--ro-bind "$entry" "/$name")
  fi
done

args+=(
  --ro-bind /sys /sys --proc /proc
  --tmpfs /run --dir /run/lock --dir /run/user --perms 0700 --dir "/run/user/$uid"
  --perms 01777 --tmpfs /var/tmp --tmpfs /home
)
if [ "$mount" = 1 ]; then args+=(--dev-bind /dev /dev --tmpfs /dev/shm); else args+=(--dev /dev); fi
if [ "$keep_tmp" = 1 ]; then args+=(--bind /tmp /tmp); else args+=(--perms 01777 --tmpfs /tmp); fi
if [ -n "$home" ]; then args+=(--bind "$home" "$home_inside"); else args+=(--perms 0700 --tmpfs "$home_inside"); fi
if [ "$net" = 1 ]; then
  args+=(--ro-bind "$(readlink -f /etc/resolv.conf)" "$(readlink -m "$root/etc/resolv.conf" | sed "s|^$root/|/|")")
else
  args+=(--unshare-net)
fi

# One and the same user inside, whatever the caller's name is outside.
exec 8< <(grep -vE '^([^:]*:[^:]*:1000|dev):' "$root/etc/passwd"; echo "dev:x:$uid:$uid:Developer:$home_inside:/bin/bash")
exec 9< <(grep -vE '^([^:]*:[^:]*:1000|dev):' "$root/etc/group"; echo "dev:x:$uid:")
args+=(--perms 0644 --ro-bind-data 8 /etc/passwd --perms 0644 --ro-bind-data 9 /etc/group)

args+=("${binds[@]}")
if [ "$mount" = 1 ]; then args+=(--cap-add ALL); else args+=(--unshare-user --uid "$uid" --gid "$uid"); fi
args+=(--unshare-pid --unshare-uts "${ipc[@]}" --hostname plugrb --die-with-parent)
[ -z "$chdir" ] || args+=(--chdir "$chdir")
args+=(
  --clearenv
  --setenv PATH /usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
  --setenv HOME "$home_inside" --setenv USER dev --setenv LOGNAME dev
  --setenv XDG_RUNTIME_DIR "/run/user/$uid"
  --setenv LANG C.UTF-8 --setenv TERM "${TERM:-dumb}"
)
exec bwrap "${args[@]}" "${environment[@]}" -- "$@"
