#!/bin/sh
# Make the virtual environment $1 with the Python named by $PYTHON.
set -eu
venv=$1
python=${PYTHON:-python3}

if ! command -v "$python" >/dev/null; then
    echo "There is no “$python” here. Install Python 3.11 or later, or name one: make PYTHON=…" >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Headwater needs Python 3.11 or later; “$python” is $("$python" -V 2>&1). Name another: make PYTHON=python3.12 …" >&2
    exit 1
fi
if ! "$python" -m venv "$venv"; then
    rm -rf "$venv"
    echo "“$python -m venv” failed (see above). On Debian and Ubuntu the package python3-venv is needed." >&2
    exit 1
fi
