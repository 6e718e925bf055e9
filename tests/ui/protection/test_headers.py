"""The policy that a browser holds the pages to, and who may show them in a frame."""

from components.ui.protection.headers import content_security_policy


def test_no_script_runs_that_is_not_the_apps_own() -> None:
    rules = dict(rule.split(" ", 1) for rule in content_security_policy().split("; "))
    assert rules["default-src"] == "'none'"
    assert "'unsafe" not in rules["script-src"]
    assert "'sha256-" in rules["script-src"], "Streamlit's page holds one itself"
    assert rules["frame-ancestors"] == "'self'"


def test_a_course_page_may_show_the_app_where_the_settings_name_it() -> None:
    assert content_security_policy(["https://lms.example", "https://*.school.example"]).endswith(
        "frame-ancestors 'self' https://lms.example https://*.school.example"
    )
