#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# sample-plugin.sh VERSION - install version 1 or 2 of a sample GNOME Shell extension into the user's folder, with
# the settings that such a version leaves behind.  Of version 2 the settings are in another form.
set -euo pipefail

version=$1
folder=${XDG_DATA_HOME:-$HOME/.local/share}/gnome-shell/extensions/clock-colors@example.org
path=/org/gnome/shell/extensions/clock-colors

case $version in
  1) type=b default=true ;;
  2) type=s default="'auto'" ;;
  *) echo 'usage: sample-plugin.sh 1|2' >&2; exit 2 ;;
esac

rm -rf "$folder"
mkdir -p "$folder/schemas"
cat > "$folder/metadata.json" <<JSON
{
  "uuid": "clock-colors@example.org",
  "name": "Clock Colors",
  "description": "Colors the clock",
  "version": $version,
  "shell-version": ["47", "48"],
  "settings-schema": "org.gnome.shell.extensions.clock-colors"
}
JSON
echo "// Clock Colors, version $version" > "$folder/extension.js"
echo "// only in version $version" > "$folder/feature-$version.js"
cat > "$folder/schemas/org.gnome.shell.extensions.clock-colors.gschema.xml" <<XML
<schemalist>
  <schema id="org.gnome.shell.extensions.clock-colors" path="$path/">
    <key name="colorful" type="$type"><default>$default</default></key>
    <key name="palette" type="as"><default>[]</default></key>
  </schema>
</schemalist>
XML
glib-compile-schemas --strict "$folder/schemas"

if [ "$version" = 1 ]; then
  dconf write "$path/colorful" false
  dconf write "$path/palette" "['red', 'blue']"
  dconf write /org/gnome/shell/enabled-extensions "['clock-colors@example.org']"
else
  dconf write "$path/colorful" "'never'"
  dconf reset "$path/palette"
fi
