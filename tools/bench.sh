#!/usr/bin/env bash
# How fast the service is, against the floor of its stack, in one run: prints a
# table and fails when a line of it is over its limit.
#   tools/bench.sh               everything, about seven minutes
#   tools/bench.sh --quick       short loads and fewer rows, under two minutes
#   tools/bench.sh --only ROW    detail, show, lock, start, leases, end, page or lists
# Needs wrk, MariaDB on 127.0.0.1:3306 (root, empty password) and RabbitMQ on
# 127.0.0.1:5672; makes databases and queues of its own and removes them.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$top"
. tools/venv.sh

python=$(find_python)
PBR_VERSION=$(sed -n 's/^version = //p' setup.cfg)
export PBR_VERSION
make_venv "$top/.venv-bench" requirements.txt test-requirements.txt setup.cfg \
    setup.py pyproject.toml -- --requirement test-requirements.txt --editable .
# Without its compiled files Python starts in three times the time.
unset PYTHONDONTWRITEBYTECODE
exec .venv-bench/bin/python -m tools.bench "$@"
