# Virtual environments made once and kept until what they are made of changes.
# Sourced by run.sh and test.sh.

# The first Python of this machine that is new enough; PYTHON overrides.
find_python() {
    local python
    for python in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
        if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
            2>/dev/null; then
            command -v "$python"
            return
        fi
    done
    echo 'Python 3.11 or newer is needed (set PYTHON to choose one).' >&2
    return 1
}

# hold FILE: take FILE as a lock until this process and what it starts end.
# Uses descriptor 9; fails at once when another process holds the lock.
hold() {
    exec 9>>"$1"
    "$python" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX | fcntl.LOCK_NB)' \
        2>/dev/null
}

# make_venv DIR FILE... -- PIP-ARGUMENT...: a virtual environment in DIR with
# what the arguments name, made again when a FILE or the Python changes.
make_venv() {
    local venv=$1 stamp files=()
    shift
    while [ "$1" != -- ]; do files+=("$1"); shift; done
    shift
    # Scripts in it begin with its absolute path: a moved checkout is a change.
    stamp="$venv $("$python" -V) $* $(cksum "${files[@]}")"
    [ "$(cat "$venv/.stamp" 2>/dev/null)" = "$stamp" ] && return
    (
        # Whoever comes second waits here, and then finds it made.
        exec 8>>"$venv.lock"
        "$python" -c 'import fcntl; fcntl.flock(8, fcntl.LOCK_EX)'
        [ "$(cat "$venv/.stamp" 2>/dev/null)" = "$stamp" ] && exit
        echo "Making ${venv##*/} (once, about 20 seconds) ..." >&2
        rm -rf "$venv"
        "$python" -m venv "$venv" || exit
        if ! "$venv/bin/python" -m pip install --disable-pip-version-check "$@" \
            >"$venv/install.log" 2>&1; then
            tail -n 20 "$venv/install.log" >&2
            echo "pip could not install; all it said is in $venv/install.log" >&2
            exit 1
        fi
        printf '%s' "$stamp" >"$venv/.stamp"
    )
}
