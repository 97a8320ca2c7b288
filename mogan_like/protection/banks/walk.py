"""A page of keys out of folders that can only be listed whole."""


def list_keys(list_folder, prefix, marker, descending):
    """Yield the keys with a prefix behind a marker, in their order.

    Folders that no key of the page can be in are not listed.

    :param list_folder: called with '' or 'a/b/', returns an iterable of
        (name, is_folder)
    """
    folder = prefix[: prefix.rfind('/') + 1]
    return _walk(list_folder, folder, prefix, marker, descending)


def _walk(list_folder, folder, prefix, marker, descending):
    # Sorted as the keys are, in which a slash follows a folder's name.
    entries = sorted(
        (
            folder + name + ('/' if is_folder else '')
            for name, is_folder in list_folder(folder)
        ),
        reverse=descending,
    )
    for entry in entries:
        if entry.endswith('/'):
            if _may_hold(entry, prefix, marker, descending):
                yield from _walk(list_folder, entry, prefix, marker, descending)
        elif entry.startswith(prefix) and _is_behind(entry, marker, descending):
            yield entry


def _may_hold(folder, prefix, marker, descending):
    if not (folder.startswith(prefix) or prefix.startswith(folder)):
        return False
    if marker is not None and marker.startswith(folder):
        return True
    return _is_behind(folder, marker, descending)


def _is_behind(entry, marker, descending):
    if marker is None:
        return True
    return entry < marker if descending else entry > marker
