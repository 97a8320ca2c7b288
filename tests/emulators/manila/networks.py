"""Share networks, without any network behind them."""

from tests.emulators.manila import calls
from tests.emulators.manila import errors
from tests.emulators.manila import models

#: What nobody has told about the subnet.
_SUBNET = (
    'availability_zone',
    'updated_at',
    'segmentation_id',
    'neutron_net_id',
    'neutron_subnet_id',
    'ip_version',
    'cidr',
    'network_type',
    'mtu',
    'gateway',
)


def _show(call, network):
    view = {
        'id': network.id,
        'name': network.name,
        'project_id': network.project_id,
        'created_at': network.created_at,
        'updated_at': network.updated_at,
        'description': network.description,
    }
    subnet = dict.fromkeys(_SUBNET)
    if call.minor < 51:
        del subnet['availability_zone'], subnet['updated_at']
        newer = {'gateway': 18, 'mtu': 20}
        return view | {
            key: subnet[key] for key in subnet if newer.get(key, 0) <= call.minor
        }
    subnet.update(id=network.subnet_id, created_at=network.created_at)
    if call.minor >= 78:
        subnet['metadata'] = {}
    view['share_network_subnets'] = [subnet]
    if call.minor >= 63:
        view.update(status='active', security_service_update_support=True)
    if call.minor >= 70:
        view['network_allocation_update_support'] = True
    return view


def _list(call):
    mine = (each for each in call.state.networks.values() if call.identity.owns(each))
    return [each for each in mine if each.project_id == call.identity.project_id]


def list_summaries(call):
    """Names only."""
    views = [{'id': each.id, 'name': each.name} for each in _list(call)]
    return {'share_networks': views}


def list_details(call):
    """In full."""
    return {'share_networks': [_show(call, each) for each in _list(call)]}


def get(call, network_id):
    """One network."""
    found = call.state.find_network(call.identity, network_id)
    return {'share_network': _show(call, found)}


def create(call):
    """Make a network."""
    call.require_writer()
    values = call.read_entity('share_network')
    call.state.quotas.check_network(call.identity)
    made = models.Network(
        call.identity.project_id, values.get('name'), values.get('description')
    )
    call.state.add(call.state.networks, made)
    return {'share_network': _show(call, made)}


def delete(call, network_id):
    """Remove a network that no share is in."""
    call.require_writer()
    call.state.find_network(call.identity, network_id)
    used = [
        share
        for share in call.state.shares.values()
        if share.share_network_id == network_id
    ]
    if used:
        raise errors.Refused(
            409,
            f'Can not delete share network {network_id}, it has {len(used)} share(s).',
        )
    del call.state.networks[network_id]
    return calls.ACCEPTED
