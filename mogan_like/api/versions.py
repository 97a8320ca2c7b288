"""Microversions of /v1, one line each, newest last, and their header."""

import re

from mogan_like.common import exception

#: What each version brought. Read by the api-ref too.
HISTORY = {
    '1.1': 'Instances with their `locked`, their states and their audit.',
    '1.2': 'Instances can be listed by `locked`.',
    '1.3': 'Actions of deleted instances can be read.',
    '1.4': 'A lock has a reason, an expiry and a resource of its own.',
    '1.5': 'Actions can be searched over all instances.',
    '1.6': 'Instances on reserved nodes.',
}

SERVICE = 'baremetal-compute'
HEADER = 'OpenStack-API-Version'

#: Key of the WSGI environ: the version as text that the answer names.
ENV = 'mogan_like.api_version'

_NAMES = (SERVICE, 'baremetal_compute')
_FORM = re.compile(r'[1-9][0-9]{0,8}\.(?:0|[1-9][0-9]{0,8})', re.ASCII)
_VARY = ('Vary', HEADER)


def parse(text):
    """``(1, 4)`` for ``'1.4'``; tuples of this kind can be compared."""
    major, minor = text.split('.')
    return int(major), int(minor)


MIN_TEXT, *_, MAX_TEXT = HISTORY
MIN = parse(MIN_TEXT)
MAX = parse(MAX_TEXT)


def negotiate(environ):
    """The version that the request asks for, as a tuple.

    :raises InvalidVersion: what was asked for is not a version
    :raises VersionNotSupported: it is none of ours
    """
    asked = _find(environ.get('HTTP_OPENSTACK_API_VERSION'))
    asked = {None: MIN_TEXT, 'latest': MAX_TEXT}.get(asked, asked)
    if not _FORM.fullmatch(asked):
        raise exception.InvalidVersion(version=asked[:64], min=MIN_TEXT, max=MAX_TEXT)
    # Nova's 406 names the version that was asked for, not one of its own.
    environ[ENV] = asked
    version = parse(asked)
    if not MIN <= version <= MAX:
        raise exception.VersionNotSupported(version=asked, min=MIN_TEXT, max=MAX_TEXT)
    return version


def response_headers(environ):
    """The headers that every answer carries, as a list of pairs."""
    if ENV not in environ:
        # Refused before it was routed: by authentication, for example.
        try:
            negotiate(environ)
        except exception.MoganLikeError:
            return [_VARY, *_named(environ)]
    return [_VARY, *_named(environ)]


def _named(environ):
    if ENV in environ:
        yield HEADER, f'{SERVICE} {environ[ENV]}'


def _find(header):
    """Our part of a header that may name several services; the last wins."""
    found = None
    for part in (header or '').split(','):
        name, _, version = part.strip().partition(' ')
        if name.lower() in _NAMES:
            found = version.strip().lower()
    return found
