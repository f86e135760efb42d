"""SPEC section 3: proofs on records. Signatures are OpenSSL's; soundness of keys and points is worked out here."""

import functools

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from profile import Broken, base58, canonical, did_key, inspect, need, sha256, time, to_base58

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def point(data):
    """A point from its one spelling; None if it is none."""
    number = int.from_bytes(data, "little")
    y, sign = number & (2**255 - 1), number >> 255
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    return (P - x if x & 1 != sign else x, y)


def add(a, b):
    (x1, y1), (x2, y2) = a, b
    t = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + t, P - 2, P)
    y = (y1 * y2 + x1 * x2) * pow(1 - t, P - 2, P)
    return (x % P, y % P)


@functools.lru_cache(maxsize=4096)
def sound(data):
    """A point that is not of small order."""
    p = point(data)
    if p is None:
        return False
    for _ in range(3):
        p = add(p, p)
    return p != (0, 1)


def verify_bytes(key, message, signature, must_key="S-29", must="S-28"):
    """A signature by S-28 under a key by S-29."""
    need(must_key, sound(key), "the key is not sound")
    need(must, len(signature) == 64 and int.from_bytes(signature[32:], "little") < L and sound(signature[:32]), "form")
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError) as e:
        raise Broken(must, "the signature is not by this key") from e


MEMBERS = ["type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue"]


def message(document, config):
    return sha256(canonical(config)) + sha256(canonical({k: v for k, v in document.items() if k != "proof"}))


def verify(document):
    """Verifies the proof of a record; gives key and time."""
    need("S-20", isinstance(document, dict) and isinstance(document.get("proof"), dict), "one proof")
    try:
        inspect(document, 0)
    except Broken as e:
        raise Broken("S-30", str(e)) from e
    proof = document["proof"]
    need("S-22", all(isinstance(proof.get(m), str) for m in ("type", "cryptosuite")), "members")
    need("S-21", proof.get("type") == "DataIntegrityProof" and proof.get("cryptosuite") == "eddsa-jcs-2022", "suite")
    texts = all(isinstance(proof.get(m), str) for m in MEMBERS)
    need("S-22", texts and set(proof) <= {*MEMBERS, "@context"}, "members")
    need("S-23", proof["proofPurpose"] == "assertionMethod", "purpose")
    method = proof["verificationMethod"]
    did, _, fragment = method.partition("#")
    try:
        key = did_key(did)
    except Broken as e:
        raise Broken("S-24", method) from e
    need("S-24", did == "did:key:" + fragment, method)
    try:
        created = time(proof["created"])
    except Broken as e:
        raise Broken("S-25", proof["created"]) from e
    if "@context" in proof:
        equal = "@context" in document and canonical(proof["@context"]) == canonical(document["@context"])
        need("S-26", equal, "context")
    value = proof["proofValue"]
    signature = base58(value[1:]) if value.startswith("z") else None
    need("S-27", signature is not None and len(signature) == 64 and "z" + to_base58(signature) == value, "proofValue")
    config = {k: v for k, v in proof.items() if k != "proofValue"}
    verify_bytes(key, message(document, config), signature)
    return did, created


def sign(document, seed, created):
    """Signs a document; for vectors only."""
    need("S-20", isinstance(document, dict) and "proof" not in document, "no proof yet")
    private = Ed25519PrivateKey.from_private_bytes(seed)
    multikey = "z" + to_base58(b"\xed\x01" + private.public_key().public_bytes_raw())
    config = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": created,
        "verificationMethod": f"did:key:{multikey}#{multikey}",
        "proofPurpose": "assertionMethod",
    }
    if "@context" in document:
        config["@context"] = document["@context"]
    signature = private.sign(message(document, config))
    return {**document, "proof": {**config, "proofValue": "z" + to_base58(signature)}}
