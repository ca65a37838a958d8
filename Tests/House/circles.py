#!/usr/bin/env python3
"""Finds circles of files inside each target, in the compiler's index of a debug build.

    circles.py [--arrows] [TARGET ...]

A file points at another where it names what the other defines; an extension file (Type+Aspect.swift) counts as one with
Type.swift. Ends with 1 where a circle has more than three of them. --arrows shows what ties a circle together.
"""

import argparse
import collections
import ctypes
import os
import pathlib
import shutil
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
LARGEST = 3

# Numbers of indexstore.h.
DECLARATION, DEFINITION, REFERENCE, IMPLICIT = 1, 2, 4, 1 << 8
RECORD = 2


class Text(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("length", ctypes.c_size_t)]

    def __str__(self):
        return ctypes.string_at(self.data, self.length).decode() if self.data else ""


class Index:
    """What libIndexStore says about the files under Sources."""

    def __init__(self, library, store):
        self.library = ctypes.CDLL(str(library))
        self.store = self.call("store_create", ctypes.c_void_p, str(store).encode(), None)
        if not self.store:
            sys.exit(f"{store}: can't read the index; run `swift build` first")

    def call(self, name, result, *arguments):
        function = getattr(self.library, "indexstore_" + name)
        function.restype = result
        return function(*(ctypes.c_void_p(a) if isinstance(a, int) and a > 1 << 31 else a for a in arguments))

    def apply(self, name, argument_type, body, *arguments):
        """Calls `body` with each thing that an `_apply_f` function hands over."""
        callback = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p, argument_type)
        self.call(name, ctypes.c_bool, *arguments, None, callback(lambda _, value: body(value) or True))

    def units(self):
        """The target and the newest record of each source file."""
        names = []
        self.apply("store_units_apply_f", Text, lambda name: names.append(str(name)), self.store, 0)
        folder = next(STORE.glob("*/units"))
        names.sort(key=lambda name: (folder / name).stat().st_mtime)
        files = {}
        for name in names:
            unit = self.call("unit_reader_create", ctypes.c_void_p, self.store, name.encode(), None)
            path = pathlib.Path(os.path.realpath(str(self.call("unit_reader_get_main_file", Text, unit))))
            if not path.is_relative_to(ROOT / "Sources") or not path.exists():
                continue
            target = str(self.call("unit_reader_get_module_name", Text, unit))

            def note(dependency):
                if self.call("unit_dependency_get_kind", ctypes.c_int, dependency) == RECORD:
                    files[path] = (target, str(self.call("unit_dependency_get_name", Text, dependency)))

            self.apply("unit_reader_dependencies_apply_f", ctypes.c_void_p, note, unit)
        return files

    def names(self, record):
        """What a file defines, and what it refers to with the name for people: unique names of symbols."""
        defined, referred = set(), []
        reader = self.call("record_reader_create", ctypes.c_void_p, self.store, record.encode(), None)

        def note(occurrence):
            roles = self.call("occurrence_get_roles", ctypes.c_uint64, occurrence)
            if roles & IMPLICIT:
                return
            symbol = self.call("occurrence_get_symbol", ctypes.c_void_p, occurrence)
            key = str(self.call("symbol_get_usr", Text, symbol))
            if roles & (DECLARATION | DEFINITION):
                defined.add(key)
            elif roles & REFERENCE:
                referred.append((key, str(self.call("symbol_get_name", Text, symbol))))

        self.apply("record_reader_occurrences_apply_f", ctypes.c_void_p, note, reader)
        self.call("record_reader_dispose", None, reader)
        return defined, referred


def circles(arrows):
    """Tarjan's strongly connected components of more than one node. Source: Tarjan 1972, doi:10.1137/0201010."""
    index, low, stack, found = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in arrows[node]:
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            circle = stack[stack.index(node):]
            del stack[stack.index(node):]
            if len(circle) > 1:
                found.append(sorted(circle))

    for node in list(arrows):
        if node not in index:
            visit(node)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    parser.add_argument("--arrows", action="store_true", help="show what ties each circle together")
    options = parser.parse_args()
    sys.setrecursionlimit(10_000)
    compiler = pathlib.Path(shutil.which("swiftc") or sys.exit("no Swift toolchain on the PATH")).resolve()
    index = Index(compiler.parent.parent / "lib" / "libIndexStore.so", STORE)
    files = index.units()
    if not files:
        sys.exit(f"{STORE}: no file of Sources is in the index; run `swift build` first")

    # The file of a type's extensions is the type's.
    types = {(target, path.stem): path for path, (target, _) in files.items()}
    node = {path: types.get((target, path.stem.split("+")[0]), path) for path, (target, _) in files.items()}
    names = {path: index.names(record) for path, (_, record) in files.items()}
    home = {key: path for path, (defined, _) in names.items() for key in defined}
    ties = collections.defaultdict(lambda: collections.defaultdict(collections.Counter))
    for path, (_, referred) in names.items():
        for key, name in referred:
            other = home.get(key)
            if other and files[other][0] == files[path][0] and node[other] != node[path]:
                ties[files[path][0]][node[path], node[other]][name] += 1

    largest = 0
    for target in sorted(options.targets or ties):
        arrows = collections.defaultdict(set)
        for source, destination in ties[target]:
            arrows[source].add(destination)
        for circle in sorted(circles(arrows), key=len, reverse=True):
            largest = max(largest, len(circle))
            print(f"{target}: {len(circle)} files: {', '.join(path.stem for path in circle)}")
            if options.arrows:
                for (source, destination), counts in sorted(ties[target].items()):
                    if source in circle and destination in circle:
                        print(f"  {source.stem} -> {destination.stem}: {', '.join(n for n, _ in counts.most_common(4))}")
    print(f"the largest circle has {largest} files, {LARGEST} are allowed")
    return 0 if largest <= LARGEST else 1


STORE = ROOT / ".build" / "debug" / "index" / "store"

if __name__ == "__main__":
    sys.exit(main())
