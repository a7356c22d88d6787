"""The bench measures a verification that proves everything."""

from bench import proving


def test_all_questions_about_the_shipped_rules_are_timed():
    proved = proving.timed()
    assert proved.questions > 500
    assert proved.line().milliseconds == 1000 * proved.seconds
    assert proved.words().startswith(f"{proved.questions} questions about the shipped rules answered in ")
