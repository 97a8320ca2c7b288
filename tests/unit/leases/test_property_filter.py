"""Property filters: Blazar's words, bounded, and never another error than 400."""

import decimal
import json
import operator
import unittest

import hypothesis
from hypothesis import strategies as st

from mogan_like.common import exception
from mogan_like.leases.plugins import property_filter

HOST = {
    'gpu': 'true',
    'memory_mb': '65536',
    'local_gb': '960',
    'rack': 'b9',
    'speed': '2.50',
    'empty': '',
}

_NAMES = st.sampled_from([*HOST, 'absent'])
_VALUES = st.one_of(
    st.sampled_from(list(HOST.values())),
    st.text(max_size=5),
    st.integers(-10, 100000),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.booleans(),
)
_COMPARE = {
    '=': operator.eq,
    '==': operator.eq,
    '!=': operator.ne,
    '<': operator.lt,
    '<=': operator.le,
    '>': operator.gt,
    '>=': operator.ge,
}
_CONDITIONS = st.one_of(
    st.builds(
        lambda word, name, value: [word, f'${name}', value],
        st.sampled_from(list(_COMPARE)),
        _NAMES,
        _VALUES,
    ),
    st.builds(
        lambda name, values: ['in', f'${name}', *values],
        _NAMES,
        st.lists(_VALUES, min_size=1, max_size=3),
    ),
)
_TREES = st.recursive(
    _CONDITIONS,
    lambda parts: st.builds(
        lambda word, some: [word, *some],
        st.sampled_from(['and', 'or']),
        st.lists(parts, min_size=1, max_size=3),
    ),
    max_leaves=10,
)
#: What JSON can say, filters or not.
_JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=8),
        st.sampled_from(['and', 'or', '=', 'in', '<', '$gpu', '$']),
    ),
    lambda parts: st.lists(parts, max_size=4) | st.dictionaries(st.text(), parts),
    max_leaves=20,
)


def matches(tree, properties=None):
    """Whether a filter accepts the host."""
    text = tree if isinstance(tree, str) else json.dumps(tree)
    accept = property_filter.parse('resource_properties', text)
    return accept(HOST if properties is None else properties)


def expect(tree):
    """The same, word for word from what the page says."""
    word, *rest = tree
    if word == 'and':
        return all(expect(part) for part in rest)
    if word == 'or':
        return any(expect(part) for part in rest)
    name, *values = rest
    if name[1:] not in HOST:
        return False
    compare = operator.eq if word == 'in' else _COMPARE[word]
    return any(_compare(compare, HOST[name[1:]], value) for value in values)


def _compare(compare, found, value):
    if isinstance(value, bool):
        value = 'true' if value else 'false'
    if isinstance(value, float):
        value = f'{decimal.Decimal(repr(value)):f}'
    value = str(value)
    if _is_number(found) and _is_number(value):
        return compare(decimal.Decimal(found), decimal.Decimal(value))
    return compare(found, value)


def _is_number(text):
    if not text.isascii() or set(text) - set('+-.0123456789'):
        return False
    # decimal takes .5 and 5. too, which are no numbers in JSON either.
    digits = text.lstrip('+-').split('.')
    return (
        len(text) - len(text.lstrip('+-')) <= 1
        and len(digits) <= 2
        and all(part.isdigit() and len(part) <= 40 for part in digits)
    )


#: A machine that has much to do makes few examples in a second.
_PATIENT = hypothesis.settings(
    deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)


class FilterTest(unittest.TestCase):
    def refuse(self, tree):
        """The message of the refusal."""
        with self.assertRaises(exception.InvalidParameter) as caught:
            matches(tree)
        message = str(caught.exception)
        self.assertTrue(message.startswith('Invalid value for resource_properties: '))
        return message

    @_PATIENT
    @hypothesis.given(_TREES)
    def test_as_the_page_says(self, tree):
        self.assertEqual(expect(tree), matches(tree), tree)

    @_PATIENT
    @hypothesis.given(st.text(max_size=30) | _JSON.map(json.dumps))
    def test_whatever_comes_is_a_filter_or_is_refused(self, text):
        try:
            accepts = property_filter.parse('resource_properties', text)
        except exception.InvalidParameter:
            return
        for properties in (HOST, {}):
            self.assertIn(accepts(properties), (True, False))

    def test_nothing_wanted_is_all_hosts(self):
        for text in ('', '  ', '[]'):
            self.assertTrue(matches(text, {}))

    def test_numbers_are_compared_as_numbers(self):
        self.assertTrue(matches(['>', '$memory_mb', '9000']))
        self.assertTrue(matches(['=', '$speed', '2.5']))
        self.assertTrue(matches(['<', '$memory_mb', 1e16]))
        self.assertFalse(matches(['<', '$local_gb', '1_000']))

    def test_all_else_is_compared_as_text(self):
        self.assertTrue(matches(['=', '$gpu', True]))
        self.assertFalse(matches(['=', '$gpu', 'True']))
        self.assertTrue(matches(['<', '$rack', 'c10']))

    def test_a_property_that_is_not_there_meets_nothing(self):
        for word in (*_COMPARE, 'in'):
            self.assertFalse(matches([word, '$absent', 'x']))

    def test_the_refusal_says_where(self):
        nested = ['and', ['=', '$gpu', 'true'], ['or', ['~', '$gpu', 'x']]]
        message = self.refuse(nested)
        self.assertIn('at [2][1][0]: ~ is no operator; there are: =, ==', message)
        for tree, where in (
            ({}, 'at the beginning: an array'),
            (['and'], 'at the beginning: and of nothing'),
            (['and', 5], 'at [1]: an array'),
            ([['=']], 'at [0]: an operator is wanted'),
            (['=', 'gpu', 'x'], 'at [1]: a property such as "$gpu"'),
            (['=', '$', 'x'], 'at [1]: a property'),
            (['=', '$gpu'], 'at the beginning: = takes a property and a value'),
            (['=', '$gpu', 'a', 'b'], '= takes a property and a value'),
            (['in', '$gpu'], 'in takes a property and a value'),
            (['=', '$gpu', None], 'at [2]: text or a number'),
            ('["=", "$gpu"', 'it is not JSON: '),
        ):
            self.assertIn(where, self.refuse(tree))

    def test_bounds(self):
        deep = ['=', '$gpu', 'true']
        for _ in range(property_filter.MAX_DEPTH - 1):
            deep = ['and', deep]
        self.assertTrue(matches(deep))
        self.assertIn('nested deeper than', self.refuse(['and', deep]))
        many = [['=', '$a', 1]] * property_filter.MAX_CONDITIONS
        matches(['or', *many])
        self.assertIn('more than', self.refuse(['or', *many, *many[:1]]))
        self.assertIn('longer than', self.refuse(' ' * 4097))
        self.assertIn('not JSON', self.refuse('[' * 4096))
