#!/usr/bin/env bash
# A real Keystone on 127.0.0.1 for tests: no root, no Docker, no web server.
#   keystone.sh start    make whatever is missing (virtual environment, database,
#                        keys, users, catalogue), return when it answers
#   keystone.sh stop     stop it; its data are kept
#   keystone.sh status   exit 0 if it answers
#   keystone.sh reset    stop it and delete its data; the environment is kept
#   keystone.sh env [user] [project]   print OS_* exports (default: demo demo)
# Settings, from the environment:
#   KS_STATE    where its data are (default: var/keystone of this checkout)
#   KS_PORT     0 for a free one (default: 5000)
#   KS_VENV     the virtual environment (default: one in the user's cache, shared
#               by all checkouts and runs that want the same packages)
#   KS_PYTHON   what to make it with (default: python3)
#   KS_PASSWORD of everybody (default: secret)
#   KS_APP_URL  this service in the catalogue (default: http://127.0.0.1:6688)
#   KS_CATALOGUE  others in it: words TYPE=URL (default: none)
# Exit code 3: Keystone could not be installed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
packages=$here/keystone-constraints.txt
: "${KS_PYTHON:=python3}" "${KS_PORT:=5000}" "${KS_PASSWORD:=secret}"
: "${KS_APP_URL:=http://127.0.0.1:6688}"
state=$(realpath -m "${KS_STATE:=$here/../var/keystone}")
region=RegionOne
# openstacksdk reads these; nothing of the caller's cloud may leak in.
for name in $(compgen -v OS_ || true); do unset "$name"; done
export no_proxy=127.0.0.1 NO_PROXY=127.0.0.1
# Eventlet and setuptools only print that they are deprecated.
export PYTHONWARNINGS=ignore

say() { printf 'keystone: %s\n' "$*"; }
die() { say "$1" >&2; exit "${2:-1}"; }

# Pids are used again: it is ours if it works in our directory.
running() {
    pid=$(cat "$state/pid" 2>/dev/null) && [ "$(readlink "/proc/$pid/cwd")" = "$state" ]
}

# Bash opens the connection itself: a fresh machine has no curl.
answers() {
    local reply
    exec 3<>"/dev/tcp/127.0.0.1/$1" || return 1
    printf 'GET /v3 HTTP/1.0\r\n\r\n' >&3
    IFS= read -r -t 5 reply <&3; exec 3>&-
    [[ $reply == *' 200 '* ]]
} 2>/dev/null

