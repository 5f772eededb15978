#!/bin/sh
# Build, validate, and make the next release of what has changed; the running server takes it up by itself.
# MAPPE_OUTPUT and MAPPE_RELEASES say where; the build is what is validated and released.
set -eu
MAPPE_RELEASE=${MAPPE_OUTPUT:?}
export MAPPE_RELEASE
cd "${MAPPE_INSTANCE:-$(dirname "$(readlink -f "$0")")/..}" # where mappe.toml stands
mappe build
mappe validate
mappe release --if-changed
