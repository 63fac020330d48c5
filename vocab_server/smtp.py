"""The only client of other people's mail servers (RFC 5321; TLS as in RFC 8314 and RFC 3207)."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime, make_msgid
from urllib.parse import unquote, urlsplit

from vocab_server.config import SMTP_PORTS
from vocab_server.errors import MailError

TIMEOUT = 20  # seconds that a server may take for any answer
LONGEST_SUBJECT = 200  # characters


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server; ``scheme`` is smtp (in plain), starttls, or smtps (TLS from the start)."""

    scheme: str
    host: str
    port: int
    user: str
    password: str

    @classmethod
    def at(cls, url: str) -> "MailServer":
        """The server that a setting names, such as starttls://user:password@host:587."""
        parts = urlsplit(url)
        return cls(
            scheme=parts.scheme,
            host=parts.hostname or "",
            port=parts.port or SMTP_PORTS[parts.scheme],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )

    def send(self, message: EmailMessage) -> None:
        """Hand a message over; the server has it when this returns. Raises MailError."""
        try:
            with self._connected() as client:
                if self.user:
                    client.login(self.user, self.password)
                client.send_message(message)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise MailError(_told(error), is_final=_is_final(error)) from error

    def greet(self) -> None:
        """Connect, and sign in where that is asked for; nothing is sent. Raises MailError."""
        try:
            with self._connected() as client:
                client.ehlo_or_helo_if_needed()
                if self.user:
                    client.login(self.user, self.password)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise MailError(_told(error), is_final=_is_final(error)) from error

    def _connected(self) -> smtplib.SMTP:
        if self.scheme == "smtps":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=context)
        client = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        if self.scheme == "starttls":
            try:
                client.starttls(context=ssl.create_default_context())
            except BaseException:
                client.close()
                raise
        return client


def write_message(
    sender: str, recipient: str, subject: str, text: str, *, language: str, unsubscribe: str
) -> EmailMessage:
    """A message in plain text that a program sends (RFC 3834), with a way out in one click.

    Nothing in it can become a header: white space and control characters in the subject are
    spaces, and an address that is not one is refused. Raises MailError. The way out is that of
    RFC 8058.
    """
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = sender
        message["To"] = recipient
        message["Subject"] = one_line(subject)[:LONGEST_SUBJECT]
    except (ValueError, IndexError) as error:
        raise MailError(f"{recipient!r} is no address for mail: {error}", is_final=True) from error
    message["Date"] = format_datetime(localtime())
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].strip("> ") or None)
    message["Auto-Submitted"] = "auto-generated"
    if unsubscribe:
        message["List-Unsubscribe"] = f"<{unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(text)  # drops what was said of the content before
    if language:
        message["Content-Language"] = language
    return message


def one_line(text: str) -> str:
    """A text without line ends and other control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _is_final(error: Exception) -> bool:
    """Whether trying again is of no use: the server refuses for good (RFC 5321, 4.2.1)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _said in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code >= 500
    is_ours = isinstance(error, ValueError | smtplib.SMTPNotSupportedError)
    return is_ours and not isinstance(error, ssl.SSLError)


def _told(error: Exception) -> str:
    return one_line(f"{type(error).__name__}: {error}")
