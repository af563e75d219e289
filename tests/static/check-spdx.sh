#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Every source file says its licence.
set -euo pipefail

missing=$(find src tests po data bootstrap .ci \( -name '*.[ch]' -o -name '*.sh' -o -name '*.py' -o -name meson.build \
  -o -name bootstrap -o -path .ci/run \) -type f -exec grep -L 'SPDX-License-Identifier:' {} +)
[ -z "$missing" ] || { printf 'no licence in:\n%s\n' "$missing"; exit 1; }
