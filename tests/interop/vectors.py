"""Every vector of `tests/vectors/`: what is right gives what it says, what is wrong breaks the MUST that it names."""

import base64
import copy
import datetime
import json

import cedar
import notes
import profile
import proofs
from profile import Broken


def keys(texts):
    return [notes.Key(t) for t in texts]


def document(i):
    value = profile.parse(i["text"].encode("utf-8", "surrogatepass"))
    return {"canonical": profile.canonical(value).decode(), "digest": profile.digest(value)}


def proof(i):
    key, _ = proofs.verify(i["document"])
    return {"key": key, "created": i["document"]["proof"]["created"]}


def checkpoint(i):
    head, cosigned = notes.open_checkpoint(notes.Note(i["note"]), notes.Key(i["log"]), keys(i["witnesses"]))
    notes.quorum(cosigned, i["quorum"])
    told = []
    for key, at in cosigned:
        text = datetime.datetime.fromtimestamp(at, datetime.timezone.utc)
        told.append({"name": key.name, "time": text.strftime("%Y-%m-%dT%H:%M:%SZ").zfill(20)})
    root = base64.b64encode(head.root).decode()
    return {"origin": head.origin, "size": head.size, "root": root, "cosigned": told}


def bytes_of(text, must="S-50"):
    return notes.unbase64(text, must)


KINDS = {
    "document": document,
    "time": lambda i: profile.time(i["text"]) and None,
    "did-key": lambda i: profile.did_key(i["text"]) and None,
    "organisation": lambda i: profile.organisation(i["text"]) and None,
    "proof": proof,
    "sign": lambda i: {"document": proofs.sign(i["document"], bytes.fromhex(i["seed"]), i["created"])},
    "vkey": lambda i: notes.Key(i["text"]) and None,
    "note": lambda i: {"signers": list(dict.fromkeys(k.name for k, _ in notes.Note(i["note"]).verify(keys(i["keys"]))))},
    "checkpoint": checkpoint,
    "tlog-proof": lambda i: {
        "size": notes.tlog_proof(i["file"], i["entry"].encode(), notes.Key(i["log"]), keys(i["witnesses"]), i["quorum"]).size
    },
    "inclusion": lambda i: notes.inclusion(
        bytes_of(i["leaf"]), i["index"], i["size"], [bytes_of(h) for h in i["proof"]], bytes_of(i["root"])
    ),
    "consistency": lambda i: notes.consistency(
        i["old"], bytes_of(i["oldRoot"]), i["new"], bytes_of(i["newRoot"]), [bytes_of(h) for h in i["proof"]]
    ),
    "tile-path": lambda i: notes.tile(i["path"]),
    "hash-tile": lambda i: {"hashes": notes.hash_tile(base64.b64decode(i["base64"]))},
    "entries": lambda i: {
        "entries": [base64.b64encode(e).decode() for e in notes.entry_bundle(base64.b64decode(i["base64"]))]
    },
}


def patched(base, i):
    """The bundle of a vector: the base with members and items set and removed."""
    bundle = copy.deepcopy(base)
    for path, value in i["set"].items():
        member, _, item = path[1:].partition("/")
        if not item:
            bundle[member] = value
        elif member not in bundle:
            bundle[member] = [value]
        elif int(item) == len(bundle[member]):
            bundle[member].append(value)
        else:
            bundle[member][int(item)] = value
    for path in i["remove"]:
        del bundle[path[1:]]
    return bundle


def run(folder, verify):
    """Runs every vector; gives what came out otherwise."""
    wrong, count = [], 0
    for file in ["documents", "proofs", "notes", "tree", "bundles"]:
        for vector in json.loads((folder / f"{file}.json").read_text()):
            count += 1
            name, i, must = f"{file}: {vector['kind']}: {vector['name']}", vector["input"], vector["must"]
            try:
                if vector["kind"] == "bundle":
                    base = json.loads((folder / i["base"]).read_text())
                    data = profile.canonical(patched(base, i))
                    found = verify(data, notes.Key(i["log"]), keys(i["witnesses"]), i["quorum"])
                    if found["must"]:
                        raise Broken(found["must"], found["why"])
                    output = vector["output"]  # what was not given is compared by verify.py --expected
                else:
                    output = KINDS[vector["kind"]](i)
            except Broken as e:
                if vector["valid"] or e.must != must:
                    wrong.append(f"{name}: it breaks {e}, not {must}")
                continue
            except Exception as e:  # noqa: BLE001
                wrong.append(f"{name}: {type(e).__name__}: {e}")
                continue
            if must == "S-100" and not cedar.available():
                continue
            if not vector["valid"]:
                wrong.append(f"{name}: it is accepted")
            elif vector.get("output") is not None and output != vector["output"]:
                wrong.append(f"{name}: {output} instead of {vector['output']}")
    print(f"{count} vectors")
    return wrong
