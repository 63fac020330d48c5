"""Log lines on standard error: text for people, or JSON for programs, each with its request.

Nothing of a person is logged: no address, no name, no query, and of a path only the pattern.
"""

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
FIELDS = "vocab_server_fields"  # of a record: what programs read beside the message
TEXT = "%(asctime)s %(levelname)s %(name)s %(request_id)s %(message)s"


class WithRequest(logging.Filter):
    """Gives each record the id of the request that it belongs to; "-" for none."""

    def filter(self, record: logging.LogRecord) -> bool:
        """See logging.Filter."""
        record.request_id = REQUEST_ID.get() or "-"
        return True


class JsonLines(logging.Formatter):
    """One JSON object to a line."""

    def format(self, record: logging.LogRecord) -> str:
        """See logging.Formatter."""
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": getattr(record, "request_id", "-"),
            **getattr(record, FIELDS, {}),
        }
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


def set_up_logs(form: str) -> None:
    """Write the log lines of this process to standard error in a form, "text" or "json"."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else logging.Formatter(TEXT))
    handler.addFilter(WithRequest())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("vocab_server").setLevel(logging.INFO)
