# "tools/run.sh keystone": the service behind a real Keystone, with an emulated Glance
# and Manila that ask the same one. Sourced by run.sh; $top and $state are its.
#   KS_PORT, GLANCE_PORT, MANILA_PORT   where they are (5000, 9292, 8786)
#   KS_PASSWORD                         of everybody (secret)

: "${KS_PORT:=5000}" "${GLANCE_PORT:=9292}" "${MANILA_PORT:=8786}" "${KS_PASSWORD:=secret}"
identity=http://127.0.0.1:$KS_PORT/v3

# keystone COMMAND...: tools/keystone.sh with the data in $state/keystone.
keystone() {
    KS_STATE=$state/keystone KS_PORT=$KS_PORT KS_PASSWORD=$KS_PASSWORD \
        KS_PYTHON=$python KS_APP_URL=$url KS_CATALOGUE="
            image=http://127.0.0.1:$GLANCE_PORT
            sharev2=http://127.0.0.1:$MANILA_PORT/v2" "$top/tools/keystone.sh" "$@"
}

# refuse_taken PORT WHAT COMMAND: fail if something is at a port, and say by which
# command it can be at another one.
refuse_taken() {
    if (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then
        echo "Port $1 of $2 is taken. Choose another: $3" >&2
        return 1
    fi
}

# Before anything starts: with a part of it nobody is served. Tells of all that are.
check_ports() {
    local again='./tools/run.sh keystone' status=0
    keystone status >/dev/null 2>&1 ||
        refuse_taken "$KS_PORT" Keystone "KS_PORT=PORT $again" || status=1
    refuse_taken "$GLANCE_PORT" Glance "GLANCE_PORT=PORT $again" || status=1
    refuse_taken "$MANILA_PORT" Manila "MANILA_PORT=PORT $again" || status=1
    refuse_taken "${url##*:}" mogan-like "$again --port PORT" || status=1
    return "$status"
}

start_neighbours() {
    local log=$state/keystone/neighbours.log
    : >"$log"
    (cd "$top" && exec "$top/.venv/bin/python" -m tools.neighbours \
        --keystone "$identity" --password "$KS_PASSWORD" --glance-port "$GLANCE_PORT" \
        --manila-port "$MANILA_PORT" --directory "$state/keystone/neighbours") \
        </dev/null >"$log" 2>&1 9>&- &
    neighbours=$!
    until grep -q '^ready' "$log"; do
        if ! kill -0 "$neighbours" 2>/dev/null; then
            tail -n 3 "$log" >&2
            return 1
        fi
        sleep 0.1
    done
}

# In a subshell: nobody else is to read the passwords.
write_settings() (
    umask 077
    cat >"$state/keystone/mogan_like.conf" <<END
# Of the running "tools/run.sh keystone".
[DEFAULT]
use_stderr = false

[api]
auth_strategy = keystone

[keystone_authtoken]
auth_type = password
auth_url = $identity
www_authenticate_uri = $identity
username = mogan
password = $KS_PASSWORD
user_domain_id = default
project_name = service
project_domain_id = default
region_name = RegionOne

$(for group in keystone manila; do
        cat <<GROUP

[$group]
auth_type = password
auth_url = $identity
username = mogan
password = $KS_PASSWORD
user_domain_id = default
region_name = RegionOne
GROUP
    done)

[manila_share_snapshot]
poll_interval = 0.1
END
    # For clients: a file to source, and a cloud, for each user.
    for user in admin demo; do
        keystone env "$user" >"$state/keystone/$user.sh"
        cat <<END
  $user:
    auth:
      auth_url: $identity
      username: $user
      password: '$KS_PASSWORD'
      project_name: $user
      user_domain_id: default
      project_domain_id: default
    region_name: RegionOne
END
    done | sed '1i clouds:' >"$state/keystone/clouds.yaml"
)

# Sets url to where the service will be, as the options of mogan-like say.
find_url() {
    local host=127.0.0.1 port=6688
    while [ $# -gt 0 ]; do
        case $1 in
            --host=*) host=${1#*=} ;;
            --port=*) port=${1#*=} ;;
            --host) host=${2:-} ;;
            --port) port=${2:-} ;;
        esac
        shift
    done
    url=http://$host:$port
}

describe_clients() {
    cat <<END
Keystone is at $identity, users admin and demo, password $KS_PASSWORD.
With the clients that people have, in another terminal:

  pip install python-openstackclient python-blazarclient python-karborclient
  . $state/keystone/demo.sh
  openstack server create --flavor metal --image debian-12 --nic none --wait first
  openstack server list
  blazar lease-create --reservation resource_type=physical:host,min=1,max=1 metal
  karbor protectable-list-instances OS::Manila::Share

(admin.sh is an operator's; clouds.yaml beside it has both. Glance and Manila are small
stand-ins. The log is $state/mogan-like.log.)
END
}

start_with_keystone() {
    local neighbours= service= status=0 url= logged log=$state/mogan-like.log
    find_url "$@"
    check_ports
    # An earlier one has logged there, too.
    : >>"$log"
    logged=$(wc -c <"$log")
    set -m
    trap 'kill -TERM ${service:-$neighbours} 2>/dev/null || true' INT TERM HUP
    keystone start
    if write_settings && start_neighbours; then
        "$top/.venv/bin/mogan-like" --config-file "$state/keystone/mogan_like.conf" \
            --state-dir "$state" --log-file "$log" "$@" </dev/null &
        service=$!
        set +m
        if "$top/.venv/bin/python" "$top/tools/first_things.py" "$identity" \
            "$KS_PASSWORD" "$url" "http://127.0.0.1:$MANILA_PORT/v2" "$service"; then
            describe_clients
        else
            tail -c "+$((logged + 1))" "$log" | tail -n 3 >&2 || true
            kill -TERM "$service" 2>/dev/null || true
        fi
        # A trap that runs ends a wait before the service has ended.
        while kill -0 "$service" 2>/dev/null; do wait "$service" || true; done
        wait "$service" || status=$?
    else
        status=1
    fi
    kill -TERM "$neighbours" 2>/dev/null || true
    wait "$neighbours" || true
    keystone stop
    return "$status"
}
