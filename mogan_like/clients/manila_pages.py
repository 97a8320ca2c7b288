"""Manila's lists, page by page, in an order that does not change.

Manila pages by counting, and counts anew for each page: what is deleted
meanwhile moves all that is behind it forward, past the edge of a page. And it
may drop rows of a page that was cut already (those whose deletion is deferred,
from who may not see them), or give fewer than were asked for (osapi_max_limit).
So a short page is not the last one. An empty one is, if what is before it has
not moved.
"""


def walk(read, size):
    """Each thing once, of those that are there all the time.

    :param read: called with an offset and a limit: ``{id: thing}``, always in the
        same order
    :param size: of a page, 2 at least; Manila may give fewer
    """
    seen, offset, largest = set(), 0, 0
    while True:
        page = read(offset, size)
        # One that follows a full page begins with the last row of that.
        if offset and seen.isdisjoint(page):
            offset, page = _look_back(read, size, seen, largest, (offset, page))
        if not page:
            return
        new = [each for each in page if each not in seen]
        yield from (page[each] for each in new)
        seen.update(page)
        is_full = len(page) in (size, largest)
        largest = max(largest, len(page))
        # What a short page did not have may come next. One with nothing new is
        # passed over: else a list that grows at its beginning had no end.
        offset += len(page) if new and not is_full else _step_over(largest)


def _look_back(read, size, seen, largest, found):
    """The page to go on with: an earlier one, if rows were moved to there.

    An earlier page that was read later and has nothing new tells that nothing was
    moved past the one behind it. Each turn goes back, so there is an end to it.

    :param found: the offset and the page that follow nothing that was seen
    """
    before, earlier = found[0], {}
    while before and seen.isdisjoint(earlier):
        before = max(0, before - _step_over(largest))
        earlier = read(before, size)
        if earlier.keys() - seen:
            found = before, earlier
    return found


def _step_over(largest):
    """To where a page overlaps the next: Manila's limit is as much at least."""
    return max(1, largest - 1)
