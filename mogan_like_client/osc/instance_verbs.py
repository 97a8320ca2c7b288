"""Commands that do something to instances."""

from mogan_like_client.osc import base
from mogan_like_client.osc import errors
from mogan_like_client.osc import nouns
from mogan_like_client.osc import values


class _Verb(nouns.ActOnEach):
    noun = 'instance'

    def try_one(self, parsed_args, found):
        """Do it to one, or tell who holds it."""
        with errors.naming_holder(self.client, found, self.zone):
            self.act(parsed_args, found)


class _WaitingVerb(base.Waiting, _Verb):
    """The same for what takes a while."""

    def act(self, parsed_args, found):
        """Begin it, and wait if that is wanted."""
        request_id = self.begin(parsed_args, found)
        if parsed_args.wait:
            wait_for = self.client.wait_for_instance_action
            self.wait(parsed_args, wait_for, found, request_id, whose=found.name)

    def begin(self, parsed_args, found):
        """Begin it; the id of the request."""
        raise NotImplementedError


class DeleteInstances(base.Waiting, _Verb):
    """Delete instances"""

    def act(self, parsed_args, found):
        """Delete one, and wait if that is wanted."""
        self.client.delete_instance(found)
        if parsed_args.wait:
            wait_for = self.client.wait_for_instance
            self.wait(parsed_args, wait_for, found, status=None)


class LockInstances(_Verb):
    """Lock instances for maintenance"""

    def get_parser(self, prog_name):
        """Add the terms."""
        parser = super().get_parser(prog_name)
        parser.add_argument('--reason', metavar='<text>', help='Why')
        parser.add_argument(
            '--until',
            metavar='<time>',
            help='When it is released by itself, as in "2027-01-31 18:00"',
        )
        return parser

    def act(self, parsed_args, found):
        """Lock one."""
        until = self.parse_time('--until', parsed_args.until)
        self.client.lock_instance(found, parsed_args.reason, until)


class UnlockInstances(_Verb):
    """Unlock instances"""

    def act(self, parsed_args, found):
        """Unlock one."""
        self.client.unlock_instance(found)


class StartInstances(_WaitingVerb):
    """Switch machines on"""

    def begin(self, parsed_args, found):
        """Begin to switch one on."""
        return self.client.start_instance(found)


class _MaybeHard(_WaitingVerb):
    def get_parser(self, prog_name):
        """Add how."""
        parser = super().get_parser(prog_name)
        parser.add_argument(
            '--hard', action='store_true', help='Do not ask its system first'
        )
        return parser


class StopInstances(_MaybeHard):
    """Switch machines off"""

    def begin(self, parsed_args, found):
        """Begin to switch one off."""
        return self.client.stop_instance(found, parsed_args.hard)


class RebootInstances(_MaybeHard):
    """Start machines again"""

    def begin(self, parsed_args, found):
        """Begin to start one again."""
        return self.client.reboot_instance(found, parsed_args.hard)


class RebuildInstances(_WaitingVerb):
    """Write the image on machines again; what is on their disks is lost"""

    def get_parser(self, prog_name):
        """Add which image."""
        parser = super().get_parser(prog_name)
        parser.add_argument(
            '--image', metavar='<image>', help='Another image, from now on (name or ID)'
        )
        return parser

    def begin(self, parsed_args, found):
        """Begin to rebuild one."""
        image = values.drop_none(image_uuid=self.find_id('image', parsed_args.image))
        return self.client.rebuild_instance(found, **image)


class ShowInstanceLock(base.ShowOne):
    """Show who holds an instance, why, since when and until when"""

    since = '1.4'
    _FIELDS = ('locked', 'locked_by', 'user_id', 'reason', 'since', 'expires_at')

    def get_parser(self, prog_name):
        """Add which one."""
        parser = super().get_parser(prog_name)
        nouns.add_which(parser, 'instance')
        return parser

    def take_action(self, parsed_args):
        """Show its lock."""
        found = self.find('instance', parsed_args.which)
        return self.show(self.client.get_instance_lock(found), self._FIELDS)
