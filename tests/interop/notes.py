"""SPEC section 4: notes, checkpoints, cosignatures, the tree, tiles and proof files."""

import base64
import re

from profile import Broken, need, sha256
from proofs import verify_bytes

LOG, WITNESS = 1, 4


def unbase64(text, must):
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as e:
        raise Broken(must, "base64") from e
    need(must, base64.b64encode(data).decode() == text, "base64 has one spelling")
    return data


def name_fits(name):
    good = 1 <= len(name.encode()) <= 255 and "+" not in name
    need("S-42", good and not any(c.isspace() or ord(c) < 32 or 127 <= ord(c) < 160 for c in name), name)


class Key:
    """A vkey (S-43)."""

    def __init__(self, text):
        self.text = text
        parts = text.split("+", 2)
        need("S-43", len(parts) == 3, "three parts")
        self.name, number, payload = parts
        name_fits(self.name)
        data = unbase64(payload, "S-43")
        need("S-43", len(data) == 33 and data[0] in (LOG, WITNESS), "type and 32 bytes")
        self.id = sha256(self.name.encode() + b"\n" + data)[:4]
        need("S-43", number == self.id.hex(), "id")
        self.kind, self.key = data[0], data[1:]


class Note:
    """A signed note (S-40 to S-42)."""

    def __init__(self, text):
        data = text.encode()
        need("S-41", len(data) <= 1 << 20, "too large")
        controls = any((ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160 for c in text)
        need("S-40", not controls and text.endswith("\n"), "control characters, or no newline at the end")
        at = text.rfind("\n\n")
        need("S-40", at >= 0, "no empty line")
        self.text, lines = text[: at + 1], text[at + 2 :].split("\n")[:-1]
        need("S-40", lines, "no signature")
        need("S-41", len(lines) <= 100, "too many signatures")
        self.signatures = []
        for line in lines:
            match = re.fullmatch("\u2014 ([^ ]+) ([^ ]+)", line)
            need("S-40", match, "signature line")
            name_fits(match[1])
            data = unbase64(match[2], "S-40")
            need("S-40", len(data) >= 5, "signature line")
            self.signatures.append((match[1], data[:4], data[4:]))

    def verify(self, keys):
        """The known keys that signed; one bad signature by a known key refuses all."""
        signers = []
        for name, number, payload in self.signatures:
            for key in (k for k in keys if k.name == name and k.id == number):
                if key.kind == LOG:
                    need("S-45", len(payload) == 64, "length")
                    verify_bytes(key.key, self.text.encode(), payload, "S-45", "S-45")
                    signers.append((key, None))
                else:
                    need("S-45", len(payload) == 72, "length")
                    seconds = int.from_bytes(payload[:8], "big")
                    need("S-48", seconds <= 253402300799, "time")
                    signed = f"cosignature/v1\ntime {seconds}\n{self.text}"
                    verify_bytes(key.key, signed.encode(), payload[8:], "S-45", "S-45")
                    signers.append((key, seconds))
        need("S-44", signers, "no signature by a known key")
        return signers


def number(text, must, most=2**64 - 1):
    need(must, re.fullmatch("0|[1-9][0-9]*", text) and int(text) <= most, text)
    return int(text)


class Checkpoint:
    """The text of a checkpoint (S-46)."""

    def __init__(self, text):
        lines = text.split("\n")
        need("S-46", len(lines) >= 4 and lines[-1] == "" and all(lines[:-1]), "lines")
        self.origin, self.size = lines[0], number(lines[1], "S-46")
        self.root = unbase64(lines[2], "S-46")
        need("S-46", len(self.root) == 32, "root")


def open_checkpoint(note, log, witnesses):
    """A checkpoint under the log's key, and the witnesses that cosigned it, by key."""
    need("S-43", log.kind == LOG and all(w.kind == WITNESS for w in witnesses), "kind of key")
    signers = note.verify([log, *witnesses])
    need("S-44", any(key is log for key, _ in signers), "not signed by the log")
    head = Checkpoint(note.text)
    need("S-47", head.origin == log.name, "origin")
    return head, [(key, at) for key, at in signers if key is not log]


def quorum(cosigned, wanted):
    need("S-49", len({key.key for key, _ in cosigned}) >= wanted, "witnesses")


def leaf(entry):
    return sha256(b"\0" + entry)


def node(left, right):
    return sha256(b"\1" + left + right)


def inclusion(hash_, index, size, path, root):
    """RFC 9162 section 2.1.3.2."""
    need("S-50", index < size, "beyond the end")
    fn, sn = index, size - 1
    for sibling in path:
        need("S-50", sn > 0, "too long")
        if fn & 1 or fn == sn:
            hash_ = node(sibling, hash_)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            hash_ = node(hash_, sibling)
        fn, sn = fn >> 1, sn >> 1
    need("S-50", sn == 0 and hash_ == root, "another root")


def consistency(old, old_root, new, new_root, path):
    """RFC 9162 section 2.1.4.2."""
    need("S-51", old <= new, "shrinks")
    if old in (0, new):
        same = old_root == (sha256(b"") if old == 0 else new_root)
        return need("S-51", same and not path and (new or new_root == sha256(b"")), "empty proof")
    path = [old_root, *path] if old & (old - 1) == 0 else list(path)
    need("S-51", path, "too short")
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for sibling in path[1:]:
        need("S-51", sn > 0, "too long")
        if fn & 1 or fn == sn:
            fr, sr = node(sibling, fr), node(sibling, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, sibling)
        fn, sn = fn >> 1, sn >> 1
    need("S-51", sn == 0 and fr == old_root and sr == new_root, "another root")


def tile(path):
    match = re.fullmatch(r"tile/(entries|[0-7])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", path)
    need("S-52", match and (match[3] is None or int(match[3]) < 256), path)
    groups = match[2].replace("x", "").split("/")
    index = int("".join(groups))
    need("S-52", (len(groups) == 1 or groups[0] != "000") and index < 2**64, path)
    need("S-52", index * 256 + 255 < 2**64, path)
    return {"kind": match[1], "index": index, "width": int(match[3] or 256)}


def hash_tile(data):
    need("S-53", data and len(data) % 32 == 0 and len(data) <= 8192, "length")
    return len(data) // 32


def entry_bundle(data):
    out = []
    while data:
        length = int.from_bytes(data[:2], "big")
        need("S-54", len(data) >= 2 + length and len(data) >= 2, "cut short")
        out.append(data[2 : 2 + length])
        data = data[2 + length :]
    need("S-54", 1 <= len(out) <= 256, "1 to 256 entries")
    return out


def tlog_proof(text, entry, log, witnesses, wanted):
    need("S-41", len(text.encode()) <= 2 << 20, "too large")
    top, blank, note = text.partition("\n\n")
    lines = top.split("\n")
    need("S-55", blank and lines.pop(0) == "c2sp.org/tlog-proof@v1", "first line")
    if lines and lines[0].startswith("extra "):
        unbase64(lines.pop(0)[6:], "S-55")
    need("S-55", lines and lines[0].startswith("index "), "index")
    index = number(lines.pop(0)[6:], "S-55")
    need("S-55", len(lines) <= 63, "too many hashes")
    path = [unbase64(line, "S-55") for line in lines]
    need("S-55", all(len(h) == 32 for h in path), "hash")
    head, cosigned = open_checkpoint(Note(note), log, witnesses)
    quorum(cosigned, wanted)
    inclusion(leaf(entry), index, head.size, path, head.root)
    return head
