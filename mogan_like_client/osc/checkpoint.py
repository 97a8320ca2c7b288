"""Commands about checkpoints, and what is done with them."""

import itertools

from openstack import exceptions as sdk_exceptions
from osc_lib import exceptions

from mogan_like_client.osc import base
from mogan_like_client.osc import nouns
from mogan_like_client.osc import plan
from mogan_like_client.osc import values

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
_RUNS = ('id', 'status', 'checkpoint_id', 'created_at')
_RUN = (
    *_RUNS,
    'fault',
    'resources_status',
    'resources_reason',
    'parameters',
    'provider_id',
    'project_id',
    'user_id',
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


def _add_checkpoint(parser, several=False):
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
        _add_checkpoint(parser)
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
        _add_checkpoint(parser, several=True)
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
        _add_checkpoint(parser)
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


class _CreateRun(base.Creating, base.Waiting, base.ShowOne):
    """Does something with a checkpoint.

    :cvar kind: restore or verification
    """

    kind = None

    def get_parser(self, prog_name):
        """Add which checkpoint."""
        parser = super().get_parser(prog_name)
        _add_checkpoint(parser)
        parser.add_argument(
            '--parameters',
            type=values.read_json,
            metavar='<json>',
            help='For the provider, by type, as in {"OS::Manila::Share": {...}}',
        )
        return parser

    def take_action(self, parsed_args):
        """Begin, wait if that is wanted, and show it."""
        given = parsed_args
        found = find_checkpoint(self.client, given.checkpoint, given.provider)
        attrs = values.drop_none(
            checkpoint_id=found.id,
            provider_id=found.provider_id,
            parameters=given.parameters,
            idempotency_key=given.idempotency_key,
        )
        made = getattr(self.client, f'create_{self.kind}')(**attrs)
        if given.wait:
            wait_for = getattr(self.client, f'wait_for_{self.kind}')
            made = self.wait_for_new(given, wait_for, made)
        return self.show(made, _RUN)


class CreateRestore(_CreateRun):
    """Restore what a checkpoint has"""

    kind = 'restore'


class CreateVerification(_CreateRun):
    """Look whether a checkpoint could be restored"""

    kind = 'verification'


class _ListRuns(base.Lister):
    """:cvar several: the library's list of them"""

    several = None
    fields = _RUNS

    def get_parser(self, prog_name):
        """Add the filters."""
        parser = super().get_parser(prog_name)
        parser.add_argument('--status', metavar='<status>', help='In this status')
        plan.add_all_projects(parser)
        self.add_paging(parser)
        return parser

    def take_action(self, parsed_args):
        """List them."""
        list_runs = getattr(self.client, self.several)
        found = list_runs(
            status=parsed_args.status,
            all_tenants=parsed_args.all_projects or None,
            **self.cut(parsed_args),
        )
        return self.table(found, plan.with_project(self.fields, parsed_args))


class ListRestores(_ListRuns):
    """List restores"""

    several = 'restores'


class ListVerifications(_ListRuns):
    """List verifications"""

    several = 'verifications'


class ListLogs(_ListRuns):
    """List what was run on checkpoints"""

    several = 'operation_logs'
    fields = ('id', 'operation_type', 'status', 'checkpoint_id', 'started_at')


class _ShowRun(base.ShowOne):
    """:cvar kind: what the library gets"""

    kind = None
    fields = _RUN

    def get_parser(self, prog_name):
        """Add which one."""
        parser = super().get_parser(prog_name)
        parser.add_argument('id', metavar='<id>', help='ID')
        return parser

    def take_action(self, parsed_args):
        """Show it."""
        get = getattr(self.client, f'get_{self.kind}')
        return self.show(get(parsed_args.id), self.fields)


class ShowRestore(_ShowRun):
    """Show a restore, and how each resource of it is"""

    kind = 'restore'


class ShowVerification(_ShowRun):
    """Show a verification, and how each resource of it is"""

    kind = 'verification'


class ShowLog(_ShowRun):
    """Show a run on a checkpoint"""

    kind = 'operation_log'
    fields = (
        'id',
        'operation_type',
        'status',
        'error_info',
        'checkpoint_id',
        'plan_id',
        'provider_id',
        'restore_id',
        'verification_id',
        'scheduled_operation_id',
        'project_id',
        'started_at',
        'ended_at',
    )
