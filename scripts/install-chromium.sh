#!/usr/bin/env bash
# Installs what `npm run test:console` needs from Debian's packages, as root: Chromium. Does nothing where a browser of its
# kind is there already.
set -euo pipefail

for browser in /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome; do
  if [ -x "$browser" ]; then
    exit 0
  fi
done

if [ "$(id -u)" -ne 0 ]; then
  exec sudo bash "${BASH_SOURCE[0]}"
fi

export DEBIAN_FRONTEND=noninteractive
apt-get update --quiet --quiet
apt-get install --yes --quiet --no-install-recommends chromium fonts-dejavu-core

[ -x /usr/bin/chromium ] || {
  echo 'Chromium could not be installed: see the messages of apt above.' >&2
  exit 1
}
