#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Every C file is as clang-format lays it out.
set -euo pipefail

clang-format-19 --dry-run -Werror src/*/*.[ch] tests/*/*.[ch]
