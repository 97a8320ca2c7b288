"""Commands that do something to leases."""

from openstack import exceptions as sdk_exceptions
from osc_lib import exceptions

from mogan_like_client.osc import base
from mogan_like_client.osc import errors
from mogan_like_client.osc import nouns
from mogan_like_client.osc import times


class _Verb(nouns.ActOnEach):
    noun = 'lease'


class _Ending(base.Waiting, _Verb):
    """Ends leases, and says what keeps them from it."""

    def wait_for_end(self, parsed_args, found, status):
        """Wait for the end of one.

        :raises CommandError: when it took too long; it names who holds it, if the
            service says so
        """
        try:
            wait_for = self.client.wait_for_lease
            self.wait(parsed_args, wait_for, found, status=status)
        except sdk_exceptions.ResourceTimeout as exc:
            told = [str(exc), *self._tell_holders(found)]
            raise exceptions.CommandError('\n'.join(told)) from exc

    def _tell_holders(self, found):
        try:
            lease = self.client.get_lease(found.id)
        except errors.OF_SERVICE:
            # As in an outage, or gone after all: that it took too long matters more.
            return ()
        return describe_holders(lease, self.zone)


class EndLeases(_Ending):
    """End leases now, whatever they are doing"""

    def act(self, parsed_args, found):
        """End one."""
        found = self.client.end_lease(found)
        if parsed_args.wait:
            self.wait_for_end(parsed_args, found, 'TERMINATED')


class DeleteLeases(_Ending):
    """End leases now, and delete them"""

    def act(self, parsed_args, found):
        """Delete one."""
        self.client.delete_lease(found)
        if parsed_args.wait:
            self.wait_for_end(parsed_args, found, None)


class RetryLeases(_Verb):
    """Try at once what failed, or what waits for its next try (admins)"""

    def act(self, parsed_args, found):
        """Try it."""
        self.client.retry_lease(found)


class AbandonLeases(_Verb):
    """Give up what keeps leases from ending (admins)"""

    def act(self, parsed_args, found):
        """Give it up."""
        self.client.abandon_lease(found)


def describe_holders(lease, zone):
    """Who keeps a lease from going on, a line each."""
    found = (lease.waiting_for or {}).get('instances', ())
    for each in found:
        text = f'Instance {each["name"]} ({each["uuid"]}) is locked by '
        text += f'{each["locked_by"]} since {times.render(each["locked_at"], zone)}'
        yield text + (f': {each["reason"]}' if each['reason'] else '')
