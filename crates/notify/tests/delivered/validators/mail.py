"""A mail server that requires STARTTLS (or TLS from the start) and a login. Prints each mail as one line of JSON, parsed by
Python's email package. Exits when standard input closes.

    mail.py CERTIFICATE KEY starttls|tls
"""
import asyncio
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


class Printer:
    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        parts = {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}
        print(json.dumps({
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": session.ssl is not None or MODE == "tls",
            "user": (session.auth_data or None) and session.auth_data.login.decode(),
            "headers": [[name, str(value)] for name, value in mail.items()],
            "defects": [repr(defect) for defect in mail.defects],
            "parts": parts,
            "longest": max(len(line) for line in envelope.content.split(b"\r\n")),
        }), flush=True)
        return "250 taken"


def authenticate(server, session, envelope, mechanism, data):
    known = isinstance(data, LoginPassword) and (data.login, data.password) == (b"everlit", b"fake-password")
    return AuthResult(success=known, handled=False, auth_data=data if known else None)


CERTIFICATE, KEY, MODE = sys.argv[1:]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(CERTIFICATE, KEY)


def protocol():
    if MODE == "tls":
        return SMTP(Printer(), authenticator=authenticate, auth_required=True, auth_require_tls=False)
    return SMTP(Printer(), tls_context=context, require_starttls=True, authenticator=authenticate, auth_required=True)


async def serve():
    server = await asyncio.get_running_loop().create_server(
        protocol, "127.0.0.1", 0, ssl=context if MODE == "tls" else None
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


asyncio.run(serve())
