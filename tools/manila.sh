#!/usr/bin/env bash
# A real Manila on 127.0.0.1 for tests, beside the Keystone of keystone.sh: API,
# scheduler and share manager, with Manila's own Dummy driver, which keeps no bytes.
#   manila.sh start    make whatever is missing (virtual environment, database,
#                      user, catalogue, share types), return when a share was made
#   manila.sh stop     stop it; its data are kept
#   manila.sh status   exit 0 if it answers and belongs to MN_KEYSTONE
#   manila.sh reset    stop it and delete its data; the environment is kept
# A start takes 4 s, the first one 9 s, and 10 s more (with pip 35 s) where the
# virtual environment is not made yet. It ends after 3 minutes at the latest.
# Settings, from the environment:
#   MN_KEYSTONE  of what it belongs to (default: http://127.0.0.1:5000/v3)
#   MN_STATE     where its data are (default: var/manila of this checkout)
#   MN_PORT      0 for a free one (default: 8786)
#   MN_DATABASE  the server of its database (default: mysql+pymysql://root@127.0.0.1:3306);
#                SQLite locks it up
#   MN_VENV      the virtual environment (default: one in the user's cache, shared
#                by all checkouts and runs that want the same packages)
#   MN_PYTHON    what to make it with (default: python3)
#   MN_PASSWORD  of Keystone's admin, and of its own user (default: secret)
# Exit code 3: Manila could not be installed, or there is no database server.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
packages=$here/manila-constraints.txt
: "${MN_PYTHON:=python3}" "${MN_PORT:=8786}" "${MN_PASSWORD:=secret}"
: "${MN_KEYSTONE:=http://127.0.0.1:5000/v3}"
: "${MN_DATABASE:=mysql+pymysql://root@127.0.0.1:3306}"
state=$(realpath -m "${MN_STATE:=$here/../var/manila}")
# Of its own: the server is one that others use too.
database=mogan_like_manila_$(sha256sum <<<"$state" | cut -c-12)
region=RegionOne
# keystoneauth reads these; nothing of the caller's cloud may leak in.
for name in $(compgen -v OS_ || true); do unset "$name"; done
export no_proxy=127.0.0.1 NO_PROXY=127.0.0.1
# Eventlet and setuptools only print that they are deprecated.
export PYTHONWARNINGS=ignore

say() { printf 'manila: %s\n' "$*"; }
die() { say "$1" >&2; exit "${2:-1}"; }

# Pids are used again: it is ours if it works in our directory.
running() {
    pid=$(cat "$state/pid" 2>/dev/null) && [ "$(readlink "/proc/$pid/cwd")" = "$state" ]
}

# Bash opens the connection itself: a fresh machine has no curl. In a process of its
# own, which may end of a broken pipe.
answers() (
    exec 3<>"/dev/tcp/127.0.0.1/$1"
    printf 'GET / HTTP/1.0\r\n\r\n' >&3
    IFS= read -r -t 5 reply <&3
    [[ $reply == *' 300 '* ]]
) 2>/dev/null

