"""Negotiation of versions, and what is no call of the API."""


def negotiate(play):
    """The documents of versions, and versions that are not there."""
    play.send('GET', '/', user=None, version=None)
    play.send('GET', '', user=None)
    for path in ('', '/'):
        play.send('GET', path, version=None)
        play.send('GET', path)
    play.client().services.server_api_version()
    for version in ('2.0', '2.27', '2.999', '1.0', '3.0', 'latest', '2'):
        play.send('GET', '/limits', version=version)
    play.send('GET', '/limits', version=None)
    experimental = {'X-OpenStack-Manila-API-Experimental': 'true'}
    play.send('GET', '/types/default', **experimental)


def no_such_call(play):
    """Paths, methods, actions and bodies that are none."""
    share = play.client().shares.create('NFS', 1, name='here')
    play.wait(lambda: play.client().shares.get(share.id), 'available')
    path = f'/shares/{share.id}'
    for method, where, body in (
        ('GET', '/frobs', None),
        ('PATCH', path, {}),
        ('PUT', '/shares', {}),
        ('POST', f'{path}/action', {'frob': {}}),
        ('POST', f'{path}/action', {}),
        ('POST', f'{path}/action', {'revert': {}, 'extend': {}}),
        ('POST', f'{path}/action', '{'),
        ('POST', '/shares', '{'),
        ('POST', '/shares', '[]'),
        ('POST', '/shares', {}),
        ('POST', '/shares', {'share': []}),
        ('POST', '/snapshots', {'snapshot': None}),
        ('PUT', path, {}),
        # Actions and paths of versions before this one.
        ('POST', f'{path}/action', {'os-force_delete': None}),
        ('GET', '/os-quota-sets/x', None),
    ):
        play.send(method, where, body)
    play.send('POST', '/shares', '{}', **{'Content-Type': 'text/plain'})


def tokens(play):
    """No token, a bad one, and another project in the path."""
    play.send('GET', '/shares', user=None)
    play.send('GET', '/shares', user=None, **{'X-Auth-Token': 'bad'})
    for project in (play.project, play.other):
        play.send('GET', f'/{project.id}/shares', version='2.50')
        play.send('GET', f'/{project.id}/shares')


#: noun: the microversions that begin to show or do something else
CHANGES = {
    'share': (2, 5, 6, 9, 10, 11, 16, 24, 27, 31, 32, 54, 69, 80, 90, 99),
    'location': (9, 14, 87),
    'snapshot': (12, 17, 73),
    'type': (7, 24, 41, 46, 99),
    'rule': (45,),
    'rules': (7, 21, 28, 33, 45),
    'network': (51, 63, 70, 78),
    'quota': (7, 40, 53, 62, 80, 90),
    'use': (7, 25, 40),
    'limits': (53, 58, 80),
}


def every_change(play):
    """One of each, read before and after each change of microversions."""
    demo = play.client()
    share = demo.shares.create('NFS', 1, name='many', metadata={'a': 'b'})
    play.wait(lambda: demo.shares.get(share.id), 'available')
    snapshot = demo.share_snapshots.create(share.id, name='of many')
    play.wait(lambda: demo.share_snapshots.get(snapshot.id), 'available')
    rule = demo.shares.allow(share.id, 'ip', '10.0.0.1', 'rw')
    play.wait(lambda: demo.share_access_rules.get(rule['id']), 'active', field='state')
    network = demo.share_networks.create(name='of many')
    paths = {
        'share': f'/shares/{share.id}',
        'location': f'/shares/{share.id}/export_locations',
        'snapshot': f'/snapshots/{snapshot.id}',
        'type': '/types/default',
        'rule': f'/share-access-rules/{rule["id"]}',
        'rules': f'/shares/{share.id}/action',
        'network': f'/share-networks/{network.id}',
        'quota': f'/quota-sets/{play.project.id}',
        'use': f'/quota-sets/{play.project.id}/detail',
        'limits': '/limits',
    }
    for noun, changes in CHANGES.items():
        for minor in sorted({each - 1 for each in changes} | set(changes)):
            path, method, body = paths[noun], 'GET', None
            if noun == 'quota' and minor < 7:
                path = path.replace('quota-sets', 'os-quota-sets')
            if noun == 'rules':
                name = 'os-access_list' if minor < 7 else 'access_list'
                method, body = 'POST', {name: None}
            play.send(method, path, body, version=f'2.{minor}')
