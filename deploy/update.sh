#!/bin/sh
# Build, validate, and make the next release; the running server takes it up by itself.
# MAPPE_OUTPUT and MAPPE_RELEASES say where; the build is what is validated and released.
set -eu
MAPPE_RELEASE=${MAPPE_OUTPUT:?}
export MAPPE_RELEASE
cd "$(dirname "$(readlink -f "$0")")/.." # where mappe.toml stands
mappe build
mappe validate
mappe release
