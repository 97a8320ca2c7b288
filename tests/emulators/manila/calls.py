"""One request after it was read, and the answer before it is written."""

import dataclasses

from tests.emulators.manila import errors

#: Microversions that there are: 2.0 to this one.
NEWEST_MINOR = 99


@dataclasses.dataclass
class Answer:
    """A status with a body, or without."""

    status: int
    body: object = None


ACCEPTED = Answer(202)
MISSING = object()


@dataclasses.dataclass
class Call:
    """A request.

    :ivar identity: who asks
    :ivar minor: of the microversion
    :ivar query: what stands behind the question mark
    :ivar body: MISSING when there is none
    :ivar base: the URL before ``/v2``
    :ivar project: as it stands in the path, or nothing
    """

    state: object
    manager: object
    identity: object
    minor: int
    query: dict
    body: object
    base: str
    project: str = ''

    def require_writer(self, message='Access was denied to this resource.'):
        """Refuse who may only read.

        :raises Refused: 403
        """
        if not self.identity.can_write:
            raise errors.forbidden(message)

    def require_admin(self):
        """Refuse who is no administrator.

        :raises Refused: 403
        """
        if not self.identity.is_admin:
            raise errors.forbidden()

    def read_entity(self, name, code=422):
        """What the body has under a name.

        :raises Refused: when it is nothing, or no dictionary
        """
        if self.body is MISSING:
            raise errors.bad()
        found = self.body.get(name) if isinstance(self.body, dict) else None
        if not isinstance(found, dict):
            raise errors.Refused(code)
        return found

    def make_links(self, collection, resource_id):
        """The links of a resource."""
        place = '/'.join(filter(None, (self.project, collection, resource_id)))
        return [
            {'rel': 'self', 'href': f'{self.base}/v2/{place}'},
            {'rel': 'bookmark', 'href': f'{self.base}/{place}'},
        ]


def check_length(text, name):
    """Refuse a text that is too long.

    :raises Refused: 400
    """
    if text and len(text) > 255:
        raise errors.bad_input(f'{name} can only be 255 characters long')


def check_metadata(metadata):
    """Refuse keys and values that are empty or too long.

    :raises Refused: 400
    """
    for key, value in (metadata or {}).items():
        for what, text, most in (('key', key, 255), ('value', value, 1023)):
            if not text:
                raise errors.bad(f'Metadata property {what} is blank.')
            if len(text) > most:
                raise errors.bad(
                    f'Metadata property {what} is greater than {most} characters.'
                )
