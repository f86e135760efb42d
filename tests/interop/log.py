"""An exported log, its checkpoints, cosignature and a proof file by a client that we did not write (`aics-tlog`).

    python log.py FOLDER

FOLDER holds `log/` (an export), `log.vkey`, `witness.vkey`, `stranger.vkey` (another key with the log's name), `cosigned` (the newest
checkpoint with a cosignature), `old` (a checkpoint of the same log when it was shorter) and `entry.tlog-proof`.
"""

import base64
import pathlib
import sys

import aics_tlog as tlog


def refused(what, attempt):
    """Something that must not verify."""
    try:
        good = attempt()
    except (ValueError, OSError, RuntimeError):
        return
    if good:
        raise SystemExit(f"accepted: {what}")


class Tampered:
    """The same tiles with one byte of one file changed."""

    def __init__(self, reader, kind):
        self.reader, self.kind = reader, kind

    def change(self, data, kind):
        return data if data is None or kind != self.kind else data[:-1] + bytes([data[-1] ^ 1])

    def read_tile(self, level, index, width):
        return self.change(self.reader.read_tile(level, index, width), "tile")

    def read_entry_bundle(self, index, width):
        return self.change(self.reader.read_entry_bundle(index, width), "entries")


def main(folder):
    text = lambda name: (folder / name).read_text(encoding="utf-8")  # noqa: E731
    log, witness = tlog.parse_vkey(text("log.vkey").strip()), tlog.parse_vkey(text("witness.vkey").strip())

    def head(name, quorum=0):
        found = tlog.verify_checkpoint(tlog.parse_note(text(name)), log, [witness], quorum=quorum)
        if not found.ok:
            raise SystemExit(f"{name}: {found}")
        return found

    old, new, cosigned = head("old"), head("log/checkpoint"), head("cosigned", 1)
    assert (new.size, new.root) == (cosigned.size, cosigned.root) and old.size < new.size
    note = tlog.parse_note(text("log/checkpoint"))
    refused("a checkpoint without witness", lambda: tlog.verify_checkpoint(note, log, [witness], quorum=1).ok)
    changed = tlog.parse_note(text("cosigned").replace(f"\n{new.size}\n", f"\n{new.size + 1}\n"))
    refused("a changed checkpoint", lambda: tlog.verify_checkpoint(changed, log, [witness], quorum=1).ok)
    # the same text, signatures of one note under the other's text, and a key of the same name only
    older = text("old").split("\n\n")[1]
    mixed = tlog.parse_note(text("log/checkpoint").split("\n\n")[0] + "\n\n" + older)
    refused("the signature of another checkpoint", lambda: tlog.verify_checkpoint(mixed, log, [], quorum=0).ok)
    stranger = tlog.parse_vkey(text("stranger.vkey").strip())
    refused("a checkpoint under another log's key", lambda: tlog.verify_checkpoint(note, stranger, [], quorum=0).ok)

    reader = tlog.FileSystemTileReader(folder / "log")
    report = tlog.audit_tiles(reader, new.size, new.root)
    assert report, report
    for kind in ("tile", "entries"):
        refused(f"a changed {kind} file", lambda kind=kind: tlog.audit_tiles(Tampered(reader, kind), new.size, new.root))
    for index in range(new.size):
        entry = tlog.read_entry(reader, index, new.size)
        path = tlog.inclusion_proof_from_tiles(reader, index, new.size)
        assert tlog.verify_leaf_inclusion(entry, index, new.size, path, new.root), index
        refused("another entry", lambda: tlog.verify_leaf_inclusion(entry + b" ", index, new.size, path, new.root))  # noqa: B023
    path = tlog.consistency_proof_from_tiles(reader, old.size, new.size)
    assert tlog.verify_consistency(old.size, new.size, old.root, new.root, path)
    refused("another history", lambda: tlog.verify_consistency(old.size, new.size, bytes(32), new.root, path))

    # nobody else reads `.tlog-proof` files yet: its lines are split here, the rest is theirs
    top, _, checkpoint = text("entry.tlog-proof").partition("\n\n")
    lines = top.split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    index = int(lines[1].removeprefix("index "))
    proof = [base64.b64decode(line, validate=True) for line in lines[2:]]
    found = tlog.verify_checkpoint(tlog.parse_note(checkpoint), log, [witness], quorum=1)
    entry = tlog.read_entry(reader, index, new.size)
    assert found.ok

    def holds(entry, index, proof, root):
        return tlog.verify_leaf_inclusion(entry, index, new.size, proof, root)

    entry, other = tlog.read_entry(reader, index, new.size), tlog.read_entry(reader, index - 1, new.size)
    flipped = [bytes([proof[0][0] ^ 1]) + proof[0][1:], *proof[1:]]
    assert holds(entry, index, proof, found.root)
    refused("a proof file for another entry", lambda: holds(other, index, proof, found.root))
    refused("a proof file with another index", lambda: holds(entry, index - 1, proof, found.root))
    refused("a proof file with a changed hash", lambda: holds(entry, index, flipped, found.root))
    refused("a proof file with a hash left out", lambda: holds(entry, index, proof[1:], found.root))
    refused("a proof file under another root", lambda: holds(entry, index, proof, old.root))
    print(f"log of {new.size} entries: checkpoints, cosignature, tiles, {new.size} inclusions, consistency from {old.size}")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
