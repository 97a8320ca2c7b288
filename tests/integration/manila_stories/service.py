"""All that this service asks of Manila, asked by its own client."""

from mogan_like.clients import manila
from mogan_like.clients import manila_conf
from mogan_like.common import exception
from mogan_like.common.config import CONF
from mogan_like.protection.plugins.manila_share_snapshot import marks

_RULE = {'access_type': 'ip', 'access_to': '10.0.0.1', 'access_level': 'ro'}
_UNKNOWN = '4b53ba4a-7b2f-4b8a-bb1a-8a3a4ba0b1a5'
#: Of the client's methods, those that ask nothing.
_SILENT = {'within'}


class _Watched:
    """The service's client, which keeps the names of what it was called for.

    :param called: the names
    """

    def __init__(self, play, user, called):
        manila_conf.register_opts(CONF)
        made = play.client(user, CONF.manila.microversion)
        self._manila = manila.Manila(made, play.project.id)
        self._called = called

    def __getattr__(self, name):
        self._called.add(name)
        return getattr(self._manila, name)


def every_call(play):
    """Each of its calls, where it is carried out and where it is refused."""
    called = set()
    demo, admin = (_Watched(play, user, called) for user in ('demo', 'admin'))
    source = _make_share(play, demo)
    _set_rules(play, demo, source)
    snapshot = _make_snapshot(play, demo, source)
    _restore(play, demo, source, snapshot)
    _force(play, demo, admin, source, snapshot)
    _refuse(demo)
    missing = {
        name for name in vars(manila.Manila) if not name.startswith('_')
    } - called
    assert missing == _SILENT, f'{missing - _SILENT} are not in this story'


def _make_share(play, demo):
    share = demo.create_share(
        share_proto='NFS',
        size=1,
        share_type='revertible',
        name='source',
        description='d',
        metadata={'k': 'v'},
    )
    _wait_for_share(play, share)
    demo.get_share(share['id'])
    list(demo.list_shares())
    return share['id']


def _set_rules(play, demo, share_id):
    demo.list_access(share_id)
    demo.allow_access(share_id, _RULE)
    rules = play.client().share_access_rules
    (rule,) = demo.list_access(share_id)
    play.wait(lambda: rules.get(rule['id']), 'active', field='state')
    demo.list_access(share_id)
    _expect(exception.ShareServiceRefused, demo.allow_access, share_id, _RULE)


def _make_snapshot(play, demo, share_id):
    mark = {marks.CHECKPOINT: _UNKNOWN}
    snapshot = demo.create_snapshot(
        share_id, name='point', description='d', force=True, metadata=mark
    )
    _wait_for_snapshot(play, snapshot)
    demo.get_snapshot(snapshot['id'])
    list(demo.list_snapshots(share_id))
    assert marks.find_snapshots(demo, share_id, _UNKNOWN)
    assert not marks.find_snapshots(demo, share_id, share_id)
    return snapshot['id']


def _restore(play, demo, share_id, snapshot_id):
    """Into a new share, and in place."""
    source = demo.get_share(share_id)
    copy = demo.create_share(
        share_proto=source['share_proto'],
        size=source['size'],
        share_type=source['share_type'],
        share_network=source['share_network_id'],
        snapshot_id=snapshot_id,
        name='copy',
        description=None,
        metadata={marks.RESTORE: _UNKNOWN},
    )
    _wait_for_share(play, copy)
    (found,) = marks.find_shares(demo, snapshot_id, _UNKNOWN)
    assert found['id'] == copy['id']
    demo.delete_share(copy['id'])
    _wait_for_share(play, copy, 'gone')
    demo.revert_share(share_id, snapshot_id)
    # In this order: the share is at rest a moment before its snapshot is.
    _wait_for_snapshot(play, {'id': snapshot_id})
    _wait_for_share(play, source)


def _force(play, demo, admin, share_id, snapshot_id):
    """What is stuck goes by force; whoever may not is told."""
    share, snapshot = {'id': share_id}, {'id': snapshot_id}
    _expect(exception.ShareServiceRefused, demo.delete_share, share_id)
    reset = play.client('admin')
    reset.share_snapshots.reset_state(snapshot_id, 'error_deleting')
    for call in (demo.delete_snapshot, demo.force_delete_snapshot):
        _expect(exception.ShareServiceRefused, call, snapshot_id)
    admin.force_delete_snapshot(snapshot_id)
    _wait_for_snapshot(play, snapshot, 'gone')
    other = demo.create_snapshot(share_id, name='other', force=False)
    _wait_for_snapshot(play, other)
    demo.delete_snapshot(other['id'])
    _wait_for_snapshot(play, other, 'gone')
    reset.shares.reset_state(share_id, 'error_deleting')
    _expect(exception.ShareServiceRefused, demo.force_delete_share, share_id)
    admin.force_delete_share(share_id)
    _wait_for_share(play, share, 'gone')


def _refuse(demo):
    """Nothing is there any more."""
    for call in (
        demo.get_share,
        demo.delete_share,
        demo.list_access,
        demo.create_snapshot,
        demo.get_snapshot,
        demo.delete_snapshot,
    ):
        _expect(exception.MoganLikeError, call, _UNKNOWN)
    _expect(exception.ShareServiceRefused, demo.allow_access, _UNKNOWN, _RULE)
    _expect(exception.ShareServiceRefused, demo.revert_share, _UNKNOWN, _UNKNOWN)
    values = {'share_proto': 'NFS', 'size': 1}
    for bad in (
        {'snapshot_id': _UNKNOWN},
        {'share_type': _UNKNOWN},
        {'share_network': _UNKNOWN},
    ):
        _expect(exception.ShareServiceRefused, demo.create_share, **values, **bad)
    list(demo.list_shares(snapshot_id=_UNKNOWN))
    list(demo.list_snapshots(_UNKNOWN))


def _expect(error, call, *args, **values):
    try:
        call(*args, **values)
    except error:
        return
    raise AssertionError(f'{args} and {values} were not refused')


def _wait_for_share(play, share, *ends):
    shares = play.client().shares
    play.wait(lambda: shares.get(share['id']), *(ends or ('available',)))


def _wait_for_snapshot(play, snapshot, *ends):
    snapshots = play.client().share_snapshots
    play.wait(lambda: snapshots.get(snapshot['id']), *(ends or ('available',)))
