"""How a keypair looks as Nova's."""

_WITH_TYPE = (2, 2)


def summarize(row, version):
    """A keypair of a list."""
    view = {name: row[name] for name in ('name', 'public_key', 'fingerprint')}
    if version >= _WITH_TYPE:
        view['type'] = row['type']
    return {'keypair': view}


def show(row, version):
    """One keypair; it is never changed, and one that is deleted is gone."""
    view = summarize(row, version)['keypair']
    view |= {
        'id': row['id'],
        'user_id': row['user_id'],
        'created_at': row['created_at'],
        'updated_at': None,
        'deleted': False,
        'deleted_at': None,
    }
    return {'keypair': view}


def show_created(row, version):
    """A new keypair, with the private half where it was made here."""
    view = summarize(row, version)['keypair'] | {'user_id': row['user_id']}
    if row.get('private_key'):
        view['private_key'] = row['private_key']
    return {'keypair': view}
