"""How the service is asked for its versions, as patiently as for all that is read."""

from keystoneauth1 import exceptions as auth_exceptions

from mogan_like_client.sdk import sending


class Away(auth_exceptions.ConnectFailure):
    """The service did not answer when it was asked for its versions."""


class Discoverer(sending.Sender):
    """Keystoneauth asks once, and does not tell what came in place of an answer."""

    def get_endpoint_data(self, auth=None):
        """As of keystoneauth, and asked for again as anything else is.

        Without, openstacksdk would go on in the oldest microversion.

        :raises Away: when there was no answer
        """
        found = self._ask(auth)
        # Where the URL tells a version by itself, that is all there is then.
        if (found is None or found.max_microversion is None) and self.probe():
            found = self._ask(auth)
        return found

    def _ask(self, auth):
        try:
            return super().get_endpoint_data(auth)
        except auth_exceptions.DiscoveryFailure:
            return None

    def probe(self):
        """True when what is where the service should be answers, whatever it says.

        :raises Away: when nothing did in the time in which things are sent again
        """
        url = self._find_url()
        if url is None:
            return False
        try:
            answer = super().request(url, 'GET', authenticated=False, raise_exc=False)
        except (auth_exceptions.ConnectFailure, auth_exceptions.ConnectTimeout) as exc:
            raise self._make_error(url, _find_root(exc)) from exc
        if answer.status_code in sending.OUTAGES:
            reason = f'{answer.status_code} {answer.reason}'
            raise self._make_error(url, reason)
        return True

    def _find_url(self):
        """Where the service is, without asking it; None where nobody says."""
        return self.endpoint_override or self.session.get_endpoint(
            self.auth,
            service_type=self.service_type,
            interface=self.interface,
            region_name=self.region_name,
            skip_discovery=True,
        )

    def _make_error(self, url, reason):
        return Away(f'{self.service_type} does not answer at {url}: {reason}.')


def _find_root(exc):
    """What the system said, without the names of all who handed it on."""
    while inner := exc.__cause__ or exc.__context__:
        exc = inner
    return getattr(exc, 'strerror', None) or str(exc)
