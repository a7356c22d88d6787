"""The walls around referrals: who sees which row and when, composite keys, and what only grows."""

from django.db import migrations

from privacy.row_security import (
    ORGANIZATION,
    append_only,
    composite_foreign_key,
    protect,
    protect_by_command,
    refuse,
)

# A draft and a discarded one are the practice's own.
SENT_TO_US = f"(prescriber_id = {ORGANIZATION} AND status NOT IN ('draft', 'discarded'))"
REFERRAL_SEEN = f"organization_id = {ORGANIZATION} OR {SENT_TO_US}"

# The subquery sees what the reader sees: whoever sees the referral sees what follows it.
FOLLOWS = "EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id)"

TODAY_THERE = """(now() AT TIME ZONE (
    SELECT o.time_zone FROM accounts_organization o WHERE o.id = r.organization_id))::date"""

# The practice keeps the original. A recall also closes the copy that the recipient keeps after acceptance.
OWN_PACKET = f"""
    organization_id = {ORGANIZATION} AND (practice_id = {ORGANIZATION} OR EXISTS (
        SELECT FROM referrals_referral r WHERE r.id = referral_id AND r.status <> 'recalled'))
"""
# Before acceptance it is only lent: until it is withdrawn or recalled, or consent ends.
LENT_PACKET = f"""
    organization_id = practice_id AND EXISTS (
        SELECT FROM referrals_referral r
        WHERE r.id = referral_id AND r.prescriber_id = {ORGANIZATION} AND r.accepted_at IS NULL
          AND r.status NOT IN ('draft', 'discarded', 'withdrawn', 'recalled')
          AND r.consent_ended_at IS NULL AND r.consent_expires_on >= {TODAY_THERE})
"""
# A copy is made when the prescriber's organization accepts, and by nobody else.
PACKET_MADE = f"""
    organization_id = {ORGANIZATION} AND (practice_id = {ORGANIZATION} OR EXISTS (
        SELECT FROM referrals_referral r
        WHERE r.id = referral_id AND r.prescriber_id = {ORGANIZATION} AND r.accepted_at IS NOT NULL))
"""

FOLLOWERS = ["referrals_event", "referrals_message", "referrals_outcome", "referrals_courseentry"]

REFERRAL_REDIRECTED = """
    ROW(NEW.id, NEW.organization_id, NEW.client_id, NEW.screening_id, NEW.created_by_id, NEW.created_at)
        IS DISTINCT FROM
    ROW(OLD.id, OLD.organization_id, OLD.client_id, OLD.screening_id, OLD.created_by_id, OLD.created_at)
    OR (OLD.status <> 'draft' AND ROW(NEW.prescriber_id, NEW.listing_id, NEW.sent_at)
        IS DISTINCT FROM ROW(OLD.prescriber_id, OLD.listing_id, OLD.sent_at))
    OR (OLD.status <> 'draft' AND NEW.status = 'draft')
    OR (OLD.accepted_at IS NOT NULL AND NEW.accepted_at IS DISTINCT FROM OLD.accepted_at)
    OR (OLD.consent_ended_at IS NOT NULL AND NEW.consent_ended_at IS DISTINCT FROM OLD.consent_ended_at)
"""

CONSENT_REWRITTEN = """
    ROW(NEW.id, NEW.organization_id, NEW.referral_id, NEW.recipient_id, NEW.sections, NEW.part2_sections,
        NEW.how, NEW.expires_on, NEW.recorded_by_id, NEW.recorded_at)
        IS DISTINCT FROM
    ROW(OLD.id, OLD.organization_id, OLD.referral_id, OLD.recipient_id, OLD.sections, OLD.part2_sections,
        OLD.how, OLD.expires_on, OLD.recorded_by_id, OLD.recorded_at)
    OR (OLD.ended_at IS NOT NULL AND NEW IS DISTINCT FROM OLD)
"""


class Migration(migrations.Migration):
    """Put the walls up."""

    dependencies = [
        ("referrals", "0001_initial"),
        ("screening", "0002_walls"),
        ("privacy", "0002_walls"),
        ("accounts", "0002_walls"),
    ]

    operations = [
        protect_by_command(
            "referrals_referral",
            select=REFERRAL_SEEN,
            insert=f"organization_id = {ORGANIZATION}",
            update=REFERRAL_SEEN,
            delete=f"organization_id = {ORGANIZATION} AND status = 'draft'",
        ),
        protect("referrals_consent"),
        protect_by_command(
            "referrals_packet", select=f"({OWN_PACKET}) OR ({LENT_PACKET})", insert=PACKET_MADE
        ),
        *(protect_by_command(table, select=FOLLOWS, insert=FOLLOWS, update=FOLLOWS) for table in FOLLOWERS),
        append_only("referrals_packet"),
        append_only("referrals_event"),
        composite_foreign_key("referrals_referral", "client_id", "screening_client"),
        composite_foreign_key("referrals_referral", "screening_id", "screening_screening"),
        composite_foreign_key("referrals_referral", "referred_from_id", "referrals_referral"),
        composite_foreign_key("referrals_referral", "therapist_id", "accounts_user"),
        composite_foreign_key(
            "referrals_referral", "provider_id", "accounts_user", organization="prescriber_id"
        ),
        composite_foreign_key("referrals_consent", "referral_id", "referrals_referral"),
        composite_foreign_key(
            "referrals_packet", "referral_id", "referrals_referral", organization="practice_id"
        ),
        *(composite_foreign_key(table, "referral_id", "referrals_referral") for table in FOLLOWERS),
        refuse(
            "referrals_referral",
            "a_sent_referral_keeps_its_client_and_its_recipient",
            on="UPDATE",
            when=REFERRAL_REDIRECTED,
        ),
        refuse(
            "referrals_consent",
            "a_consent_is_replaced_and_never_rewritten",
            on="UPDATE",
            when=CONSENT_REWRITTEN,
        ),
    ]
