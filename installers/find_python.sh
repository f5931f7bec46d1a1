#!/bin/sh
# Prints the path of a Python that Carrel runs on (3.11 to 3.13); the default python3 goes first.
# It ends with 1, and says how to get one, where there is none.
in_range='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python; do
    if command -v "$name" >/dev/null 2>&1 && "$name" -c "$in_range" >/dev/null 2>&1; then
        command -v "$name"
        exit 0
    fi
done
printf '%s\n' >&2 \
    'Carrel needs Python 3.11, 3.12 or 3.13, and none was found.' \
    '  Debian, Ubuntu:  sudo apt-get install python3 python3-venv' \
    '  Fedora:          sudo dnf install python3.13' \
    '  macOS:           brew install python@3.13' \
    '  Windows:         winget install Python.Python.3.13' \
    'If it lies elsewhere, name it: make setup PYTHON=/path/to/python3.13'
exit 1
