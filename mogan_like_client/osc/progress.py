"""What is told on stderr while something goes on, for people only."""

import contextlib
import logging
import os

from mogan_like_client import waiting

#: Where a terminal does not say how many it has.
_USUAL_COLUMNS = 80


class Line:
    """A context: one line that tells how a wait goes, and is gone when it ends.

    :param stream: stderr; nothing is written unless it is a terminal
    :param whose: the name of what is acted on, where that is not what is waited for
    """

    def __init__(self, stream, whose=None):
        self._stream = stream
        self._prefix = f'{whose}: ' if whose else ''
        self._shown = stream is not None and stream.isatty()

    def __enter__(self):
        self._handlers = list(logging.getLogger().handlers)
        for handler in self._handlers:
            handler.addFilter(self._make_room)
        return self

    def __exit__(self, *exc):
        for handler in self._handlers:
            handler.removeFilter(self._make_room)
        self._write('')

    def _make_room(self, _record):
        # A retry is logged where the line stands, and would be glued to it.
        self._write('')
        return True

    def tell(self, found, waited):
        """Say how an object is, so many seconds after the start."""
        text = f'{self._prefix}{waiting.describe(found)} ({waited:.0f} s)'
        self._write(text.replace('\n', ' '))

    def _write(self, text):
        if self._shown:
            # To the start of the line, and what was there is gone.
            # Longer it would go on in the next one, and stay there.
            width = _count_columns(self._stream) - 1
            tell(self._stream, f'\r\033[K{text[:width]}')


def _count_columns(stream):
    # Of this terminal: what shutil looks at is where stdout goes, if that is one.
    try:
        return os.get_terminal_size(stream.fileno()).columns or _USUAL_COLUMNS
    except OSError:
        return _USUAL_COLUMNS


def tell(stream, text):
    """Write on the way to something that matters more: if nobody reads it, it goes on.

    :param stream: None when it was closed before the start
    """
    if stream is None:
        return
    with contextlib.suppress(OSError):
        stream.write(text)
        stream.flush()
