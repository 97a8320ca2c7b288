"""Snapshots: made, listed, brought back."""


def _make_share(play, **values):
    shares = play.client().shares
    share = shares.create('NFS', 1, **{'name': 'source', **values})
    return play.wait(lambda: shares.get(share.id), 'available')


def _make_snapshot(play, share, **values):
    snapshots = play.client().share_snapshots
    made = snapshots.create(share, **{'name': 'point', **values})
    return play.wait(lambda: snapshots.get(made.id), 'available')


def live(play):
    """From nothing to nothing."""
    demo, admin = play.client(), play.client('admin')
    share = _make_share(play)
    snapshot = _make_snapshot(play, share, description='d', metadata={'k': 'v'})
    demo.share_snapshots.get(snapshot)
    admin.share_snapshots.get(snapshot)
    play.client('reader').share_snapshots.get(snapshot)
    stranger = play.client(project=play.other)
    play.refused(404, stranger.share_snapshots.get, snapshot)
    play.refused(404, stranger.share_snapshots.delete, snapshot)
    demo.share_snapshots.update(snapshot, display_name='n', display_description='x')
    play.refused(403, play.client('reader').share_snapshots.delete, snapshot)
    play.refused(403, demo.share_snapshots.force_delete, snapshot)
    play.refused(403, demo.share_snapshots.reset_state, snapshot, 'error')
    play.refused(403, demo.shares.delete, share)
    demo.share_snapshots.delete(snapshot)
    play.wait(lambda: demo.share_snapshots.get(snapshot.id), 'gone')
    play.refused(404, demo.share_snapshots.delete, snapshot)
    play.refused(404, admin.share_snapshots.force_delete, snapshot)
    play.refused(404, demo.share_snapshots.update, snapshot, display_name='n')
    demo.shares.delete(share)


def statuses(play):
    """What is refused in which status."""
    demo, admin = play.client(), play.client('admin')
    share = _make_share(play)
    snapshot = _make_snapshot(play, share)
    play.refused(400, admin.share_snapshots.reset_state, snapshot, 'frob')
    # One of a share that is there and can still not be set.
    play.refused(400, admin.shares.reset_state, share, 'reverting')
    for status in ('creating', 'deleting', 'restoring', 'error_deleting'):
        admin.share_snapshots.reset_state(snapshot, status)
        demo.share_snapshots.get(snapshot)
        play.refused(400, demo.share_snapshots.delete, snapshot)
        play.refused(400, demo.shares.create, 'NFS', 1, snapshot_id=snapshot.id)
    admin.share_snapshots.reset_state(snapshot, 'error')
    demo.share_snapshots.delete(snapshot)
    play.wait(lambda: demo.share_snapshots.get(snapshot.id), 'gone')


def force_delete(play):
    """An administrator removes one whatever its status is."""
    demo, admin = play.client(), play.client('admin')
    snapshot = _make_snapshot(play, _make_share(play))
    admin.share_snapshots.reset_state(snapshot, 'error_deleting')
    admin.share_snapshots.force_delete(snapshot)
    play.wait(lambda: demo.share_snapshots.get(snapshot.id), 'gone')


def refuse_to_make(play):
    """Bodies that are refused, and a share that has no snapshots."""
    share = _make_share(play)
    unknown = '4b53ba4a-7b2f-4b8a-bb1a-8a3a4ba0b1a5'
    for values in (
        {'share_id': unknown},
        {'name': 'n' * 256},
        {'description': 'd' * 256},
        {'metadata': {'k': 'v' * 1024}},
        {'metadata': {'': 'v'}},
    ):
        play.send('POST', '/snapshots', {'snapshot': {'share_id': share.id, **values}})
    play.send('POST', '/snapshots', {'snapshot': {'name': 'n'}})
    admin = play.client('admin')
    name = f'plain {play.project.name}'
    plain = admin.share_types.create(name, False, extra_specs={})
    try:
        refusing = _make_share(play, share_type=name)
        play.refused(422, play.client().share_snapshots.create, refusing)
        play.client().shares.delete(refusing)
        play.wait(lambda: play.client().shares.get(refusing.id), 'gone')
    finally:
        admin.share_types.delete(plain)


def find(play):
    """Lists: filters, order and pages."""
    demo, admin = play.client(), play.client('admin')
    share, second = _make_share(play), _make_share(play)
    for name in ('a', 'b', 'c'):
        _make_snapshot(play, share, name=f'point {name}')
    _make_snapshot(play, second, name='another')
    for options in (
        {'share_id': share.id, 'sort_key': 'name', 'sort_dir': 'asc'},
        {'share_id': second.id},
        {'name': 'point b'},
        {'name~': 'point', 'sort_key': 'name', 'sort_dir': 'desc'},
        {'status': 'available', 'limit': 2, 'sort_key': 'name', 'sort_dir': 'asc'},
        {'limit': 2, 'offset': 2, 'sort_key': 'name', 'sort_dir': 'asc'},
        {'offset': 2, 'sort_key': 'name', 'sort_dir': 'asc'},
        {'status': 'error'},
        {'with_count': True, 'limit': 1, 'sort_key': 'name', 'sort_dir': 'asc'},
        {'frob': '1', 'share_id': second.id},
    ):
        demo.share_snapshots.list(search_opts=dict(options))
    demo.share_snapshots.list(False, {'share_id': second.id})
    stranger = play.client(project=play.other)
    stranger.share_snapshots.list(search_opts={'all_tenants': 1})
    options = {'all_tenants': 1, 'project_id': play.project.id, 'sort_key': 'name'}
    admin.share_snapshots.list(search_opts=options)
    for query in ('limit=x', 'limit=-1', 'offset=x', 'limit=0'):
        play.send('GET', f'/snapshots/detail?{query}')


