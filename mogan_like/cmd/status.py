"""mogan-like-status: what to know before an upgrade."""

import sys

from oslo_db import exception as db_exc
from oslo_upgradecheck import common_checks
from oslo_upgradecheck import upgradecheck

from mogan_like import opts
from mogan_like.cmd import start
from mogan_like.common import config
from mogan_like.db import migrations


class Checks(upgradecheck.UpgradeCommands):
    """``mogan-like-status upgrade check``."""

    def _check_schema(self):
        try:
            found, wanted = migrations.get_version(), migrations.get_head()
        except db_exc.DBError as exc:
            return upgradecheck.Result(
                upgradecheck.Code.FAILURE,
                f'The database cannot be used: {start.describe(exc)}',
            )
        if found == wanted:
            return upgradecheck.Result(upgradecheck.Code.SUCCESS)
        return upgradecheck.Result(
            upgradecheck.Code.FAILURE,
            f'The schema is at {found or "nothing"}, and {wanted} is needed: '
            'run mogan-like-manage db sync.',
        )

    _upgrade_checks = (
        ('Database schema', _check_schema),
        (
            'Policy file in JSON',
            (common_checks.check_policy_json, {'conf': config.CONF}),
        ),
    )


def main(argv=None):
    """Run the checks; returns 0, 1 with warnings, 2 with failures."""
    opts.register_opts(config.CONF)
    return upgradecheck.main(
        config.CONF,
        project=config.PROJECT,
        upgrade_command=Checks(),
        argv=sys.argv[1:] if argv is None else argv,
    )
