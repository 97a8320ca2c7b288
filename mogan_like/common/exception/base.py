"""What all errors are."""


class MoganLikeError(Exception):
    """Base of every error whose message may be shown to the caller.

    :cvar code: the HTTP status it becomes
    :cvar msg_fmt: the message, filled from the keyword arguments
    """

    code = 500
    msg_fmt = 'An unknown error occurred.'

    def __init__(self, message=None, **kwargs):
        self.kwargs = kwargs
        super().__init__(message or self.msg_fmt % kwargs)

    @property
    def title(self):
        """The error's name on the wire (``error_name``)."""
        return type(self).__name__
