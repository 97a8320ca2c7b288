"""Where configuration comes from; the options live in each folder's conf.py."""

from oslo_config import cfg
from oslo_log import log

CONF = cfg.CONF
PROJECT = 'mogan_like'


def load(argv, description=None, default_config_files=None):
    """Read command line and files into ``CONF`` and start logging.

    :param argv: the arguments without the program's name
    :param description: of the program, for its ``--help``
    :param default_config_files: instead of /etc/mogan_like/mogan_like.conf
        and its siblings
    """
    log.register_options(CONF)
    # keystonemiddleware's and amqp's debug lines hold tokens and bodies.
    log.set_defaults(
        default_log_levels=log.get_default_log_levels()
        + ['keystonemiddleware=INFO', 'amqp=INFO', 'cotyledon=INFO', 'alembic=WARNING']
    )
    # What a command prints is for whoever called it, or for a pipe.
    CONF.set_default('use_stderr', True)
    CONF(
        argv,
        project=PROJECT,
        description=description,
        default_config_files=default_config_files,
    )
    log.setup(CONF, PROJECT)
