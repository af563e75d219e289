#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Every C file is laid out as it should be.
set -euo pipefail

tests/tools/format-c.py --check
