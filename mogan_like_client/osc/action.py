"""Commands about the audit."""

from mogan_like_client.osc import base
from mogan_like_client.osc import nouns
from mogan_like_client.osc import others
from mogan_like_client.sdk import identifiers

_RESULTS = ('success', 'error', 'refused', 'cancelled')
_LISTED = ('action', 'result', 'request_id', 'user_id', 'started_at', 'message')
_LISTED_LONG = (*_LISTED, 'finished_at', 'cause', 'cause_id', 'project_id')
_FOUND = ('id', 'object_type', 'object_id', *_LISTED)
_SHOWN = (
    'action',
    'result',
    'message',
    'object_type',
    'object_id',
    'request_id',
    'user_id',
    'project_id',
    'owner_project_id',
    'cause',
    'cause_id',
    'started_at',
    'finished_at',
    'events',
)


class _OfDeleted(base.Command):
    """About objects that may be deleted, when they are named by their ids.

    :cvar noun: what messages and the library call them
    """

    noun = None

    def find_id(self, noun, name):
        """As the base's; the id of one of ours is taken as it is."""
        if name and noun not in others.SERVICES and identifiers.is_uuid(name):
            return name
        return super().find_id(noun, name)


class _ListActions(_OfDeleted, base.Lister):
    known_by = 'request-id'

    def get_parser(self, prog_name):
        """Add whose, and which part."""
        parser = super().get_parser(prog_name)
        nouns.add_which(parser, self.noun)
        parser.add_argument('--since', metavar='<time>', help='Changed since')
        parser.add_argument('--before', metavar='<time>', help='Changed before')
        parser.add_argument('--long', action='store_true', help='More fields')
        self.add_paging(parser)
        return parser

    def take_action(self, parsed_args):
        """List them."""
        list_actions = getattr(self.client, f'{self.noun}_actions')
        found = list_actions(
            self.find_id(self.noun, parsed_args.which),
            changes_since=self.parse_time('--since', parsed_args.since),
            changes_before=self.parse_time('--before', parsed_args.before),
            **self.cut(parsed_args),
        )
        return self.table(found, _LISTED_LONG if parsed_args.long else _LISTED)


class _ShowAction(_OfDeleted, base.ShowOne):
    def get_parser(self, prog_name):
        """Add whose, and which."""
        parser = super().get_parser(prog_name)
        nouns.add_which(parser, self.noun)
        parser.add_argument(
            'request', metavar='<request-id>', help='The id of its request'
        )
        return parser

    def take_action(self, parsed_args):
        """Show it."""
        get = getattr(self.client, f'get_{self.noun}_action')
        found = get(self.find_id(self.noun, parsed_args.which), parsed_args.request)
        return self.show(found, _SHOWN)


class ListInstanceActions(_ListActions):
    """List what was done to an instance; a deleted one by its ID"""

    noun = 'instance'


class ShowInstanceAction(_ShowAction):
    """Show what a request did to an instance, with its steps"""

    noun = 'instance'


class ListLeaseActions(_ListActions):
    """List what was done to a lease; a deleted one by its ID"""

    noun = 'lease'


class ShowLeaseAction(_ShowAction):
    """Show what a request did to a lease, with its steps"""

    noun = 'lease'


class SearchActions(_OfDeleted, base.Lister):
    """Search what was done, over all objects (admins)"""

    since = '1.5'

    def get_parser(self, prog_name):
        """Add what can be searched for."""
        parser = super().get_parser(prog_name)
        add = parser.add_argument
        add('--type', metavar='<type>', help='Kind of object: instance, lease, ...')
        add('--instance', metavar='<instance>', help='Instance (name or ID)')
        add('--user', metavar='<user>', help='Who asked for it (name or ID)')
        add(
            '--project',
            metavar='<project>',
            help='The project of who asked (name or ID)',
        )
        add('--owner', metavar='<project>', help="The object's project (name or ID)")
        add('--action', metavar='<action>', help='What was done: lock, delete, ...')
        add('--request', metavar='<request-id>', help='The id of the request')
        add('--result', choices=_RESULTS, help='What came of it')
        add('--since', metavar='<time>', help='Begun since')
        add('--before', metavar='<time>', help='Begun before')
        self.add_paging(parser)
        return parser

    def take_action(self, parsed_args):
        """List what is found."""
        given = parsed_args
        found = self.client.actions(
            object_type=given.type,
            instance=self.find_id('instance', given.instance),
            user_id=self.find_id('user', given.user),
            project_id=self.find_id('project', given.project),
            owner_project_id=self.find_id('project', given.owner),
            action=given.action,
            request_id=given.request,
            result=given.result,
            started_since=self.parse_time('--since', given.since),
            started_before=self.parse_time('--before', given.before),
            **self.cut(given),
        )
        return self.table(found, _FOUND)
