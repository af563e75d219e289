#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# run.sh FUZZER CORPUS - run a fuzzer for a while: always the same inputs, or, with PLUGRB_TEST_FULL=1, new ones for
# two minutes.  An input that breaks something is kept in the current folder.
set -euo pipefail

fuzzer=$1 corpus=$2
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
found=$(mktemp -d)
trap 'rm -rf "$found"' EXIT

options=(-seed=1 -runs=20000 -max_total_time=20)
[ "${PLUGRB_TEST_FULL:-}" != 1 ] || options=(-max_total_time=120)
"$fuzzer" "${options[@]}" -max_len=8192 -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 \
  -artifact_prefix="$(basename "$fuzzer")-" "$found" "$corpus"
