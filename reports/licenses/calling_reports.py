"""Calling engagement: how calling is used, how well it sounds, by which endpoints, features and queues."""

from features.sources.license_tables import CALL_FEATURES, CALLS
from reports.field import Field
from reports.licenses.columns import (
    CONSUMED,
    ORG,
    TOTAL,
    choice,
    count,
    day,
    decimal,
    flag,
    license_report,
    percent,
    text,
)
from reports.licenses.engagement import BANDS
from reports.licenses.kpi import Need
from reports.licenses.kpis import HELD, QUEUES
from reports.licenses.rules import hundredths
from reports.licenses.rules import percent as percent_of

CALLING: tuple[Need, ...] = (*HELD, (CALLS,))
WEEK = day("weekStart", "Sunday on which the week began.", "week_start")
QUALITY: tuple[Field, ...] = (
    count("totalCallsWithMedia", "Calls in which audio or video flowed.", "with_media"),
    count("totalGoodQualityCallsWithMedia", "Of these, the ones without a poor leg.", "with_media - poor"),
    count("poorCalls", "Of these, the ones with a poor leg.", "poor"),
    percent("poorCallPercent", "Poor out of calls with media.", percent_of("poor", "with_media")),
)
COUNTS = """count(*) AS calls, count(*) FILTER (has_media) AS with_media,
    count(*) FILTER (has_media AND is_poor) AS poor"""
OF_CUSTOMERS = f"""(
    SELECT c.*, h.total, h.assigned, w.calls, w.seconds, w.with_media, w.poor, u.users,
           b.calls AS calls_before, b.with_media AS with_media_before, b.poor AS poor_before,
           v.users AS users_before, k.is_known, k.is_known_before
    FROM calling_customers c
    CROSS JOIN (SELECT bool_or(is_known) FILTER (week = 1) AS is_known,
                       bool_or(is_known) FILTER (week = 2) AS is_known_before FROM call_weeks) k
    LEFT JOIN (SELECT partner_id, account_id, sum(total)::BIGINT AS total, sum(assigned)::BIGINT AS assigned
               FROM portfolio_sections WHERE family = 'calling' GROUP BY ALL) h USING (partner_id, account_id)
    LEFT JOIN (SELECT partner_id, account_id, {COUNTS}, sum(seconds)::BIGINT AS seconds
               FROM calling_calls WHERE week = 1 GROUP BY ALL) w USING (partner_id, account_id)
    LEFT JOIN (SELECT partner_id, account_id, {COUNTS}
               FROM calling_calls WHERE week = 2 GROUP BY ALL) b USING (partner_id, account_id)
    LEFT JOIN (SELECT account_id, count(*) AS users FROM call_users WHERE week = 1 GROUP BY ALL) u
      USING (account_id)
    LEFT JOIN (SELECT account_id, count(*) AS users FROM call_users WHERE week = 2 GROUP BY ALL) v
      USING (account_id))"""
"""SQL: a Calling customer with its calls in the last week and in the one before."""


def _known(value: str) -> str:
    return f"CASE WHEN is_known THEN {value} END"


def _change(now: str, before: str) -> str:
    return f"CASE WHEN is_known AND is_known_before THEN coalesce({now}, 0) - coalesce({before}, 0) END"


