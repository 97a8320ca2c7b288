"""Manila, through python-manilaclient: one project's shares and snapshots."""

import contextlib
import copy
import threading

from keystoneauth1 import loading
from keystoneauth1 import noauth
from manilaclient import api_versions
from manilaclient.v2 import client
from oslo_utils import uuidutils

from mogan_like.clients import keystone
from mogan_like.clients import manila_conf
from mogan_like.clients import manila_errors
from mogan_like.clients import manila_pages
from mogan_like.clients import manila_session
from mogan_like.common import clock
from mogan_like.common import exception
from mogan_like.common.config import CONF

GROUP = manila_conf.GROUP.name

# A token and a few connections each.
_SESSIONS = 200


class ProjectAuth(noauth.NoAuth):
    """For a Manila without Keystone, whose tokens are ``user:project``."""

    def __init__(self, user_id, project_id):
        super().__init__()
        self._token = f'{user_id}:{project_id}'

    def get_token(self, session):
        """The token that Manila's noauth reads user and project from."""
        return self._token


class Connections:
    """Sessions with Manila, one for each project, kept for their tokens.

    What is made belongs to the project of the token it is made with, so ours
    are for the project that it is made for: by a trust of a user, where ``ctx`` has
    one, else by a role of our own user there.
    """

    def __init__(self):
        manila_conf.register_opts(CONF)
        manila_conf.register_auth_opts(CONF)
        self._sessions = {}
        self._lock = threading.Lock()

    def connect(self, ctx):
        """:class:`Manila` as the project of ``ctx`` sees it.

        Its calls, and this one, end when nobody waits for them any more
        (``ctx.answer_by``).

        :raises MoganLikeError: as a call of :class:`Manila`
        """
        call = manila_session.Call(ctx.answer_by)
        with manila_errors.classified('answer for this project', call=call), call:
            session = self._get_session(ctx.user_id, ctx.project_id, ctx.trust_id)
            return Manila(_make_client(session), ctx.project_id, ctx.answer_by)

    def _get_session(self, *key):
        with self._lock:
            session = self._sessions.pop(key, None)
            if session is None:
                session = _make_session(*key)
            self._sessions[key] = session
            if len(self._sessions) > _SESSIONS:
                del self._sessions[next(iter(self._sessions))]
        return session


def _make_session(user_id, project_id, trust_id):
    section = CONF[GROUP].auth_section or GROUP
    loading.register_auth_conf_options(CONF, section)
    kind = CONF[section].auth_type
    if kind is None:
        raise exception.ShareServiceNotSetUp(reason=f'[{section}]auth_type is not set.')
    if kind == 'none':
        auth = ProjectAuth(user_id, project_id)
    elif trust_id is not None:
        auth = keystone.load_trust_auth(trust_id)
    else:
        known = {opt.dest for opt in loading.get_plugin_loader(kind).get_options()}
        scope = dict.fromkeys(known.intersection(manila_conf.SCOPE))
        if 'project_id' in scope:
            scope['project_id'] = project_id
        auth = loading.load_auth_from_conf_options(CONF, GROUP, **scope)
    return manila_session.load(GROUP, auth)


def _make_client(session):
    made = client.Client(
        session=session,
        service_type=CONF.manila.service_type,
        endpoint_type=CONF.manila.interface,
        region_name=CONF.manila.region_name,
        service_catalog_url=CONF.manila.endpoint_override,
        api_version=api_versions.APIVersion(CONF.manila.microversion),
        user_agent='mogan-like',
    )
    for manager in (made.shares, made.share_snapshots, made.share_access_rules):
        manager.completion_cache = manila_errors.no_completion_cache
    return made


