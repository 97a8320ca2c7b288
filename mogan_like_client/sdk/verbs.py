"""The methods that most nouns have, written once."""


def lister(kind):
    """A method that lists objects.

    It yields them one by one, and asks for the next page when it gets there.
    """

    def method(self, **query):
        return kind.list(self, **query)

    return _describe(method, f'Yield {kind.noun}s; filters are keywords.')


def getter(kind):
    """A method that gets an object by its id."""

    def method(self, value, **params):
        return self._get(kind, value, **params)

    return _describe(method, f'The {kind.noun} of this id, as it is now.')


def finder(kind):
    """A method that finds an object by its id or name."""

    def method(self, name_or_id, ignore_missing=False, **params):
        return kind.find(self, name_or_id, ignore_missing, **params)

    return _describe(method, f'The {kind.noun} of this id, or else of this name.')


def creator(kind):
    """A method that makes an object."""

    def method(self, *, idempotency_key=None, **attrs):
        if idempotency_key is not None:
            attrs['idempotency_key'] = idempotency_key
        return self._create(kind, **attrs)

    return _describe(method, f'Make a new {kind.noun}; under one key only once.')


def updater(kind):
    """A method that changes an object."""

    def method(self, value, **attrs):
        return self._update(kind, value, **attrs)

    return _describe(method, f'Change what is named of the {kind.noun}.')


def deleter(kind):
    """A method that deletes an object."""

    def method(self, value, ignore_missing=True, **params):
        return self._delete(kind, value, ignore_missing=ignore_missing, **params)

    return _describe(method, f'Delete the {kind.noun}, or begin to.')


def _describe(method, text):
    method.__doc__ = text
    return method
