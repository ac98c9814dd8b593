"""tree.py: the files below a folder, to compare or to search."""
import os


def paths_below(folder, without=()):
    """(name below @folder, path) of each file; not of those whose name begins with one of @without."""
    for inner, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(inner, name)
            short = os.path.relpath(path, folder)
            if not short.startswith(tuple(without)):
                yield short, path


def files_below(folder, without=()):
    """{name below @folder: bytes} of the regular files, also behind symlinks."""
    found = {}
    for name, path in paths_below(folder, without):
        if os.path.isfile(path):
            with open(path, "rb") as stream:
                found[name] = stream.read()
    return found
