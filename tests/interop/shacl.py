"""SHACL shapes of a folder on a file, by pyshacl: the shapes of the profile, without those that look at the class of what is referred to, which
needs the code lists. Prints what is violated; exits 1 if anything is."""

import sys
from pathlib import Path

from pyshacl import validate
from rdflib import Graph
from rdflib.namespace import SH

# OPT and LBL say what is optional and what things are called; "aanbevolen" is recommended, "klassebereik" asks for the class of what is named
SHAPES = ["dcat-ap-SHACL.ttl", "dcat-ap-nl-SHACL.ttl"]


def shapes(folder: Path) -> Graph:
    graph = Graph()
    for name in SHAPES:
        graph.parse(folder / name)
    graph.remove((None, SH["class"], None))
    return graph


def main(folder: str, file: str) -> int:
    data = Graph().parse(file)
    conforms, _, text = validate(data, shacl_graph=shapes(Path(folder)), do_owl_imports=False)
    print(text if not conforms else f"{len(data)} statements conform")
    return 0 if conforms else 1


sys.exit(main(*sys.argv[1:]))
