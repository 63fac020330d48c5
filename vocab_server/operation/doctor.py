"""The check-up of a whole installation, in plain words."""

from collections.abc import Iterator
from dataclasses import dataclass

from vocab_server.config import Settings
from vocab_server.database import open_database
from vocab_server.operation.checkups import CHECKUPS, CheckUp, Patient, Problem

BROKEN = "Look at the message; when it tells you nothing, report it as a fault of vocab-server."


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of one check-up; ``looked`` is false when what it needs is not in order."""

    checkup: CheckUp
    problems: tuple[Problem, ...]
    looked: bool = True


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at everything, changing nothing; one finding for each row of CHECKUPS, in order."""
    engine = open_database(settings.database_url)
    patient, ill = Patient(settings, engine), set[str]()
    try:
        for checkup in CHECKUPS:
            looked = ill.isdisjoint(checkup.needs)
            problems = _problems(checkup, patient) if looked else ()
            if problems or not looked:
                ill.add(checkup.id)
            yield Finding(checkup, problems, looked)
    finally:
        engine.dispose()


def _problems(checkup: CheckUp, patient: Patient) -> tuple[Problem, ...]:
    try:
        return tuple(checkup.look(patient))
    except Exception as error:  # whatever is broken, the others are still looked at
        return (Problem(f"{checkup.title}: this could not be found out: {error}", BROKEN),)
