"""Manila's lists, page by page, in an order that does not change.

Manila pages by counting, and counts anew for each page: what is deleted
meanwhile moves all that is behind it forward, past the edge of a page. And it
may drop rows of a page that was cut already (those whose deletion is deferred,
from who may not see them), or give fewer than were asked for (osapi_max_limit).
So a short page is not the last one: an empty one is.
"""


def walk(read, size):
    """Each thing once, of those that are there all the time.

    :param read: called with an offset and a limit: ``{id: thing}``, always in the
        same order
    :param size: of a page; 2 at least
    """
    seen, offset, was_full = set(), 0, True
    while True:
        page = read(offset, size)
        # One that follows a full page begins with the last row of that.
        if offset and (page or was_full) and seen.isdisjoint(page):
            offset, page = _look_back(read, size, seen, offset, page)
        if not page:
            return
        new = [each for each in page if each not in seen]
        yield from (page[each] for each in new)
        seen.update(page)
        was_full = len(page) == size
        # What a short page did not have may come next. One with nothing new is
        # passed over: else a list that grows at its beginning had no end.
        offset += len(page) if new and not was_full else size - 1


def _look_back(read, size, seen, offset, page):
    """The page to go on with: an earlier one, if rows were moved to there.

    An earlier page that was read later and has nothing new tells that nothing was
    moved past this one. Each turn goes back, so there is an end to it.
    """
    before, earlier = offset, {}
    while before and seen.isdisjoint(earlier):
        before = max(0, before - size + 1)
        earlier = read(before, size)
    return (before, earlier) if earlier.keys() - seen else (offset, page)
