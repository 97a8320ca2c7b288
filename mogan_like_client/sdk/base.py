"""What all resources have in common."""

import itertools
import re

from openstack import exceptions
from openstack import fields
from openstack import resource
from openstack import utils

from mogan_like_client.sdk import identifiers
from mogan_like_client.sdk import sending

#: Of a page that is asked for; more than that comes page by page.
_LONGEST_PAGE = 100
#: Parameters of lists that ask for those of all projects.
_OF_OTHERS = ('all_projects', 'all_tenants')
#: What stands in a path for a part of it.
_NAMED = re.compile(r'%\((\w+)\)s')


class Resource(resource.Resource):
    """One object of the service.

    :cvar noun: what messages call it
    :cvar id_form: what an id looks like; others are names
    :cvar list_path: where the list with all fields is, if not at ``base_path``
    :cvar wrapped: False where a request is not, though the answer is, below the
        resource's key
    """

    noun = 'object'
    id_form = identifiers.UUID
    list_path = None
    wrapped = True
    allow_list = True
    allow_fetch = True

    #: Of a new one only: the caller's key, under which it is made once.
    idempotency_key = resource.Header(sending.KEY)

    @classmethod
    def list(cls, session, *args, base_path=None, max_items=None, **params):
        """All objects that the filters let through, page after page.

        :param max_items: how many at most; None for all of them
        :param params: filters, ``limit`` (of a page) and ``marker`` (start after);
            those that are None do not count. What the service does not filter by is
            left out here, where all of the list is read
        """
        params = {name: value for name, value in params.items() if value is not None}
        here = [name for name in params if cls._is_filtered_here(name)]
        asked = {
            name: value if name in here else _spell(value)
            for name, value in params.items()
        }
        if max_items and max_items <= _LONGEST_PAGE and not here:
            asked.setdefault('limit', max_items)
        path = _fill(base_path or cls.list_path or cls.base_path, params)
        # Counted here: the library would ask for a page of that length, however long.
        found = super().list(session, *args, base_path=_keep(path), **asked)
        yield from itertools.islice(found, max_items)

    @classmethod
    def find(cls, session, name_or_id, ignore_missing=False, **params):
        """The one object with this id, or else with this name.

        In the own project, and where there is none in those of others that the
        caller may see.

        :param ignore_missing: None is returned when there is none
        :param params: of the path
        :raises NotFoundException: when there is none
        :raises DuplicateResource: when there are several of this name, with their ids
        """
        found = None
        if cls.id_form.fullmatch(name_or_id):
            found = cls._find_by_id(session, name_or_id, **params)
        found = found or cls._find_by_name(session, name_or_id, **params)
        if found is None and not ignore_missing:
            raise exceptions.NotFoundException(
                f'There is no {cls.noun} {name_or_id} that you may see.'
            )
        return found

    @classmethod
    def _is_filtered_here(cls, name):
        """True for what openstacksdk compares: the service does not filter by it."""
        field = getattr(cls, name, None)
        return (
            isinstance(field, fields.Body) and name not in cls._query_mapping._mapping
        )

    @classmethod
    def _get_next_link(cls, uri, response, data, marker, _limit, total_yielded):
        # The service says whether there is more. With a limit openstacksdk asks once
        # more in any case, after an id that lists of actions do not go on after.
        return super()._get_next_link(uri, response, data, marker, None, total_yielded)

    @classmethod
    def _alternate_id(cls):
        # The library does not look at what a class inherits.
        for _name, field in cls._attributes_iterator((fields.Body,)):
            if field.alternate_id:
                return field.name
        return ''

    def _make_path(self, base_path=None, with_id=True):
        path = _fill(base_path or self.base_path, self._uri.attributes)
        return utils.urljoin(path, identifiers.quote(self.id)) if with_id else path

    def _prepare_request(self, *, requires_id=None, base_path=None, **kwargs):
        # The library puts ids and names into the path as they are.
        needed = self.requires_id if requires_id is None else requires_id
        with_id = needed and self.id is not None
        return super()._prepare_request(
            # Without one that is needed it is refused there.
            requires_id=needed and not with_id,
            base_path=_keep(self._make_path(base_path, with_id)),
            **kwargs,
        )

    def _translate_response(self, *args, **kwargs):
        with sending.doubting():
            super()._translate_response(*args, **kwargs)

    def commit(self, session, prepend_key=None, **kwargs):
        """Send what has changed, and nothing else."""
        # What the id is called here the library does not leave out by itself.
        self._body._dirty.discard(self._alternate_id())
        return super().commit(session, prepend_key=self.wrapped, **kwargs)

    @classmethod
    def _find_by_id(cls, session, uuid, **params):
        found = cls.existing(id=uuid, connection=session._get_connection(), **params)
        try:
            return found.fetch(session)
        except exceptions.NotFoundException:
            return None

    @classmethod
    def _find_by_name(cls, session, name, **params):
        query = cls._query_mapping._mapping
        filters = {'name': name} if 'name' in query else {}
        everybody = next((key for key in _OF_OTHERS if key in query), None)
        # Said in so many words: without it an administrator's may be everybody's.
        own = {everybody: False} if everybody else {}
        found = _filter(cls.list(session, **params, **filters, **own), name)
        if not found and everybody is not None:
            try:
                others = cls.list(session, **params, **filters, **{everybody: True})
                found = _filter(others, name)
            except exceptions.ForbiddenException:
                # Of others it is as if there were none.
                return None
        if len(found) > 1:
            ids = ', '.join(str(each.id) for each in found)
            raise exceptions.DuplicateResource(
                f'There are {len(found)} {cls.noun}s called {name}: say which by its '
                f'id, {ids}.'
            )
        return found[0] if found else None

    def _send(self, session, method, path, body, idempotency_key=None):
        """The answer to a request to this object, or below it.

        :param idempotency_key: the caller's
        :raises HttpException: when it was refused
        """
        url = utils.urljoin(self._make_path(), path)
        answer = session.request(
            url.rstrip('/'),
            method,
            json=body,
            headers=sending.make_headers(idempotency_key),
            microversion=self._get_microversion(session),
        )
        with sending.doubting():
            exceptions.raise_from_response(answer)
        return answer


def _fill(path, values):
    """A path with what it names, ``values`` may have more."""
    return _NAMED.sub(lambda found: identifiers.quote(values[found[1]]), path)


def _keep(path):
    """A path that is complete, for a library that fills it once more."""
    return path.replace('%', '%%')


def _filter(found, name):
    return [each for each in found if each.name == name]


def _spell(value):
    """A parameter as the service reads it."""
    return str(value).lower() if isinstance(value, bool) else value
