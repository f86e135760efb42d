"""SPEC section 2: the record profile, canonical bytes, times, keys, organisations."""

import datetime
import hashlib
import json
import re


class Broken(Exception):
    """A MUST that does not hold."""

    def __init__(self, must, why=""):
        super().__init__(f"{must}: {why}")
        self.must = must


def need(must, holds, why=""):
    if not holds:
        raise Broken(must, why)


MAX_INTEGER = 2**53 - 1


def parse(data, limit=4 * 2**20):
    """A document of the profile from its bytes."""
    need("S-5", len(data) <= limit, "too large")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as e:
        raise Broken("S-13", str(e)) from e

    def pairs(members):
        out = {}
        for key, value in members:
            need("S-2", all(" " <= c <= "~" for c in key), f"key {key!r}")
            need("S-1", key not in out, f"key {key!r} twice")
            out[key] = value
        return out

    def integer(digits):
        need("S-3", digits != "-0" and abs(int(digits)) <= MAX_INTEGER, digits)
        return int(digits)

    def other(digits):
        raise Broken("S-3", digits)

    def constant(word):
        raise Broken("S-13", word)

    try:
        value = json.loads(text, object_pairs_hook=pairs, parse_int=integer, parse_float=other, parse_constant=constant)
    except RecursionError as e:
        raise Broken("S-4", "nested too deep") from e
    except ValueError as e:
        raise Broken("S-13", str(e)) from e
    inspect(value, 0)
    return value


def inspect(value, depth):
    """Whether a value that was read elsewhere is inside the profile."""
    if value is None:
        raise Broken("S-12", "null")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        need("S-3", isinstance(value, int) and abs(value) <= MAX_INTEGER, str(value))
    if isinstance(value, dict):
        need("S-2", all(" " <= c <= "~" for key in value for c in key), "key")
    if isinstance(value, str):
        try:
            value.encode("utf-8")
        except UnicodeEncodeError as e:
            raise Broken("S-13", "lone surrogate") from e
    elif isinstance(value, (list, dict)):
        need("S-4", depth < 32, "nested too deep")
        for item in value.values() if isinstance(value, dict) else value:
            inspect(item, depth + 1)


ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def text_of(value, out):
    if isinstance(value, bool):
        out.append("true" if value else "false")
    elif isinstance(value, int):
        out.append(str(value))
    elif isinstance(value, str):
        out.append('"')
        out.extend(ESCAPES.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in value)
        out.append('"')
    elif isinstance(value, list):
        out.append("[")
        for i, item in enumerate(value):
            if i:
                out.append(",")
            text_of(item, out)
        out.append("]")
    else:
        out.append("{")
        for i, key in enumerate(sorted(value, key=lambda k: k.encode())):
            if i:
                out.append(",")
            text_of(key, out)
            out.append(":")
            text_of(value[key], out)
        out.append("}")


def canonical(value):
    out = []
    text_of(value, out)
    return "".join(out).encode()


def sha256(data):
    return hashlib.sha256(data).digest()


def digest(value):
    return sha256(canonical(value)).hex()


def same(a, b):
    """Equal as JSON: true is not 1."""
    return canonical(a) == canonical(b)


def time(text):
    """Seconds since 1970 of a time by S-9."""
    need("S-9", isinstance(text, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", text))
    try:
        at = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    except ValueError as e:
        raise Broken("S-9", text) from e
    need("S-9", at.year >= 1970 and at.strftime("%Y-%m-%dT%H:%M:%SZ").zfill(20) == text, text)
    return int((at - datetime.datetime(1970, 1, 1)).total_seconds())


ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def base58(text):
    """The bytes of a base58btc text; None if it is none."""
    number = 0
    for c in text:
        at = ALPHABET.find(c)
        if at < 0:
            return None
        number = number * 58 + at
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def to_base58(data):
    number, out = int.from_bytes(data, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        out = ALPHABET[rest] + out
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + out


def did_key(text):
    """The 32 bytes of a key by S-10."""
    need("S-10", isinstance(text, str) and text.startswith("did:key:z"), str(text))
    data = base58(text[9:])
    need("S-10", data is not None and len(data) == 34 and data[:2] == b"\xed\x01", text)
    need("S-10", "did:key:z" + to_base58(data) == text, text)
    return data[2:]


def organisation(text):
    """Checks an organisation by S-11."""
    need("S-11", isinstance(text, str) and ":" in text, str(text))
    register, number = text.split(":", 1)
    need("S-11", number_fits(register, number), text)
    return text


def number_fits(register, number):
    full = lambda pattern: re.fullmatch(pattern, number) is not None  # noqa: E731
    if register == "NL.KVK":
        return full("[0-9]{8}")
    if register == "NL.RSIN":
        weights = [9, 8, 7, 6, 5, 4, 3, 2, -1]
        return full("[0-9]{9}") and set(number) != {"0"} and sum(int(d) * w for d, w in zip(number, weights)) % 11 == 0
    if register == "NL.OIN":
        return (
            full("0000000[124][0-9]{9}000")
            or full("00000003[0-9]{8}0000")
            or full("(0000000[6789]|00000010|00000099)[0-9A-Z]{12}")
        )
    if register == "EUID":
        return full(r"[A-Z]{2}[A-Z0-9]{1,10}\.[A-Za-z0-9._-]{1,30}")
    if register == "LEI":
        return full("[0-9A-Z]{20}") and int("".join(str(int(c, 36)) for c in number)) % 97 == 1
    return False
