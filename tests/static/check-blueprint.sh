#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Every template is as blueprint-compiler formats it.
set -euo pipefail

blueprint-compiler format src/gui/*.blp
