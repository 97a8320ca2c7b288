"""mogan-like: API and conductor in one process, with nothing to set up.

SQLite, an in-process RPC driver, the fake instance driver and generated
passwords, all under one directory. The code is the same as in a deployment of
many processes; only the defaults differ, and a configuration file may change
any of them.
"""

import functools
import os
import shlex
import sys
import threading

from oslo_config import cfg

from mogan_like import rules
from mogan_like.cmd import provider_files
from mogan_like.cmd import start
from mogan_like.common import config
from mogan_like.common import exception
from mogan_like.common import policy
from mogan_like.common import rpc
from mogan_like.db import conf as db_conf

_DESCRIPTION = 'API and conductor in one process, with nothing to set up.'
_CLI_OPTS = [
    cfg.StrOpt(
        'state-dir', default='var', metavar='DIR', help='Where everything is kept.'
    ),
    cfg.HostAddressOpt('host', help='The address to listen on.'),
    cfg.PortOpt('port', help='The port to listen on.'),
]

_WELCOME = """\
mogan-like is at {url} (stop it with Ctrl-C).
"""
_FIRST_WORDS = """
Users admin and demo, passwords in {passwords}
{new}
First things to type, in another terminal:

  . {shell}
  curl -u $ADMIN {url}/v1/nodes
  curl -u $ADMIN {url}/v1/flavors -H 'Content-Type: application/json' \\
       -d '{{"name": "small", "resource_class": "baremetal"}}'
  curl -u $DEMO {url}/v1/instances
{client}"""
#: Where openstackclient is beside the service; it has our commands then.
_CLIENT = """
  export OS_CLIENT_CONFIG_FILE={clouds}
  {openstack} --os-cloud demo baremetalcompute instance list
"""


@start.explained()
def main(argv=None):
    """Serve until SIGTERM or SIGINT."""
    _load(argv)
    # Late, for a quick --help.
    from mogan_like.api import app
    from mogan_like.api.auth import credentials
    from mogan_like.cmd import conductor
    from mogan_like.cmd import server
    from mogan_like.conductor import service
    from mogan_like.db import migrations

    conductor.check_driver()
    policy.setup(rules.list_rules())
    migrations.sync()
    url = f'http://{config.CONF.api.host}:{config.CONF.api.port}'
    words = _WELCOME.format(url=url)
    if config.CONF.api.auth_strategy == 'http_basic':
        made = credentials.create(config.CONF.state_dir, url)
        config.CONF.set_default('http_basic_user_file', made.users_file, group='api')
        words += _describe(url, made)
    rpc.init()
    web = server.make_server(app.make_app())
    hung = threading.Event()
    worker = service.Conductor(functools.partial(_give_up, hung))
    worker.start()
    print(words, flush=True)
    server.serve(web)
    worker.stop()
    rpc.cleanup()
    if hung.is_set():
        sys.exit(1)


def _give_up(hung):
    """End as at SIGTERM, but not as if all were well."""
    hung.set()
    start.end_process()


def _load(argv):
    conf = config.CONF
    start.load(argv, _DESCRIPTION, _CLI_OPTS)
    state = _make_state_dir()
    for name in ('host', 'port'):
        if conf[name] is not None:
            conf.set_override(name, conf[name], group='api')
    db_conf.set_defaults(conf, f'sqlite:///{state}/mogan-like.sqlite')
    rpc.set_defaults('inprocess://')
    conf.set_default('auth_strategy', 'http_basic', group='api')
    conf.set_default('state_dir', os.path.join(state, 'fake'), group='fake')
    _set_up_protection(conf, state)


def _set_up_protection(conf, state):
    folder = os.path.join(state, 'providers.d')
    conf.set_default('providers_dir', folder, group='protection')
    conf.set_default('bank_dir', os.path.join(state, 'bank'), group='protection')
    if conf.protection.providers_dir == folder:
        provider_files.copy(folder)


def _make_state_dir():
    state = os.path.abspath(config.CONF.state_dir)
    try:
        os.makedirs(state, mode=0o700, exist_ok=True)
    except OSError as exc:
        raise exception.ConfigInvalid(reason=f'--state-dir: {exc}') from exc
    config.CONF.set_override('state_dir', state)
    return state


def _describe(url, made):
    """Who there is, and what to type first."""
    new = ''
    if made.created:
        new = ''.join(
            f'  {name}: {password}\n' for name, password in made.passwords.items()
        )
    return _FIRST_WORDS.format(
        url=url,
        passwords=made.passwords_file,
        new=new,
        shell=shlex.quote(made.shell_file),
        client=_describe_client(made),
    )


def _describe_client(made):
    openstack = os.path.join(os.path.dirname(sys.executable), 'openstack')
    if not os.path.exists(openstack):
        return ''
    return _CLIENT.format(
        clouds=shlex.quote(made.clouds_file), openstack=shlex.quote(openstack)
    )
