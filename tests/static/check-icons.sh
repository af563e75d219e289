#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The icons are well-formed.
set -euo pipefail

xmllint --noout data/icons/*.svg
