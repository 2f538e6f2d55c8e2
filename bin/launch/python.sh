# Sets $python to a Python 3.11 or newer that can make an environment, or says what is missing.
# Each candidate is run, because a name on the PATH may lead nowhere.
python=
bare=
for candidate in "${CLAIMFLOW_PYTHON:-}" python3.13 python3.12 python3.11 python3 python; do
    [ -n "$candidate" ] || continue
    "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue
    bare=$candidate
    "$candidate" -c 'import ensurepip, venv' >/dev/null 2>&1 || continue
    python=$candidate
    break
done
if [ -z "$python" ] && [ -n "$bare" ]; then
    echo "$bare cannot make environments: its modules venv and ensurepip are missing." >&2
    echo "Install them (on Debian or Ubuntu: apt-get install python3-venv) and run it again." >&2
    exit 1
fi
if [ -z "$python" ]; then
    echo "ClaimFlow needs Python 3.11 or newer, and none was found." >&2
    echo "Install one (on Debian or Ubuntu: apt-get install python3 python3-venv)," >&2
    echo "or name it: CLAIMFLOW_PYTHON=/path/to/python3.12 $0" >&2
    exit 1
fi
