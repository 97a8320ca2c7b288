"""One line that tells how a wait goes, for people only."""

import shutil

from mogan_like_client import waiting


class Line:
    """A context: the line is gone when it ends.

    :param stream: stderr; nothing is written unless it is a terminal
    :param whose: the name of what is acted on, where that is not what is waited for
    """

    def __init__(self, stream, whose=None):
        self._stream = stream
        self._prefix = f'{whose}: ' if whose else ''
        self._shown = stream.isatty()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self._write('')

    def tell(self, found, waited):
        """Say how an object is, so many seconds after the start."""
        text = f'{self._prefix}{waiting.describe(found)} ({waited:.0f} s)'
        self._write(text.replace('\n', ' '))

    def _write(self, text):
        if self._shown:
            # To the start of the line, and what was there is gone.
            # Longer it would go on in the next one, and stay there.
            width = shutil.get_terminal_size().columns - 1
            self._stream.write(f'\r\033[K{text[:width]}')
            self._stream.flush()