def share_from(play):
    """A new share from a snapshot, and what is refused."""
    demo = play.client()
    share = _make_share(play)
    snapshot = _make_snapshot(play, share)
    unknown = '4b53ba4a-7b2f-4b8a-bb1a-8a3a4ba0b1a5'
    for values in (
        {'share_network': unknown},
        {'share_type': 'revertible'},
        {'availability_zone': 'moon'},
    ):
        code = 404 if 'availability_zone' in values else 400
        play.refused(
            code, demo.shares.create, 'NFS', 1, snapshot_id=snapshot.id, **values
        )
    play.refused(404, demo.shares.create, 'NFS', 1, share_type=unknown)
    copy = demo.shares.create(
        'NFS', 2, snapshot_id=snapshot.id, name='copy', share_type=share.share_type
    )
    play.wait(lambda: demo.shares.get(copy.id), 'available')
    demo.shares.get(copy)
    demo.shares.list(search_opts={'snapshot_id': snapshot.id})
    old = play.client(version='2.53')
    second = old.shares.create('NFS', 1, snapshot_id=snapshot.id, name='second')
    play.wait(lambda: old.shares.get(second.id), 'available')
    demo.share_snapshots.delete(snapshot)
    play.wait(lambda: demo.share_snapshots.get(snapshot.id), 'gone')
    demo.shares.get(copy)


def smaller_than(play):
    """A share may not be smaller than the snapshot that it comes from."""
    demo = play.client()
    share = _make_share(play)
    shares = demo.shares
    large = shares.create('NFS', 3, name='large')
    play.wait(lambda: shares.get(large.id), 'available')
    snapshot = _make_snapshot(play, large)
    play.refused(400, shares.create, 'NFS', 2, snapshot_id=snapshot.id)
    play.refused(404, shares.create, 'NFS', 0, snapshot_id=share.id)
    shares.create('NFS', None, snapshot_id=snapshot.id, name='as large')


def type_without_copies(play):
    """Snapshots of a type that makes no shares of them."""
    demo, admin = play.client(), play.client('admin')
    name = f'stiff {play.project.name}'
    specs = {'snapshot_support': 'True'}
    stiff = admin.share_types.create(name, False, extra_specs=specs)
    try:
        share = _make_share(play, share_type=name)
        snapshot = _make_snapshot(play, share)
        play.refused(400, demo.shares.create, 'NFS', 1, snapshot_id=snapshot.id)
        demo.share_snapshots.delete(snapshot)
        play.wait(lambda: demo.share_snapshots.get(snapshot.id), 'gone')
        demo.shares.delete(share)
        play.wait(lambda: demo.shares.get(share.id), 'gone')
    finally:
        admin.share_types.delete(stiff)


def revert(play):
    """A share goes back to its newest snapshot, and to no other."""
    demo, admin = play.client(), play.client('admin')
    share = _make_share(play, share_type='revertible')
    first = _make_snapshot(play, share)
    second = _make_snapshot(play, share)
    plain = _make_share(play)
    foreign = _make_snapshot(play, plain)
    shares = demo.shares
    play.refused(409, shares.revert_to_snapshot, share, first.id)
    play.refused(400, shares.revert_to_snapshot, share, foreign.id)
    play.refused(400, shares.revert_to_snapshot, share, share.id)
    play.refused(400, shares.revert_to_snapshot, plain, foreign.id)
    play.refused(404, play.client(project=play.other).shares.get, share)
    play.send('POST', f'/shares/{share.id}/action', {'revert': {}})
    play.send('POST', f'/shares/{share.id}/action', {'revert': {'snapshot_id': 1}})
    admin.share_snapshots.reset_state(second, 'error')
    play.refused(409, shares.revert_to_snapshot, share, second.id)
    admin.share_snapshots.reset_state(second, 'available')
    # By hand: a revert may be over before it is asked for again.
    for status in ('error', 'migrating'):
        admin.shares.reset_state(share, status)
        play.refused(409, shares.revert_to_snapshot, share, second.id)
    play.refused(403, shares.delete, share)
    admin.shares.reset_state(share, 'available')
    shares.revert_to_snapshot(share, second.id)
    # In this order: the share is at rest a moment before its snapshot is.
    play.wait(lambda: demo.share_snapshots.get(second.id), 'available')
    play.wait(lambda: shares.get(share.id), 'available')
    demo.share_snapshots.delete(second)
    play.wait(lambda: demo.share_snapshots.get(second.id), 'gone')
    shares.revert_to_snapshot(share, first.id)
    play.wait(lambda: shares.get(share.id), 'available')
