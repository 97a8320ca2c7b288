"""Commands about limits, and what is used of them."""

import argparse

from mogan_like_client.osc import base
from mogan_like_client.osc import values

_WHOSE = {'metavar': '<project>', 'help': 'Project (name or ID)'}


class ShowLimits(base.Lister):
    """Show the own project's limits, and what is used of them"""

    def take_action(self, parsed_args):
        """List them by kind."""
        counted = self.client.get_limits().counted
        rows = [(kind, each['limit'], each['used']) for kind, each in counted.items()]
        return ('Resource', 'Limit', 'Used'), rows


class ShowQuota(base.Lister):
    """Show the limits of a project, and what is in use"""

    def get_parser(self, prog_name):
        """Add which limits."""
        parser = super().get_parser(prog_name)
        parser.add_argument('project', **_WHOSE)
        parser.add_argument(
            '--default',
            action='store_true',
            help='The limits of projects that have none of their own',
        )
        return parser

    def take_action(self, parsed_args):
        """List them by kind."""
        project_id = self.find_id('project', parsed_args.project)
        if parsed_args.default:
            counted = self.client.get_quota_defaults(project_id).counted
            return ('Resource', 'Limit'), list(counted.items())
        counted = self.client.get_quota(project_id).counted
        rows = [(kind, each['limit'], each['in_use']) for kind, each in counted.items()]
        return ('Resource', 'Limit', 'In Use'), rows


def _read_limit(text):
    kind, _equals, number = text.partition('=')
    limit = values.read_integer(number)
    if not kind or limit is None:
        raise argparse.ArgumentTypeError(f'{text} is not <resource>=<limit>')
    return kind, limit


class SetQuota(base.Lister):
    """Set limits of a project, or of all that have none of their own (admins)"""

    def get_parser(self, prog_name):
        """Add whose, and which."""
        parser = super().get_parser(prog_name)
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument('--project', **_WHOSE)
        whose.add_argument('--default', action='store_true', help='All others')
        parser.add_argument(
            'limits',
            nargs='+',
            type=_read_limit,
            metavar='<resource>=<limit>',
            help='As in instances=20; -1 for no limit',
        )
        return parser

    def take_action(self, parsed_args):
        """Set them, and list what holds then."""
        limits = dict(parsed_args.limits)
        if parsed_args.default:
            found = self.client.update_quota_defaults(limits)
        else:
            project_id = self.find_id('project', parsed_args.project)
            found = self.client.update_quota(project_id, limits)
        return ('Resource', 'Limit'), list(found.items())


class UnsetQuota(base.Command):
    """Let the defaults apply to a project again (admins)"""

    def get_parser(self, prog_name):
        """Add whose."""
        parser = super().get_parser(prog_name)
        parser.add_argument('project', **_WHOSE)
        return parser

    def take_action(self, parsed_args):
        """Drop its own limits."""
        self.client.delete_quota(self.find_id('project', parsed_args.project))
