"""SPEC section 5.4: credentials in the forms of others, read from their text. Signatures are OpenSSL's."""

import base64
import datetime
import hashlib
import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256

from profile import Broken, base58, did_key, need, organisation, parse, time, to_base58
from proofs import verify_bytes

P256 = b"\x80\x24"
CLEAR = {
    "iss", "issuer", "nbf", "exp", "cnf", "vct", "vct#integrity", "status", "@context", "type", "validFrom", "validUntil",
    "credentialStatus", "credentialSchema", "credentialSubject", "termsOfUse",
}


def key(text):
    """A key by S-150, as its kind and bytes."""
    data = base58(text[9:]) if isinstance(text, str) and text.startswith("did:key:z") else None
    if data is not None and len(data) == 35 and data[:2] == P256 and data[2] in (2, 3):
        need("S-150", "did:key:z" + to_base58(data) == text, text)
        return "ES256", data[2:]
    return "EdDSA", did_key(text)


def is_foreign(document):
    return isinstance(document, dict) and document.get("type") in ("VcJwt", "SdJwtVc")


def unbase64(text):
    need("S-151", re.fullmatch(r"[A-Za-z0-9_-]*", text) is not None, "base64url")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as e:
        raise Broken("S-151", str(e)) from e
    need("S-151", base64.urlsafe_b64encode(data).rstrip(b"=").decode() == text, "base64url")
    return data


def json_of(text):
    try:
        return parse(unbase64(text))
    except (Broken, ValueError) as e:
        raise Broken("S-151", str(e)) from e


class Token:
    """S-151."""

    def __init__(self, text, types):
        parts = text.split(".")
        need("S-151", len(parts) == 3, "three parts")
        header, self.payload, self.signature = json_of(parts[0]), json_of(parts[1]), unbase64(parts[2])
        need("S-151", isinstance(header, dict) and isinstance(self.payload, dict), "objects")
        self.alg, self.typ, self.message = header.get("alg"), header.get("typ"), ".".join(parts[:2]).encode()
        need("S-151", self.alg in ("EdDSA", "ES256") and not {"crit", "b64"} & set(header), "header")
        need("S-151", self.typ in types and len(self.signature) == 64, "typ or signature")

    def signed_by(self, known):
        kind, data = known
        if kind != self.alg:
            return False
        try:
            if kind == "EdDSA":
                verify_bytes(data, self.message, self.signature)
            else:
                point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), data)
                r, s = (int.from_bytes(self.signature[i:i + 32], "big") for i in (0, 32))
                point.verify(utils.encode_dss_signature(r, s), self.message, ec.ECDSA(SHA256()))
        except (Broken, ValueError, InvalidSignature):
            return False
        return True


def hashed(text):
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


class Opening:
    """S-152."""

    def __init__(self, disclosures):
        self.given, self.seen = {}, set()
        for text in disclosures:
            value = json_of(text)
            need("S-152", isinstance(value, list) and len(value) in (2, 3) and isinstance(value[0], str), "disclosure")
            if len(value) == 3:
                need("S-152", isinstance(value[1], str) and value[1] not in ("_sd", "...", "_sd_alg"), "name")
            need("S-152", hashed(text) not in self.given, "given twice")
            self.given[hashed(text)] = value[1:]

    def take(self, number):
        need("S-152", isinstance(number, str) and number not in self.seen, "a digest twice, or no text")
        self.seen.add(number)
        return self.given.pop(number, None)

    def object(self, value, depth, clear=frozenset()):
        need("S-152", depth <= 32, "depth")
        value = dict(value)
        digests = value.pop("_sd", [])
        need("S-152", isinstance(digests, list) and not {"...", "_sd_alg"} & set(value), "reserved name")
        out = {name: self.value(v, depth + 1) for name, v in value.items()}
        for number in digests:
            found = self.take(number)
            if found is None:
                continue
            need("S-152", len(found) == 2 and found[0] not in clear and found[0] not in out, "claim")
            out[found[0]] = self.value(found[1], depth + 1)
        return out

    def value(self, value, depth):
        if isinstance(value, dict):
            return self.object(value, depth)
        if not isinstance(value, list):
            return value
        need("S-152", depth <= 32, "depth")
        out = []
        for item in value:
            if isinstance(item, dict) and set(item) == {"..."}:
                found = self.take(item["..."])
                if found is not None:
                    need("S-152", len(found) == 1, "element")
                    out.append(self.value(found[0], depth + 1))
            else:
                out.append(self.value(item, depth + 1))
        return out


def number(payload, claim):
    value = payload.get(claim)
    need("S-153", value is None or (type(value) is int and 0 <= value <= 253402300799), claim)
    return [] if value is None else [value]


def instant(payload, claim):
    value = payload.get(claim)
    if value is None:
        return []
    form = r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)"
    need("S-153", isinstance(value, str) and re.fullmatch(form, value) is not None, claim)
    text = re.sub(r"\.\d+", "", value).upper().replace(" ", "T")
    try:
        return [int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())]
    except ValueError as e:
        raise Broken("S-153", str(e)) from e


