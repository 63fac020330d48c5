"""Alembic's entry: runs migrations on the connection that ``database.migrate`` hands over."""

from alembic import context

from vocab_server.database import draft_models  # noqa: F401  (its tables)
from vocab_server.database.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