choose_port() {
    port=$MN_PORT
    # Below the range that outgoing connections take theirs from, so that nobody
    # gets it between now and the moment Manila listens.
    while [ "$port" = 0 ] || { [ "$MN_PORT" = 0 ] && listens "$port"; }; do
        port=$((10000 + RANDOM % 10000))
    done
}
listens() { (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

find_venv() {
    local cache=${XDG_CACHE_HOME:-${HOME:-$state}/.cache}/mogan-like
    made_of=$({ "$MN_PYTHON" -VV; cat "$packages"; } | sha256sum)
    venv=$(realpath -m "${MN_VENV:=$cache/manila-${made_of:0:12}}")
}
make_venv() {
    find_venv
    mkdir -p "$(dirname "$venv")"
    exec 8>"$venv.lock"; flock 8
    if [ "$(cat "$venv/made-of" 2>/dev/null)" != "$made_of" ]; then
        say "making $venv"
        install_packages >"$state/log/install.log" 2>&1 || {
            tail -n 5 "$state/log/install.log" >&2
            rm -rf "$venv"; die 'cannot be installed, see above' 3
        }
        echo "$made_of" >"$venv/made-of"
    fi
    exec 8>&-
}
# With uv, or with pip, also where uv is there but knows no index.
install_packages() {
    rm -rf "$venv"
    command -v uv && "$MN_PYTHON" -m venv --without-pip "$venv" &&
        uv pip install --no-deps --compile-bytecode --python "$venv/bin/python" -r "$packages" ||
        { "$MN_PYTHON" -m venv --clear "$venv" &&
            "$venv/bin/pip" install --no-deps --disable-pip-version-check -r "$packages"; }
}

write_conf() {
    # What checks the tokens has its own reading of the configuration: the share
    # manager registers another option of the same name.
    sed -e "s#/etc/manila/#$state/#" \
        -e "/^\[filter:authtoken\]/a oslo_config_project = manila\noslo_config_file = $state/manila.conf" \
        "$venv/etc/manila/api-paste.ini" >"$state/api-paste.ini"
    cp "$venv/etc/manila/rootwrap.conf" "$state/"
    cat >"$state/manila.conf" <<CONF
[DEFAULT]
use_stderr = true
host = manila
my_ip = 127.0.0.1
api_paste_config = $state/api-paste.ini
rootwrap_config = $state/rootwrap.conf
state_path = $state/files
enabled_share_protocols = NFS,CIFS
default_share_type = default
enabled_share_backends = alpha
# All services are in one process, see manila_server.py.
transport_url = fake://
report_interval = 5
periodic_interval = 5
periodic_fuzzy_delay = 0
[database]
connection = $MN_DATABASE/$database?charset=utf8
[quota]
# Shares in error count too: tests that make them would be the last ones.
shares = -1
snapshots = -1
gigabytes = -1
snapshot_gigabytes = -1
[oslo_concurrency]
lock_path = $state/files
[coordination]
backend_url = file://$state/files/tooz
[keystone_authtoken]
auth_type = password
auth_url = $MN_KEYSTONE
www_authenticate_uri = $MN_KEYSTONE
username = manila
password = $MN_PASSWORD
project_name = service
user_domain_id = default
project_domain_id = default
region_name = $region
interface = internal
[alpha]
share_driver = manila.tests.share.drivers.dummy.DummyDriver
driver_handles_share_servers = false
share_backend_name = ALPHA
dummy_driver_default_driver_method_delay = 0
# Long enough for who polls to see the status that lasts as long. Without a value
# the driver would take its own table, with seconds for everything.
dummy_driver_driver_methods_delays = create_snapshot:0.3,create_share_from_snapshot:0.3,revert_to_snapshot:0.3
CONF
}

data() { "$venv/bin/python" "$here/manila_data.py" "$@"; }

make_database() {
    [ ! -f "$state/made" ] || return 0
    data make-database "$MN_DATABASE" "$database" || die 'no database server' 3
    "$venv/bin/manila-manage" --config-file "$state/manila.conf" db sync \
        >"$state/log/manage.log" 2>&1 ||
        { tail -n 5 "$state/log/manage.log" >&2; die 'manila-manage failed'; }
    touch "$state/made"
}

start() {
    lock
    if is_up; then say "answers already at $(url)"; return; fi
    stop_running
    mkdir -p "$state"/{log,files}
    choose_port; make_venv; write_conf; make_database
    data register "$MN_KEYSTONE" "$MN_PASSWORD" "$region" "http://127.0.0.1:$port/v2" ||
        die 'cannot make its user in Keystone'
    cd "$state"   # before the fork: running() looks at it
    MN_STATE=$state MN_PORT=$port GUNICORN_CMD_ARGS="--config=$here/manila_server.py" \
        setsid "$venv/bin/gunicorn" >>"$state/log/manila.log" 2>&1 </dev/null 9>&- &
    echo $! >"$state/pid"
    local tries=0
    until answers "$port"; do
        if ! running || ((++tries > 600)); then
            tail -n 20 "$state/log/manila.log" >&2; die 'does not answer, see above'
        fi
        sleep 0.1
    done
    data prepare "$MN_KEYSTONE" "$MN_PASSWORD" "http://127.0.0.1:$port/v2" || {
        tail -n 20 "$state/log/manila.log" >&2; die 'does not make shares, see above'
    }
    # Last: a start that was killed before this is done again.
    echo "$port" >"$state/port"
    say "answers at $(url)"
}

# Not beside another Keystone than the one that it should belong to.
is_up() {
    running && port=$(cat "$state/port" 2>/dev/null) && answers "$port" &&
        grep -qxF "auth_url = $MN_KEYSTONE" "$state/manila.conf"
}
url() { echo "http://127.0.0.1:$(cat "$state/port")/v2"; }

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

# Only what is made here: MN_STATE may have been set to something else.
remove_data() {
    [ -d "$state" ] || return 0
    find_venv
    # Nothing was made in a database server that is not there any more.
    [ ! -f "$state/made" ] || data drop-database "$MN_DATABASE" "$database" 2>/dev/null ||
        say "the database $database is left on $MN_DATABASE"
    rm -rf "$state"/{manila.conf,api-paste.ini,rootwrap.conf,files,log,made}
    rmdir --ignore-fail-on-non-empty "$state"
}

case "${1:-}" in
    start) start ;;
    stop) lock; stop_running ;;
    status) if is_up; then say "answers at $(url)"; else die 'is down'; fi ;;
    reset) lock; stop_running; remove_data ;;
    *) sed -n '2,23s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
