"""Draw a table of states, ``{(state, event): state}``, as SVG and as a list.

``.. state-diagram:: mogan_like.instances.states`` reads ``TRANSITIONS`` of that
module. The drawing is made here, so that no program has to be installed for it.
``:order:`` names states in the order of their places, clockwise from the left; those
that it does not name come after them.
"""

import collections
import html
import importlib
import math

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.parsers.rst import directives

WIDTH, HEIGHT = 900, 660
BOX_WIDTH, BOX_HEIGHT = 128, 34
#: How far an arrow leaves the straight line, as a part of its length.
BEND = 0.12
#: An event that leads from this many states to one is drawn without its name.
COMMON = 4
COLOUR, FAINT = '#2a4e68', '#b9c3cb'


class StateDiagram(Directive):
    """The directive: a drawing, what it leaves out in words, and the table."""

    required_arguments = 1
    option_spec = {'order': directives.unchanged}

    def run(self):
        """The nodes that take the directive's place on the page."""
        module = importlib.import_module(self.arguments[0])
        self.state.document.settings.env.note_dependency(module.__file__)
        table = module.TRANSITIONS
        order = self.options.get('order', '').split()
        drawing = nodes.raw('', draw(table, order), format='html')
        return [drawing, *map(explain, common_events(table)), listing(table)]


def common_events(table):
    """List of (event, target, sources) for events that many states share."""
    sources = collections.defaultdict(list)
    for (state, event), target in table.items():
        sources[event, target].append(state)
    return [
        (event, target, states)
        for (event, target), states in sources.items()
        if len(states) >= COMMON and event not in ('done', 'fail')
    ]


def draw(table, order=()):
    """The table as an ``<svg>`` element."""
    places = arrange(table, order)
    faint = {
        (state, event) for event, _, states in common_events(table) for state in states
    }
    edges = collections.defaultdict(list)
    for (state, event), target in table.items():
        if (state, event) not in faint:
            edges[state, target].append(event)
    lines = [
        arrow(places, state, table[state, event], '', faint=True)
        for state, event in sorted(faint)
    ]
    lines += [
        arrow(places, state, target, ', '.join(events))
        for (state, target), events in edges.items()
    ]
    boxes = [box(state, *place) for state, place in places.items()]
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" xmlns="http://www.w3.org/2000/svg" '
        f'role="img" aria-label="states" style="max-width: {WIDTH}px; '
        'font: 13px sans-serif">' + ''.join(lines + boxes) + '</svg>'
    )


def arrange(table, order=()):
    """``{state: (x, y)}``: a ring, clockwise from the left, the others after these.

    :raises ValueError: for a state that the table does not have
    """
    known = list(dict.fromkeys([key[0] for key in table] + list(table.values())))
    if unknown := set(order) - set(known):
        raise ValueError(f'the table has no {", ".join(sorted(unknown))}')
    states = list(dict.fromkeys([*order, *known]))
    places = {}
    for number, state in enumerate(states):
        angle = 2 * math.pi * number / len(states) - math.pi
        x = WIDTH / 2 + (WIDTH - BOX_WIDTH - 20) / 2 * math.cos(angle)
        y = HEIGHT / 2 + (HEIGHT - BOX_HEIGHT - 20) / 2 * math.sin(angle)
        places[state] = (x, y)
    return places


def box(state, x, y):
    """One state as SVG."""
    return (
        f'<rect x="{x - BOX_WIDTH / 2:.0f}" y="{y - BOX_HEIGHT / 2:.0f}" '
        f'width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="6" fill="#eef4f8" '
        f'stroke="{COLOUR}"/><text x="{x:.0f}" y="{y + 5:.0f}" '
        f'text-anchor="middle">{html.escape(state)}</text>'
    )


def arrow(places, start, end, label, faint=False):
    """One transition as SVG; there and back are bent away from each other."""
    if start == end:
        return ''
    (x1, y1), (x2, y2) = places[start], places[end]
    short = math.hypot(x2 - x1, y2 - y1) < 260
    middle = ((x1 + x2) / 2 - (y2 - y1) * BEND, (y1 + y2) / 2 + (x2 - x1) * BEND)
    curve = (leave(x1, y1, *middle), middle, leave(x2, y2, *middle))
    colour = FAINT if faint else COLOUR
    points = ' '.join(f'{x:.0f},{y:.0f}' for x, y in curve)
    path = f'<path d="M{points.replace(" ", " Q", 1)}" fill="none" stroke="{colour}"/>'
    # A label stands near the start, where arrows are still apart.
    place = point(curve, 0.5 if short else 0.36)
    return path + head(curve, colour) + (text(label, *place) if label else '')


def point(curve, along):
    """The point of a quadratic curve at ``along``, 0 to 1."""
    weights = ((1 - along) ** 2, 2 * along * (1 - along), along**2)
    return tuple(
        sum(weight * place[axis] for weight, place in zip(weights, curve, strict=True))
        for axis in (0, 1)
    )


def head(curve, colour):
    """The arrow's head as SVG."""
    (_, (cx, cy), (x, y)) = curve
    angle = math.degrees(math.atan2(y - cy, x - cx))
    return (
        f'<path d="M0,0 L-10,-4 L-10,4 z" fill="{colour}" '
        f'transform="translate({x:.0f},{y:.0f}) rotate({angle:.0f})"/>'
    )


def text(label, x, y):
    """An arrow's name on a white ground, as SVG."""
    width = 7 * len(label) + 4
    return (
        f'<rect x="{x - width / 2:.0f}" y="{y - 8:.0f}" width="{width}" '
        f'height="16" fill="white"/><text x="{x:.0f}" y="{y + 4:.0f}" '
        f'text-anchor="middle" fill="{COLOUR}">{html.escape(label)}</text>'
    )


def leave(x, y, towards_x, towards_y):
    """The point at which a line from a box's middle crosses its border."""
    dx, dy = towards_x - x, towards_y - y
    scale = min(
        (BOX_WIDTH / 2 + 2) / abs(dx) if dx else math.inf,
        (BOX_HEIGHT / 2 + 2) / abs(dy) if dy else math.inf,
    )
    return x + dx * scale, y + dy * scale


def explain(common):
    """A sentence for the arrows that are drawn without a name."""
    event, target, states = common
    others = ', '.join(state for state in states if state != target)
    return nodes.paragraph('', f'Pale arrows: {event} leads to {target} from {others}.')


def listing(table):
    """The table itself, for readers of text and for searches."""
    rows = [('State', 'Event', 'Next state')]
    rows += [(state, event, target) for (state, event), target in table.items()]
    group = nodes.tgroup('', cols=3)
    group += [nodes.colspec(colwidth=1) for _ in range(3)]
    group += nodes.thead('', row(rows[0]))
    group += nodes.tbody('', *map(row, rows[1:]))
    return nodes.table('', group)


def row(cells):
    """One row of a table."""
    entries = [nodes.entry('', nodes.paragraph('', cell)) for cell in cells]
    return nodes.row('', *entries)


def setup(app):
    """Tell Sphinx of the directive."""
    app.add_directive('state-diagram', StateDiagram)
    return {'version': '1', 'parallel_read_safe': True}
