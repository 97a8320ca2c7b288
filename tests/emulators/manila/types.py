"""Share types and their extra specs."""

from tests.emulators.manila import calls
from tests.emulators.manila import errors
from tests.emulators.manila import models

_REQUIRED = 'driver_handles_share_servers'
#: Extra specs that everybody sees.
_VISIBLE = (
    _REQUIRED,
    'snapshot_support',
    'replication_type',
    'availability_zones',
    *models.FLAGS[1:],
)


def _show(call, share_type, required=None):
    specs = dict(share_type.extra_specs)
    if not call.identity.is_admin:
        specs = {key: specs[key] for key in specs if key in _VISIBLE}
        if call.minor >= 24:
            for name in models.FLAGS if call.minor >= 99 else models.FLAGS[:-1]:
                specs.setdefault(name, False)
    prefix = 'share_type_access' if call.minor >= 7 else 'os-share-type-access'
    view = {
        'id': share_type.id,
        'name': share_type.name,
        'extra_specs': specs,
        'required_extra_specs': required
        or {_REQUIRED: share_type.extra_specs[_REQUIRED]},
        f'{prefix}:is_public': share_type.is_public,
    }
    if call.minor >= 41:
        view['description'] = share_type.description
    if call.minor >= 46:
        view['is_default'] = share_type.name == models.DEFAULT_TYPE
    return view


def _show_one(call, share_type, required=None):
    view = _show(call, share_type, required)
    return {'volume_type': view, 'share_type': view}


def list_types(call):
    """Those that may be used."""
    everything = call.identity.is_admin and call.query.get('is_public') == 'all'
    views = [
        _show(call, each)
        for each in call.state.types.values()
        if each.is_public or everything
    ]
    return {'volume_types': views, 'share_types': views}


def _find(call, type_id, message='Share type not found.'):
    found = call.state.types.get(type_id)
    if found is None:
        raise errors.not_found(message)
    return found


def get(call, type_id):
    """One type."""
    return _show_one(call, _find(call, type_id))


def get_default(call):
    """The type of shares that name none."""
    found = call.state.find_type(models.DEFAULT_TYPE)
    if found is None:
        raise errors.not_found('Default share type not found')
    return _show_one(call, found)


def create(call):
    """Make a type."""
    call.require_admin()
    name = 'volume_type' if 'volume_type' in (call.body or {}) else 'share_type'
    values = call.read_entity(name, code=400)
    if not values.get('name') or len(values['name']) > 255:
        raise errors.bad('Type name or description is not valid.')
    specs = dict(values.get('extra_specs') or {})
    if call.minor < 24:
        specs.setdefault('snapshot_support', 'True')
    required = _check_specs(specs)
    if call.state.find_type(values['name']):
        raise errors.Refused(409, f'Share Type {values["name"]} already exists.')
    public = values.get('os-share-type-access:is_public', True)
    public = values.get('share_type_access:is_public', public)
    specs = {key: str(value) for key, value in specs.items()}
    made = models.ShareType(values['name'], specs, public, values.get('description'))
    return _show_one(call, call.state.add(call.state.types, made), required)


def delete(call, type_id):
    """Remove a type that no share has."""
    call.require_admin()
    found = _find(call, type_id, None)
    if any(share.type is found for share in call.state.shares.values()):
        raise errors.bad('Target share type is still in use.')
    del call.state.types[type_id]
    return calls.ACCEPTED


def list_specs(call, type_id):
    """All extra specs of a type."""
    call.require_admin()
    return {'extra_specs': _find(call, type_id).extra_specs}


def set_specs(call, type_id):
    """Set extra specs; the others stay."""
    call.require_admin()
    specs = call.read_entity('extra_specs', code=400)
    found = _find(call, type_id)
    _check_flags(specs, lambda name, value: errors.bad())
    found.extra_specs.update({key: str(value) for key, value in specs.items()})
    return {'extra_specs': specs}


def unset_spec(call, type_id, key):
    """Remove an extra spec."""
    call.require_admin()
    specs = _find(call, type_id).extra_specs
    if key == _REQUIRED:
        raise errors.forbidden(f"Extra spec '{key}' can't be deleted.")
    if key not in specs:
        raise errors.not_found(
            f'Share Type {type_id} has no extra specs with key {key}.'
        )
    del specs[key]
    return calls.ACCEPTED


def _check_specs(specs):
    """The required extra specs, as they were sent."""
    if _REQUIRED not in specs:
        raise errors.bad(
            f"Invalid extra_spec: Required extra specs '{_REQUIRED}' not specified."
        )

    def refuse(name, _value):
        kind = 'required' if name == _REQUIRED else 'optional'
        text = f'Value of {kind} extra_spec {name} is not valid.'
        return errors.bad(f'Invalid extra_spec: {text}')

    _check_flags(specs, refuse)
    return {_REQUIRED: specs[_REQUIRED]}


def _check_flags(specs, refuse):
    for name in (_REQUIRED, *models.FLAGS):
        if name in specs:
            try:
                models.parse_flag(specs[name])
            except ValueError:
                raise refuse(name, specs[name]) from None
