"""Rules that say who may use a share."""


def _make_share(play, proto='NFS'):
    shares = play.client().shares
    share = shares.create(proto, 1, name='used')
    return play.wait(lambda: shares.get(share.id), 'available')


def live(play):
    """From nothing to nothing."""
    demo = play.client()
    share = _make_share(play)
    rules = demo.share_access_rules
    rules.access_list(share)
    rule = demo.shares.allow(share, 'ip', '10.0.0.1', 'rw', metadata={'k': 'v'})
    play.wait(lambda: rules.get(rule['id']), 'active', field='state')
    rules.get(rule['id'])
    second = demo.shares.allow(share, 'ip', '10.0.1.0/24', 'ro')
    play.wait(lambda: rules.get(second['id']), 'active', field='state')
    rules.access_list(share)
    rules.access_list(share, {'access_level': 'ro'})
    play.refused(400, demo.shares.allow, share, 'ip', '10.0.0.1', 'rw')
    play.refused(400, demo.shares.allow, share, 'ip', '10.0.0.1', 'ro')
    stranger = play.client(project=play.other)
    play.refused(404, stranger.share_access_rules.get, rule['id'])
    play.refused(400, stranger.share_access_rules.access_list, share)
    play.client('reader').share_access_rules.access_list(share)
    play.refused(403, play.client('reader').shares.deny, share, rule['id'])
    demo.shares.deny(share, rule['id'])
    play.wait(lambda: rules.get(rule['id']), 'gone', field='state')
    play.refused(404, demo.shares.deny, share, rule['id'])
    rules.access_list(share)
    demo.shares.delete(share)
    play.wait(lambda: demo.shares.get(share.id), 'gone')
    play.refused(404, rules.get, second['id'])
    play.refused(400, rules.access_list, share)


def refuse(play):
    """Rules that are refused."""
    share = _make_share(play)
    for values in (
        {'access_type': 'frob', 'access_to': 'x'},
        {'access_type': 'ip', 'access_to': 'x'},
        {'access_type': 'ip', 'access_to': '10.0.0.0/33'},
        {'access_type': 'user', 'access_to': 'x'},
        {'access_type': 'cert', 'access_to': ''},
        {'access_type': 'ip', 'access_to': '10.0.0.1', 'access_level': 'all'},
        {'access_type': 'ip', 'access_to': '10.0.0.1', 'metadata': {'': ''}},
    ):
        action = {'allow_access': values}
        play.send('POST', f'/shares/{share.id}/action', action)
    unknown = '4b53ba4a-7b2f-4b8a-bb1a-8a3a4ba0b1a5'
    demo = play.client()
    play.refused(404, demo.share_access_rules.get, unknown)
    play.refused(404, demo.shares.deny, share, unknown)
    play.send('GET', '/share-access-rules')
    play.client('admin').shares.reset_state(share, 'creating')
    play.refused(400, demo.shares.allow, share, 'ip', '10.0.0.1', 'rw')


def fail(play):
    """A rule that the driver cannot apply."""
    demo = play.client()
    share = _make_share(play)
    rules = demo.share_access_rules
    rule = demo.shares.allow(share, 'user', 'somebody', 'rw')
    # The share's status follows that of the rule.
    play.wait(lambda: demo.shares.get(share.id), 'error', field='access_rules_status')
    play.wait(lambda: rules.get(rule['id']), 'error', field='state')
    rules.get(rule['id'])
    demo.shares.get(share)
    demo.shares.deny(share, rule['id'])
    play.wait(lambda: demo.shares.get(share.id), 'active', field='access_rules_status')
    play.wait(lambda: rules.get(rule['id']), 'gone', field='state')


def before_rules_had_states(play):
    """The list of rules as an action, and states as they were called."""
    newer = play.client()
    share = _make_share(play, 'CIFS')
    old = play.client(version='2.26')
    rule = old.shares.allow(share, 'user', 'somebody', 'ro')
    play.wait(lambda: newer.share_access_rules.get(rule['id']), 'active', field='state')
    for version in ('2.7', '2.21', '2.27', '2.28', '2.33', '2.44'):
        play.client(version=version).shares.access_list(share)
    play.send('POST', f'/shares/{share.id}/action', {'access_list': None})
