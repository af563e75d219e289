#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The shell scripts have no known faults.
set -euo pipefail

find bootstrap .ci po tests -type f \( -name '*.sh' -o -name bootstrap -o -path .ci/run \) -exec shellcheck --severity=warning {} +
