from django.db import migrations


class Migration(migrations.Migration):
    """Each code is spent by one UPDATE of its own row, so nothing wrote here any more."""

    dependencies = [("accounts", "0005_erasures")]

    operations = [migrations.DeleteModel(name="SpentCode")]
