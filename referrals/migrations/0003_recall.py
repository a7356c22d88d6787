"""A recalled referral went to the wrong place: what was written about it closes to the recipient as well."""

from django.db import migrations

from privacy.row_security import ORGANIZATION

FOLLOWERS = ["referrals_event", "referrals_message", "referrals_outcome", "referrals_courseentry"]

BEFORE = "EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id)"
# The policy of the referral itself decides who sees its row; a recall closes what follows it.
AFTER = f"""
    EXISTS (
        SELECT FROM referrals_referral r
        WHERE r.id = referral_id AND (r.organization_id = {ORGANIZATION} OR r.status <> 'recalled'))
"""


def _policies(table: str, condition: str) -> tuple[str, ...]:
    return (
        f"ALTER POLICY {table}_select ON {table} USING ({condition})",
        f"ALTER POLICY {table}_insert ON {table} WITH CHECK ({condition})",
        f"ALTER POLICY {table}_update ON {table} USING ({condition})",
    )


class Migration(migrations.Migration):
    """Narrow the policies of what follows a referral."""

    dependencies = [("referrals", "0002_walls")]

    operations = [migrations.RunSQL(_policies(table, AFTER), _policies(table, BEFORE)) for table in FOLLOWERS]