choose_port() {
    port=$KS_PORT
    # Below the range that outgoing connections take theirs from, so that nobody
    # gets it between now and the moment Keystone listens.
    while [ "$port" = 0 ] || { [ "$KS_PORT" = 0 ] && listens "$port"; }; do
        port=$((20000 + RANDOM % 10000))
    done
}
listens() { (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

make_venv() {
    local id cache
    cache=${XDG_CACHE_HOME:-${HOME:-$state}/.cache}/mogan-like
    id=$({ "$KS_PYTHON" -VV; cat "$packages"; } | sha256sum)
    venv=$(realpath -m "${KS_VENV:=$cache/keystone-${id:0:12}}")
    mkdir -p "$(dirname "$venv")"
    exec 8>"$venv.lock"; flock 8
    if [ "$(cat "$venv/made-of" 2>/dev/null)" != "$id" ]; then
        say "making $venv (once, half a minute)"
        install_packages >"$state/log/install.log" 2>&1 || {
            tail -n 5 "$state/log/install.log" >&2
            rm -rf "$venv"; die 'cannot be installed, see above' 3
        }
        echo "$id" >"$venv/made-of"
    fi
    exec 8>&-
}
# With uv in 8 s; with pip in 25 s, also where uv is there but knows no index.
install_packages() {
    rm -rf "$venv"
    command -v uv && "$KS_PYTHON" -m venv --without-pip "$venv" &&
        uv pip install --no-deps --compile-bytecode --python "$venv/bin/python" -r "$packages" ||
        { "$KS_PYTHON" -m venv --clear "$venv" &&
            "$venv/bin/pip" install --no-deps --disable-pip-version-check -r "$packages"; }
}

write_conf() {
    cat >"$state/keystone.conf" <<CONF
[DEFAULT]
use_stderr = true
[database]
connection = sqlite:///$state/keystone.db
[cache]
# In this process: right only because there is one worker. Tokens are checked
# twelve times as fast as with the default, which keeps nothing.
enabled = true
backend = oslo_cache.dict
[fernet_tokens]
key_repository = $state/keys/fernet
[fernet_receipts]
key_repository = $state/keys/fernet
[credential]
key_repository = $state/keys/credential
[identity]
# A millisecond per password, not the default's 200.
password_hash_rounds = 4
CONF
    # Keystone parses sys.argv, so gunicorn gets no arguments, only this file.
    cat >"$state/gunicorn.conf.py" <<CONF
wsgi_app = 'keystone.wsgi.api:application'
bind = ['127.0.0.1:$port']
# Not more, and no threads: its loading of policy is not thread safe (wrong
# 403s), and the cache is one per process.
workers = 1
timeout = 60
control_socket_disable = True
accesslog = '$state/log/access.log'
raw_env = ['OS_KEYSTONE_CONFIG_DIR=$state']
CONF
}

make_database() {
    [ -f "$state/made" ] && return
    rm -rf "$state"/keystone.db* "$state/keys"
    local manage=("$venv/bin/keystone-manage" --config-file "$state/keystone.conf") key
    mkdir -p "$state"/keys/{fernet,credential}
    chmod 700 "$state"/keys "$state"/keys/*
    # What keystone-manage's fernet_setup and credential_setup do in 1.5 s each.
    for key in "$state"/keys/{fernet,credential}/{0,1}; do
        head -c 32 /dev/urandom | base64 | tr '+/' '-_' >"$key"; chmod 600 "$key"
    done
    { "${manage[@]}" db_sync &&
        "${manage[@]}" bootstrap --bootstrap-password "$KS_PASSWORD" --bootstrap-region-id "$region"
    } >"$state/log/manage.log" 2>&1 || { tail -n 5 "$state/log/manage.log" >&2; die 'keystone-manage failed'; }
    touch "$state/made"
}

start() {
    lock
    if is_up; then say "answers already at $(url)"; return; fi
    stop_running
    mkdir -p "$state/log"
    choose_port; make_venv; write_conf; make_database
    cd "$state"   # before the fork: running() looks at it
    GUNICORN_CMD_ARGS="--config=$state/gunicorn.conf.py" \
        setsid "$venv/bin/gunicorn" >>"$state/log/keystone.log" 2>&1 </dev/null 9>&- &
    echo $! >"$state/pid"
    local tries=0
    until answers "$port"; do
        if ! running || ((++tries > 600)); then
            tail -n 20 "$state/log/keystone.log" >&2; die 'does not answer, see above'
        fi
        sleep 0.1
    done
    "$venv/bin/python" "$here/keystone_data.py" "http://127.0.0.1:$port/v3" \
        "$KS_PASSWORD" "$region" "$KS_APP_URL" ${KS_CATALOGUE:-} || die 'could not make users and catalogue'
    # Last: a start that was killed before this is done again.
    echo "$port" >"$state/port"
    say "answers at $(url)"
}

is_up() { running && port=$(cat "$state/port" 2>/dev/null) && answers "$port"; }
url() { echo "http://127.0.0.1:$(cat "$state/port")/v3"; }

# Beside the data, not in them: who waits for it while a reset removes them would
# else hold a lock on nothing.
lock() { mkdir -p "$(dirname "$state")"; exec 9>"$state.lock"; flock 9; }

stop_running() {
    local tries=0
    while running; do
        # Tell it once; after ten seconds kill all of its group, setsid's.
        ((tries > 0)) || kill -TERM "$pid" || true
        ((++tries < 100)) || kill -KILL -- "-$pid" || true
        sleep 0.1
    done
    rm -f "$state/pid" "$state/port"
}

# Only what is made here: KS_STATE may have been set to something else.
remove_data() {
    rm -rf "$state"/{keystone.conf,gunicorn.conf.py,keys,log,made} "$state"/keystone.db*
    [ ! -d "$state" ] || rmdir --ignore-fail-on-non-empty "$state"
}

case "${1:-}" in
    start) start ;;
    stop) lock; stop_running ;;
    status) if is_up; then say "answers at $(url)"; else die 'is down'; fi ;;
    reset) lock; stop_running; remove_data ;;
    env) is_up || die 'is down'; cat <<RC
export OS_AUTH_TYPE=password OS_AUTH_URL=$(url) OS_IDENTITY_API_VERSION=3 OS_REGION_NAME=$region
export OS_USERNAME=${2:-demo} OS_PASSWORD=$KS_PASSWORD OS_PROJECT_NAME=${3:-${2:-demo}}
export OS_USER_DOMAIN_ID=default OS_PROJECT_DOMAIN_ID=default
RC
    ;;
    *) sed -n '2,19s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
