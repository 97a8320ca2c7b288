"""Pages that show commands and what these print: read, compared, written anew."""

import dataclasses
import re

_BLOCK = re.compile(r'(\.\. code-block:: console\n\n)((?:(?:   .*)?\n)+)')
_PROMPT = '$ '
_UUID = re.compile(r'[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}')
#: Others each time, and of the same length.
_TIME = re.compile(r'\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{6})?')


@dataclasses.dataclass
class Shown:
    """A command as a page shows it, and what it printed."""

    command: str
    output: str


class StandIns:
    """What in a page stands for what in a run: ids, and what else is known.

    :param known: {in the page: in this run}
    """

    def __init__(self, known):
        self.real = dict(known)

    def put_in(self, text):
        """The page's text with what it is in this run."""
        for shown, real in self.real.items():
            text = text.replace(shown, real)
        return text

    def learn(self, shown, real):
        """See in what was printed which ids stand for which."""
        pairs = zip(_UUID.findall(shown), _UUID.findall(real), strict=False)
        self.real.update(pairs)

    def take_out(self, text):
        """The text of this run with what stands for it in the page."""
        for shown, real in self.real.items():
            text = text.replace(real, shown)
        return text


def is_same(shown, real):
    """Whether two outputs differ in what is another one each time only."""
    return _blur(shown) == _blur(real)


def _blur(text):
    seen = {}
    text = _TIME.sub(lambda found: 't' * len(found.group()), text)
    return _UUID.sub(
        lambda found: f'{seen.setdefault(found.group(), len(seen)):036}', text
    )


def read(text):
    """[[Shown, ...], ...]: the commands of each block of a page."""
    return [_read_block(found.group(2)) for found in _BLOCK.finditer(text)]


def write(text, blocks):
    """The page with other commands and outputs in its blocks."""
    left = iter(blocks)

    def show(found):
        block = next(left)
        if not block:
            return found.group()
        lines = [
            line
            for each in block
            for line in (_PROMPT + each.command).splitlines() + each.output.splitlines()
        ]
        body = '\n'.join(f'   {line}'.rstrip() for line in lines)
        return f'{found.group(1)}{body}\n' + _find_gap(found.group(2))

    return _BLOCK.sub(show, text)


def _find_gap(body):
    """The empty lines that a block ends with."""
    return '\n' * (len(body) - len(body.rstrip('\n')) - 1)


def _read_block(body):
    shown, is_open = [], False
    for line in body.rstrip().splitlines():
        line = line[3:]
        if line.startswith(_PROMPT):
            shown.append(Shown(line.removeprefix(_PROMPT), ''))
            is_open = line.endswith('\\')
        elif is_open:
            shown[-1].command += f'\n{line}'
            is_open = line.endswith('\\')
        elif shown:
            shown[-1].output += f'{line}\n'
    return shown
