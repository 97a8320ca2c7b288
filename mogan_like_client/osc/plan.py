"""Commands about plans, providers, and what can be protected."""

import argparse

from mogan_like_client.osc import base
from mogan_like_client.osc import nouns
from mogan_like_client.osc import values
from mogan_like_client.sdk import identifiers

_PLANS = ('id', 'name', 'status', 'provider_id', 'created_at')
_PLAN = (
    *_PLANS,
    'description',
    'resources',
    'parameters',
    'project_id',
    'user_id',
    'updated_at',
)
_PROVIDERS = ('id', 'name', 'description')


def _read_resource(text):
    """A resource of a plan: ``TYPE=RESOURCE[=NAME]``; what argparse calls a type."""
    kind, *rest = text.split('=', 2)
    if not kind or not rest or not rest[0]:
        raise argparse.ArgumentTypeError(f'{text} is not <type>=<resource>[=<name>]')
    return {'type': kind, 'id': rest[0], 'name': rest[1] if len(rest) > 1 else None}


def _find_resources(client, given):
    """The resources of a plan, those by name with their ids; None stays None."""
    return given and [_find_resource(client, each) for each in given]


def _find_resource(client, given):
    # A project is a resource, too.
    if identifiers.is_of_keystone(given['id']):
        return given
    found = client.find_protectable(given['id'], protectable_type=given['type'])
    return {**given, 'id': found.id, 'name': given['name'] or found.name}


def add_all_projects(parser):
    """Add the option of lists that says whose."""
    parser.add_argument(
        '--all-projects', action='store_true', help="All projects' (admins)"
    )


def with_project(fields, given):
    """The fields of a list, with whose each is when it is of all projects."""
    return (*fields, 'project_id') if given.all_projects else fields


def _add_plan_options(parser, required):
    add = parser.add_argument
    add('--description', metavar='<text>', help='What it is for')
    add(
        '--resource',
        action='append',
        required=required,
        type=_read_resource,
        metavar='<type>=<resource>[=<name>]',
        help='What is protected, as in OS::Manila::Share=home (name or ID; repeat for '
        'several); <name> is what the plan calls it',
    )
    add(
        '--parameters',
        type=values.read_json,
        metavar='<json>',
        help='For the provider, by type, as in {"OS::Manila::Share": {...}}',
    )


class CreatePlan(base.Creating, base.ShowOne):
    """Create a plan"""

    def get_parser(self, prog_name):
        """Add what it protects."""
        parser = super().get_parser(prog_name)
        parser.add_argument('name', metavar='<name>', help='Name of the plan')
        nouns.add_provider(parser)
        _add_plan_options(parser, required=True)
        return parser

    def take_action(self, parsed_args):
        """Make it and show it."""
        given = parsed_args
        attrs = values.drop_none(
            name=given.name,
            provider_id=nouns.find_provider_id(self.client, given.provider),
            description=given.description,
            resources=_find_resources(self.client, given.resource),
            parameters=given.parameters,
        )
        made = self.client.create_plan(**attrs, idempotency_key=given.idempotency_key)
        return self.show(made, _PLAN)


class ListPlans(base.Lister):
    """List plans"""

    listed = 'plan'

    def get_parser(self, prog_name):
        """Add the filters."""
        parser = super().get_parser(prog_name)
        parser.add_argument('--name', metavar='<name>', help='Only those of this name')
        parser.add_argument('--status', metavar='<status>', help='In this status')
        add_all_projects(parser)
        self.add_paging(parser)
        return parser

    def take_action(self, parsed_args):
        """List them."""
        given = parsed_args
        found = self.client.plans(
            name=given.name,
            status=given.status,
            all_tenants=given.all_projects or None,
            **self.cut(given),
        )
        return self.table(found, with_project(_PLANS, given))


class ShowPlan(nouns.ShowNoun):
    """Show a plan"""

    noun = 'plan'
    fields = _PLAN


class SetPlan(base.Command):
    """Change a plan; its checkpoints stay as they are"""

    def get_parser(self, prog_name):
        """Add what can change."""
        parser = super().get_parser(prog_name)
        nouns.add_which(parser, 'plan')
        parser.add_argument('--name', metavar='<name>', help='New name')
        parser.add_argument(
            '--status', choices=('started', 'suspended'), help='New status'
        )
        _add_plan_options(parser, required=False)
        return parser

    def take_action(self, parsed_args):
        """Change it."""
        given = parsed_args
        found = self.find('plan', given.which)
        changes = values.drop_none(
            name=given.name,
            status=given.status,
            description=given.description,
            resources=_find_resources(self.client, given.resource),
            parameters=given.parameters,
        )
        self.client.update_plan(found, **changes)


class DeletePlans(nouns.DeleteAtOnce):
    """Delete plans; their checkpoints stay"""

    noun = 'plan'


class ListProviders(base.Lister):
    """List providers"""

    def take_action(self, parsed_args):
        """List them."""
        return self.table(self.client.providers(), _PROVIDERS)


class ShowProvider(nouns.ShowNoun):
    """Show a provider, and the schemas of its parameters"""

    noun = 'provider'
    fields = (*_PROVIDERS, 'extended_info_schema')


class ListProtectables(base.Lister):
    """List what can be protected: the types, or the project's resources of one"""

    def get_parser(self, prog_name):
        """Add of which type."""
        parser = super().get_parser(prog_name)
        parser.add_argument(
            'type', nargs='?', metavar='<type>', help='As in OS::Manila::Share'
        )
        self.add_paging(parser)
        return parser

    def take_action(self, parsed_args):
        """List types or resources."""
        if parsed_args.type is None:
            return ('Type',), [(name,) for name in self.client.protectable_types()]
        found = self.client.protectables(parsed_args.type, **self.cut(parsed_args))
        return self.table(found, ('id', 'type', 'name'))


class ShowProtectable(base.ShowOne):
    """Show what depends on a type, or one resource and what depends on it"""

    def get_parser(self, prog_name):
        """Add which."""
        parser = super().get_parser(prog_name)
        parser.add_argument('type', metavar='<type>', help='As in OS::Manila::Share')
        parser.add_argument(
            'resource', nargs='?', metavar='<resource>', help='Resource (name or ID)'
        )
        return parser

    def take_action(self, parsed_args):
        """Show the type or the resource."""
        if parsed_args.resource is None:
            found = self.client.get_protectable_type(parsed_args.type)
            return self.show_dict(found)
        found = self.client.find_protectable(
            parsed_args.resource, protectable_type=parsed_args.type
        )
        fields = ('id', 'type', 'name', 'extra_info', 'dependent_resources')
        return self.show(found, fields)
