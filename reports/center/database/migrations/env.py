"""Run the migrations on the connection that `open_database` lends."""

from alembic import context

from reports.center.database.engine import VERSION_TABLE
from reports.center.database.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
context.run_migrations()
