"""Quotas, and what happens when they are used up."""

import types


def show_and_set(play):
    """Reading and changing them."""
    demo, admin = play.client(), play.client('admin')
    project = play.project.id
    demo.quotas.get(project)
    demo.quotas.get(project, detail=True)
    demo.quotas.defaults(project)
    demo.limits.get()
    admin.quotas.update(project, shares=3, snapshots=2, gigabytes=20)
    demo.quotas.get(project)
    admin.quotas.update(project, user_id='somebody', shares=2)
    demo.quotas.get(project, user_id='somebody')
    admin.quotas.update(project, share_type='default', shares=1)
    demo.quotas.get(project, share_type='default')
    play.refused(404, demo.quotas.get, project, share_type='unknown')
    play.refused(403, demo.quotas.get, play.other.id)
    play.refused(403, demo.quotas.update, project, shares=9)
    play.refused(403, demo.quotas.delete, project)
    path = f'/quota-sets/{project}'
    for values in ({}, {'shares': -2}, {'shares': 'x'}, {'frobs': 1}):
        play.send('PUT', path, {'quota_set': values}, user='admin')
    admin.quotas.delete(project)
    demo.quotas.get(project)


def exceed(play):
    """More than the quota says, of everything."""
    demo, admin = play.client(), play.client('admin')
    project = play.project.id
    share = demo.shares.create('NFS', 2, name='first')
    play.wait(lambda: demo.shares.get(share.id), 'available')
    for limits in (
        {'shares': 1, 'snapshots': 0},
        {'shares': -1, 'gigabytes': 2, 'snapshots': 5, 'snapshot_gigabytes': 1},
        {'gigabytes': -1, 'per_share_gigabytes': 1},
    ):
        admin.quotas.update(project, **limits)
        play.refused(413, demo.shares.create, 'NFS', 2)
        if 'snapshots' in limits:
            play.refused(413, demo.share_snapshots.create, share)
    play.send(
        'PUT', f'/quota-sets/{project}', {'quota_set': {'shares': 0}}, user='admin'
    )
    # Not deleted: Manila forgets with them what is used.
    admin.quotas.update(project, gigabytes=10, per_share_gigabytes=-1)
    play.refused(400, admin.quotas.update, project, gigabytes=1)
    admin.quotas.update(project, gigabytes=-1, snapshot_gigabytes=-1)
    snapshot = demo.share_snapshots.create(share)
    play.wait(lambda: demo.share_snapshots.get(snapshot.id), 'available')
    demo.quotas.get(project, detail=True)
    demo.limits.get()
    demo.share_snapshots.delete(snapshot)
    play.wait(lambda: demo.share_snapshots.get(snapshot.id), 'gone')

    def count():
        used = demo.quotas.get(project, detail=True).snapshots['in_use']
        return types.SimpleNamespace(status=str(used))

    # It is counted a moment after the snapshot is gone.
    play.wait(count, '0', compared=False)
    demo.quotas.get(project, detail=True)
