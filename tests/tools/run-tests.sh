#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# run-tests.sh [--full] [SUITE...] - all that CI checks, inside the build root: the suites core, cli, model, fuzz, gui,
# crash, bench and static as gcc builds them, the same sources by clang without a warning, core, cli and gui under
# the sanitizers, and the fuzzers for a while.  --full adds what takes long: the whole kill matrix and bugs planted to see
# that it finds them, threads under ThreadSanitizer, the core under valgrind, longer fuzzing.  At the end it shows the
# failures once more, as whoever reads only the end of a log needs them; the last line counts the test programs.
set -uo pipefail

full='' suites=()
for word in "$@"; do
  if [ "$word" = --full ]; then full=1; else suites+=("$word"); fi
done
readonly full suites
export PLUGRB_TEST_FULL=$full
passed=0 failed=0 skipped=0
failures=$(mktemp)
readonly failures
trap 'rm -f "$failures"' EXIT

say() { printf '\n== %s\n' "$*"; }

configure() { # FOLDER OPTION...
  local folder=$1
  shift
  [ -e "$folder/build.ninja" ] || meson setup "$folder" --prefix="$PWD/$folder/prefix" -Dwerror=true "$@" >"$folder.log" 2>&1 ||
    { cat "$folder.log"; return 1; }
}

compile() { # FOLDER: silent but for what goes wrong
  ninja -C "$1" >"$1.log" 2>&1 || { grep -v '^\[' "$1.log" | head -n 60; return 1; }
}

check() { # NAME COMMAND...: one line of the count
  local name=$1
  shift
  if "$@"; then
    passed=$((passed + 1)); printf '%s: ok\n' "$name"
  else
    failed=$((failed + 1)); printf '%s: FAILED\n' "$name" | tee -a "$failures"
  fi
}

