"""Commands about checkpoints, and what is done with them."""

import itertools

from openstack import exceptions as sdk_exceptions
from osc_lib import exceptions

from mogan_like_client.osc import base
from mogan_like_client.osc import nouns
from mogan_like_client.osc import plan

_CHECKPOINTS = ('id', 'status', 'plan', 'provider_id', 'created_at')
_CHECKPOINT = (
    'id',
    'status',
    'fault',
    'protection_plan',
    'extra_info',
    'provider_id',
    'project_id',
    'user_id',
    'created_at',
    'updated_at',
)


def _list_provider_ids(client, name):
    """The ids of providers: of the one that is named, or of all."""
    if name:
        return [nouns.find_provider_id(client, name)]
    return [each.id for each in client.providers()]


def find_checkpoint(client, uuid, provider):
    """A checkpoint; checkpoints have no names.

    :param provider: name or id, or None to look with all providers
    :raises CommandError: none of them has it
    """
    for provider_id in _list_provider_ids(client, provider):
        try:
            return client.get_checkpoint(uuid, provider_id=provider_id)
        except (sdk_exceptions.NotFoundException, sdk_exceptions.BadRequestException):
            continue
    raise exceptions.CommandError(f'There is no checkpoint {uuid} that you may see.')


def add_checkpoint(parser, several=False):
    """Add the argument that names one, and the option that says whose it is."""
    parser.add_argument(
        'checkpoint',
        metavar='<checkpoint-id>',
        nargs='+' if several else None,
        help='ID of a checkpoint',
    )
    nouns.add_provider(parser, 'all are looked through without')


class CreateCheckpoint(base.Creating, base.Waiting, base.ShowOne):
    """Protect what a plan holds, now"""

    def get_parser(self, prog_name):
        """Add which plan."""
        parser = super().get_parser(prog_name)
        nouns.add_which(parser, 'plan')
        base.add_properties(parser, 'What to keep with it')
        return parser

    def take_action(self, parsed_args):
        """Begin, wait if that is wanted, and show it."""
        given = parsed_args
        found = self.find('plan', given.which)
        made = self.client.create_checkpoint(
            provider_id=found.provider_id,
            plan_id=found.id,
            extra_info_request=given.property,
            idempotency_key=given.idempotency_key,
        )
        if given.wait:
            made = self.wait_for_new(given, self.client.wait_for_checkpoint, made)
        return self.show(made, _CHECKPOINT)


class ListCheckpoints(base.Lister):
    """List checkpoints, of one provider after the other"""

    def get_parser(self, prog_name):
        """Add the filters."""
        parser = super().get_parser(prog_name)
        nouns.add_provider(parser, 'all are looked through without')
        add = parser.add_argument
        add('--plan', metavar='<plan>', help='Only those of this plan (name or ID)')
        add('--status', metavar='<status>', help='Only those in this status')
        add('--since', metavar='<time>', help='Made since')
        add('--before', metavar='<time>', help='Made before')
        plan.add_all_projects(parser)
        self.add_paging(parser)
        return parser

    def take_action(self, parsed_args):
        """List them."""
        given = parsed_args
        filters = {
            'plan_id': self.find_id('plan', given.plan),
            'status': given.status,
            'start_date': self.parse_time('--since', given.since),
            'end_date': self.parse_time('--before', given.before),
            'all_tenants': given.all_projects or None,
            **self.cut(given),
        }
        found = itertools.chain.from_iterable(
            self.client.checkpoints(provider_id=each, **filters)
            for each in self._list_provider_ids(given)
        )
        # So many of all of them together, and not of each.
        found = itertools.islice(found, given.limit)
        return self.table(found, plan.with_project(_CHECKPOINTS, given))

    def _list_provider_ids(self, given):
        if given.marker:
            # It is one's.
            return [nouns.find_provider_id(self.client, given.provider)]
        return _list_provider_ids(self.client, given.provider)


class ShowCheckpoint(base.ShowOne):
    """Show a checkpoint"""

    def get_parser(self, prog_name):
        """Add which one."""
        parser = super().get_parser(prog_name)
        add_checkpoint(parser)
        return parser

    def take_action(self, parsed_args):
        """Show it."""
        given = parsed_args
        found = find_checkpoint(self.client, given.checkpoint, given.provider)
        return self.show(found, _CHECKPOINT)


class DeleteCheckpoints(base.Waiting):
    """Delete checkpoints, whatever they are doing"""

    def get_parser(self, prog_name):
        """Add which ones."""
        parser = super().get_parser(prog_name)
        add_checkpoint(parser, several=True)
        return parser

    def take_action(self, parsed_args):
        """Delete each."""
        given = parsed_args
        self.try_each(given.checkpoint, lambda uuid: self._delete(given, uuid))

    def _delete(self, given, uuid):
        found = find_checkpoint(self.client, uuid, given.provider)
        self.client.delete_checkpoint(found)
        if given.wait:
            wait_for = self.client.wait_for_checkpoint
            self.wait(given, wait_for, found, status=None)


class SetCheckpoint(base.Command):
    """Say how a checkpoint is (admins)"""

    def get_parser(self, prog_name):
        """Add which one, and how it is."""
        parser = super().get_parser(prog_name)
        add_checkpoint(parser)
        parser.add_argument(
            '--status', required=True, choices=('available', 'error'), help='How it is'
        )
        return parser

    def take_action(self, parsed_args):
        """Say so."""
        given = parsed_args
        found = find_checkpoint(self.client, given.checkpoint, given.provider)
        self.client.reset_checkpoint(found, given.status)


class CopyCheckpoints(base.Command):
    """Copy a plan's checkpoints to another provider"""

    def get_parser(self, prog_name):
        """Add whose, and where to."""
        parser = super().get_parser(prog_name)
        nouns.add_which(parser, 'plan')
        parser.add_argument(
            '--to', required=True, metavar='<provider>', help='Provider (name or ID)'
        )
        return parser

    def take_action(self, parsed_args):
        """Begin to copy."""
        plan_id = self.find_id('plan', parsed_args.which)
        provider_id = self.find_id('provider', parsed_args.to)
        self.client.copy_checkpoints(plan_id, provider_id)
