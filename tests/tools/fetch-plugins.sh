#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# fetch-plugins.sh DIR [COMPILER...] - download real plugins in several versions from Debian's packages and lay them
# out as a user has them: DIR/PLUGIN/VERSION/ for GNOME Shell, DIR/HOST/PLUGIN/VERSION/ for others.  Runs outside the build root, because it needs apt and the network,
# and uses the mirror that this machine uses already.  What is there is not fetched again.  COMPILER is the command that
# stands for glib-compile-schemas, which the machine itself may not have.
set -euo pipefail
# shellcheck source=tests/tools/debian.sh
. "${BASH_SOURCE[0]%/*}/debian.sh"

readonly suites=(bullseye bookworm trixie)
readonly packages=(caffeine dashtodock impatience appindicator)
# What the tests use: plugin/version/suite/package
readonly wanted=(
  caffeine@patapon.info/37/bullseye/caffeine
  caffeine@patapon.info/44/bookworm/caffeine
  caffeine@patapon.info/55/trixie/caffeine
  dash-to-dock@micxgx.gmail.com/69/bullseye/dashtodock
  dash-to-dock@micxgx.gmail.com/75/bookworm/dashtodock
  dash-to-dock@micxgx.gmail.com/100/trixie/dashtodock
  impatience@gfxmonk.net/0.4.8/bookworm/impatience
  impatience@gfxmonk.net/0.5.2/trixie/impatience
  ubuntu-appindicators@ubuntu.com/34/bullseye/appindicator
  ubuntu-appindicators@ubuntu.com/46/bookworm/appindicator
  ubuntu-appindicators@ubuntu.com/59/trixie/appindicator
)

# Of other hosts: host/plugin/version/suite/package, and globs of what in the package is theirs
readonly others=(
  'gedit/terminal/3.38.1/bullseye/gedit-plugin-terminal usr/lib/*/gedit/plugins/*'
  'gedit/terminal/44.1/bookworm/gedit-plugin-terminal usr/lib/*/gedit/plugins/*'
  'gedit/multiedit/3.38.1/bullseye/gedit-plugin-multi-edit usr/lib/*/gedit/plugins/*'
  'gedit/multiedit/44.1/bookworm/gedit-plugin-multi-edit usr/lib/*/gedit/plugins/*'
  'rhythmbox/artsearch/3.4.4/bullseye/rhythmbox-plugins usr/lib/*/rhythmbox/plugins/*'
  'rhythmbox/artsearch/3.4.6/bookworm/rhythmbox-plugins usr/lib/*/rhythmbox/plugins/*'
  'nautilus-python/nautilus-admin/bullseye/bullseye/nautilus-admin usr/share/nautilus-python/extensions/*'
  'nautilus-python/nautilus-admin/bookworm/bookworm/nautilus-admin usr/share/nautilus-python/extensions/*'
  'cinnamon-applets/calendar@cinnamon.org/5.6.8/bookworm/cinnamon-common usr/share/cinnamon/applets/*'
  'cinnamon-applets/calendar@cinnamon.org/6.4.10/trixie/cinnamon-common usr/share/cinnamon/applets/*'
  'krita/tenbrushes/5.1.5/bookworm/krita-data usr/share/krita/pykrita/*'
  'krita/tenbrushes/5.2.9/trixie/krita-data usr/share/krita/pykrita/*'
  'krita/actions/5.1.5/bookworm/krita-data usr/share/krita/actions/*'
  'krita/actions/5.2.9/trixie/krita-data usr/share/krita/actions/*'
  'kwin/minimizeall/5.27.5/bookworm/kwin-data usr/share/kwin/scripts/*'
  'kwin/minimizeall/6.3.6/trixie/kwin-data usr/share/kwin/scripts/*'
  'plasma/org.kde.plasma.fuzzyclock/5.27.5/bookworm/plasma-widgets-addons usr/share/plasma/plasmoids/*'
  'plasma/org.kde.plasma.fuzzyclock/6.3.5/trixie/plasma-widgets-addons usr/share/plasma/plasmoids/*'
  'inkscape/textext/1.8.2/bookworm/inkscape-textext usr/share/inkscape/extensions/*'
  'inkscape/textext/1.11.1/trixie/inkscape-textext usr/share/inkscape/extensions/*'
  'kodi/repository.xbmc.org/bookworm/bookworm/kodi-repository-kodi usr/share/kodi/addons/*'
  'kodi/repository.xbmc.org/trixie/trixie/kodi-repository-kodi usr/share/kodi/addons/*'
  'eog/export-to-folder/3.26.5/bullseye/eog-plugin-export-to-folder usr/lib/*/eog/plugins/* usr/share/eog/plugins/*'
  'eog/export-to-folder/44.1/trixie/eog-plugin-export-to-folder usr/lib/*/eog/plugins/* usr/share/eog/plugins/*'
  'eog/exif-display/3.26.5/bullseye/eog-plugin-exif-display usr/lib/*/eog/plugins/*'
  'eog/exif-display/44.1/trixie/eog-plugin-exif-display usr/lib/*/eog/plugins/*'
  'totem/plugins/3.38.0/bullseye/totem-plugins usr/lib/*/totem/plugins/*'
  'totem/plugins/43.2/trixie/totem-plugins usr/lib/*/totem/plugins/*'
  'pluma/plugins/1.24.1/bullseye/pluma usr/lib/*/pluma/plugins/*'
  'pluma/plugins/1.26.1/trixie/pluma usr/lib/*/pluma/plugins/*'
  'builder/plugins/3.38.2/bullseye/gnome-builder usr/lib/*/gnome-builder/plugins/valgrind*'
  'cinnamon-desklets/launcher@cinnamon.org/5.6.8/bookworm/cinnamon-common usr/share/cinnamon/desklets/*'
  'cinnamon-desklets/launcher@cinnamon.org/6.4.10/trixie/cinnamon-common usr/share/cinnamon/desklets/*'
  'obs/source-clone/0.1.1/bookworm/obs-source-clone usr/lib/*/obs-plugins/* usr/share/obs/obs-plugins/*'
  'obs/source-clone/0.1.5/trixie/obs-source-clone usr/lib/*/obs-plugins/* usr/share/obs/obs-plugins/*'
  'gimp/texturize/2.1/bullseye/gimp-texturize usr/lib/gimp/2.0/plug-ins/*'
  'gimp/texturize/2.2/bookworm/gimp-texturize usr/libexec/gimp/2.0/plug-ins/*'
  'gimp/texturize/3.0/trixie/gimp-texturize usr/lib/*/gimp/3.0/plug-ins/*'
  'vim/fugitive/3.2/bullseye/vim-fugitive usr/share/vim/addons/*'
  'vim/fugitive/3.7/trixie/vim-fugitive usr/share/vim-fugitive/*'
  'blender/addons/3.4.1/bookworm/blender-data usr/share/blender/scripts/addons/node_wrangler* usr/share/blender/scripts/addons/copy_global*'
  'blender/addons/4.3.2/trixie/blender-data usr/share/blender/scripts/addons_core/node_wrangler* usr/share/blender/scripts/addons_core/copy_global*'
)

