"""When so many hosts are free for so long."""


def find_start(spans, host_ids, count, after, length):
    """The first time from which on enough hosts are free.

    :param spans: [(host's id, start, end)] of what is allocated
    :param host_ids: those that would do
    :param after: the first time that would do
    :param length: for how long they must be free
    :returns: a datetime, or None when there are never so many
    """
    taken = {host_id: [] for host_id in host_ids}
    for host_id, start, end in spans:
        if host_id in taken:
            taken[host_id].append((start, end))
    changes = []
    for host_spans in taken.values():
        for first, last in _list_starts(sorted(host_spans), after, length):
            # At one time, what begins to be free counts before what ends.
            changes.append((first, 0))
            if last is not None:
                changes.append((last, 1))
    free = 0
    for time, ends in sorted(changes):
        free += -1 if ends else 1
        if free >= count:
            return time
    return None


def _list_starts(spans, after, length):
    """(first, last) of the times from which on a host is free for so long.

    The last one is None when it is free for ever.
    """
    begin = after
    for start, end in spans:
        if start - begin >= length:
            yield begin, start - length
        begin = max(begin, end)
    yield begin, None
