"""Commands about triggers and schedules, and the hosts that carry them out."""

from osc_lib import exceptions

from mogan_like_client.osc import base
from mogan_like_client.osc import nouns
from mogan_like_client.osc import plan
from mogan_like_client.osc import values

_TRIGGERS = ('id', 'name', 'type', 'properties')
_TRIGGER = (*_TRIGGERS, 'project_id', 'created_at', 'updated_at')
_SCHEDULES = ('id', 'name', 'enabled', 'next_run_at', 'last_run_at', 'trigger_id')
_SCHEDULE = (
    *_SCHEDULES,
    'description',
    'operation_type',
    'operation_definition',
    'project_id',
    'user_id',
    'created_at',
    'updated_at',
)
_SERVICES = ('id', 'host', 'binary', 'status', 'state', 'updated_at', 'disabled_reason')


def _add_when(parser, required):
    when = parser.add_mutually_exclusive_group(required=required)
    when.add_argument('--crontab', metavar='<text>', help='As in "0 2 * * *"')
    when.add_argument('--calendar', metavar='<text>', help="iCalendar's rule")
    add = parser.add_argument
    add('--timezone', metavar='<zone>', help='As in Europe/Berlin; default: UTC')
    add(
        '--window',
        type=int,
        metavar='<seconds>',
        help='How late it may begin; what is later is left out',
    )
    add('--from', dest='start', metavar='<time>', help='Not before')
    add('--until', metavar='<time>', help='Not after')


def _read_when(command, given):
    """The properties of a trigger that were given."""
    pattern, form = given.crontab or given.calendar, None
    if pattern:
        form = 'crontab' if given.crontab else 'calendar'
        pattern = pattern.replace('\\n', '\n')
    return values.drop_none(
        pattern=pattern,
        format=form,
        timezone=given.timezone,
        window=given.window,
        start_time=command.parse_time('--from', given.start),
        end_time=command.parse_time('--until', given.until),
    )


class CreateTrigger(base.Creating, base.ShowOne):
    """Create a trigger, that is a time that comes again"""

    def get_parser(self, prog_name):
        """Add when."""
        parser = super().get_parser(prog_name)
        parser.add_argument('name', metavar='<name>', help='Name of the trigger')
        _add_when(parser, required=True)
        return parser

    def take_action(self, parsed_args):
        """Make it and show it."""
        made = self.client.create_trigger(
            name=parsed_args.name,
            type='time',
            properties=_read_when(self, parsed_args),
            idempotency_key=parsed_args.idempotency_key,
        )
        return self.show(made, _TRIGGER)


class ListTriggers(base.Lister):
    """List triggers"""

    listed = 'trigger'

    def get_parser(self, prog_name):
        """Add the filters."""
        parser = super().get_parser(prog_name)
        parser.add_argument('--name', metavar='<name>', help='Only those of this name')
        plan.add_all_projects(parser)
        self.add_paging(parser)
        return parser

    def take_action(self, parsed_args):
        """List them."""
        found = self.client.triggers(
            name=parsed_args.name,
            all_tenants=parsed_args.all_projects or None,
            **self.cut(parsed_args),
        )
        return self.table(found, plan.with_project(_TRIGGERS, parsed_args))


class ShowTrigger(nouns.ShowNoun):
    """Show a trigger"""

    noun = 'trigger'
    fields = _TRIGGER


class SetTrigger(base.Command):
    """Change a trigger, and so whatever runs by it"""

    def get_parser(self, prog_name):
        """Add what can change."""
        parser = super().get_parser(prog_name)
        nouns.add_which(parser, 'trigger')
        parser.add_argument('--name', metavar='<name>', help='New name')
        _add_when(parser, required=False)
        return parser

    def take_action(self, parsed_args):
        """Change it."""
        found = self.find('trigger', parsed_args.which)
        changes = values.drop_none(
            name=parsed_args.name, properties=_read_when(self, parsed_args) or None
        )
        self.client.update_trigger(found, **changes)


class DeleteTriggers(nouns.DeleteAtOnce):
    """Delete triggers that nothing runs by"""

    noun = 'trigger'


