"""Microversions of each family of routes, one line each, newest last."""

import re
import typing

from mogan_like.common import exception

#: What each version of /v1 brought. Read by the api-ref too.
HISTORY = {
    '1.1': 'Instances with their `locked`, their states and their audit.',
    '1.2': 'Instances can be listed by `locked`.',
    '1.3': 'Actions of deleted instances can be read.',
    '1.4': 'A lock has a reason, an expiry and a resource of its own.',
    '1.5': 'Actions can be searched over all instances.',
    '1.6': 'Instances on reserved nodes.',
}

#: Nova's versions of /v2.1 that change something of what is served there. Those
#: between are served too, each as the one before it.
COMPUTE_HISTORY = {
    '2.1': 'Servers, their actions, flavors, keypairs and limits.',
    '2.2': 'Keypairs have a `type`; their creation is a 201, their deletion a 204.',
    '2.3': 'Admins see more of `OS-EXT-SRV-ATTR`.',
    '2.9': 'Servers have `locked`.',
    '2.10': "Admins may work on other users' keypairs.",
    '2.16': 'Admins see `host_status`.',
    '2.19': 'Servers have a `description`.',
    '2.21': 'Actions of deleted servers can be read.',
    '2.26': 'Servers have `tags`.',
    '2.35': 'Keypairs are listed in pages.',
    '2.36': 'Limits say nothing of networks.',
    '2.37': 'A new server has to say `networks`: a list, `auto` or `none`.',
    '2.38': 'A filter by an unknown `status` is refused.',
    '2.39': 'Limits say nothing of the metadata of images.',
    '2.47': 'Servers tell what their flavor is, and not its id.',
    '2.51': 'Members see the events of actions.',
    '2.54': 'The answer to a rebuild has `key_name`.',
    '2.55': 'Flavors have a `description`.',
    '2.57': 'Limits without personality; the answer to a rebuild has `user_data`.',
    '2.58': 'Actions have `updated_at` and are listed in pages, by `changes-since`.',
    '2.61': 'Flavors have their `extra_specs`.',
    '2.62': 'Events of actions have `hostId`, for admins `host` too.',
    '2.63': 'Servers have `trusted_image_certificates`.',
    '2.66': 'Servers and actions are listed by `changes-before`.',
    '2.71': 'A server that is shown has `server_groups`.',
    '2.73': 'A lock has a `locked_reason`; servers are listed by `locked`.',
    '2.75': 'Unknown parameters are refused; an update shows the whole server.',
    '2.84': 'Admins see `details` in the events of actions.',
    '2.90': 'Servers have `OS-EXT-SRV-ATTR:hostname`.',
    '2.92': 'A keypair is made of a public key only.',
    '2.96': 'Servers have `pinned_availability_zone`.',
}

HEADER = 'OpenStack-API-Version'

#: Key of the WSGI environ: the version as text that the answer names.
ENV = 'mogan_like.api_version'

_FORM = re.compile(r'[1-9][0-9]{0,8}\.(?:0|[1-9][0-9]{0,8})', re.ASCII)


def parse(text):
    """``(1, 4)`` for ``'1.4'``; tuples of this kind can be compared."""
    major, minor = text.split('.')
    return int(major), int(minor)


class Family(typing.NamedTuple):
    """Routes that have their microversions in common.

    :ivar names: of the service in the header, the one that answers have first
    :ivar old_header: an older header that says the version alone, or None
    :ivar malformed: what is said of a version that is none
    :ivar strict_since: below it unknown parameters of queries are dropped, and at
        every version where a route takes none, as Nova does; None where they are
        always refused
    """

    names: tuple
    min_text: str
    max_text: str
    old_header: str | None = None
    malformed: str = exception.InvalidVersion.msg_fmt
    strict_since: str | None = None

    @property
    def headers(self):
        """The names of the headers that the version is asked for with."""
        return (HEADER, self.old_header) if self.old_header else (HEADER,)

    def find(self, environ):
        """What is asked for, as text, or None."""
        found = self._find_ours(environ.get('HTTP_OPENSTACK_API_VERSION'))
        if found is None and self.old_header:
            name = 'HTTP_' + self.old_header.upper().replace('-', '_')
            found = environ.get(name, '').strip().lower() or None
        return found

    def _find_ours(self, header):
        """Our part of a header that may name several services; the last wins."""
        found = None
        for part in (header or '').split(','):
            name, _, version = part.strip().partition(' ')
            if name.lower() in self.names:
                found = version.strip().lower()
        return found

    def name(self, version):
        """Header pairs that name a version."""
        yield HEADER, f'{self.names[0]} {version}'
        if self.old_header:
            yield self.old_header, version


SERVICE = 'baremetal-compute'
MIN_TEXT, *_, MAX_TEXT = HISTORY
MIN = parse(MIN_TEXT)
MAX = parse(MAX_TEXT)

V1 = Family((SERVICE, 'baremetal_compute'), MIN_TEXT, MAX_TEXT)
COMPUTE = Family(
    ('compute',),
    min(COMPUTE_HISTORY, key=parse),
    max(COMPUTE_HISTORY, key=parse),
    'X-OpenStack-Nova-API-Version',
    # Word for word as Nova has it.
    'API Version String %(version)s is of invalid format. '
    'Must be of format MajorNum.MinorNum.',
    strict_since='2.75',
)

#: Where Nova's routes hang.
COMPUTE_ROOT = 'v2.1'


def find_family(environ):
    """The family of a request."""
    return family_of(environ.get('PATH_INFO', ''))


def family_of(path):
    """The family of a route, by the first segment of its path."""
    segment = path.lstrip('/').partition('/')[0]
    return COMPUTE if segment == COMPUTE_ROOT else V1


def negotiate(environ):
    """The version that the request asks for, as a tuple.

    :raises InvalidVersion: what was asked for is not a version
    :raises VersionNotSupported: it is none of ours
    """
    family = find_family(environ)
    asked = family.find(environ)
    limits = {'min': family.min_text, 'max': family.max_text}
    asked = {None: family.min_text, 'latest': family.max_text}.get(asked, asked)
    if not _FORM.fullmatch(asked):
        values = {'version': asked[:64], **limits}
        raise exception.InvalidVersion(family.malformed % values, **values)
    # Nova's 406 names the version that was asked for, not one of its own.
    environ[ENV] = asked
    version = parse(asked)
    if not parse(family.min_text) <= version <= parse(family.max_text):
        raise exception.VersionNotSupported(version=asked, **limits)
    return version


def response_headers(environ):
    """The headers that every answer carries, as a list of pairs."""
    if ENV not in environ:
        # Refused before it was routed: by authentication, for example.
        try:
            negotiate(environ)
        except exception.MoganLikeError:
            return _make_headers(environ)
    return _make_headers(environ)


def _make_headers(environ):
    family = find_family(environ)
    headers = [('Vary', name) for name in family.headers]
    if ENV in environ:
        headers += family.name(environ[ENV])
    return headers
