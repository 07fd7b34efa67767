"""The tables of the first version, and the second lock."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

INSTANT = sa.DateTime(timezone=True)
ROLE = "ascent_center"
OF_A_PERSON = ("api_tokens", "saved_queries", "saved_reports", "executions", "favourites")
OF_A_PARTNER = ("tags",)
CHANGED = (
    *OF_A_PERSON,
    *OF_A_PARTNER,
    "users",
    "user_reaches",
    "user_sessions",
    "sign_in_attempts",
    "action_links",
)
COUNTED = ("users", "api_tokens", "sign_in_attempts", "audit", "tags")
"""Tables whose ids are counted."""


def upgrade() -> None:
    """Make the tables and, on PostgreSQL, lock them."""
    _people()
    _reports()
    _customers()
    _audit()
    if op.get_bind().dialect.name == "postgresql":
        _lock_rows()
        if _make_role():
            _open_to_role()


def downgrade() -> None:
    """Drop the tables; the role may serve other databases and stays."""
    tables = (*OF_A_PARTNER, "executions", "saved_reports", "saved_queries", "favourites", "api_tokens")
    for table in (
        *tables,
        "user_sessions",
        "user_reaches",
        "users",
        "sign_in_attempts",
        "action_links",
        "audit",
    ):
        op.drop_table(table)


def _lock_rows() -> None:
    """Show a transaction the rows of whom it acts for; the owner of the tables is bound too."""
    policies = dict.fromkeys(OF_A_PERSON, "user_id::text = current_setting('app.user', true)")
    policies |= dict.fromkeys(
        OF_A_PARTNER,
        "current_setting('app.every_partner', true) = 'on' OR partner_id ="
        " ANY (string_to_array(current_setting('app.partners', true), chr(31)))",
    )
    for table, is_own in policies.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY own ON {table} USING (current_setting('app.everybody', true) = 'on' OR {is_own})"
        )


def _make_role() -> bool:
    """Make the role as which the centre works, if this user may; tell whether it is there."""
    bind = op.get_bind()
    there = sa.text(f"SELECT count(*) FROM pg_roles WHERE rolname = '{ROLE}'")
    may = sa.text("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
    if not bind.scalar(there) and bind.scalar(may):
        op.execute(f"CREATE ROLE {ROLE} NOLOGIN")
        op.execute(f"GRANT {ROLE} TO CURRENT_USER")
    return bool(bind.scalar(there))


def _open_to_role() -> None:
    """Let the role work in the tables; what was audited it can only add to."""
    schema = op.get_bind().scalar(sa.text("SELECT quote_ident(current_schema())"))
    op.execute(f"GRANT USAGE ON SCHEMA {schema} TO {ROLE}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(CHANGED)} TO {ROLE}")
    op.execute(f"GRANT SELECT, INSERT ON audit TO {ROLE}")
    op.execute(f"GRANT SELECT ON center_version TO {ROLE}")
    op.execute(f"GRANT USAGE ON SEQUENCE {', '.join(f'{table}_id_seq' for table in COUNTED)} TO {ROLE}")


def _people() -> None:
    """Who may sign in."""
    op.create_table(
        "users",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("everything", sa.Boolean, nullable=False),
        sa.Column("password", sa.Text, nullable=True),
        sa.Column("language", sa.Text, nullable=True),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("subject", name="uq_users_subject"),
    )
    op.create_table(
        "user_reaches",
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("partner_id", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_user_reaches_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "kind", "partner_id", name="pk_user_reaches"),
    )
    op.create_table(
        "user_sessions",
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("csrf", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_user_sessions_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name="pk_user_sessions"),
    )
    op.create_index("ix_user_sessions_user_id", "user_sessions", ["user_id"])
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("prefix", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.Column("last_used_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_api_tokens_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_api_tokens"),
        sa.UniqueConstraint("digest", name="uq_api_tokens_digest"),
    )
    op.create_index("ix_api_tokens_user_id", "api_tokens", ["user_id"])
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("counted_against", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_attempts"),
    )
    op.create_index("ix_sign_in_attempts_counted_against", "sign_in_attempts", ["counted_against"])


def _reports() -> None:
    """Queries, reports and their making."""
    op.create_table(
        "saved_queries",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("is_template", sa.Boolean, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_saved_queries_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_saved_queries"),
    )
    op.create_index("ix_saved_queries_user_id", "saved_queries", ["user_id"])
    op.create_table(
        "saved_reports",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("query_id", sa.Text, nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("format", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("execute_now", sa.Boolean, nullable=False),
        sa.Column("start_at", INSTANT, nullable=False),
        sa.Column("query_start_at", INSTANT, nullable=True),
        sa.Column("query_end_at", INSTANT, nullable=True),
        sa.Column("interval_hours", sa.Integer, nullable=True),
        sa.Column("recurrences", sa.Integer, nullable=True),
        sa.Column("callback_url", sa.Text, nullable=True),
        sa.Column("callback_method", sa.Text, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_saved_reports_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_saved_reports"),
    )
    op.create_index("ix_saved_reports_user_id", "saved_reports", ["user_id"])
    op.create_table(
        "executions",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("report_id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("claimed_at", INSTANT, nullable=True),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("generated_at", INSTANT, nullable=True),
        sa.Column("expires_at", INSTANT, nullable=True),
        sa.Column("path", sa.Text, nullable=True),
        sa.Column("rows", sa.Integer, nullable=True),
        sa.Column("sha256", sa.Text, nullable=True),
        sa.Column("scope", sa.Text, nullable=True),
        sa.Column("link", sa.Text, nullable=True),
        sa.Column("call_at", INSTANT, nullable=True),
        sa.Column("message", sa.Text, nullable=True),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["saved_reports.id"],
            name="fk_executions_report_id_saved_reports",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_executions_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_executions"),
        sa.UniqueConstraint("link", name="uq_executions_link"),
        sa.UniqueConstraint("report_id", "due_at", name="uq_executions_report_id_due_at"),
    )
    op.create_index("ix_executions_report_id", "executions", ["report_id"])
    op.create_index("ix_executions_status", "executions", ["status"])
    op.create_index("ix_executions_user_id", "executions", ["user_id"])


def _customers() -> None:
    """What people put on customers, and what is told of them."""
    op.create_table(
        "tags",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("partner_id", sa.Text, nullable=False),
        sa.Column("customer_id", sa.Text, nullable=False),
        sa.Column("subscription_id", sa.Text, nullable=False),
        sa.Column("tag", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tags"),
        sa.UniqueConstraint(
            "partner_id",
            "customer_id",
            "subscription_id",
            "tag",
            name="uq_tags_partner_id_customer_id_subscription_id_tag",
        ),
    )
    op.create_index("ix_tags_partner_id", "tags", ["partner_id"])
    op.create_table(
        "favourites",
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_favourites_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "kind", "key", name="pk_favourites"),
    )
    op.create_table(
        "action_links",
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.Column("set_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("action", name="pk_action_links"),
    )


def _audit() -> None:
    """Who did what."""
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("user_id", sa.Integer, nullable=True),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("dataset", sa.Text, nullable=True),
        sa.Column("columns", sa.Text, nullable=True),
        sa.Column("query", sa.Text, nullable=True),
        sa.Column("rows", sa.Integer, nullable=True),
        sa.Column("sha256", sa.Text, nullable=True),
        sa.Column("detail", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_user_id", "audit", ["user_id"])
