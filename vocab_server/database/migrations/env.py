"""Alembic's entry: runs migrations on the connection that ``database.migrate`` hands over."""

from alembic import context

from vocab_server.database import (  # noqa: F401  (their tables belong to Base)
    account_models,
    asset_models,
    data_models,
    draft_models,
    harvest_models,
    keyword_models,
    notice_models,
    proposal_models,
    score_models,
    tag_models,
)
from vocab_server.database.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
