"""Sizes of machines: properties are any text, and answers have numbers."""

#: Nova's and Blazar's largest; JSON is not written of any number either.
MOST = 2**31 - 1


def read(text):
    """The whole number that a text is, from 0 to ``MOST``; None when it is none."""
    if not text or not (text.isascii() and text.isdigit()):
        return None
    number = int(text)
    return number if number <= MOST else None
