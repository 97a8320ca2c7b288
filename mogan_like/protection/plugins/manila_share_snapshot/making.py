"""Has something made in Manila, once, whatever becomes of the answers."""

import contextlib
import dataclasses

from oslo_log import log

from mogan_like.common import exception

LOG = log.getLogger(__name__)


@dataclasses.dataclass(frozen=True)
class Calls:
    """What Manila is asked.

    :ivar mark: the metadata by which it is found, as people read it
    :ivar find: returns all that carries the mark of this record, a list
    :ivar create: called with the seconds that it may take; makes one, marked.
        What it raises besides ShareServiceUnavailable means that nothing was made
    :ivar removal: a :class:`.removal.Removal` of such things
    """

    mark: str
    find: object
    create: object
    removal: object


class Making:
    """One thing in Manila, and its id in a record.

    The conductor may die between Manila's answer and our record of it, and an
    answer may be lost: then what was made is found by its mark. But Manila may
    also carry out late what it did not answer in time, after we looked. So where
    an answer was lost (``in_doubt``), all but the one in the record are removed,
    once there is one and again when it is done.

    :param key: of the id in the record
    """

    def __init__(self, asking, record, key, calls):
        self._asking = asking
        self._record = record
        self._key = key
        self._calls = calls

    @contextlib.contextmanager
    def made(self):
        """Have it made, if it is not yet; in here it is waited for."""
        if self._key not in self._record.data:
            self._make()
        self._remove_others(
            lambda other: self._asking.ask(self._calls.removal.push, other)
        )
        try:
            yield
        except exception.MoganLikeError:
            self._remove_others(self._calls.removal.finish)
            raise
        self._remove_others(self._calls.removal.finish)

    def _make(self):
        found = []
        if self._record.data.get('asked'):
            self._doubt()
            found = self._asking.ask(self._calls.find)
        else:
            self._record.save(asked=True)
        attempt = 0
        while not found:
            try:
                found = [self._create()]
            except exception.ShareServiceUnavailable as error:
                if error.may_be_done:
                    self._doubt()
                attempt += 1
                found = self._look_again(attempt, error)
        self._record.save(**{self._key: found[0]['id']})

    def _look_again(self, attempt, error):
        """Wait, then say what there is after all, which may be nothing yet.

        :raises ShareServiceUnavailable: when it was tried often enough
        """
        try:
            self._asking.bear(attempt, error)
        except exception.ShareServiceUnavailable:
            if not self._is_in_doubt():
                self._record.save(asked=False)
                raise
            found = self._calls.find()
            if not found:
                raise self._give_up(error) from error
            return found
        return self._asking.ask(self._calls.find) if self._is_in_doubt() else []

    def _give_up(self, error):
        verb, reason = error.kwargs['verb'], error.kwargs['reason']
        later = f'{reason} It may do so later: {self._calls.mark}.'
        return exception.ShareServiceUnavailable(verb=verb, reason=later)

    def _create(self):
        try:
            return self._calls.create(self._asking.hold())
        except exception.ShareServiceUnavailable:
            raise
        except exception.MoganLikeError:
            if not self._is_in_doubt():
                self._record.save(asked=False)
            raise

    def _doubt(self):
        if not self._is_in_doubt():
            self._record.save(in_doubt=True)

    def _is_in_doubt(self):
        return self._record.data.get('in_doubt', False)

    def _remove_others(self, remove):
        """Remove what nobody knows; a failure of that is not one of the work."""
        if not self._is_in_doubt():
            return
        try:
            for each in self._asking.ask(self._calls.find):
                if each['id'] != self._record.data[self._key]:
                    LOG.warning('Manila has made %s besides; removing it.', each['id'])
                    remove(each['id'])
        except exception.MoganLikeError as error:
            LOG.warning('What Manila has made besides may be left: %s', error)


def may_have_made(data, key):
    """Whether a record tells of something in Manila, known or not."""
    return bool(data.get('asked') or key in data)


def is_uncertain(data, key):
    """Whether there may be something in Manila that the record does not name."""
    return bool(data.get('in_doubt') or (data.get('asked') and key not in data))
