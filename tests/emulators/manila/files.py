"""The bytes: a directory for each share and each snapshot."""

import pathlib
import shutil


class Files:
    """Directories below one directory.

    :param root: it; made when it is not there
    """

    def __init__(self, root):
        self.root = pathlib.Path(root)
        for kind in ('shares', 'snapshots'):
            (self.root / kind).mkdir(parents=True, exist_ok=True)

    def make_share(self, share_id):
        """An empty directory; its path."""
        path = self.root / 'shares' / share_id
        path.mkdir()
        return str(path)

    def take_snapshot(self, path, snapshot_id):
        """A copy of a share's directory as it is now; its path."""
        target = self.root / 'snapshots' / snapshot_id
        shutil.copytree(path, target, symlinks=True)
        return str(target)

    def bring_back(self, source, path):
        """Make a share's directory what a snapshot's is.

        In place, for whoever has it mounted.

        :raises OSError: when the snapshot's directory is gone
        """
        copy = pathlib.Path(f'{path}.new')
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(source, copy, symlinks=True)
        for old in pathlib.Path(path).iterdir():
            if old.is_dir() and not old.is_symlink():
                shutil.rmtree(old)
            else:
                old.unlink()
        for new in copy.iterdir():
            new.rename(pathlib.Path(path) / new.name)
        copy.rmdir()

    @staticmethod
    def remove(path):
        """Remove a directory, if there is one."""
        if path:
            shutil.rmtree(path, ignore_errors=True)
