#!/usr/bin/env bash
# The whole service in one process, on 127.0.0.1:6688, with its state in ./var.
#   tools/run.sh [OPTION...]   start it; options are those of mogan-like
#   tools/run.sh demo          start it, play a story against it, leave it running
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
state=$top/var
. "$top/tools/venv.sh"

# In a subshell: paths among the options are relative to where the caller is.
install() (
    cd "$top"
    # An export of the tree has no git history to take a version from.
    PBR_VERSION=$(sed -n 's/^version = //p' setup.cfg)
    export PBR_VERSION
    make_venv "$top/.venv" requirements.txt setup.cfg setup.py pyproject.toml -- \
        --editable .
)

tell() {
    "$top/.venv/bin/python" "$top/tools/demo" --state-dir "$state" "$@"
}

# Started for the story, the service logs to a file, not between its lines, and
# has a process group of its own, so that Ctrl-C reaches it once: through the
# trap, as the request for a clean stop.
start_and_tell() {
    local service status=0 log=$state/mogan-like.log
    set -m
    "$top/.venv/bin/mogan-like" --state-dir "$state" --log-file "$log" "$@" </dev/null &
    service=$!
    set +m
    trap 'kill -TERM "$service" 2>/dev/null || true' INT TERM HUP
    if tell --pid "$service" "$@"; then
        echo "The service goes on, with its log in $log; Ctrl-C stops it."
    else
        tail -n 3 "$log" >&2 || true
        kill -TERM "$service" 2>/dev/null || true
        status=1
    fi
    # A trap that runs ends a wait before the service has ended.
    while kill -0 "$service" 2>/dev/null; do wait "$service" || true; done
    return "$status"
}

command=start
if [ "${1:-}" = demo ]; then
    command=demo
    shift
fi
python=$(find_python)
mkdir -p -m 700 "$state"
if hold "$state/.run.lock"; then
    install
    if [ "$command" = demo ]; then
        start_and_tell "$@"
    else
        exec "$top/.venv/bin/mogan-like" --state-dir "$state" "$@"
    fi
elif [ "$command" = demo ]; then
    tell "$@"
else
    echo "A mogan-like with its state in $state is running already." >&2
    exit 1
fi
