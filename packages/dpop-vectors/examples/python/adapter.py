"""An adapter in Python, with the standard library only.

    npx @keybound/dpop-vectors run --command "python3 examples/python/adapter.py"

The runner writes questions to the standard input, one JSON object a line, and reads answers from the
standard output. Each answer carries the id of its question. The adapter ends when its input ends.
It computes thumbprints and token hashes itself, and shows where a verifier would be called.
"""

import base64
import binascii
import hashlib
import json
import re
import sys

# The members that a thumbprint is made of, in the order of RFC 7638.
MEMBERS = {"EC": ["crv", "kty", "x", "y"], "OKP": ["crv", "kty", "x"], "RSA": ["e", "kty", "n"]}

# How many bytes a coordinate has. RSA numbers are as long as they are.
LENGTHS = {"P-256": 32, "P-384": 48, "P-521": 66, "Ed25519": 32}


class Malformed(Exception):
    """The input has no hash."""


def main():
    # Lines are UTF-8, whatever the machine is set to.
    sys.stdin.reconfigure(encoding="utf-8")
    for line in sys.stdin:
        message = json.loads(line)
        if message["kind"] == "hello":
            # The first question: who are you?
            reply = {"name": "python-example", "version": "1.0"}
        elif message["kind"] == "end":
            # Nothing more is asked in this session; what was remembered for it can go. No answer is due.
            continue
        else:
            reply = answer(message)
        # Flushing matters: the runner waits for this line before it asks on.
        print(json.dumps({"id": message["id"], **reply}), flush=True)


def answer(question):
    if question["kind"] == "thumbprint":
        return thumbprint(question["input"])
    if question["kind"] == "rs-request":
        # Here your verifier decides. It gets
        #   question["request"]   method, target and the list of field lines
        #   question["config"]    the origin, the keys of the issuer, what is accepted
        #   question["clock"]     what time it is
        #   question["session"]   questions with the same session share one memory of proofs
        # and you tell what it decided, for example
        #   return {"decision": "reject", "status": 401, "error": "invalid_dpop_proof", "fields": [...]}
        return {"skip": "This example has no verifier."}
    # Whatever is out of scope is skipped, with a reason that stands in the report.
    return {"skip": f"This example does not answer {question['kind']}."}


def thumbprint(given):
    try:
        output = jkt(given["jwk"]) if given["operation"] == "jkt" else ath(given["token"])
        return {"output": output}
    except Malformed as fault:
        return {"decision": "reject", "detail": str(fault)}


def jkt(jwk):
    """RFC 7638 with SHA-256; a malformed key has no thumbprint."""
    kty = jwk.get("kty")
    if not isinstance(kty, str) or kty not in MEMBERS:
        raise Malformed("kty is not known")
    names = MEMBERS[kty]
    for name in names:
        if not isinstance(jwk.get(name), str):
            raise Malformed(f"{name} is no string")
    if kty == "RSA":
        check_number("e", jwk["e"])
        check_number("n", jwk["n"])
    else:
        for name in names[2:]:
            check_coordinate(kty, jwk["crv"], name, jwk[name])
    # Sorted members without blanks; the values are ASCII by now.
    canonical = json.dumps({name: jwk[name] for name in names}, separators=(",", ":"))
    return sha256(canonical)


def ath(token):
    """RFC 9449 section 4.2: the hash of the ASCII characters of the token, which is a token68."""
    if not re.fullmatch(r"[A-Za-z0-9\-._~+/]+=*", token):
        raise Malformed("this is no token")
    return sha256(token)


def check_coordinate(kty, crv, name, text):
    if crv not in LENGTHS or (kty == "OKP") != (crv == "Ed25519"):
        raise Malformed("crv is not known")
    if len(decoded(name, text)) != LENGTHS[crv]:
        raise Malformed(f"{name} has the wrong length")


def check_number(name, text):
    """Base64urlUInt: at least one byte, and no leading zeros."""
    number = decoded(name, text)
    if not number or number[0] == 0:
        raise Malformed(f"{name} has the wrong length")


def decoded(name, text):
    """The bytes of a text that is their one base64url spelling: no padding, no unused bits set."""
    try:
        value = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raise Malformed(f"{name} is not base64url") from None
    if encoded(value) != text:
        raise Malformed(f"{name} is not base64url")
    return value


def encoded(value):
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode("ascii")


def sha256(text):
    return encoded(hashlib.sha256(text.encode("ascii")).digest())


if __name__ == "__main__":
    main()
