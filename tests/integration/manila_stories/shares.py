"""Shares: made, listed, changed, removed."""

from manilaclient import api_versions


def live(play):
    """From nothing to nothing."""
    demo, admin = play.client(), play.client('admin')
    share = demo.shares.create(
        'NFS', 1, name='one', description='the first', metadata={'k': 'v'}
    )
    play.wait(lambda: demo.shares.get(share.id), 'available')
    demo.shares.get(share)
    admin.shares.get(share)
    locations = demo.share_export_locations.list(share)
    demo.share_export_locations.get(share, locations[0])
    play.refused(404, demo.share_export_locations.get, share, share.id)
    demo.shares.update(share, display_name='two', display_description='renamed')
    demo.shares.delete(share)
    play.wait(lambda: demo.shares.get(share.id), 'gone')
    play.refused(404, demo.shares.delete, share)
    play.refused(404, demo.shares.update, share, display_name='x')
    play.refused(404, admin.shares.force_delete, share)
    play.refused(404, admin.shares.reset_state, share, 'error')
    play.refused(404, demo.share_export_locations.list, share)
    play.refused(404, demo.shares.allow, share, 'ip', '10.0.0.1', 'rw')
    play.refused(404, demo.shares.revert_to_snapshot, share, share.id)


def refuse_to_make(play):
    """Bodies that are refused."""
    good = {'share_proto': 'NFS', 'size': 1, 'share_type': 'default'}
    unknown = '4b53ba4a-7b2f-4b8a-bb1a-8a3a4ba0b1a5'
    for values in (
        {'size': 0},
        {'size': -1},
        {'size': 'much'},
        {'size': None},
        {'share_proto': 'AFS'},
        {'share_proto': ''},
        {'share_type': unknown},
        {'share_type': 'unknown'},
        {'share_network_id': unknown},
        {'snapshot_id': unknown},
        {'availability_zone': 'moon'},
        {'share_group_id': unknown},
        {'name': 'n' * 256},
        {'description': 'd' * 256},
        {'metadata': {'': 'v'}},
        {'metadata': {'k': 'v' * 1024}},
        {'metadata': {'k' * 256: 'v'}},
        {'metadata': []},
        {'is_public': True},
    ):
        play.send('POST', '/shares', {'share': {**good, **values}})
    for missing in ('size', 'share_proto'):
        share = {key: good[key] for key in good if key != missing}
        play.send('POST', '/shares', {'share': share})


def find(play):
    """Lists: filters, order, pages, and whose."""
    demo, admin = play.client(), play.client('admin')
    other = play.client('demo', project=play.other)
    made = []
    for name in ('a', 'b', 'c', 'd', 'e'):
        proto = 'CIFS' if name == 'e' else 'NFS'
        made.append(demo.shares.create(proto, 1, name=f'share {name}'))
        play.wait(lambda: demo.shares.get(made[-1].id), 'available')
    foreign = other.shares.create('NFS', 2, name='foreign')
    play.wait(lambda: other.shares.get(foreign.id), 'available')
    for options in (
        {},
        {'name': 'share b'},
        {'name~': 'share'},
        {'status': 'available'},
        {'status': 'error'},
        {'limit': 2},
        {'limit': 2, 'offset': 2},
        {'limit': 2, 'offset': 4},
        {'offset': 3},
        {'limit': 10},
        {'with_count': True},
        {'with_count': True, 'limit': 2},
        {'project_id': play.other.id},
        {'all_tenants': 1},
        {'metadata': {'no': 'such'}},
    ):
        demo.shares.list(search_opts=dict(options))
    demo.shares.list(detailed=False, sort_key='name', sort_dir='asc')
    demo.shares.list(sort_key='created_at', sort_dir='asc')
    for project in (play.project, play.other):
        admin.shares.list(search_opts={'all_tenants': 1, 'project_id': project.id})
    admin.shares.list(search_opts={'project_id': play.other.id})
    for query in ('limit=x', 'limit=-1', 'offset=x', 'offset=-1', 'limit=0'):
        play.send('GET', f'/shares?{query}')
    for query in ('sort_dir=up', 'sort_key=frob', 'with_count=frob', 'frob=1'):
        play.send('GET', f'/shares?{query}')


def pages_while_deleting(play):
    """An offset counts what is there when it is asked for."""
    demo = play.client()
    shares = [demo.shares.create('NFS', 1, name=f'{n}') for n in range(4)]
    for share in shares:
        play.wait(lambda share=share: demo.shares.get(share.id), 'available')
    options = {'limit': 2, 'sort_key': 'created_at', 'sort_dir': 'asc'}
    demo.shares.list(search_opts=dict(options))
    demo.shares.delete(shares[3])
    play.wait(lambda: demo.shares.get(shares[3].id), 'gone')
    demo.shares.list(search_opts={**options, 'offset': 2})


def permissions(play):
    """What who may do."""
    demo, admin = play.client(), play.client('admin')
    reader = play.client('reader')
    stranger = play.client('demo', project=play.other)
    share = demo.shares.create('NFS', 1, name='mine')
    play.wait(lambda: demo.shares.get(share.id), 'available')
    reader.shares.get(share)
    reader.shares.list()
    play.refused(403, reader.shares.create, 'NFS', 1)
    play.refused(403, reader.shares.delete, share)
    play.refused(403, reader.share_snapshots.create, share)
    play.refused(403, reader.shares.allow, share, 'ip', '10.0.0.1', 'rw')
    play.refused(403, demo.shares.force_delete, share)
    play.refused(403, demo.shares.reset_state, share, 'error')
    for call in (stranger.shares.get, stranger.shares.delete):
        play.refused(404, call, share)
    play.refused(404, stranger.share_snapshots.create, share)
    admin.shares.reset_state(share, 'error')
    play.refused(400, admin.shares.reset_state, share, 'frob')
    demo.shares.get(share)
    play.refused(400, demo.share_snapshots.create, share)
    play.refused(400, demo.share_snapshots.create, share, force=True)
    admin.shares.reset_state(share, 'migrating')
    demo.shares.get(share)
    play.refused(403, demo.shares.delete, share)
    admin.shares.force_delete(share)
    play.wait(lambda: demo.shares.get(share.id), 'gone')


def old_actions(play):
    """Names that actions had before 2.7."""
    old = play.client(version='2.6')
    admin = play.client('admin', version='2.6')
    share = old.shares.create('NFS', 1, name='old')
    play.wait(lambda: old.shares.get(share.id), 'available')
    rule = old.shares.allow(share, 'ip', '10.0.0.1', 'rw')
    play.wait(
        lambda: play.client(version='2.60').share_access_rules.get(rule['id']),
        'active',
        field='state',
    )
    old.shares.access_list(share)
    old.shares.deny(share, rule['id'])
    snapshot = old.share_snapshots.create(share, name='old')
    play.wait(lambda: old.share_snapshots.get(snapshot.id), 'available')
    admin.share_snapshots.reset_state(snapshot, 'error')
    admin.share_snapshots.force_delete(snapshot)
    play.wait(lambda: old.share_snapshots.get(snapshot.id), 'gone')
    admin.shares.reset_state(share, 'error')
    admin.shares.force_delete(share)
    play.wait(lambda: old.shares.get(share.id), 'gone')
    assert old.api_version == api_versions.APIVersion('2.6')
