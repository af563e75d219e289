#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# fetch-corpora.sh DIR PLUGINS CORPUS... - make the trees that the benchmarks work on, once: DIR/CORPUS/{v1,v2,v1r}, each
# laid out as an extension of GNOME Shell.  v2 is v1 with the real next versions of some of its parts, unchanged files
# keeping their times; v1r is v1 as an updater leaves it that replaces the folder: same bytes, every inode and time new.
# Runs outside the build root: it needs apt, npm and the network.  PLUGINS is what fetch-plugins.sh made.
#
#   S     ~55 files,   1 MB  the extension Dash to Dock
#   M  ~1,570 files,  17 MB  an extension with node_modules
#   L ~16,300 files, 270 MB  JavaScript and Python libraries
#   B      20 files, 800 MB  native libraries
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/tools/debian.sh
. "$here/../tools/debian.sh"

readonly release=bookworm dash=dash-to-dock@micxgx.gmail.com
readonly packages_of_l=(python3-scipy python3-numpy python3-sympy python3-pandas-lib python3-networkx)
readonly packages_of_b=(
  libllvm14 libclang-cpp14 libwebkit2gtk-4.1-0 libicu72 libnode108 libjavascriptcoregtk-4.1-0 libgl1-mesa-dri
)
readonly libraries_of_b=(
  'llvm-14/lib/libclang-cpp.so.14' 'x86_64-linux-gnu/libLLVM-14.so.1' 'x86_64-linux-gnu/libicudata.so.72.*'
  'x86_64-linux-gnu/libwebkit2gtk-4.1.so.0.*' 'x86_64-linux-gnu/libnode.so.108'
  'x86_64-linux-gnu/libjavascriptcoregtk-4.1.so.0.*' 'x86_64-linux-gnu/dri/radeonsi_dri.so'
)

say() { printf 'fetch-corpora: %s\n' "$*" >&2; }

need() { # PROGRAM...
  local program
  for program in "$@"; do
    command -v "$program" >/dev/null || { say "$program is not here: the trees for the benchmarks need it"; exit 1; }
  done
}

# ---- where the parts come from

npm_tree() { # FOLDER LOCKED PACKAGE...: install; what LOCKED (a folder, or -) has is kept at its version
  local to=$1 locked=$2
  shift 2
  mkdir -p "$to"
  if [ "$locked" = - ]; then
    printf '{"name":"extension","version":"1.0.0","private":true}\n' >"$to/package.json"
  else
    cp "$locked/package.json" "$locked/package-lock.json" "$to/"
  fi
  (cd "$to" && npm install --silent --ignore-scripts --no-audit --no-fund --no-bin-links \
    --omit-lockfile-registry-resolved "$@" >/dev/null)
}

deb_tree() { # FOLDER PACKAGE...
  local to=$1 package
  shift
  archive=$(debian_archive)
  [ -n "$archive" ] || { say 'apt knows no Debian archive here: name one in DEBIAN_ARCHIVE'; exit 1; }
  [ -d "$work/apt/$release" ] || prepare_suite "$release"
  mkdir -p "$to" "$work/deb"
  for package in "$@"; do
    (cd "$work/deb" && private_apt "$release" download "$package" 2>/dev/null) || { say "no package $package"; exit 1; }
    dpkg-deb -x "$work/deb/$package"_*.deb "$to"
    rm -f "$work/deb/$package"_*.deb
  done
}

# ---- an extension of them

metadata() { # FOLDER CORPUS VERSION
  printf '{\n  "uuid": "%s",\n  "name": "Benchmark %s",\n  "version": %s,\n  "shell-version": ["48"]\n}\n' \
    "bench-$2@plugrb.example" "$2" "$3" >"$1/metadata.json"
}

make_s() { # real files of the next version in place of three of them
  local name
  cp -a "$plugins/$dash/75" "$work/S1"
  cp -a "$work/S1" "$work/S2"
  for name in docking.js appIcons.js metadata.json; do
    cp "$plugins/$dash/100/$name" "$work/S2/$name"
  done
}

