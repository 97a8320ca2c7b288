"""One class per fact; api.errors is the one place that turns it into HTTP.

A module for each thing that the caller is told; all classes are found here.
"""

from mogan_like.common.exception import base
from mogan_like.common.exception import conflict
from mogan_like.common.exception import denied
from mogan_like.common.exception import missing
from mogan_like.common.exception import request
from mogan_like.common.exception import unavailable
from mogan_like.common.exception.base import MoganLikeError

for _module in (base, conflict, denied, missing, request, unavailable):
    for _name, _class in vars(_module).items():
        if isinstance(_class, type) and issubclass(_class, MoganLikeError):
            globals()[_name] = _class
            # Its name on the wire, whichever of the modules it is moved to.
            _class.__module__ = __name__
