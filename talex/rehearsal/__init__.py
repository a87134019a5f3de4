"""Rehearsal data: an invented conference, the same for the same seed, with the mess of real life.

    from talex.rehearsal import rehearse, export_files
    city = rehearse("city", seed=7)
    for talent in city.talents(): ...
    export_files(city, Path("out"), broken=True)

Pure Python without Django. Persons, firms, schools and the host city are invented; all mail
addresses lie in domains that RFC 2606 reserves. Nothing in the product may read from here what a
result should be.
"""

from .conference import DEFAULT_START, Rehearsal, rehearse
from .export import BrokenCell, ExportedFile, export_files
from .scales import GENERATOR_VERSION, SCALES, Scale

__all__ = [
    "DEFAULT_START",
    "GENERATOR_VERSION",
    "SCALES",
    "BrokenCell",
    "ExportedFile",
    "Rehearsal",
    "Scale",
    "export_files",
    "rehearse",
]
