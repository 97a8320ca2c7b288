"""A provider's file: sections of assignments that know their lines."""

import dataclasses

from oslo_config import iniparser


class ProviderFileError(Exception):
    """What is wrong, with file and line."""

    def __init__(self, path, line, reason):
        super().__init__(f'{path}:{line}: {reason}')


@dataclasses.dataclass(frozen=True)
class Assignment:
    """One line ``key = value``."""

    key: str
    value: str
    line: int


@dataclasses.dataclass
class Section:
    """What is below one ``[name]``.

    :ivar line: of its name
    """

    path: str
    name: str
    line: int
    assignments: list

    def get_all(self, key):
        """The assignments of a key that may be repeated."""
        return [each for each in self.assignments if each.key == key]

    def get(self, key, default=None):
        """The value of a key.

        :raises ProviderFileError: when it is there twice
        """
        found = self.get_all(key)
        if len(found) > 1:
            raise self.blame(found[1], f'{key} is set twice.')
        return found[0].value if found else default

    def demand(self, key):
        """The value of a key that must be there.

        :raises ProviderFileError: when it is not
        """
        value = self.get(key)
        if not value:
            raise self.blame(self, f'[{self.name}]{key} is not set.')
        return value

    def check_keys(self, known):
        """See that there are no others.

        :raises ProviderFileError: naming the first one
        """
        for each in self.assignments:
            if each.key not in known:
                names = ', '.join(sorted(known)) or 'none'
                reason = f'[{self.name}] has no option {each.key}; it has: {names}.'
                raise self.blame(each, reason)

    def read_options(self, options):
        """{name: value} of oslo.config options that are set here.

        :raises ProviderFileError: for a value that is not of the option's type,
            an option that is not known, and one that is required and not set
        """
        by_name = {option.name: option for option in options}
        self.check_keys(by_name)
        for option in options:
            if option.required:
                self.demand(option.name)
        return {
            by_name[each.key].dest: self._convert(by_name[each.key], each)
            for each in self.assignments
        }

    def blame(self, where, reason):
        """The error for an assignment, or for the section itself."""
        return ProviderFileError(self.path, where.line, reason)

    def _convert(self, option, assignment):
        self.get(assignment.key)
        try:
            return option.type(assignment.value)
        except ValueError as error:
            reason = f'[{self.name}]{assignment.key}: {error}'
            raise self.blame(assignment, reason) from error


class _Parser(iniparser.BaseParser):
    def __init__(self, path):
        self.sections = {}
        self._path = path
        self._section = None
        self._line = 0

    def new_section(self, section):
        if section in self.sections:
            raise ProviderFileError(
                self._path, self.lineno, f'[{section}] is there twice.'
            )
        self._section = Section(str(self._path), section, self.lineno, [])
        self.sections[section] = self._section

    def assignment(self, key, value):
        if self._section is None:
            raise ProviderFileError(
                self._path,
                self._line,
                f'{key} is in no section; begin with [provider].',
            )
        joined = '\n'.join(value).strip()
        self._section.assignments.append(Assignment(key, joined, self._line))

    def _split_key_value(self, line):
        # Told of the assignment only when the next one begins.
        self._line = self.lineno
        return super()._split_key_value(line)


def read(path):
    """{name: :class:`Section`} of a file.

    :raises ProviderFileError: naming the line that cannot be read
    """
    parser = _Parser(path)
    try:
        with open(path, encoding='utf-8') as lines:
            parser.parse(lines)
    except iniparser.ParseError as error:
        raise ProviderFileError(path, error.lineno, f'{error.msg}.') from error
    except (OSError, UnicodeError) as error:
        raise ProviderFileError(path, parser.lineno + 1, str(error)) from error
    return parser.sections
