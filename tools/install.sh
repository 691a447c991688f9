#!/bin/sh
# Install this project, editable, with the extras $2 into the virtual environment $1.
# Every version comes from requirements.lock.
set -eu
venv=$1
extras=$2
started=$(date +%s)

echo "Installing into $venv (once; a minute or two, as the network goes) ..."
"$venv/bin/python" -m pip install --quiet --progress-bar off \
    --constraint requirements.lock --editable ".[$extras]"
echo "Installed in $(($(date +%s) - started)) s."
