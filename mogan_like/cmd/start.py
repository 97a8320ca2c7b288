"""How every command begins, and what it says when it cannot."""

import contextlib
import os
import signal
import sys

from oslo_config import cfg
from oslo_db import exception as db_exc
from oslo_log import log

from mogan_like import opts
from mogan_like.common import config
from mogan_like.common import exception

LOG = log.getLogger(__name__)

#: What an operator can mend; anything else is a bug and keeps its traceback.
_MENDABLE = (
    cfg.ConfigDirNotFoundError,
    cfg.ConfigFileParseError,
    cfg.ConfigFilesNotFoundError,
    cfg.ConfigFilesPermissionDeniedError,
    cfg.ConfigFileValueError,
    cfg.RequiredOptError,
    exception.MoganLikeError,
)


@contextlib.contextmanager
def explained():
    """End with status 1 and one line about what an operator can mend."""
    try:
        yield
    except _MENDABLE as exc:
        _give_up(str(exc))
    except db_exc.DBError as exc:
        _give_up(f'The database cannot be used: {describe(exc)}')


def describe(error):
    """What a database said, without SQLAlchemy's pointer to its own manual."""
    return str(error).partition('(Background on')[0].strip()


def _give_up(reason):
    sys.exit(f'{os.path.basename(sys.argv[0])}: {" ".join(reason.split())}')


def end_process():
    """Have this process drain and end, from any of its threads."""
    os.kill(os.getpid(), signal.SIGTERM)


def load(argv, description, cli_opts=()):
    """Read the configuration, and check every value of this project's options.

    :param argv: the arguments, None for those of the process
    :param description: what the command does, for its ``--help``
    :param cli_opts: the command's own options
    :raises ConfigInvalid: naming an option whose value is wrong
    """
    opts.register_opts(config.CONF)
    config.CONF.register_cli_opts(cli_opts)
    config.load(sys.argv[1:] if argv is None else argv, description=description)
    _check_all(config.CONF)


def reload():
    """Read the configuration files again, and open the log again.

    Options are read when they are used, so that most count from then on. Files
    that cannot be read, or have a wrong value, change nothing; the log says why.
    """
    trial = cfg.ConfigOpts()
    opts.register_opts(trial)
    argv = [
        f'--config-{kind}={path}'
        for kind in ('file', 'dir')
        for path in getattr(config.CONF, f'config_{kind}') or ()
    ]
    try:
        trial(argv, project=config.PROJECT)
        _check_all(trial)
        read = config.CONF.reload_config_files()
    except _MENDABLE as exc:
        LOG.error('The configuration stays as it was: %s', exc)
        return
    if read:
        log.setup(config.CONF, config.PROJECT)
        LOG.info('The configuration was read again.')


def _check_all(conf):
    for group, options in opts.list_own_opts():
        for option in options:
            _check(conf, getattr(group, 'name', group), option)


def _check(conf, group, option):
    # Without this a wrong value would be found by a request, or by a job in the
    # middle of the night.
    try:
        getattr(conf[group], option.dest)
    except cfg.ConfigFileValueError as exc:
        raise exception.ConfigInvalid(
            reason=f'[{group}]{option.name}: {exc.__context__}'
        ) from exc