# What waits for windows or measures time can fail because the machine was busy with the test beside it. Alone it has
# to pass; that it failed before is told at the end all the same.
try_alone() { # FOLDER
  local logs=$1/meson-logs suite names
  rm -f "$logs"/alone-*.json
  for suite in gui bench; do
    mapfile -t names < <(jq -r --arg suite ":$suite / " 'select(.result != "OK" and .result != "SKIP") | .name
      | select(contains($suite)) | sub(".* / "; "")' "$logs/testlog.json")
    [ ${#names[@]} -gt 0 ] || continue
    say "alone: ${names[*]}"
    meson test -C "$1" --no-rebuild --print-errorlogs --num-processes 1 --logbase "alone-$suite" --suite "$suite" "${names[@]}"
  done
  cat "$logs"/alone-*.json 2>/dev/null >"$logs/alone.jsonl"
  jq -c --slurpfile alone "$logs/alone.jsonl" '. as $first
    | if .result != "OK" and any($alone[]; .name == $first.name and .result == "OK")
      then .result = "OK" | .at_first = $first.result else . end' "$logs/testlog.json" >"$logs/results.jsonl"
}

count() { # FOLDER: adds up what meson wrote of each test program
  local log=$1/meson-logs/results.jsonl
  [ -e "$log" ] || { failed=$((failed + 1)); printf '%s: no tests were run\n' "$1" >>"$failures"; return; }
  passed=$((passed + $(jq -s '[.[] | select(.result == "OK")] | length' "$log")))
  skipped=$((skipped + $(jq -s '[.[] | select(.result == "SKIP")] | length' "$log")))
  failed=$((failed + $(jq -s '[.[] | select(.result != "OK" and .result != "SKIP")] | length' "$log")))
  jq -r --arg folder "$1" 'def tail: (. // "") | split("\n") | .[-60:] | join("\n");
    if .at_first then "\($folder): \(.name): \(.at_first) at first, and passed alone" else empty end,
    (select(.result != "OK" and .result != "SKIP") | "\($folder): \(.name): \(.result)"),
    (select(.at_first or (.result != "OK" and .result != "SKIP")) | "\(.stdout | tail)\n\(.stderr | tail)")' "$log" >>"$failures"
}

run_suites() { # FOLDER SUITE...
  local folder=$1 suite options=()
  shift
  for suite in "$@"; do options+=(--suite "$suite"); done
  rm -f "$folder"/meson-logs/testlog.json "$folder"/meson-logs/results.jsonl
  meson test -C "$folder" --no-rebuild --print-errorlogs "${options[@]}"
  [ ! -e "$folder"/meson-logs/testlog.json ] || try_alone "$folder"
  count "$folder"
}

run_under_valgrind() { # FOLDER TEST...: what is read before it is set or after it is gone; leaks are found above
  local folder=$1
  shift
  rm -f "$folder"/meson-logs/testlog-valgrind.json
  meson test -C "$folder" --no-rebuild --print-errorlogs --suite core --timeout-multiplier 20 --logbase testlog-valgrind \
    --wrapper 'valgrind -q --error-exitcode=99 --leak-check=no --trace-children=no --suppressions=/usr/share/glib-2.0/valgrind/glib.supp' \
    "$@"
}

wanted() { # SUITE: whether it was asked for
  [ ${#suites[@]} = 0 ] || printf '%s\n' "${suites[@]}" | grep -qx "$1"
}

run_full() { # FOLDER: what takes longer than CI has
  local tracer=$1/tests/crash/crash-tracer
  say 'the whole kill matrix'
  check 'kill matrix' env "PATH=$PWD/$1/src/cli:$PATH" "PLUGRB_HOSTS_DIR=$PWD/data/hosts" \
    python3 tests/crash/matrix.py --tracer "$tracer" --full
  say 'planted bugs'
  check 'planted bugs are found' python3 tests/crash/plant.py --tracer "$tracer" --source .
}

main() {
  local gcc=_build/test-gcc clang=_build/test-clang sanitized=_build/test-sanitized both=()
  local fuzz=_build/test-fuzz threads=_build/test-threads
  mkdir -p _build
  say 'gcc'
  check 'gcc without warnings' eval "configure $gcc && compile $gcc"
  run_suites "$gcc" "${suites[@]}"
  if [ -n "$full" ] && wanted crash; then run_full "$gcc"; fi

  if [ ${#suites[@]} = 0 ]; then
    say 'clang'
    check 'clang without warnings' eval "CC=clang-19 configure $clang -Dtests=true && compile $clang"
  fi

  ! wanted core || both+=(core)
  ! wanted cli || both+=(cli)
  ! wanted gui || both+=(gui)
  if [ ${#both[@]} -gt 0 ]; then
    say 'address and undefined behaviour sanitizers'
    check 'sanitizer build' eval \
      "configure $sanitized -Db_sanitize=address,undefined -Db_lundef=false && compile $sanitized"
    LSAN_OPTIONS=suppressions=$PWD/tests/tools/lsan.supp:print_suppressions=0 run_suites "$sanitized" "${both[@]}"
  fi

  if wanted fuzz; then
    say 'fuzzers'
    check 'fuzzer build' eval "CC=clang-19 configure $fuzz -Dgui=false -Dfuzz=true -Db_sanitize=address,undefined \
      -Db_lundef=false && compile $fuzz"
    LSAN_OPTIONS=suppressions=$PWD/tests/tools/lsan.supp:print_suppressions=0 run_suites "$fuzz" fuzz
  fi

  if [ -n "$full" ] && wanted core; then
    say 'threads and valgrind'
    check 'thread sanitizer build' eval "configure $threads -Dgui=false -Db_sanitize=thread -Db_lundef=false && \
      compile $threads"
    check 'threads' env TSAN_OPTIONS="suppressions=$PWD/tests/tools/tsan.supp ignore_noninstrumented_modules=1" \
      meson test -C "$threads" --no-rebuild --print-errorlogs --timeout-multiplier 5 manager operation main-job
    check 'valgrind' run_under_valgrind "$gcc" archive table unpack values json manifest journal
  fi

  if [ -s "$failures" ]; then say 'what failed, if only at first'; cat "$failures"; fi
  printf '\n%d passed, %d failed' "$passed" "$failed"
  [ "$skipped" = 0 ] || printf ', %d skipped' "$skipped"
  printf '\n'
  [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
}

main