class Manila:
    """Shares and snapshots as plain dicts, as Manila shows them to one project.

    Every method is one request, or one for each page.

    :param until: ``clock.monotonic()`` after which nobody waits for an answer,
        or None
    :raises ShareServiceUnavailable: may pass, or there was no time left; of a
        request that makes something nobody knows whether it did
    :raises ShareServiceNotFound: there is no such thing in this project
    :raises ShareQuotaExceeded: of the project
    :raises ShareServiceRefused: for good, with Manila's own words
    """

    def __init__(self, made, project_id, until=None):
        self._client = made
        self._project_id = project_id
        self._until = until

    def within(self, seconds):
        """The same, with calls that end after so many seconds from now."""
        made = copy.copy(self)
        until = clock.monotonic() + seconds
        made._until = until if self._until is None else min(until, self._until)
        return made

    def list_shares(self, **filters):
        """The project's shares, by their ids, page by page.

        One that is public is listed for its own project only.
        """
        wanted = {'project_id': self._project_id, 'is_public': False, **filters}
        shares = self._list_pages(
            'list shares', self._client.shares, wanted, return_raw=True
        )
        # In case that who we are may see more than was asked for.
        return (each for each in shares if each['project_id'] == self._project_id)

    def get_share(self, share_id):
        """One share of the project."""
        what = f'share {share_id}'
        # It may be anybody's word, and would become a part of a path.
        if not uuidutils.is_uuid_like(share_id):
            raise exception.ShareServiceNotFound(what=what)
        with self._asking(f'show {what}', what):
            share = self._client.shares.get(share_id, return_raw=True)
            if share['project_id'] != self._project_id:
                raise exception.ShareServiceNotFound(what=what)
        return share

    def create_share(self, **values):
        """A new share; values as manilaclient's ``shares.create``."""
        # Not found would be its type or network: a refusal, nothing is gone.
        with self._asking('create a share'):
            return self._client.shares.create(return_raw=True, **values)

    def revert_share(self, share_id, snapshot_id):
        """Begin to make a share what its newest snapshot is."""
        with self._asking(f'revert share {share_id}'):
            self._client.shares.revert_to_snapshot(share_id, snapshot_id)

    def delete_share(self, share_id):
        """Begin to delete a share."""
        what = f'share {share_id}'
        with self._asking(f'delete {what}', what):
            self._client.shares.delete(share_id)

    def force_delete_share(self, share_id):
        """Begin to delete a share in whatever status; for administrators."""
        what = f'share {share_id}'
        with self._asking(f'delete {what} by force', what):
            self._client.shares.force_delete(share_id)

    def list_access(self, share_id):
        """The access rules of a share."""
        what = f'share {share_id}'
        with self._asking(f'list the access rules of {what}', what):
            rules = self._client.share_access_rules.access_list(share_id)
            return [rule.to_dict() for rule in rules]

    def allow_access(self, share_id, rule):
        """Add an access rule: access_type, access_to, access_level."""
        with self._asking(f'allow access to share {share_id}'):
            self._client.shares.allow(
                share_id, rule['access_type'], rule['access_to'], rule['access_level']
            )

    def list_snapshots(self, share_id, **filters):
        """The snapshots of a share, page by page."""
        found = self._list_pages(
            f'list the snapshots of share {share_id}',
            self._client.share_snapshots,
            {'share_id': share_id, **filters},
        )
        return (each.to_dict() for each in found)

    def get_snapshot(self, snapshot_id):
        """One snapshot."""
        what = f'snapshot {snapshot_id}'
        with self._asking(f'show {what}', what):
            return self._client.share_snapshots.get(snapshot_id).to_dict()

    def create_snapshot(self, share_id, **values):
        """A new snapshot; values as manilaclient's ``share_snapshots.create``."""
        what = f'share {share_id}'
        with self._asking(f'create a snapshot of {what}', what):
            made = self._client.share_snapshots.create(share_id, **values)
            return made.to_dict()

    def delete_snapshot(self, snapshot_id):
        """Begin to delete a snapshot."""
        what = f'snapshot {snapshot_id}'
        with self._asking(f'delete {what}', what):
            self._client.share_snapshots.delete(snapshot_id)

    def force_delete_snapshot(self, snapshot_id):
        """Begin to delete a snapshot in whatever status; for administrators."""
        what = f'snapshot {snapshot_id}'
        with self._asking(f'delete {what} by force', what):
            self._client.share_snapshots.force_delete(snapshot_id)

    @contextlib.contextmanager
    def _asking(self, verb, what=None):
        call = manila_session.Call(self._until)
        with manila_errors.classified(verb, what, call=call), call:
            yield

    def _list_pages(self, verb, manager, wanted, **order):
        """Each once; see :mod:`.manila_pages`."""

        def read(offset, limit):
            search = {**wanted, 'limit': limit, 'offset': offset}
            with self._asking(verb):
                found = manager.list(
                    search_opts=search, sort_key='id', sort_dir='asc', **order
                )
                return {_get_id(each): each for each in found}

        return manila_pages.walk(read, CONF.manila.page_size)


def _get_id(found):
    return found['id'] if isinstance(found, dict) else found.id
