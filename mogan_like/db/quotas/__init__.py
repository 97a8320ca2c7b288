"""Limits of what projects and users may have, and what of it is in use.

A folder names what it counts with :func:`register`, and has an option of the
same name in the group ``[quota]``, the limit of projects that have none of
their own while an administrator has set none for all of those.

Reading is for API and conductor, and is here. Counting is for conductors only:
:mod:`mogan_like.db.quotas.count`.
"""

from mogan_like.db.quotas.read import get_defaults
from mogan_like.db.quotas.read import get_limit
from mogan_like.db.quotas.read import get_limits
from mogan_like.db.quotas.read import get_project_usages
from mogan_like.db.quotas.read import get_usages
from mogan_like.db.quotas.read import get_used
from mogan_like.db.quotas.resources import list_resources
from mogan_like.db.quotas.resources import register
from mogan_like.db.quotas.table import DEFAULT_CLASS
from mogan_like.db.quotas.table import QUOTA_USAGES
from mogan_like.db.quotas.table import QUOTAS

__all__ = [
    'DEFAULT_CLASS',
    'QUOTAS',
    'QUOTA_USAGES',
    'get_defaults',
    'get_limit',
    'get_limits',
    'get_project_usages',
    'get_usages',
    'get_used',
    'list_resources',
    'register',
]
