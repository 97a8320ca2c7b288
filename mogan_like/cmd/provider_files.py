"""The files of providers that come with the service, for who has none yet."""

from pathlib import Path
import shutil
import sys
import tempfile

from mogan_like.common import exception

_BELOW = Path('etc', 'mogan_like', 'providers.d')
#: Where they are: in a checkout, and where pip puts them.
_PLACES = (Path(__file__).parents[2], Path(sys.prefix))


def copy(folder):
    """Copy them to a folder, unless it is there already: then it is the owner's.

    May be called by several processes at once, and again after one that was
    killed.

    :raises ConfigInvalid: when it cannot be written
    """
    target, shipped = Path(folder), _list_shipped()
    # An empty folder would stay empty when there are some one day.
    if target.exists() or not shipped:
        return
    unfinished = None
    try:
        # In one step, or else half of them would be taken for all.
        unfinished = Path(tempfile.mkdtemp(prefix=f'.{target.name}', dir=target.parent))
        for path in shipped:
            shutil.copyfile(path, unfinished / path.name)
        unfinished.rename(target)
    except OSError as error:
        if not target.exists():
            raise exception.ConfigInvalid(reason=f'{target}: {error}') from error
    finally:
        if unfinished is not None:
            shutil.rmtree(unfinished, ignore_errors=True)


def _list_shipped():
    for place in _PLACES:
        found = sorted((place / _BELOW).glob('*.conf'))
        if found:
            return found
    return []
