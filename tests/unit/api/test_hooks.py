"""The context of a request is what authentication wrote down, and no more."""

import unittest

from mogan_like.api import hooks


class TestMakeContext(unittest.TestCase):
    def test_everything_that_is_used(self):
        ctx = hooks.make_context({
            'HTTP_X_AUTH_TOKEN': 'token',
            'HTTP_X_USER_ID': 'u',
            'HTTP_X_USER_NAME': 'un',
            'HTTP_X_USER_DOMAIN_ID': 'ud',
            'HTTP_X_PROJECT_ID': 'p',
            'HTTP_X_PROJECT_NAME': 'pn',
            'HTTP_X_PROJECT_DOMAIN_ID': 'pd',
            'HTTP_X_ROLES': 'member,reader',
            'HTTP_OPENSTACK_SYSTEM_SCOPE': 'all',
            'openstack.request_id': 'req-1',
            'openstack.global_request_id': 'req-2',
        })  # fmt: skip
        self.assertEqual(
            ('token', 'u', 'un', 'ud', 'p', 'pn', 'pd', ['member', 'reader'], 'all'),
            (
                ctx.auth_token, ctx.user_id, ctx.user_name, ctx.user_domain_id,
                ctx.project_id, ctx.project_name, ctx.project_domain_id, ctx.roles,
                ctx.system_scope,
            ),
        )  # fmt: skip
        self.assertEqual(('req-1', 'req-2'), (ctx.request_id, ctx.global_request_id))
        self.assertEqual('user', ctx.cause)

    def test_nobody_is_nobody(self):
        ctx = hooks.make_context({})
        self.assertEqual((None, None, []), (ctx.user_id, ctx.project_id, ctx.roles))
        self.assertEqual([], hooks.make_context({'HTTP_X_ROLES': ''}).roles)

    def test_it_holds_what_oslo_context_would_have_found(self):
        environ = {
            'HTTP_X_USER_ID': 'u',
            'HTTP_X_PROJECT_ID': 'p',
            'HTTP_X_ROLES': 'a,b',
        }
        ours = hooks.make_context(environ)
        theirs = type(ours).from_environ(environ)
        self.assertEqual(dict(theirs.to_policy_values()), dict(ours.to_policy_values()))
