#!/bin/sh
# Ensure a Chromium for the browser tests: one that is there, or Debian's package.
set -eu

for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null; then
        exit 0
    fi
done

if [ "$(id -u)" = 0 ]; then
    as_root=""
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    echo "The browser tests need Chromium. Install the package “chromium” (apt-get install chromium), or run make test as root." >&2
    exit 1
fi
if ! command -v apt-get >/dev/null; then
    echo "The browser tests need Chromium or Chrome, and there is no apt-get to install it with. Install one so that “chromium” or “google-chrome” is found." >&2
    exit 1
fi

started=$(date +%s)
echo "Installing Chromium for the browser tests (once) ..."
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
$as_root apt-get install -qq -y --no-install-recommends chromium >/dev/null
echo "Installed in $(($(date +%s) - started)) s."
