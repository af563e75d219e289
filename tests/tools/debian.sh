#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2154  # who sources this sets them
#
# debian.sh - to be sourced: packages of any Debian release, unpacked and never installed, from the mirror that this
# machine uses already.  Wants $work, a folder for lists and downloads, and $archive, as `debian_archive` prints it.

# Debian's archive as apt knows it here, or as DEBIAN_ARCHIVE says where apt knows none.
debian_archive() {
  local uri
  # shellcheck disable=SC2016  # apt, not the shell, fills these in
  uri=$(apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(RELEASE)|$(REPO_URI)' \
    'Created-By: Packages' 2>/dev/null |
    awk -F'|' '$1=="Debian" && $2=="Debian" && $3=="main" && $4 !~ /-/ {print $5; exit}')
  printf '%s\n' "${uri:-${DEBIAN_ARCHIVE:-}}"
}

# apt with a configuration of its own for one suite: nothing of this machine's is read or changed but its keys.
private_apt() {
  local suite=$1 state=$work/apt/$1
  shift
  apt-get -qq -o "Dir::State=$state" -o "Dir::Cache=$state/cache" -o "Dir::Etc::sourcelist=$state/sources.list" \
    -o Dir::Etc::sourceparts=- -o Dir::State::status=/dev/null -o APT::Sandbox::User= \
    -o Acquire::Languages=none -o Acquire::Check-Valid-Until=false "$@"
}

prepare_suite() {
  local suite=$1 state=$work/apt/$1 keys=/usr/share/keyrings/debian-archive-keyring.gpg
  mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
  printf 'deb [signed-by=%s] %s %s main\n' "$keys" "$archive" "$suite" > "$state/sources.list"
  private_apt "$suite" update
}
