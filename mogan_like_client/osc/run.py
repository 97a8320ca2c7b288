"""Commands about restores, verifications, and the log of all that is run."""

from mogan_like_client.osc import base
from mogan_like_client.osc import checkpoint
from mogan_like_client.osc import plan
from mogan_like_client.osc import values

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
#: What came of each resource, too: the share that was made.
_RESTORE = (*_RUN, 'resources_restored')


class _CreateRun(base.Creating, base.Waiting, base.ShowOne):
    """Does something with a checkpoint.

    :cvar kind: restore or verification
    """

    kind = None
    fields = _RUN

    def get_parser(self, prog_name):
        """Add which checkpoint."""
        parser = super().get_parser(prog_name)
        checkpoint.add_checkpoint(parser)
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
        found = checkpoint.find_checkpoint(
            self.client, given.checkpoint, given.provider
        )
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
        return self.show(made, self.fields)


class CreateRestore(_CreateRun):
    """Restore what a checkpoint has"""

    kind = 'restore'
    fields = _RESTORE


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
    fields = _RESTORE


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
