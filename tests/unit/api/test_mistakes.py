"""What is wrong with a controller stops the start, not a request."""

import unittest

from mogan_like.api import expose

NAME = {'type': 'object', 'properties': {'name': {'type': 'string'}}}


class TestMistakes(unittest.TestCase):
    def assert_stops(self, error, message, routes, **namespace):
        controller = type('C', (expose.Controller,), {'routes': routes, **namespace})
        with self.assertRaisesRegex(error, message):
            list(controller().make_endpoints())

    def test_a_parameter_without_a_type(self):
        @expose.route()
        def show(self, ctx, uuid):
            return None

        self.assert_stops(
            TypeError, 'uuid has no type', {'{uuid}': {'GET': 'show'}}, show=show
        )

    def test_a_parameter_that_the_handler_does_not_take(self):
        @expose.route()
        def show(self, ctx):
            return None

        self.assert_stops(TypeError, 'uuid', {'{uuid}': {'GET': 'show'}}, show=show)

    def test_a_body_without_a_schema(self):
        @expose.route()
        def create(self, ctx, body):
            return None

        self.assert_stops(
            TypeError, 'body has no type', {'': {'POST': 'create'}}, create=create
        )

    def test_a_schema_without_a_body(self):
        @expose.route(body=NAME)
        def create(self, ctx):
            return None

        self.assert_stops(TypeError, 'body', {'': {'POST': 'create'}}, create=create)

    def test_a_handler_that_is_none(self):
        self.assert_stops(AttributeError, 'gone', {'': {'GET': 'gone'}})
