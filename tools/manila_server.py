"""Settings of the gunicorn that serves the Manila for tests.

API, scheduler and share manager run in its one worker and talk through
oslo.messaging's in-process driver: no broker is needed, and Manila is imported
once, not three times. What is read from the environment is set by manila.sh.
"""

import os
import sys

wsgi_app = 'manila.wsgi.api:application'
bind = [f'127.0.0.1:{os.environ["MN_PORT"]}']
# One, and no threads for requests: messages stay in this process, and the loading
# of policies is not thread safe (wrong 403s).
workers = 1
timeout = 120
control_socket_disable = True
accesslog = os.environ['MN_STATE'] + '/log/access.log'

_CONF = os.environ['MN_STATE'] + '/manila.conf'


def post_fork(_server, _worker):
    """Give Manila, which parses sys.argv, the command line that it wants."""
    sys.argv = ['manila-api', '--config-file', _CONF]
    # As its commands do: this chooses threads, and timers that run.
    import manila.cmd  # noqa: F401


def post_worker_init(worker):
    """Start the share manager and the scheduler beside the API.

    The scheduler asks once, when it starts, for the pools; a share manager that
    does not listen yet would tell them a minute later. So: the share manager first.
    """
    from manila import service
    from manila.common import config

    backend = config.CONF.enabled_share_backends[0]
    worker.manila_services = [
        service.Service.create(
            host=f'{config.CONF.host}@{backend}',
            service_name=backend,
            binary='manila-share',
            coordination=True,
        ),
        service.Service.create(binary='manila-scheduler', coordination=True),
    ]
    for each in worker.manila_services:
        each.start()


def worker_exit(_server, worker):
    """Stop what was started."""
    for each in reversed(getattr(worker, 'manila_services', [])):
        each.stop()