USERS_BY_USAGE = license_report(
    "calling_users_by_usage",
    "a band of calls a user makes in a week",
    (
        WEEK,
        choice("usageBand", "Calls of a user in the week.", "band", allowed=BANDS),
        count("users", "Users in the band; empty before the data begins.", "users"),
        count("calls", "Their calls; one between two users counts for both.", "calls"),
    ),
    reads="calling_bands",
    key=("weekStart", "usageBand"),
    order="week_start, place",
    needs=CALLING,
)
CUSTOMER_USAGE = license_report(
    "calling_customer_usage",
    "a customer that bought Webex Calling",
    (
        *ORG,
        TOTAL,
        CONSUMED,
        count("activeUsers", "Users with a call in the last week.", _known("coalesce(users, 0)")),
        count("totalCalls", "Calls that ended in the last week.", _known("coalesce(calls, 0)")),
        decimal(
            "totalMinutes",
            "Minutes of them, by their longest legs.",
            _known(hundredths("coalesce(seconds, 0)", "60")),
        ),
        decimal("callsPerActiveUser", "Calls by active users.", hundredths("calls", "users")),
        count(
            "weeklyCallsChange",
            "Calls less those of the week before.",
            _change("calls", "calls_before"),
            signed=True,
        ),
        count(
            "weeklyActiveUsersChange",
            "Active users less those of the week before.",
            _change("users", "users_before"),
            signed=True,
        ),
    ),
    reads=OF_CUSTOMERS,
    key=("orgId",),
    order="account_id",
    needs=CALLING,
)
QUALITY_TREND = license_report(
    "call_quality_trend",
    "a week of a partner's calls",
    (
        WEEK,
        count("totalCalls", "Calls that ended in the week; empty before the data begins.", "calls"),
        *QUALITY,
    ),
    reads=f"""(
        SELECT p.partner_id, w.week_start, CASE WHEN w.is_known THEN coalesce(calls, 0) END AS calls,
               CASE WHEN w.is_known THEN coalesce(with_media, 0) END AS with_media,
               CASE WHEN w.is_known THEN coalesce(poor, 0) END AS poor
        FROM portfolio_partners p CROSS JOIN (SELECT * FROM call_weeks WHERE week <= 8) w
        LEFT JOIN (SELECT partner_id, week, {COUNTS} FROM calling_calls GROUP BY ALL) c
          ON c.partner_id = p.partner_id AND c.week = w.week)""",
    key=("weekStart",),
    order="week_start",
    needs=CALLING,
)
QUALITY_BY_ENDPOINT = license_report(
    "call_quality_by_endpoint",
    "an endpoint type in the last week; a call counts for each that took part",
    (text("clientType", "The endpoint, as call records name it.", "client_type"), *QUALITY),
    reads=f"""(
        SELECT partner_id, client_type, {COUNTS}
        FROM (SELECT c.partner_id, l.account_id, l.correlation_id, l.client_type,
                     bool_or(l.has_media) AS has_media, coalesce(bool_or(l.is_poor), FALSE) AS is_poor
              FROM call_legs l JOIN calling_customers c USING (account_id)
              WHERE l.week = 1 GROUP BY ALL)
        GROUP BY ALL)""",
    key=("clientType",),
    order="client_type",
    needs=CALLING,
)
CUSTOMER_QUALITY = license_report(
    "calling_customer_quality",
    "a customer with poor calls in the last week",
    (
        *ORG,
        *QUALITY,
        percent(
            "previousPoorCallPercent",
            "The same in the week before.",
            percent_of("poor_before", "with_media_before"),
        ),
    ),
    reads=f"(SELECT * FROM {OF_CUSTOMERS} WHERE poor > 0)",
    key=("orgId",),
    order="account_id",
    needs=CALLING,
)
FEATURE_USE = license_report(
    "calling_feature_use",
    "a feature used in calls of the last week, by all customers or those with call queues",
    (
        text("feature", "The feature.", "feature"),
        count("calls", "Calls that used it; one call may use several.", "calls"),
        percent(
            "callSharePercent", "Out of all calls of the same customers.", percent_of("calls", "all_calls")
        ),
        count("customers", "Customers that used it.", "customers"),
        flag("callQueueEnabledOnly", "Counts only customers with call queues.", "queue_only"),
    ),
    reads="""(
        WITH chosen AS (
            SELECT partner_id, account_id, q.queue_only
            FROM calling_customers CROSS JOIN (VALUES (FALSE), (TRUE)) q(queue_only)
            WHERE NOT q.queue_only OR coalesce(call_queue_enabled, FALSE)),
        total AS (
            SELECT c.partner_id, c.queue_only, count(*) AS all_calls
            FROM calling_calls l JOIN chosen c USING (partner_id, account_id)
            WHERE l.week = 1 GROUP BY ALL)
        SELECT c.partner_id, f.feature, c.queue_only, count(*) AS calls,
               count(DISTINCT f.account_id) AS customers, any_value(t.all_calls) AS all_calls
        FROM call_used_features f
        JOIN chosen c USING (account_id)
        JOIN total t ON t.partner_id = c.partner_id AND t.queue_only = c.queue_only
        GROUP BY c.partner_id, f.feature, c.queue_only)""",
    key=("feature", "callQueueEnabledOnly"),
    order="queue_only, calls DESC, feature",
    needs=(*CALLING, (CALL_FEATURES,)),
)
QUEUE_CUSTOMERS = license_report(
    "call_queue_customers",
    "a customer with call queues and its queue calls of the last week",
    (
        *ORG,
        count("queueCalls", "Calls that entered queues.", "entered"),
        count("answeredCalls", "Answered by an agent.", "answered"),
        count("movedCalls", "Moved to another queue.", "moved"),
        count("abandonedCalls", "Hung up or left a message before an agent.", "abandoned"),
        decimal(
            "avgTimeToAnswerSeconds",
            "Mean wait of answered and moved calls.",
            hundredths("waited", "(entered - abandoned)"),
        ),
        decimal(
            "avgWaitBeforeAbandonedSeconds",
            "Mean wait of abandoned calls.",
            hundredths("waited_in_vain", "abandoned"),
        ),
        percent("abandonedRatePercent", "Abandoned out of all.", "abandoned_rate"),
    ),
    reads="(SELECT * FROM calling_queue_customers WHERE call_queue_enabled)",
    key=("orgId",),
    order="account_id",
    needs=QUEUES,
)
CALLING_REPORTS = (
    USERS_BY_USAGE,
    CUSTOMER_USAGE,
    QUALITY_TREND,
    QUALITY_BY_ENDPOINT,
    CUSTOMER_QUALITY,
    FEATURE_USE,
    QUEUE_CUSTOMERS,
)