class CreateSchedule(base.Creating, base.ShowOne):
    """Have a plan be protected whenever a trigger says"""

    def get_parser(self, prog_name):
        """Add what, when and for how long."""
        parser = super().get_parser(prog_name)
        parser.add_argument('name', metavar='<name>', help='Name of the schedule')
        add = parser.add_argument
        add('--plan', required=True, metavar='<plan>', help='Plan (name or ID)')
        add(
            '--trigger', required=True, metavar='<trigger>', help='Trigger (name or ID)'
        )
        add('--description', metavar='<text>', help='What it is for')
        add('--keep', type=int, metavar='<n>', help='Keep the newest n checkpoints')
        add('--keep-days', type=int, metavar='<n>', help='Keep them for n days')
        add('--disable', action='store_true', help='Do not run it yet')
        return parser

    def take_action(self, parsed_args):
        """Make it and show it."""
        given = parsed_args
        found = self.find('plan', given.plan)
        limits = values.drop_none(
            max_backups=given.keep, max_backup_duration=given.keep_days
        )
        attrs = values.drop_none(
            name=given.name,
            description=given.description,
            operation_type='retention_protect' if limits else 'protect',
            trigger_id=self.find_id('trigger', given.trigger),
            operation_definition={
                'plan_id': found.id,
                'provider_id': found.provider_id,
                **limits,
            },
            enabled=False if given.disable else None,
        )
        made = self.client.create_scheduled_operation(
            **attrs, idempotency_key=given.idempotency_key
        )
        return self.show(made, _SCHEDULE)


class ListSchedules(base.Lister):
    """List schedules"""

    listed = 'scheduled_operation'

    def get_parser(self, prog_name):
        """Add the filters."""
        parser = super().get_parser(prog_name)
        parser.add_argument('--name', metavar='<name>', help='Only those of this name')
        parser.add_argument(
            '--trigger', metavar='<trigger>', help='Run by (name or ID)'
        )
        plan.add_all_projects(parser)
        self.add_paging(parser)
        return parser

    def take_action(self, parsed_args):
        """List them."""
        given = parsed_args
        found = self.client.scheduled_operations(
            name=given.name,
            trigger_id=self.find_id('trigger', given.trigger),
            all_tenants=given.all_projects or None,
            **self.cut(given),
        )
        return self.table(found, plan.with_project(_SCHEDULES, given))


class ShowSchedule(nouns.ShowNoun):
    """Show a schedule, and when it runs"""

    noun = 'scheduled_operation'
    fields = _SCHEDULE


class SetSchedule(base.Command):
    """Change name or description of a schedule, or whether it runs"""

    def get_parser(self, prog_name):
        """Add what can change."""
        parser = super().get_parser(prog_name)
        nouns.add_which(parser, 'scheduled_operation')
        parser.add_argument('--name', metavar='<name>', help='New name')
        parser.add_argument('--description', metavar='<text>', help='New description')
        base.add_switch(parser, 'enabled', 'enable', 'disable')
        return parser

    def take_action(self, parsed_args):
        """Change it."""
        given = parsed_args
        found = self.find('scheduled_operation', given.which)
        changes = values.drop_none(
            name=given.name, description=given.description, enabled=given.enabled
        )
        self.client.update_scheduled_operation(found, **changes)


class DeleteSchedules(nouns.DeleteAtOnce):
    """Delete schedules; their checkpoints stay"""

    noun = 'scheduled_operation'


class ListServices(base.Lister):
    """List the hosts that work on checkpoints (admins)"""

    def take_action(self, parsed_args):
        """List them."""
        return self.table(self.client.protection_services(), _SERVICES)


class SetService(base.Command):
    """Have a host take no more work, or take it again (admins)"""

    def get_parser(self, prog_name):
        """Add which one, and what."""
        parser = super().get_parser(prog_name)
        parser.add_argument('host', metavar='<host>', help='Host (name or ID)')
        base.add_switch(parser, 'enabled', 'enable', 'disable', required=True)
        parser.add_argument(
            '--disable-reason', metavar='<text>', help='Why, with --disable'
        )
        return parser

    def take_action(self, parsed_args):
        """Change it."""
        given = parsed_args
        if given.enabled and given.disable_reason:
            raise exceptions.CommandError('--disable-reason goes with --disable.')
        changes = values.drop_none(
            status='enabled' if given.enabled else 'disabled',
            disabled_reason=given.disable_reason,
        )
        found = self.find('protection_service', given.host)
        # By its id: what is asked for is sent, also where it is so already.
        self.client.update_protection_service(found.id, **changes)