# From npm, where it is: host/plugin/version/package
readonly packed=(
  vscode/antfu.theme-vitesse/0.8.3/theme-vitesse
  vscode/antfu.theme-vitesse/1.0.0/theme-vitesse
  node-red/node-red-contrib-moment/3.0.3/node-red-contrib-moment
  node-red/node-red-contrib-moment/4.0.0/node-red-contrib-moment
  homebridge/homebridge-dummy/0.9.0/homebridge-dummy
  homebridge/homebridge-dummy/2.1.1/homebridge-dummy
)

say() { printf 'fetch-plugins: %s\n' "$*" >&2; }

download() {
  local suite=$1 package
  mkdir -p "$work/deb/$suite"
  for package in "${packages[@]}"; do
    # Not every suite has every plugin.
    (cd "$work/deb/$suite" && private_apt "$suite" download "gnome-shell-extension-$package" 2>/dev/null) || true
    unpack "$suite" "$package"
  done
  for package in "${others[@]%% *}"; do
    case $package in */"$suite"/*) ;; *) continue ;; esac
    package=${package##*/}
    [ ! -d "$work/tree/$suite/$package" ] || continue
    (cd "$work/deb/$suite" && private_apt "$suite" download "$package" 2>/dev/null) || true
    unpack_as "$suite" "$package" "$package"
  done
}

unpack_as() { # SUITE PACKAGE FILE
  local file
  for file in "$work/deb/$1/$3"_*.deb; do
    [ -e "$file" ] || continue
    mkdir -p "$work/tree/$1/$2"
    dpkg-deb -x "$file" "$work/tree/$1/$2"
  done
}

unpack() {
  unpack_as "$1" "$2" "gnome-shell-extension-$2"
}

