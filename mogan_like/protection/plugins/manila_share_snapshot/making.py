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
        may_be_there = self._record.data.get('asked')
        if may_be_there:
            self._doubt()
        else:
            self._record.save(asked=True)
        try:
            made = (may_be_there and self._find()) or self._create()
        except exception.MoganLikeError as error:
            if not self._is_in_doubt():
                self._record.save(asked=False)
                raise
            made = self._find_last(error)
        self._record.save(**{self._key: made['id']})

    def _create(self):
        """It, from an answer to its request or found when that was lost.

        :raises MoganLikeError: when it was tried often enough, or was refused
        """
        attempt = 0
        while True:
            try:
                return self._calls.create(self._asking.hold())
            except exception.ShareServiceUnavailable as error:
                if error.may_be_done:
                    self._doubt()
                attempt += 1
                self._asking.bear(attempt, error)
            found = self._find() if self._is_in_doubt() else None
            if found:
                return found

    def _find(self):
        """One that carries our mark, or None."""
        return next(iter(self._asking.ask(self._calls.find)), None)

    def _find_last(self, error):
        """What there is after all; else the error, with the mark to look for.

        A quota may be full for the very thing that was made without an answer.
        """
        try:
            found = self._calls.find()
        except exception.MoganLikeError as silence:
            LOG.warning('Nobody knows what Manila has made: %s', silence)
            found = []
        if not found:
            told = str(error).rstrip('.')
            message = (
                f'{told}. It may do so later, or have done so: {self._calls.mark}.'
            )
            raise type(error)(message, **error.kwargs) from error
        return found[0]

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
