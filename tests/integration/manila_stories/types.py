"""Share types, networks, quotas and limits."""


def live(play):
    """A type from nothing to nothing."""
    demo, admin = play.client(), play.client('admin')
    name = f'type {play.project.name}'
    specs = {'snapshot_support': 'True', 'colour': 'red'}
    made = admin.share_types.create(name, False, extra_specs=specs, description='d')
    try:
        admin.share_types.get(made)
        demo.share_types.get(made)
        made.get_keys()
        made.set_keys({'revert_to_snapshot_support': 'True'})
        made.unset_keys(['colour'])
        play.refused(404, made.unset_keys, ['colour'])
        play.refused(403, made.unset_keys, ['driver_handles_share_servers'])
        play.refused(400, made.set_keys, {'snapshot_support': 'perhaps'})
        made.get_keys()
        demo.share_types.get(made)
        play.refused(403, demo.share_types.create, 'x', False)
        play.refused(403, demo.share_types.delete, made)
        play.refused(409, admin.share_types.create, name, False)
        share = demo.shares.create('NFS', 1, share_type=name)
        play.wait(lambda: demo.shares.get(share.id), 'available')
        demo.shares.get(share)
        play.refused(400, admin.share_types.delete, made)
        demo.shares.delete(share)
        play.wait(lambda: demo.shares.get(share.id), 'gone')
    finally:
        admin.share_types.delete(made)
    play.refused(404, admin.share_types.delete, made)
    play.refused(404, demo.share_types.get, made)
    play.refused(404, demo.shares.create, 'NFS', 1, share_type=name)
    play.refused(404, demo.shares.create, 'NFS', 1, share_type=made.id)


def default(play):
    """The type of who names none."""
    play.client().share_types.get()
    play.client('admin').share_types.get()
    for specs in ({}, {'driver_handles_share_servers': 'perhaps'}, {'x': ''}):
        body = {'share_type': {'name': 'x', 'extra_specs': specs}}
        play.send('POST', '/types', body, user='admin')
    play.send('POST', '/types', {'share_type': {'name': ''}}, user='admin')


def networks(play):
    """Networks of shares, without any network behind them."""
    demo = play.client()
    made = demo.share_networks.create(name='net', description='d')
    demo.share_networks.get(made)
    demo.share_networks.list()
    demo.share_networks.list(detailed=False)
    play.refused(404, play.client(project=play.other).share_networks.get, made)
    demo.share_networks.delete(made)
    play.refused(404, demo.share_networks.get, made)
    play.refused(404, demo.share_networks.delete, made)
    play.refused(404, demo.shares.create, 'NFS', 1, share_network=made)