# Debian puts schemas and translations into system folders; a download from the extensions site has them inside.
lay_out() {
  local plugin=$1 tree=$2 to=$3 mo lang
  mkdir -p "${to%/*}"
  cp -a "$tree/usr/share/gnome-shell/extensions/$plugin" "$to"
  find "$to" -type l -exec sh -c 'test -e "$1" || rm "$1"' sh {} \;
  if [ -d "$tree/usr/share/glib-2.0/schemas" ]; then
    mkdir -p "$to/schemas"
    cp -a "$tree/usr/share/glib-2.0/schemas/." "$to/schemas/"
  fi
  if compgen -G "$to/schemas/*.xml" >/dev/null; then
    "${compiler[@]}" --strict "$to/schemas"
  fi
  # This one is delivered with its compiled schema alone.
  case $plugin in impatience@*) rm -f "$to"/schemas/*.xml ;; esac
  for mo in "$tree"/usr/share/locale/*/LC_MESSAGES/*.mo; do
    [ -e "$mo" ] || continue
    lang=${mo#"$tree/usr/share/locale/"} lang=${lang%%/*}
    mkdir -p "$to/locale/$lang/LC_MESSAGES"
    cp -a "$mo" "$to/locale/$lang/LC_MESSAGES/"
  done
}

is_complete() {
  local entry
  for entry in "${wanted[@]}"; do
    [ -e "$target/${entry%/*/*}/metadata.json" ] || return 1
  done
  for entry in "${others[@]%% *}"; do
    [ -d "$target/${entry%/*/*}" ] || return 1
  done
  command -v npm >/dev/null || [ "${CI:-}" = true ] || return 0
  for entry in "${packed[@]}"; do
    [ -d "$target/${entry%/*}" ] || return 1
  done
}

lay_out_packed() {
  local entry host plugin version package
  command -v npm >/dev/null || { say 'npm is not here: what comes from there is not fetched'; return 0; }
  for entry in "${packed[@]}"; do
    IFS=/ read -r host plugin version package <<< "$entry"
    rm -rf "${target:?}/.new" "${target:?}/$host/$plugin/$version"
    mkdir -p "$work/npm" "$target/.new" "$target/$host/$plugin"
    (cd "$work/npm" && npm pack --silent "$package@$version" >/dev/null)
    tar -xzf "$work/npm/$package-$version.tgz" -C "$target/.new" --strip-components=1
    mv "$target/.new" "$target/$host/$plugin/$version"
  done
}

# What a package puts into the host's own folders, as it would lie in the user's.
lay_out_others() {
  local entry host plugin version suite package tree glob globs matches
  for entry in "${others[@]}"; do
    IFS=/ read -r host plugin version suite package <<< "${entry%% *}"
    tree=$work/tree/$suite/$package
    read -ra globs <<< "${entry#* }"
    rm -rf "${target:?}/.new" "${target:?}/$host/$plugin/$version"
    mkdir -p "$target/.new" "$target/$host/$plugin"
    for glob in "${globs[@]}"; do
      mapfile -t matches < <(compgen -G "$tree/$glob")
      [ ${#matches[@]} != 0 ] || { say "there is no $glob in $package of $suite"; exit 1; }
      cp -a "${matches[@]}" "$target/.new"
    done
    mv "$target/.new" "$target/$host/$plugin/$version"
  done
}

main() {
  local program suite entry plugin version package
  target=$1
  shift
  compiler=("${@:-glib-compile-schemas}")
  if is_complete; then return 0; fi
  mkdir -p "$target"
  exec 9>"$target/.lock"
  flock 9 # two at once: the second waits, and finds all there
  if is_complete; then return 0; fi
  for program in apt-get dpkg-deb; do
    command -v "$program" >/dev/null || { say "$program is not here: real plugins come from Debian's packages"; exit 1; }
  done
  archive=$(debian_archive)
  [ -n "$archive" ] || { say "apt knows no Debian archive here: name one in DEBIAN_ARCHIVE"; exit 1; }
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  say 'downloading real plugins (once)'
  for suite in "${suites[@]}"; do
    prepare_suite "$suite"
    download "$suite"
  done
  for entry in "${wanted[@]}"; do
    IFS=/ read -r plugin version suite package <<< "$entry"
    [ -d "$work/tree/$suite/$package" ] || { say "no package of $package in $suite"; exit 1; }
    # Laid out aside first: what an interrupted run leaves is never taken for a plugin.
    rm -rf "${target:?}/.new" "${target:?}/$plugin/$version"
    lay_out "$plugin" "$work/tree/$suite/$package" "$target/.new"
    mkdir -p "$target/$plugin"
    mv "$target/.new" "$target/$plugin/$version"
  done
  lay_out_others
  lay_out_packed
  is_complete
}

main "$@"
