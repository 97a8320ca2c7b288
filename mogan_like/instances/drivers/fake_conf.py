"""Options of the fake driver, and the steps that they name."""

import dataclasses

from oslo_config import cfg
from oslo_config import types

GROUP = 'fake'

#: What the fake does to a machine, in this order.
STEPS = {
    'build': ('power_off', 'write_image', 'configure_network', 'power_on'),
    'rebuild': ('write_image', 'power_on'),
    'power': ('set_power',),
    'delete': ('power_off', 'wipe'),
}

_STEP_NAMES = frozenset(
    f'{verb}.{step}' for verb, steps in STEPS.items() for step in steps
)
_BARE_NAMES = frozenset(step for steps in STEPS.values() for step in steps)

KINDS = ('error', 'temporary', 'bug')


@dataclasses.dataclass(frozen=True)
class Failure:
    """One parsed item of ``fail_steps``.

    :ivar times: how often, counted from the first; None for always
    :ivar kind: one of ``KINDS``
    """

    step: str
    times: int | None
    kind: str


def parse_failure(text):
    """``step[:times|:always][:kind]`` as a :class:`Failure`.

    :raises ValueError: saying what is wrong
    """
    step, *rest = text.strip().split(':')
    if step not in _STEP_NAMES:
        raise ValueError(f'{step!r} is not one of {", ".join(_listed())}')
    kind = rest.pop() if rest and rest[-1] in KINDS else 'error'
    often = rest.pop(0) if rest else 'always'
    if rest or not (often == 'always' or often.isdecimal()):
        raise ValueError(
            f'{text!r} is not step[:times|:always][:kind] with a '
            f'kind of {", ".join(KINDS)}'
        )
    return Failure(step, None if often == 'always' else int(often), kind)


class _FailStep(types.String):
    """Stays text in the configuration, so that it can be written out again."""

    def __call__(self, value):
        text = super().__call__(value)
        parse_failure(text)
        return text


class _StepSeconds(types.Dict):
    """Refuses a step that does not exist: its seconds would never count."""

    def __init__(self):
        super().__init__(value_type=types.Float(min=0, max=86400))

    def __call__(self, value):
        seconds = super().__call__(value)
        for name in seconds:
            if name not in _STEP_NAMES | _BARE_NAMES:
                raise ValueError(
                    f'{name!r} is not one of {", ".join(_listed())}, or '
                    'the part after the dot'
                )
        return seconds


def _listed():
    return sorted(_STEP_NAMES)


_OPTS = [
    cfg.IntOpt(
        'nodes',
        default=4,
        min=0,
        max=1000000,
        help='Number of machines in the inventory.',
    ),
    cfg.StrOpt(
        'node_name_prefix',
        default='fake',
        help='Machines are named after it, a dash and a number from 0; their '
        'uuids follow from their names.',
    ),
    cfg.StrOpt(
        'resource_class', default='baremetal', help='Resource class of every machine.'
    ),
    cfg.DictOpt(
        'node_properties',
        default={
            'cpus': '16',
            'memory_mb': '65536',
            'local_gb': '960',
            'cpu_arch': 'x86_64',
        },
        help='Properties of every machine, matched against those of flavors.',
    ),
    cfg.Opt(
        'step_seconds',
        type=_StepSeconds(),
        default={},
        help='Seconds that a step takes, from 0 to 86400; 0 for those not '
        'named. A step is named alone (write_image:2.5) or with its verb '
        '(build.write_image:2.5), which goes first. Steps: '
        + ', '.join(_listed())
        + '.',
    ),
    cfg.ListOpt(
        'fail_steps',
        item_type=_FailStep(),
        default=[],
        help='Steps that fail, each as step[:times][:kind]. times is how '
        'often, counted from the first over all machines, or "always", '
        'the default. kind is "error" (the default, for good), '
        '"temporary" (the node is unreachable) or "bug" (an exception '
        'that no driver may raise). Example: build.write_image:1, '
        'delete.wipe:2:temporary. Steps: ' + ', '.join(_listed()) + '.',
    ),
    cfg.StrOpt(
        'state_dir',
        help='Directory that holds what the machines are like, one JSON file '
        'each, and a journal of what was done to them: shared by all '
        'conductors of a host, and kept when they end. Without it every '
        'driver object has machines of its own, in memory.',
    ),
]


def register_opts(conf):
    """Add the group to a configuration; twice is once."""
    conf.register_opts(_OPTS, group=GROUP)


def list_opts():
    """``[(group, options)]`` for the generated reference."""
    return [(GROUP, _OPTS)]
