"""Where errors end: plain words for people, the whole trace for the log, and nothing of it on the page."""

import logging

from streamlit.testing.v1 import AppTest

SECRET = "the password is swordfish"


def run(script):
    bench = AppTest.from_string(script).run()
    assert not bench.exception
    return bench


def test_a_mistake_of_ours_is_a_number_on_the_page_and_a_trace_in_the_log(caplog):
    with caplog.at_level(logging.ERROR):
        bench = run(
            "from components.ui.boundary import boundary\n"
            f"with boundary(): raise ZeroDivisionError({SECRET!r})\n"
            "import streamlit as st\nst.write('the rest of the page')"
        )
    (record,) = [record for record in caplog.records if record.name == "components.ui.boundary"]
    number = record.args[0]
    assert number in bench.error[0].value
    assert SECRET not in bench.error[0].value + str(bench.error[0].proto)
    assert record.exc_info[0] is ZeroDivisionError
    assert bench.markdown[0].value == "the rest of the page"


def test_a_mistake_in_a_fragment_is_caught_too():
    bench = run(
        "from components.ui.boundary import fragment\n"
        "@fragment\n"
        f"def part(): raise ZeroDivisionError({SECRET!r})\n"
        "part()"
    )
    assert len(bench.error) == 1
    assert SECRET not in str(bench.error[0].proto)


def test_an_error_of_a_person_says_what_where_and_what_to_do():
    bench = run(
        "from components.errors import DataError\n"
        "from components.ui.boundary import boundary\n"
        "with boundary(): raise DataError('A number is missing.', where='sales, row 7', remedy='Fill it.')"
    )
    shown = str(bench.error[0].proto)
    assert all(part in shown for part in ("A number is missing.", "sales, row 7", "Fill it."))


def test_words_of_a_file_cannot_draw_on_the_page():
    bench = run(
        "from components.errors import DataError\n"
        "from components.ui.boundary import boundary\n"
        "with boundary(): raise DataError('No “![x](https://evil.example/x.png)”.', remedy='[Click](data:x)')"
    )
    shown = str(bench.error[0].proto.body)
    assert "[Click" not in shown.replace("\\[", "")
    assert "![" not in str(bench.error[0].proto.title).replace("\\!\\[", "")


def test_a_stop_or_a_turn_to_another_page_is_no_error():
    bench = run(
        "import streamlit as st\nfrom components.ui.boundary import boundary\nwith boundary(): st.stop()\n"
    )
    assert not bench.error


def _full() -> None:
    import errno
    import os

    from components.ui.boundary import boundary

    with boundary():
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_is_said_to_be_full_and_no_fault_of_unroll():
    (error,) = AppTest.from_function(_full).run().error
    assert error.proto.title == "The disk of this server is full."
