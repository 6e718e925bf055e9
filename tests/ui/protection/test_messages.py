"""What of a page's messages reaches the server, and what of the server's the page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from components.ui.protection.messages import MOST_BYTES, is_accepted, remove_environment, top_level_fields

KINDS = [field.name for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields]
HEARD = {"rerun_script", "stop_script", "app_heartbeat", "file_urls_request"}


def message_of(kind: str) -> BackMsg:
    message = BackMsg()
    if BackMsg.DESCRIPTOR.fields_by_name[kind].message_type:
        getattr(message, kind).SetInParent()
    else:
        setattr(message, kind, True)
    return message


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_pages_need_is_heard(kind: str) -> None:
    assert is_accepted(message_of(kind).SerializeToString()) is (kind in HEARD)


@pytest.mark.parametrize(
    "operation", ["deferred_file", "dataframe_chunk", "install_skills", "dismiss_skills_nudge"]
)
def test_nothing_is_installed(operation: str) -> None:
    message = BackMsg()
    getattr(message.backend_operation_request, operation).SetInParent()
    assert is_accepted(message.SerializeToString()) is (operation in ("deferred_file", "dataframe_chunk"))


def test_the_last_word_counts() -> None:
    both = message_of("rerun_script").SerializeToString() + message_of("clear_cache").SerializeToString()
    assert not is_accepted(both)


@pytest.mark.parametrize("size", [MOST_BYTES - 100, MOST_BYTES])
def test_a_text_of_any_length_is_not_heard(size: int) -> None:
    typed = {"widgets": [{"id": "search", "string_value": "x" * size}]}
    message = BackMsg(rerun_script={"widget_states": typed})
    assert is_accepted(message.SerializeToString()) is (size < MOST_BYTES)


@given(st.binary(max_size=64))
def test_what_is_no_message_is_left_to_streamlit(data: bytes) -> None:
    assert is_accepted(data) in (True, False)


@pytest.mark.parametrize("size", [0, 1, 200, 70_000])
def test_the_fields_of_a_message_are_found_without_reading_it(size: int) -> None:
    message = ForwardMsg(hash="h" * size)
    message.metadata.cacheable = True
    message.new_session.name = "n" * size
    assert set(top_level_fields(message.SerializeToString())) == {
        field.number for field, _ in message.ListFields()
    }


def test_a_new_session_says_nothing_of_the_machine() -> None:
    message = ForwardMsg()
    session = message.new_session
    session.name, session.main_script_path = "shell", "/srv/unroll/components/ui/shell.py"
    session.initialize.session_id = "s"
    session.initialize.environment_info.python_version = "3.13.1"
    session.initialize.environment_info.streamlit_version = "1.67.0"
    session.initialize.user_info.installation_id_v4 = "machine"
    remove_environment(message)
    said = message.SerializeToString()
    for secret in (b"/srv", b"3.13", b"1.67", b"machine"):
        assert secret not in said
    assert session.initialize.session_id == "s"
    assert session.initialize.HasField("environment_info")
