"""Mail handed to real servers: in plain, with TLS and a login, refused, silent, hostile."""

from pathlib import Path

import pytest

from tests.mail_server import mail_server, silent_server
from vocab_server import smtp
from vocab_server.config import load
from vocab_server.errors import InvalidError, MailError
from vocab_server.smtp import MailServer, write_message

ANNA = "anna@example.org"


def write(subject: str = "Hej", recipient: str = ANNA, text: str = "Vatten är blött\n"):  # type: ignore[no-untyped-def]
    return write_message(
        "Vocab <vocab@example.org>",
        recipient,
        subject,
        text,
        language="sv",
        unsubscribe="https://example.org/unsubscribe/x",
    )


def test_a_letter_arrives_as_it_was_written() -> None:
    with mail_server() as inbox:
        MailServer.at(f"smtp://127.0.0.1:{inbox.port}").send(write("Förslag på 물"))
    (got,) = inbox.messages
    assert (got["Subject"], got["To"], got["Content-Language"]) == ("Förslag på 물", ANNA, "sv")
    assert got.get_content().strip() == "Vatten är blött"
    assert got["List-Unsubscribe"] == "<https://example.org/unsubscribe/x>"
    assert got["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert got["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    "subject", ["a\r\nBcc: eve@example.org", "a\nBcc: eve@example.org\n\nbody", "a\x00\u2028b"]
)
def test_a_subject_is_one_header_and_no_more(subject: str) -> None:
    with mail_server() as inbox:
        MailServer.at(f"smtp://127.0.0.1:{inbox.port}").send(write(subject))
    (got,) = inbox.messages
    assert got["Bcc"] is None
    assert got["X-Given-To"] == ANNA
    assert len(got.get_all("Subject")) == 1


@pytest.mark.parametrize("recipient", ["a@b\nBcc: c@d", "a@b\r\n\r\nx"])
def test_an_address_with_more_lines_is_refused_for_good(recipient: str) -> None:
    with pytest.raises(MailError) as caught:
        write(recipient=recipient)
    assert caught.value.is_final


def test_tls_comes_before_the_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with mail_server(tls=tmp_path) as inbox:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "mail-server.pem"))
        MailServer.at(f"starttls://us:p%40ss@127.0.0.1:{inbox.port}").send(write())
    assert len(inbox.messages) == 1
    assert inbox.signed_in == ["us p@ss"]


def test_a_server_that_nobody_vouches_for_gets_no_password(tmp_path: Path) -> None:
    with mail_server(tls=tmp_path) as inbox, pytest.raises(MailError) as caught:
        MailServer.at(f"starttls://us:pass@127.0.0.1:{inbox.port}").send(write())
    assert not caught.value.is_final
    assert (inbox.messages, inbox.signed_in) == ([], [])


@pytest.mark.parametrize(("refusal", "is_final"), [("550 Unknown", True), ("451 Later", False)])
def test_a_refusal_says_whether_to_try_again(refusal: str, is_final: bool) -> None:
    with mail_server() as inbox, pytest.raises(MailError) as caught:
        inbox.refusal = refusal
        MailServer.at(f"smtp://127.0.0.1:{inbox.port}").send(write())
    assert caught.value.is_final is is_final


def test_a_silent_server_is_left_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "TIMEOUT", 0.2)
    with silent_server() as port, pytest.raises(MailError) as caught:
        MailServer.at(f"smtp://127.0.0.1:{port}").send(write())
    assert not caught.value.is_final


@pytest.mark.parametrize(
    ("url", "sender", "said"),
    [
        ("mail.example.org", "us@example.org", "Give an address such as"),
        ("http://mail.example.org", "us@example.org", "Give an address such as"),
        ("smtp://mail.example.org:port", "us@example.org", "Give an address such as"),
        ("smtps://mail.example.org", "", "VOCAB_SERVER_MAIL_FROM"),
        ("smtps://mail.example.org", "a@b\nBcc: c@d", "VOCAB_SERVER_MAIL_FROM"),
        ("smtp://us:pass@mail.example.org", "us@example.org", "must not go in plain"),
    ],
)
def test_settings_that_send_no_mail_are_refused_at_the_start(
    url: str, sender: str, said: str
) -> None:
    with pytest.raises(InvalidError, match=said) as caught:
        load({"VOCAB_SERVER_SMTP": url, "VOCAB_SERVER_MAIL_FROM": sender})
    assert "pass@" not in str(caught.value)


def test_a_port_is_the_usual_one_unless_it_is_said() -> None:
    ports = {url: MailServer.at(url).port for url in ("smtp://m", "starttls://m", "smtps://m:4")}
    assert ports == {"smtp://m": 25, "starttls://m": 587, "smtps://m:4": 4}
