"""Routes of the audit: what is asked of all objects at once."""

from mogan_like.actions import queries
from mogan_like.actions import schemas
from mogan_like.actions import views
from mogan_like.api import collection
from mogan_like.api import expose
from mogan_like.api import pagination
from mogan_like.api import types
from mogan_like.common import exception
from mogan_like.common import policy
from mogan_like.db import engine

_RESULTS = types.Choice('success', 'error', 'refused', 'cancelled')
_ID = types.Integer(1, 2**62)


class ActionsController(expose.Controller):
    """``/v1/actions``."""

    routes = {'': {'GET': 'search'}}

    @expose.route(response=schemas.ACTIONS, since='1.5')
    def search(
        self,
        ctx,
        object_type: types.Name = None,
        instance: types.Uuid = None,
        user_id: types.Name = None,
        project_id: types.Name = None,
        owner_project_id: types.Name = None,
        action: types.Name = None,
        request_id: types.Name = None,
        result: _RESULTS = None,
        started_since: types.DateTime = None,
        started_before: types.DateTime = None,
        events: types.Boolean = False,
        limit: pagination.Limit = None,
        marker: _ID = None,
        sort_dir: pagination.SortDir = 'desc',
    ):
        """Search what was done, over all objects."""
        policy.enforce(ctx, 'action:search')
        filters = collection.drop_none(
            object_type=object_type,
            object_id=instance,
            user_id=user_id,
            project_id=project_id,
            owner_project_id=owner_project_id,
            action=action,
            request_id=request_id,
            result=result,
            started_since=started_since,
            started_before=started_before,
        )
        page = pagination.make_page(limit, marker, 'started_at', sort_dir)
        with engine.reader() as conn:
            rows = queries.search(conn, filters, page)
            return render_page(ctx, conn, rows, page, events, 'id')


def list_of(ctx, object_id, changes_since, changes_before, events, page):
    """A page of what was done to one object, for who may read that.

    :param page: its marker is a request id
    """
    filters = collection.drop_none(
        changes_since=changes_since, changes_before=changes_before
    )
    with engine.reader() as conn:
        rows = queries.list_of(conn, object_id, filters, page)
        return render_page(ctx, conn, rows, page, events, 'request_id')


def show(ctx, object_id, request_id):
    """One action on an object with its events, for who may read that.

    :raises ActionNotFound:
    """
    internals = policy.check(ctx, 'action:show_internals')
    with engine.reader() as conn:
        row = queries.get(conn, object_id, request_id)
        if row is None:
            raise exception.ActionNotFound(request_id=request_id)
        events = queries.list_events(conn, [row.id], internals)[row.id]
    return views.show(row, events, internals)


def render_page(ctx, conn, rows, page, events, marker):
    """A page of actions as JSON in bytes.

    :param events: True to embed each action's events
    :param marker: the column that the next page's marker is taken from
    :raises MarkerNotFound:
    """
    internals = policy.check(ctx, 'action:show_internals')
    found = None
    if events:
        ids = [row.id for row in rows[: page.limit]] if rows else []
        found = queries.list_events(conn, ids, internals)

    def show(row):
        return views.show(row, found and found[row.id], internals)

    return collection.render('actions', rows, page, show, marker)
