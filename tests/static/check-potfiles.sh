#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# po/POTFILES.in lists all files with strings to translate and no others.
set -euo pipefail

exec po/update-potfiles.sh --check
