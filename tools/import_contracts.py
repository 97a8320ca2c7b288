"""Contracts for lint-imports that its own kinds cannot say."""

from importlinter import Contract
from importlinter import ContractCheck
from importlinter import fields
from importlinter import output
from importlinter.domain import helpers


class PrivateContract(Contract):
    """Modules that only some others import directly, they themselves included.

    Unlike import-linter's ``protected`` a module may be missing (a library
    that nobody imports yet), and ``own_folder`` lets each wildcard match be
    used inside the folder it lies in.
    """

    type_name = 'private'

    modules = fields.ListField(subfield=fields.ModuleExpressionField())
    importers = fields.ListField(subfield=fields.ModuleExpressionField())
    own_folder = fields.BooleanField(required=False, default=False)

    def check(self, graph, verbose):
        """The imports that break the border, sorted, in the metadata."""
        allowed = self._with_descendants(graph, self.importers)
        broken = sorted(
            (importer, module)
            for root in self._present(graph, self.modules)
            for module in {root} | self._descendants(graph, root)
            for importer in graph.find_modules_that_directly_import(module)
            if importer not in allowed and not self._at_home(importer, root)
        )
        return ContractCheck(kept=not broken, metadata={'broken': broken})

    def render_broken_contract(self, check):
        """Print one line for each import that may not be."""
        for importer, module in check.metadata['broken']:
            output.print_error(f'{importer} may not import {module}', bold=False)

    def _at_home(self, importer, root):
        home = root.rpartition('.')[0] if self.own_folder else root
        return importer == home or importer.startswith(home + '.')

    def _with_descendants(self, graph, expressions):
        roots = self._present(graph, expressions)
        return roots.union(*(self._descendants(graph, root) for root in roots))

    @staticmethod
    def _present(graph, expressions):
        found = helpers.module_expressions_to_modules(graph, expressions)
        return {module.name for module in found if module.name in graph.modules}

    @staticmethod
    def _descendants(graph, module):
        # An external package is one squashed node without descendants.
        if graph.is_module_squashed(module):
            return set()
        return graph.find_descendants(module)
