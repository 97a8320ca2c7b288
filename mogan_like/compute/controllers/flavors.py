"""Routes of flavors, to be read."""

from mogan_like.api import expose
from mogan_like.api import pagination
from mogan_like.api import types
from mogan_like.common import exception
from mogan_like.common import policy
from mogan_like.compute import types as compute_types
from mogan_like.compute.controllers import page as pages
from mogan_like.compute.schemas import flavors as schemas
from mogan_like.compute.views import flavors as views
from mogan_like.db import engine
from mogan_like.instances.queries import flavors as queries

_SORT_KEY = types.Choice('created_at', 'name')
#: 'None' for public and private ones.
_IS_PUBLIC = types.Choice('True', 'true', '1', 'False', 'false', '0', 'None', 'none')
_PRIVATE = ('False', 'false', '0')


def _make_list(show_row, response, doc):
    """A handler that lists flavors, in short or in full."""

    @expose.route(response=response, refused=('minDisk', 'minRam'))
    def list_flavors(
        self,
        ctx,
        is_public: _IS_PUBLIC = 'True',
        limit: pages.Limit = None,
        marker: types.Uuid = None,
        sort_key: _SORT_KEY = 'name',
        sort_dir: pagination.SortDir = 'asc',
    ):
        policy.enforce(ctx, 'flavor:list')
        may_see_all = policy.check(ctx, 'flavor:private')
        public_only = not may_see_all or is_public in ('True', 'true', '1')
        private_only = may_see_all and is_public in _PRIVATE
        page = pages.make(limit, marker, sort_key, sort_dir)
        with engine.reader() as conn:
            rows = queries.list_page(conn, page, public_only, private_only)
        rows, more = pages.cut(rows, page)
        links = pages.make_links('flavors_links', rows[-1].uuid if more else None)
        base_url = expose.base_url()
        found = [show_row(row, base_url, ctx.api_version) for row in rows]
        return expose.dumps({'flavors': found} | links)

    list_flavors.__doc__ = doc
    return list_flavors


class FlavorsController(expose.Controller):
    """``/v2.1/flavors``."""

    routes = {
        '': {'GET': 'list'},
        'detail': {'GET': 'list_detail'},
        '{flavor_id}': {'GET': 'show'},
        '{flavor_id}/os-extra_specs': {'GET': 'show_extra_specs'},
    }

    list = _make_list(views.summarize, schemas.SUMMARIES, 'List flavors in short.')
    list_detail = _make_list(views.show, schemas.DETAILS, 'List flavors in full.')

    @expose.route(response=schemas.SHOWN)
    def show(self, ctx, flavor_id: compute_types.Id):
        """Show a flavor."""
        row = _find(ctx, flavor_id)
        return {'flavor': views.show(row, expose.base_url(), ctx.api_version)}

    @expose.route(response=schemas.EXTRA_SPECS)
    def show_extra_specs(self, ctx, flavor_id: compute_types.Id):
        """Show what a flavor asks of nodes."""
        return {'extra_specs': views.make_extra_specs(_find(ctx, flavor_id))}


def _find(ctx, flavor_id):
    policy.enforce(ctx, 'flavor:list')
    public_only = not policy.check(ctx, 'flavor:private')
    with engine.reader() as conn:
        row = queries.get(conn, flavor_id.lower(), public_only)
    if row is None:
        raise exception.FlavorNotFound(uuid=flavor_id)
    return row
