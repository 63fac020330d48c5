"""Records with named members, as JSON and XML have them, given to a table one by one."""

from collections.abc import Mapping

from vocab_server.quality.data.fault import whole
from vocab_server.quality.data.table import Looked, Row, Table


class Records:
    """The records of a file; those of each name are a table."""

    def __init__(self, looked: Looked) -> None:
        self._looked = looked
        self._tables: dict[str, Table] = {}
        self._numbers: dict[str, int] = {}

    def add(self, name: str, members: Mapping[str, str], line: int | None) -> None:
        """The next record: its members as texts, and the line where it begins."""
        members = {whole(member): whole(text) for member, text in members.items()}
        name = whole(name)
        table = self._tables.get(name)
        if table is None:
            table = self._tables[name] = self._looked.table(name)
            described = self._looked.described
            more = [names[0] for names in described.names] if described else []
            table.header(Row(0, list(dict.fromkeys([*members, *more])), line))
        number = self._numbers[name] = self._numbers.get(name, 0) + 1
        places = {table.column(member): text for member, text in members.items()}
        width = max(places, default=-1) + 1
        table.row(Row(number, [places.get(at, "") for at in range(width)], line))
