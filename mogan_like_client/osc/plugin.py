"""What openstackclient asks of a plugin."""

import re

from osc_lib import exceptions
from osc_lib import utils

DEFAULT_API_VERSION = '1'
API_VERSION_OPTION = 'os_baremetal_compute_api_version'
API_NAME = 'baremetal_compute'
API_VERSIONS = ('1',)

_CONFIG = 'baremetal_compute_api_version'
_MICROVERSION = 'baremetal_compute_default_microversion'
#: Of the endpoint, and of what it does.
_VERSION = re.compile(r'1(\.(0|[1-9][0-9]*))?')


def make_client(manager):
    """The library's proxy, on the connection that the shell has made.

    :param manager: of the shell
    """
    # Late: every command of openstack loads this module.
    import mogan_like_client

    config = manager._cli_options.config
    version = str(manager._api_version[API_NAME])
    if '.' in version:
        # The first number is the endpoint's, all of it is the microversion.
        config[_CONFIG], config[_MICROVERSION] = version.partition('.')[0], version
    connection = mogan_like_client.add_service(manager.sdk_connection)
    return connection.baremetal_compute


def build_option_parser(parser):
    """Add the options that all commands have."""
    parser.add_argument(
        '--os-baremetal-compute-api-version',
        metavar='<baremetal-compute-api-version>',
        default=utils.env('OS_BAREMETAL_COMPUTE_API_VERSION'),
        help='Version of the baremetal compute API: 1 takes what is newest here and '
        'there, 1.4 that microversion, default=1 '
        '(Env: OS_BAREMETAL_COMPUTE_API_VERSION)',
    )
    return parser


def check_api_version(version):
    """True for what may be a version; whether there is one, the service says.

    :raises CommandError: it is none
    """
    if not _VERSION.fullmatch(version):
        raise exceptions.CommandError(
            '--os-baremetal-compute-api-version, or OS_BAREMETAL_COMPUTE_API_VERSION: '
            f'there is no version {version}. 1 takes what is newest here and there, '
            '1.4 that microversion.'
        )
    return True
