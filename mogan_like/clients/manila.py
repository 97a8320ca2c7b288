"""Manila, through python-manilaclient: one project's shares and snapshots."""

import threading

from keystoneauth1 import loading
from keystoneauth1 import noauth
from manilaclient import api_versions
from manilaclient.v2 import client
from oslo_utils import uuidutils

from mogan_like.clients import keystone
from mogan_like.clients import manila_conf
from mogan_like.clients import manila_errors
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

        :raises MoganLikeError: as a call of :class:`Manila`
        """
        with manila_errors.classified('answer for this project'):
            session = self._get_session(ctx.user_id, ctx.project_id, ctx.trust_id)
            return Manila(_make_client(session), ctx.project_id)

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
    return loading.load_session_from_conf_options(CONF, GROUP, auth=auth)


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

    :raises ShareServiceUnavailable: may pass; of a request that makes something
        nobody knows whether it did
    :raises ShareServiceNotFound: there is no such thing in this project
    :raises ShareQuotaExceeded: of the project
    :raises ShareServiceRefused: for good, with Manila's own words
    """

    def __init__(self, made, project_id):
        self._client = made
        self._project_id = project_id

    def list_shares(self, **filters):
        """The project's shares, oldest first, page by page.

        One that is public is listed for its own project only.
        """
        wanted = {'project_id': self._project_id, 'is_public': False, **filters}
        order = {'sort_key': 'created_at', 'sort_dir': 'asc', 'return_raw': True}
        shares = self._list_pages('list shares', self._client.shares, wanted, **order)
        # In case that who we are may see more than was asked for.
        return (each for each in shares if each['project_id'] == self._project_id)

    def get_share(self, share_id):
        """One share of the project."""
        what = f'share {share_id}'
        # It may be anybody's word, and would become a part of a path.
        if not uuidutils.is_uuid_like(share_id):
            raise exception.ShareServiceNotFound(what=what)
        with manila_errors.classified(f'show {what}', what):
            share = self._client.shares.get(share_id, return_raw=True)
            if share['project_id'] != self._project_id:
                raise exception.ShareServiceNotFound(what=what)
        return share

    def create_share(self, **values):
        """A new share; values as manilaclient's ``shares.create``."""
        # Not found would be its type or network: a refusal, nothing is gone.
        with manila_errors.classified('create a share'):
            return self._client.shares.create(return_raw=True, **values)

    def revert_share(self, share_id, snapshot_id):
        """Begin to make a share what its newest snapshot is."""
        with manila_errors.classified(f'revert share {share_id}'):
            self._client.shares.revert_to_snapshot(share_id, snapshot_id)

    def list_access(self, share_id):
        """The access rules of a share."""
        what = f'share {share_id}'
        with manila_errors.classified(f'list the access rules of {what}', what):
            rules = self._client.share_access_rules.access_list(share_id)
            return [rule.to_dict() for rule in rules]

    def allow_access(self, share_id, rule):
        """Add an access rule: access_type, access_to, access_level."""
        with manila_errors.classified(f'allow access to share {share_id}'):
            self._client.shares.allow(
                share_id, rule['access_type'], rule['access_to'], rule['access_level']
            )

    def list_snapshots(self, share_id, **filters):
        """The snapshots of a share, page by page."""
        found = self._list_pages(
            f'list the snapshots of share {share_id}',
            self._client.share_snapshots,
            {'share_id': share_id, **filters},
            sort_key='id',
            sort_dir='asc',
        )
        return (each.to_dict() for each in found)

    def get_snapshot(self, snapshot_id):
        """One snapshot."""
        what = f'snapshot {snapshot_id}'
        with manila_errors.classified(f'show {what}', what):
            return self._client.share_snapshots.get(snapshot_id).to_dict()

    def create_snapshot(self, share_id, **values):
        """A new snapshot; values as manilaclient's ``share_snapshots.create``."""
        what = f'share {share_id}'
        with manila_errors.classified(f'create a snapshot of {what}', what):
            made = self._client.share_snapshots.create(share_id, **values)
            return made.to_dict()

    def delete_snapshot(self, snapshot_id):
        """Begin to delete a snapshot."""
        what = f'snapshot {snapshot_id}'
        with manila_errors.classified(f'delete {what}', what):
            self._client.share_snapshots.delete(snapshot_id)

    def force_delete_snapshot(self, snapshot_id):
        """Begin to delete a snapshot in whatever status; for administrators."""
        what = f'snapshot {snapshot_id}'
        with manila_errors.classified(f'delete {what} by force', what):
            self._client.share_snapshots.force_delete(snapshot_id)

    def _list_pages(self, verb, manager, wanted, **order):
        """Each once. Manila pages by counting: one deleted meanwhile moves the
        others, so each page begins with the last row of the page before."""
        size, seen, offset, last = CONF.manila.page_size, set(), 0, None
        while True:
            search = {**wanted, 'limit': size, 'offset': offset}
            with manila_errors.classified(verb):
                found = {
                    _get_id(each): each
                    for each in manager.list(search_opts=search, **order)
                }
            if last is not None and last != next(iter(found), None):
                offset, last = 0, None
                continue
            yield from (found[each] for each in found if each not in seen)
            seen.update(found)
            if len(found) < size:
                return
            offset, last = offset + size - 1, list(found)[-1]


def _get_id(found):
    return found['id'] if isinstance(found, dict) else found.id