class Credential:
    """S-151 to S-154: what a document of evidence in the form of others says."""

    def __init__(self, document):
        need("S-102", set(document) - {"presented"} == {"type", "compact"}, "form")
        text, presented = document["compact"], document.get("presented")
        need("S-151", isinstance(text, str) and text.isascii() and len(text) <= 262144, "compact")
        if presented is not None:
            need("S-154", isinstance(presented, dict) and set(presented) == {"audience", "at"}, "presented")
            need("S-154", isinstance(presented["audience"], str), "audience")
            time(presented["at"])
        if document["type"] == "VcJwt":
            need("S-154", presented is None, "presented")
            self.token = Token(text, ("vc+jwt",))
            payload = self.token.payload
            self.held, flat = "cnf" not in payload, False
        else:
            need("S-152", "~" in text, "no ~")
            head, binding = text.rsplit("~", 1)
            first, *disclosures = head.split("~")
            self.token = Token(first, ("dc+sd-jwt", "vc+sd-jwt"))
            payload = dict(self.token.payload)
            need("S-152", payload.pop("_sd_alg", "sha-256") == "sha-256", "_sd_alg")
            opening = Opening(disclosures)
            payload = opening.object(payload, 0, CLEAR)
            need("S-152", not opening.given, "a disclosure without a place")
            self.held = self.bound(payload.get("cnf"), binding, head + "~", presented)
            flat = "vct" in payload
            need("S-153", flat or self.token.typ == "vc+sd-jwt", "vct")
        claims = self.flat(payload) if flat else self.model(payload)
        starts = number(payload, "nbf") + number(payload, "iat") + instant(payload, "validFrom")
        ends = number(payload, "exp") + instant(payload, "validUntil")
        need("S-153", ends, "no end")
        self.start, self.end, self.claims = max(starts, default=0), min(ends), claims
        named = {self.about(p + claims[c]) for c, p in (("organisation", ""), ("legal_person_id", "EUID:")) if c in claims
                 if self.text(claims[c])}
        self.organisation = named.pop() if len(named) == 1 else None

    @staticmethod
    def text(value):
        need("S-153", isinstance(value, str), "organisation")
        return True

    @staticmethod
    def about(text):
        try:
            organisation(text)
        except Broken as e:
            raise Broken("S-153", str(e)) from e
        return trade_register(text)

    def flat(self, payload):
        need("S-153", isinstance(payload["vct"], str) and isinstance(payload.get("iss"), str), "vct or iss")
        self.issuer = payload["iss"]
        return payload

    def model(self, payload):
        context, kinds, issuer = payload.get("@context"), payload.get("type"), payload.get("issuer")
        need("S-153", not {"vc", "vp"} & set(payload), "vc")
        need("S-153", isinstance(context, list) and context[:1] == ["https://www.w3.org/ns/credentials/v2"], "@context")
        need("S-153", kinds == "VerifiableCredential" or (isinstance(kinds, list) and "VerifiableCredential" in kinds), "type")
        self.issuer = issuer.get("id") if isinstance(issuer, dict) else issuer
        need("S-153", isinstance(self.issuer, str) and payload.get("iss", self.issuer) == self.issuer, "issuer")
        subject = payload.get("credentialSubject")
        if isinstance(subject, list) and len(subject) == 1:
            subject = subject[0]
        need("S-153", isinstance(subject, dict), "credentialSubject")
        need("S-153", "sub" not in payload or subject.get("id") == payload["sub"], "sub")
        return subject

    @staticmethod
    def bound(cnf, binding, before, presented):
        """S-154."""
        if not binding:
            need("S-154", presented is None, "presented")
            return cnf is None
        jwk = cnf.get("jwk") if isinstance(cnf, dict) else None
        need("S-154", isinstance(jwk, dict), "cnf")
        if (jwk.get("kty"), jwk.get("crv")) == ("OKP", "Ed25519"):
            known = "EdDSA", unbase64(jwk["x"])
        else:
            need("S-154", (jwk.get("kty"), jwk.get("crv")) == ("EC", "P-256"), "jwk")
            x, y = unbase64(jwk["x"]), unbase64(jwk["y"])
            known = "ES256", bytes([2 + (y[-1] & 1)]) + x
        token = Token(binding, ("kb+jwt",))
        if presented is None:
            return False
        p, at = token.payload, time(presented["at"])
        fits = isinstance(p.get("nonce"), str) and p.get("aud") == presented["audience"] and p.get("sd_hash") == hashed(before)
        return token.signed_by(known) and fits and type(p.get("iat")) is int and at - 300 <= p["iat"] <= at + 60

    def items(self, trusted):
        """Items of the trust list that are its issuer (S-150), and those of them whose key signed it."""
        named = [t for t in trusted if t.get("issuer", t["key"]) == self.issuer]
        return named, [t for t in named if self.token.signed_by(key(t["key"]))]


def trade_register(text):
    """One name for a company that is in the Dutch trade register."""
    return "NL.KVK:" + text[len("EUID:NLNHR."):] if re.fullmatch(r"EUID:NLNHR\.\d{8}", text) else text