make_m() {
  need npm
  npm_tree "$work/S1" - eslint@8.56.0 katex@0.16.9 marked@11.1.0
  npm_tree "$work/S2" "$work/S1" eslint@8.57.0 katex@0.16.10 marked@12.0.0 js-yaml@4.1.1 esquery@1.6.0
}

make_l() {
  need npm apt-get dpkg-deb
  deb_tree "$work/python" "${packages_of_l[@]}"
  npm_tree "$work/js1" - typescript@5.3.3 webpack@5.89.0 jest@29.6.4 @babel/core@7.23.6 @babel/preset-env@7.23.6 \
    react@18.2.0 react-dom@18.2.0 lodash@4.17.20 echarts@5.4.3 caniuse-lite@1.0.30001600
  npm_tree "$work/js2" "$work/js1" typescript@5.4.5 webpack@5.90.0 @babel/core@7.23.9 lodash@4.17.21 jest@29.7.0 \
    caniuse-lite@1.0.30001620
  mkdir "$work/S1" "$work/S2"
  cp -a "$work/python/usr/lib/python3/dist-packages" "$work/S1/py"
  cp -a "$work/python/usr/lib/python3/dist-packages" "$work/S2/py"
  mv "$work/js1" "$work/S1/js"
  mv "$work/js2" "$work/S2/js"
}

make_b() {
  need npm apt-get dpkg-deb
  local pattern
  npm_tree "$work/js1" - @swc/core-linux-x64-gnu@1.3.101 @next/swc-linux-x64-gnu@14.0.4 \
    @cloudflare/workerd-linux-64@1.20231218.0 @rspack/binding-linux-x64-gnu@0.4.4 @esbuild/linux-x64@0.19.10 \
    @biomejs/cli-linux-x64@1.4.1 turbo-linux-64@1.11.2 @img/sharp-libvips-linux-x64@1.0.0
  npm_tree "$work/js2" - @swc/core-linux-x64-gnu@1.3.102
  deb_tree "$work/native" "${packages_of_b[@]}"
  mkdir -p "$work/S1/lib"
  find "$work/js1/node_modules" -type f -size +4M -exec cp -p {} "$work/S1/lib/" \;
  for pattern in "${libraries_of_b[@]}"; do
    find "$work/native/usr/lib" -type f -path "$work/native/usr/lib/$pattern" -exec cp -p {} "$work/S1/lib/" \;
  done
  cp "$work/js1/package.json" "$work/js1/node_modules/@swc/core-linux-x64-gnu/README.md" "$work/S1/"
  cp "$work/js1/node_modules/@esbuild/linux-x64/package.json" "$work/S1/lib/"
  cp "$work/js1/node_modules/@biomejs/cli-linux-x64/package.json" "$work/S1/lib/biome.json"
  cp -a "$work/S1" "$work/S2"
  cp "$work"/js2/node_modules/@swc/core-linux-x64-gnu/*.node "$work/S2/lib/"
}

lay_out() { # CORPUS
  local to=$target/.new corpus=$1
  rm -rf "$to"
  mkdir "$to"
  mv "$work/S1" "$to/v1"
  if [ "$corpus" != S ]; then
    metadata "$to/v1" "$corpus" 1
    metadata "$work/S2" "$corpus" 2
  fi
  python3 "$here/next_version.py" "$to/v1" "$work/S2" "$to/v2"
  # Without -p: this is what makes it a re-installed tree.
  cp -r "$to/v1" "$to/v1r"
  chmod -R a+rX "$to"
  rm -rf "${target:?}/$corpus"
  mv "$to" "$target/$corpus"
}

make() { # CORPUS
  work=$(mktemp -d "$target/.work-XXXXXX")
  say "making corpus $1 (once)"
  "make_${1,,}"
  lay_out "$1"
  rm -rf "$work"
}

main() {
  local corpus
  need python3
  target=$1 plugins=$2
  shift 2
  mkdir -p "$target"
  exec 9>"$target/.lock"
  flock 9 # two at once: the second waits, and finds all there
  trap 'rm -rf "$target"/.work-*' EXIT
  for corpus in "$@"; do
    case $corpus in S | M | L | B) ;; *) say "there is no corpus $corpus"; exit 2 ;; esac
    [ -d "$target/$corpus/v1r" ] || make "$corpus"
  done
}

main "$@"
