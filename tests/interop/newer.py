"""SPEC section 8.3: a newer log, all its entries, from an exported folder (7.2)."""

from notes import Note, entry_bundle, leaf, node, open_checkpoint
from profile import Broken, canonical, digest, need, parse, sha256
from records import about, check_entry, kind_of


def root(hashes):
    """RFC 6962 section 2.1: the left half is the largest power of two that is smaller than the whole."""
    if len(hashes) < 2:
        return hashes[0] if hashes else sha256(b"")
    half = 1 << (len(hashes) - 1).bit_length() - 1
    return node(root(hashes[:half]), root(hashes[half:]))


def bundle_path(index, size):
    """The path of an entry bundle by S-52, as wide as the log goes."""
    number = f"{index:0{(len(str(index)) + 2) // 3 * 3}}"
    groups = [number[i : i + 3] for i in range(0, len(number), 3)]
    name = "/".join([f"x{g}" for g in groups[:-1]] + groups[-1:])
    width = min(size - 256 * index, 256)
    return f"tile/entries/{name}" + (f".p/{width}" if width < 256 else "")


def read(folder, log_key):
    """The signed head and the entries."""
    head, _ = open_checkpoint(Note((folder / "checkpoint").read_text(encoding="utf-8")), log_key, [])
    entries = []
    for index in range((head.size + 255) // 256):
        entries += entry_bundle((folder / bundle_path(index, head.size)).read_bytes())
    return head, entries


def acts_under(bundle, records):
    """The mandates of the bundle by id, each with the place of the last record that rests on it."""
    places = {e["record"]: e["index"] for e in bundle["log"]["entries"]}
    rests = lambda r: r["credentialSubject"].get("actor", {}).get("authority", {}).get("mandate")  # noqa: E731
    last = {}
    for r in records:
        last[rests(r)] = max(last.get(rests(r), -1), places.get(digest(r), -1))
    return {m["id"]: last[digest(m)] for m in bundle.get("mandates", []) if digest(m) in last}


def check(bundle, records, old, folder, log_key):
    """S-104; gives S-105 if something about the case is not in the bundle."""
    try:
        head, entries = read(folder, log_key)
    except (Broken, OSError) as e:
        raise Broken("S-104", str(e)) from e
    hashes = [leaf(e) for e in entries]
    need("S-104", len(entries) == head.size and root(hashes) == head.root, "its entries do not give its root")
    old_size, old_root = old
    need("S-104", old_size <= head.size and root(hashes[:old_size]) == old_root, "it does not continue the bundle's log")
    first = (d for d in bundle.get("history", []) if kind_of(d) == "Request" and "replaces" not in d["credentialSubject"])
    case, known = next(first, bundle["request"]), {digest(r) for r in records}
    acts = acts_under(bundle, records)
    for index, data in enumerate(entries):
        try:
            entry = parse(data)
            need("S-130", check_entry(entry) == data == canonical(entry), "other bytes")
        except Broken:
            continue  # what is no entry is about no case
        concerns = entry["about"] == about(case["id"], entry["id"], case["salt"])
        if entry["type"] == "mandate-withdrawal":
            # what came after the last act under a mandate changes nothing in it
            concerns = any(index < last and entry["about"] == about(m, entry["id"], "") for m, last in acts.items())
        if concerns and entry["digest"] not in known:
            return ["S-105"]
    return []
