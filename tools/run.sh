#!/usr/bin/env bash
# The whole service in one process, on 127.0.0.1:6688, with its state in ./var.
#   tools/run.sh [OPTION...]   start it; options are those of mogan-like
#   tools/run.sh demo          start it with a Manila to play with, play stories
#                              against it, leave both running
#   tools/run.sh keystone      start it behind a real Keystone, for the clients that
#                              people have (tools/run_keystone.sh says more)
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
        --editable '.[client,manila]'
)

tell() {
    "$top/.venv/bin/python" "$top/tools/demo" --state-dir "$state" "$@"
}

# The emulated Manila of the tests: its shares are folders in $state/demo, and gone
# when it ends. Sets manila to its process, and writes what the service has to know
# of it.
start_manila() {
    local url log=$state/demo/manila.log
    # What an earlier one said must not be read.
    rm -rf "$state/demo"
    mkdir "$state/demo"
    : >"$log"
    (cd "$top" && exec "$top/.venv/bin/python" -m tests.emulators.manila \
        --directory "$state/demo" --seconds 0.2) </dev/null >"$log" 2>&1 9>&- &
    manila=$!
    until url=$(sed -n 's/^manila: answers at //p' "$log") && [ -n "$url" ]; do
        if ! kill -0 "$manila" 2>/dev/null; then
            tail -n 3 "$log" >&2
            return 1
        fi
        sleep 0.1
    done
    cat >"$state/demo/mogan_like.conf" <<END
# Of the running "tools/run.sh demo".
[DEFAULT]
use_stderr = false

[manila]
auth_type = none
endpoint_override = $url

[manila_share_snapshot]
poll_interval = 0.1

[triggers]
min_interval = 5
END
}

stop_manila() {
    kill -TERM "$manila" 2>/dev/null || true
    wait "$manila" || true
    rm -rf "$state/demo"
}

# Started for the story, the service logs to a file, not between its lines, and
# has a process group of its own, so that Ctrl-C reaches it once: through the
# trap, as the request for a clean stop.
start_and_tell() {
    local service= manila= status=0 logged log=$state/mogan-like.log
    # An earlier one has logged there, too.
    : >>"$log"
    logged=$(wc -c <"$log")
    set -m
    # Its Manila goes when the service has ended; alone, when there is none yet.
    trap 'kill -TERM ${service:-$manila} 2>/dev/null || true' INT TERM HUP
    start_manila
    "$top/.venv/bin/mogan-like" --config-file "$state/demo/mogan_like.conf" \
        --state-dir "$state" --log-file "$log" "$@" </dev/null &
    service=$!
    set +m
    if tell --pid "$service" "$@"; then
        echo "The service goes on, with its log in $log, and so does its Manila;"
        echo "Ctrl-C stops both."
    else
        tail -c "+$((logged + 1))" "$log" | tail -n 3 >&2 || true
        kill -TERM "$service" 2>/dev/null || true
        status=1
    fi
    # A trap that runs ends a wait before the service has ended.
    while kill -0 "$service" 2>/dev/null; do wait "$service" || true; done
    stop_manila
    return "$status"
}

command=start
case ${1:-} in
    demo | keystone)
        command=$1
        shift
        ;;
esac
python=$(find_python)
mkdir -p -m 700 "$state"
if hold "$state/.run.lock"; then
    install
    if [ "$command" = demo ]; then
        start_and_tell "$@"
    elif [ "$command" = keystone ]; then
        . "$top/tools/run_keystone.sh"
        start_with_keystone "$@"
    else
        exec "$top/.venv/bin/mogan-like" --state-dir "$state" "$@"
    fi
elif [ "$command" = demo ]; then
    tell "$@"
else
    echo "A mogan-like with its state in $state is running already." >&2
    exit 1
fi
