#!/usr/bin/env bash
# Installs what `npm run test:redmine` needs from Debian's packages, as root: Redmine with SQLite, and WEBrick. Does nothing
# where it is there already.
set -euo pipefail

installed() {
  dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null | grep --quiet --line-regexp installed
}

if installed redmine && installed redmine-sqlite; then
  exit 0
fi

if [ "$(id -u)" -ne 0 ]; then
  exec sudo bash "${BASH_SOURCE[0]}"
fi

export DEBIAN_FRONTEND=noninteractive
apt-get update --quiet --quiet
apt-get install --yes --quiet --no-install-recommends redmine redmine-sqlite ruby-webrick || true

# Bundler stops at gems of which Debian has the specification and not the folder. An empty folder is enough; it names a few at
# a time.
gems=/usr/share/rubygems-integration
for _ in 1 2 3 4 5; do
  if installed redmine && (cd /usr/share/redmine && bundle check >/dev/null 2>&1); then
    break
  fi
  for specification in "$gems"/all/specifications/*.gemspec "$gems"/3.*/specifications/*.gemspec; do
    [ -e "$specification" ] || continue
    name=$(basename "$specification" .gemspec)
    mkdir --parents "$(dirname "$(dirname "$specification")")/gems/$name"
  done
  (cd /usr/share/redmine && bundle install --local >/dev/null 2>&1) || true
  dpkg --configure redmine || true
done

installed redmine || {
  echo 'Redmine could not be configured: see the messages of dpkg above.' >&2
  exit 1
}
