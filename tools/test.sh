#!/usr/bin/env bash
# Every check and test, or the parts that are named, through tox and stestr.
#   tools/test.sh [all]              style unit functional integration docs others
#   tools/test.sh PART...            any of these, or another environment of tox.ini
#   tools/test.sh PART... -- ARG...  arguments of tools/run_tests.py, as in
#                                    tools/test.sh unit -- --filter tests.unit.db
# others: unit and functional tests on Python 3.12 and 3.13 where they are there.
# MOGAN_LIKE_REQUIRE_SERVICES=1 makes a missing server a failure, not a skip;
# MOGAN_LIKE_TEST_WORKERS is the number of processes at once.
set -uo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$top" || exit
. tools/venv.sh

parts=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do parts+=("$1"); shift; done
[ "${1:-}" = -- ] && shift
if [ ${#parts[@]} -eq 0 ] || [ "${parts[0]}" = all ]; then
    parts=(style unit functional integration docs others)
fi

python=$(find_python) || exit
PBR_VERSION=$(sed -n 's/^version = //p' setup.cfg)
MOGAN_LIKE_TOTALS=$(mktemp)
export PBR_VERSION MOGAN_LIKE_TOTALS
trap 'rm -f "$MOGAN_LIKE_TOTALS"' EXIT
make_venv "$top/.venv-tox" tools/test.sh -- 'tox>=4.20' || exit

# run_env ENV ARG...: one environment of tox. What fails before it has counted
# anything (an install, say) is one failure.
run_env() {
    local env=$1 before after
    shift
    before=$(wc -l <"$MOGAN_LIKE_TOTALS")
    .venv-tox/bin/tox run -q -e "$env" -- "$@" && return
    after=$(wc -l <"$MOGAN_LIKE_TOTALS")
    [ "$after" -gt "$before" ] ||
        printf '{"part": "%s", "passed": 0, "failed": ["%s"], "skipped": 0}\n' \
            "$env" "environment $env" >>"$MOGAN_LIKE_TOTALS"
}

# run_other MINOR ARG...: the same tests on Python 3.MINOR, unless that is not
# there, or is the one that the others ran on.
run_other() {
    local minor=$1
    shift
    if "$python" -c "import sys; sys.exit(sys.version_info[1] != $minor)"; then
        return
    elif "python3.$minor" -c '' 2>/dev/null; then
        run_env "py3$minor" unit functional "$@"
    else
        echo "Python 3.$minor is not on this machine: its tests are left out."
    fi
}

# The parts that share an environment run in it together: it is made once.
tests=()
for part in "${parts[@]}"; do
    case $part in unit | functional | integration) tests+=("$part") ;; esac
done
for part in "${parts[@]}"; do
    case $part in
        unit | functional | integration)
            [ ${#tests[@]} -eq 0 ] || run_env tests "${tests[@]}" "$@"
            tests=()
            ;;
        others)
            for minor in 12 13; do run_other "$minor" "$@"; done
            ;;
        style | docs) run_env "$part" ;;
        *) run_env "$part" "$@" ;;
    esac
done
.venv-tox/bin/python tools/totals.py "$MOGAN_LIKE_TOTALS"
