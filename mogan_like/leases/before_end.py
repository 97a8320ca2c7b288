"""What a reservation asks to be done before its lease ends, as it says it."""

#: Of the value ``before_end``: nothing.
NOTHING = (None, '', 'default')


def split(text):
    """The name of the work, and what it is to be done with.

    :param text: ``NAME`` or ``NAME:ARGUMENT``
    :returns: (name, argument); None for what is not there
    """
    if text in NOTHING or not isinstance(text, str):
        return None, None
    name, colon, argument = text.partition(':')
    return name, argument if colon else None
