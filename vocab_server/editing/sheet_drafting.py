"""From the edits of a spreadsheet to a draft: looked at first, then one change of a new draft."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from rdflib import URIRef

from vocab_server.database.drafts import Draft
from vocab_server.editing.curating import Desk
from vocab_server.editing.drafts import Drafts
from vocab_server.editing.sheet_acting import Solution, solve
from vocab_server.editing.sheet_edits import Edits
from vocab_server.editing.sheet_merge import Choice, Conflict, Plan, make_plan
from vocab_server.editing.sheet_rows import Remark
from vocab_server.errors import ConflictError, InvalidError
from vocab_server.rdf.change import Change
from vocab_server.skos.acts.curation import Curation


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of the conflicts, by the address of the cell; ``rest`` of those not named."""

    choices: Mapping[str, Choice]
    rest: Choice | None = None

    def open_in(self, plan: Plan) -> tuple[Conflict, ...]:
        """The conflicts that nobody has decided."""
        if self.rest is not None:
            return ()
        return tuple(each for each in plan.conflicts if each.address not in self.choices)


UNDECIDED = Decision({})


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be done as things are now."""

    edits: Edits
    plan: Plan
    solution: Solution

    @property
    def problems(self) -> tuple[Remark, ...]:
        """What cannot be done, by cell: it is left out."""
        return (*self.plan.problems, *self.solution.problems)


def preview(
    curation: Curation,
    edits: Edits,
    languages: Collection[str],
    decision: Decision = UNDECIDED,
) -> Preview:
    """What the edits do to a vocabulary as it is now; what nobody decided is left out."""
    plan = make_plan(
        curation.store, curation.graph, edits, languages, decision.choices, decision.rest
    )
    return Preview(edits, plan, solve(curation, plan))


@dataclass(frozen=True, slots=True)
class Drafting:
    """Makes drafts; ``curate`` gives a vocabulary as published into the hands of its curator."""

    drafts: Drafts
    desk: Callable[[Draft], Desk]
    curate: Callable[[URIRef], Curation]

    def make(
        self,
        graph: URIRef,
        edits: Edits,
        languages: Collection[str],
        decision: Decision,
        *,
        title: str,
        author: str,
    ) -> Draft:
        """A new draft with what the edits do as one change of it.

        Raises ConflictError, with the concepts, while a conflict is not decided, and InvalidError
        when there is nothing to do; then there is no draft.
        """
        self._worked_out(self.curate(graph), edits, languages, decision)
        draft = self.drafts.begin(graph, title, "", author)

        def way(curation: Curation) -> Change:
            return self._worked_out(curation, edits, languages, decision)

        details = {"kind": "spreadsheet", "file": edits.file}
        self.desk(draft).make(way, author, edits.file, details)
        return draft

    def _worked_out(
        self, curation: Curation, edits: Edits, languages: Collection[str], decision: Decision
    ) -> Change:
        found = preview(curation, edits, languages, decision)
        left = decision.open_in(found.plan)
        if left:
            raise ConflictError(
                "Choose what becomes of the cell %(address)s: it was changed here too.",
                concepts=tuple(sorted({conflict.iri for conflict in left})),
                address=left[0].address,
            )
        if not found.solution.change:
            raise InvalidError("There is nothing in the file that can be changed now.")
        return found.solution.change
