"""A second verifier of bundles, written from SPEC.md: one file in, a verdict out, with the first MUST that fails.

    python verify.py BUNDLE --log-key VKEY [--witness VKEY ...] [--quorum N] [--log FOLDER]
    python verify.py --vectors FOLDER         every vector
    python verify.py --expected FOLDER        every bundle that expected.json names

The only package is `cryptography`. With `cedarpy` the decision is evaluated again by another Cedar binding (S-100, permit or not).
"""

import argparse
import calendar
import datetime
import json
import pathlib
import sys

import cedar
import course
import credentials
import newer
import vectors
from notes import Checkpoint, Key, Note, inclusion, leaf, open_checkpoint, quorum, unbase64
from profile import Broken, digest, need, parse, same, sha256, time
from proofs import sound, verify as verify_proof, verify_bytes  # noqa: F401
from profile import base58, canonical, did_key
from records import HEX, INPUT, NATURAL, PERSON, TYPES, about, check_entry, check_form, items, kind_of, record
from records import ANY, TEXT, TEXTS, words

MEMBERS = {
    "deal": "DataDeal", "acceptance": "DataDealAcceptance", "revocations": "DealRevocation", "decision": "Decision",
    "reviews": "DealReview", "supersedes": "DataDeal", "supersededBy": "DataDeal",
    "supersededByAcceptance": "DataDealAcceptance", "request": "Request", "approvals": "Approval", "history": None,
    "erasures": "Erasure", "schema": "Schema", "conditionSets": "ConditionSet", "trustList": "TrustList",
    "mandates": "Mandate", "withdrawals": "MandateWithdrawal", "keyStatements": "KeyStatement",
}
READ = ["request", "decision", "deal", "acceptance", "approvals", "revocations", "reviews", "supersedes", "supersededBy",
        "supersededByAcceptance", "mandates", "withdrawals", "erasures", "history", "schema", "conditionSets", "trustList"]
HISTORY = ("Request", "Term", "Objection", "Decision", "Approval")
OF_DEAL = ("acceptance", "revocations", "reviews", "supersedes", "supersededBy", "supersededByAcceptance")
LISTS = {"revocations", "reviews", "approvals", "history", "erasures", "conditionSets", "mandates", "withdrawals", "keyStatements"}
PLACE = record(record=HEX, index=NATURAL, entry=ANY, proof=TEXTS)
BUNDLE = record(
    "deal acceptance revocations reviews supersedes supersededBy supersededByAcceptance approvals history erasures input "
    "trustList mandates withdrawals sides evidence", type=words("DataDealBundle"),
    version=NATURAL, input=ANY, sides=items(ANY), evidence=items(ANY), log=record(checkpoint=TEXT, entries=items(PLACE)),
    **{member: items(ANY) if member in LISTS else ANY for member in MEMBERS},
)


class Case:
    """The records of a bundle, their subjects, and their places in the log."""

    def __init__(self, bundle):
        self.bundle, self.places, self.not_given, self.elsewhere, self.timed = bundle, {}, [], set(), []
        self.withdrawn = {}  # by the digest of the mandate

    def all(self, *members):
        for member in members:
            value = self.bundle.get(member, [])
            yield from ((member, v) for v in (value if member in LISTS else [value] if member in self.bundle else []))

    def place(self, document):
        return self.places[digest(document)][0]

    def before(self, first, second):
        return self.place(first) < self.place(second)

    def one(self, member):
        return self.bundle[member], self.bundle[member]["credentialSubject"]


def reference(document):
    return {"id": document["id"], "digest": digest(document)}


def first_request(bundle):
    """The first version of the request: its id and salt are those of the case."""
    of = (d for d in bundle.get("history", []) if kind_of(d) == "Request" and "replaces" not in d["credentialSubject"])
    return next(of, bundle["request"])


def issuer(document):
    return document["issuer"]["registerNumber"]


def verify(data, log_key=None, witnesses=(), wanted=0, log=None):
    """Verifies the bytes of a bundle. Raises Broken with the first MUST that fails; gives those that were not given."""
    try:
        bundle = parse(data, 16 * 2**20)
        BUNDLE(bundle)
        need("S-80", bundle["version"] == 1, "version")
        need("S-80", "deal" in bundle or not any(bundle.get(member) for member in OF_DEAL), "no deal")
    except (Broken, ValueError) as e:
        raise Broken("S-80", str(e)) from e
    case = Case(bundle)
    size, root = checkpoint(case, log_key, witnesses, wanted)
    entries(case, size, root)
    keys = Keys(case, log_key)
    for member, document in case.all(*READ):
        kind = MEMBERS[member] or kind_of(document)
        need("S-60", member != "history" or kind in HISTORY, "no part of a history")
        envelope(document, kind)
        keys.check(document, kind)
        if member == "withdrawals":
            withdrawal(case, document)
        need("S-60", member != "schema" or cedar.is_schema(document["credentialSubject"]["text"]), "no Cedar schema")
    versions(case)
    issuers(case, keys)
    blinded(case)
    chain(case)
    course.check(case)
    result(case)
    acceptance(case)
    obligations(case)
    case.not_given.append("S-95")  # the templates of the agreement's words are another program's
    afterwards(case)
    followed(case)
    approvals(case)
    mandates(case)
    sides(case)
    decision_input(case)
    reviews(case)
    replay(case)
    if log:
        case.not_given += newer.check(bundle, [document for _, document in case.all(*MEMBERS)], (size, root), log, log_key)
    return case.not_given


def checkpoint(case, log_key, witnesses, wanted):
    text = case.bundle["log"]["checkpoint"]
    note = Note(text)
    if log_key is None:
        case.not_given.append("S-81")
        head = Checkpoint(note.text)
    else:
        try:
            head, cosigned = open_checkpoint(note, log_key, list(witnesses))
        except Broken as e:
            raise Broken("S-81", str(e)) from e
        if wanted:
            try:
                quorum(cosigned, wanted)
            except Broken as e:
                raise Broken("S-82", str(e)) from e
    return head.size, head.root


def entries(case, size, root):
    listed = case.bundle["log"]["entries"]
    by_record = {e["record"]: e for e in listed}
    need("S-83", len(by_record) == len(listed), "two entries for one record")
    used = 0
    for member, document in case.all(*MEMBERS):
        key, created = verify_proof(document)
        need("S-84", isinstance(document.get("issuer"), dict) and document["issuer"].get("id") == key, member)
        at = document.get("validFrom")
        need("S-85", isinstance(at, str) and at == document["proof"]["created"] and created >= 0, member)
        found = by_record.get(digest(document))
        need("S-83", found, f"{member}: not in the log")
        used += 1
        data = check_entry(found["entry"])
        need("S-86", found["entry"]["digest"] == found["record"], "names another record")
        try:
            path = [unbase64(h, "S-50") for h in found["proof"]]
            need("S-50", all(len(h) == 32 for h in path), "hash")
            inclusion(leaf(data), found["index"], size, path, root)
        except Broken as e:
            raise Broken("S-87", str(e)) from e
        kind = kind_of(document)
        need("S-86", kind and TYPES[kind][0] == found["entry"]["type"], "type")
        need("S-86", at[:10] == found["entry"]["time"], "day")
        case.places[found["record"]] = (found["index"], found["entry"], time(at), continues(document) is not None)
        if elsewhere(document):
            case.elsewhere.add(found["index"])
    need("S-83", used == len(listed), "an entry without record, or a record twice")
    head = 0
    for index, _, at, goes_on in sorted(case.places.values(), key=lambda p: p[0]):
        if goes_on and index == head:
            # the entries of a log that was given up follow the newer statement that continues it (S-136)
            head += 1
        elif index not in case.elsewhere:
            case.timed.append((index, at))
    newest = 0
    for _, at in case.timed:
        need("S-89", at + 60 >= newest, "backdated")
        newest = max(newest, at)


def ends(document):
    """Whether it is the notice of a reuser that ends its deal."""
    return kind_of(document) == "DealRevocation" and document["credentialSubject"]["action"] == "end"


def elsewhere(document):
    """Whether it is an acceptance that was signed elsewhere and handed in later."""
    actor = document["credentialSubject"].get("actor", {})
    return kind_of(document) == "DataDealAcceptance" and actor.get("keyHeldBy") == "self"


def continues(document):
    """The checkpoint of a log that was given up, in the statement that goes on from it."""
    subject = document.get("credentialSubject")
    log = subject.get("log") if isinstance(subject, dict) else None
    return log.get("continues") if isinstance(log, dict) else None


def states_itself(document, s):
    """S-71: the issuer is the subject, nothing is revoked or recovered, and a log is named."""
    own = {"id": s["key"], "legalName": s["name"], "registerNumber": s["organisation"]}
    return same(document["issuer"], own) and not s.get("recovery") and not s.get("revokes") and "log" in s


def goes_on(log, older):
    """S-136: from a checkpoint under the older log's key, with a reason, under another name and another key."""
    try:
        key = Key(older["key"])
        head, _ = open_checkpoint(Note(log.get("continues", "")), key, [])
        another = log["origin"] != older["origin"] and Key(log["key"]).key != key.key
    except Broken:
        return False
    return head.origin == older["origin"] and another and "reason" in log


class Keys:
    """Which key could sign what at which place."""

    def __init__(self, case, log_key):
        self.case, self.operator = case, None
        self.stated = []
        for _, document in case.all("keyStatements"):
            check_form(document, "KeyStatement")
            self.stated.append((case.place(document), document, document["credentialSubject"]))
        self.stated.sort(key=lambda s: s[0])
        if not self.stated or self.stated[0][0] != 0:
            case.not_given.append("S-71")
        else:
            _, document, s = self.stated[0]
            need("S-71", states_itself(document, s), "entry 0 does not state itself and its log")
            origin = case.bundle["log"]["checkpoint"].split("\n")[0]
            need("S-71", s["log"]["origin"] == origin, "another origin")
            need("S-71", log_key is None or s["log"]["key"] == log_key.text, "another log key")
            self.operator = s["organisation"]
        for index, document, s in self.stated:
            self.statement(index, document, s)

    def before(self, index):
        return [s for i, _, s in self.stated if i < index or (i == 0 and index == 0)]

    def revoked(self, key, index):
        return any(key in s.get("revokes", []) for s in self.before(index))

    def statement(self, index, document, s):
        signature = base58(s["possession"][1:]) if s["possession"].startswith("z") else None
        message = canonical({k: v for k, v in s.items() if k != "possession"})
        verify_bytes(did_key(s["key"]), message, signature or b"", "S-70", "S-70")
        if index == 0:
            return
        anchor = self.continued(index)
        need("S-71", anchor or "log" not in s, "only entry 0 names a log")
        earlier = self.before(index)
        need("S-74", all(e["key"] != s["key"] for e in earlier), "stated before")
        if anchor:
            return
        by_operator, by_itself = issuer(document) == self.operator, issuer(document) == s["organisation"]
        need("S-72", by_operator or by_itself, "by a stranger")
        need("S-72", not (by_itself and s.get("recovery")), "recovers itself")
        own = [e for e in earlier if e["organisation"] == s["organisation"] and not self.revoked(e["key"], index)]
        keeps = any("keys" in e["uses"] for e in own)
        need("S-72", by_itself or not keeps or s.get("recovery"), "not a recovery")
        self.valid(document, "keys", index, "S-72")
        need("S-72", by_itself or "checked" in s, "not said how it was checked")
        need("S-75", all(any(e["key"] == key for e in own) for key in s.get("revokes", [])), "another's key")

    def continued(self, index):
        """S-136: whether this is entry 0 of a log that was given up, right after the statement that continues it."""
        by_index = {i: (d, s) for i, d, s in self.stated}
        if index - 1 not in by_index or index not in by_index:
            return False
        (_, newer), (document, s) = by_index[index - 1], by_index[index]
        right = states_itself(document, s) and s["organisation"] == self.operator and goes_on(newer.get("log", {}), s["log"])
        return right and (index == 1 or self.continued(index - 1))

    def valid(self, document, use, index, must="S-73"):
        who = document["issuer"]
        found = next((s for s in self.before(index) if s["key"] == who["id"]), None)
        need(must, found, "key not stated before")
        fits = found["organisation"] == who["registerNumber"] and found["name"] == who["legalName"]
        need(must, fits and use in found["uses"], "stated for another, or for another use")
        need(must, not self.revoked(who["id"], index), "revoked")
        return found

    def check(self, document, kind):
        """S-73 and S-77."""
        use = "portal" if ends(document) else TYPES[kind][1]
        found = self.valid(document, use, self.case.place(document))
        actor = document["credentialSubject"].get("actor")
        if actor:
            need("S-77", actor["keyHeldBy"] == found["heldBy"], "key elsewhere")
            need("S-77", actor["level"] == "simple" or actor["keyHeldBy"] == "self", "level")


def envelope(document, kind):
    """S-60, S-8 and S-66."""
    check_form(document, kind)
    need("S-8", ("salt" in document) == TYPES[kind][2], "salt")
    s = document["credentialSubject"]
    end = {"Mandate": lambda: s["until"], "DataDeal": lambda: s["term"]["until"]}.get(kind, lambda: None)()
    need("S-66", document.get("validUntil") == end, "validUntil")
    need("S-66", "credentialStatus" not in document or kind == "DataDeal", "credentialStatus")


def withdrawal(case, document):
    s = document["credentialSubject"]
    need("S-76", issuer(document) == s["giver"], "withdrawal")
    mandate = next((m for _, m in case.all("mandates") if same(s["mandate"], reference(m))), None)
    need("S-190", mandate and case.before(mandate, document), "no mandate before it")
    need("S-190", mandate["credentialSubject"]["giver"] == s["giver"], "another giver")
    need("S-190", digest(mandate) not in case.withdrawn, "withdrawn before")
    case.withdrawn[digest(mandate)] = document


def versions(case):
    for member, document in case.all("conditionSets", "schema", "trustList"):
        s = document["credentialSubject"]
        need("S-67", s["version"] >= 1, "version 0")
        need("S-67", member != "conditionSets" or ("replaces" in s) == (s["version"] > 1), "replaces")


def owner_of(case):
    return issuer(case.bundle.get("deal", case.bundle["decision"]))


def issuers(case, keys):
    if keys.operator is None:
        return
    by_owner, by_operator = owner_of(case), keys.operator
    for member, document in case.all(
        "request", "decision", "approvals", "revocations", "reviews", "supersedes", "supersededBy", "mandates", "history",
        "erasures", "schema", "trustList", "conditionSets"
    ):
        s = document["credentialSubject"]
        by_owner_s = member in ("decision", "approvals", "revocations", "reviews", "supersedes", "supersededBy")
        if ends(document):
            by = by_operator
        elif by_owner_s or kind_of(document) in ("Decision", "Approval", "Term"):
            by = by_owner
        elif member == "mandates":
            by = s["giver"]
        elif member == "conditionSets":
            fits = (("owner" in s), ("dataset" in s)) == {
                "portal": (False, False), "owner": (True, False), "dataset": (True, True)}[s["level"]]
            need("S-76", fits, "level")
            by = s.get("owner", by_operator)
        else:
            by = by_operator
        need("S-76", issuer(document) == by, member)


def blinded(case):
    request = first_request(case.bundle)
    for _, document in case.all(*MEMBERS):
        entry = case.places[digest(document)][1]
        of_case = TYPES[kind_of(document)][2]
        public = document["credentialSubject"]["mandate"] if kind_of(document) == "MandateWithdrawal" else document
        named = (request["id"], request["salt"]) if of_case else (public["id"], "")
        need("S-88", entry["about"] == about(named[0], entry["id"], named[1]), document["id"])


def scope_of(scope):
    """A scope with its sets as sets, and its columns apart."""
    sets = {m: sorted(set(scope.get(m, []))) for m in ("linkage", "editions")}
    rest = {m: v for m, v in scope.items() if m not in ("columns", *sets)}
    return set(scope.get("columns", [])), {"level": "records", **rest, **sets}


def months_after(text, months):
    at = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    total = at.month - 1 + months
    year, month = at.year + total // 12, total % 12 + 1
    if year > 9999:
        return None
    day = min(at.day, calendar.monthrange(year, month)[1])
    return time(f"{year:04}-{month:02}-{day:02}{text[10:]}")


def chain(case):
    (request, r), (decision, d) = (case.one(m) for m in ("request", "decision"))
    versions = [request] + [v for _, v in case.all("history") if kind_of(v) == "Request"]
    early = all(time(v["credentialSubject"]["receivedAt"]) <= time(v["validFrom"]) for v in versions)
    need("S-90", early, "received later")
    need("S-90", same(d["request"], reference(request)) and d["addressee"] == r["applicant"], "request")
    need("S-90", d["receivedAt"] == r["receivedAt"], "receipt")
    between = any(case.before(request, v) and case.before(v, decision) for v in versions)
    need("S-90", not between, "a later version")
    if "deal" not in case.bundle:
        return need("S-92", case.before(request, decision), "order")
    deal, e = case.one("deal")
    need("S-90", same(e["decision"]["record"], reference(decision)) and e["decision"]["input"] == d.get("input"), "deal")
    need("S-91", d["result"] in ("granted", "partly_granted"), "not granted")
    (asked, rest), (given, own) = scope_of(r["scope"]), scope_of(e["scope"])
    need("S-91", given <= set(d.get("granted", [])) and given <= asked and bool(given) == bool(asked), "columns")
    need("S-91", e["purpose"] == r["purpose"] and e["dataset"] == r["dataset"] and same(own, rest), "scope")
    provider = {"organisation": owner_of(case), "party": "provider", "inNameOf": d["body"]}
    reuser = {"organisation": r["applicant"], "party": "reuser", "name": r["applicantName"]}
    parties = e["parties"]
    need("S-91", len(parties) == 2, "two parties")
    need("S-91", same({k: v for k, v in parties[0].items() if k != "name"}, provider), "provider")
    need("S-91", same(parties[1], reuser), "reuser")
    months = r["scope"].get("termMonths")
    start, end = time(e["term"]["from"]), time(e["term"]["until"])
    limit = months_after(e["term"]["from"], months) if months is not None and 0 <= months < 2**32 else None
    need("S-91", time(e["offerUntil"]) > time(deal["validFrom"]), "offer")
    need("S-91", start < end and (limit is None or end <= limit), "term")
    need("S-92", case.before(request, decision) and case.before(decision, deal), "order")


def result(case):
    (_, r), (_, d) = case.one("request"), case.one("decision")
    granted, refused = set(d.get("granted", [])), set(d.get("refused", []))
    answer = d.get("decision")
    if d.get("objection", {"outcome": "upheld"})["outcome"] != "upheld":
        return need("S-78", answer is None and "input" not in d, "an answer to what stays")
    need("S-78", ("forwardedTo" in d) == (d["result"] == "forwarded"), "forwarded")
    if answer is None:
        ends = {"withdrawn": True, "forwarded": True, "not_considered": course.not_completed(case)}
        return need("S-78", ends.get(d["result"], False) and not granted and not refused, "no answer")
    columns = {c["name"]: c["outcome"] for c in answer.get("columns", [])}
    asked = set(r["scope"].get("columns", []))
    permitted = {n for n, o in columns.items() if o == "permit"}
    some = bool(permitted) and len(permitted) < len(asked)
    waits = any(o in ("review", "incomplete") for o in columns.values())
    ended = not waits and not permitted
    turned_down = any(not a["credentialSubject"]["given"] for _, a in case.all("approvals"))
    outcome = answer["outcome"]
    fits, given = {
        "granted": (outcome == "permit", permitted),
        "partly_granted": (some and (turned_down or (outcome in ("deny", "no_ground") and not waits)), permitted),
        "refused": ((turned_down and not some) or (outcome == "deny" and ended), set()),
        "no_ground": (outcome == "no_ground" and ended, set()),
    }.get(d["result"], (False, set()))
    need("S-78", fits and set(columns) == asked and granted == given and refused == asked - given, d["result"])


def acceptance(case):
    if "deal" not in case.bundle:
        return
    if "acceptance" not in case.bundle:
        return case.not_given.append("S-93")
    (document, a), (deal, e), (_, r) = (case.one(m) for m in ("acceptance", "deal", "request"))
    need("S-93", same(a["deal"], reference(deal)) and same(a["words"], e["words"]), "deal or words")
    need("S-93", set(a["accepted"]) == {o["id"] for o in e["obligations"]}, "obligations")
    need("S-93", issuer(document) == r["applicant"] == a["actor"]["organisation"], "not by the reuser")
    at = time(document["validFrom"])
    need("S-93", at < time(e["offerUntil"]), "too late")
    place = case.place(document)
    earlier = [when for index, when in case.timed if index < place]
    need("S-93", time(deal["validFrom"]) <= at and max(earlier, default=at) <= at + 604800, "before the offer, or too late")
    need("S-92", case.before(deal, document), "order")


def obligations(case):
    if "deal" not in case.bundle:
        return
    (_, r), (_, d), (_, e) = (case.one(m) for m in ("request", "decision", "deal"))
    if "decision" not in d:
        return
    agreed = lambda c: c["role"] not in ("entry", "ground") and c["id"].split("/", 1)[-1] in r["accepted"]  # noqa: E731
    signing = [c for c in d["decision"]["conditions"] if agreed(c)]
    wanted = []
    for c in signing:
        need("S-94", "clause" in c["text"], "no clause")
        o = {"id": c["id"], "kind": c["role"], "clause": c["text"]["clause"], "legalBasis": c["text"]["legalBasis"]}
        wanted.append({**o, "due": c["text"]["due"]} if "due" in c["text"] else o)
    added = [t for _, a in case.all("approvals") for t in a["credentialSubject"].get("terms", [])]
    wanted += [
        {"id": f"term/{n}", "kind": "term", "clause": t["clause"], "legalBasis": t["legalBasis"]}
        for n, t in enumerate(added, 1)
    ]
    need("S-94", same(e["obligations"], wanted), "clauses or terms")
    fees = [{"id": c["id"], "tariff": c["text"]["tariff"]} for c in signing if "tariff" in c["text"]]
    need("S-94", same(e.get("fees", []), fees), "fees")
    met = [
        {"id": g["id"], "label": g["text"]["label"], "legalBasis": g["text"]["legalBasis"]}
        for g in d["decision"]["grounds"] if g["status"] == "met"
    ]
    need("S-94", e["grounds"] and all(any(same(g, m) for m in met) for g in e["grounds"]), "grounds")


def afterwards(case):
    (request, _), (decision, _) = (case.one(m) for m in ("request", "decision"))
    for _, document in case.all("revocations"):
        deal = case.bundle["deal"]
        right = same(document["credentialSubject"]["deal"], reference(deal)) and case.before(deal, document)
        need("S-96", right, "revocation")
        step(case, document)
    versions = [request] + [v for _, v in case.all("history") if kind_of(v) == "Request"]
    for _, document in case.all("erasures"):
        of = any(same(document["credentialSubject"]["request"], reference(v)) for v in versions)
        right = of and case.before(decision, document)
        need("S-79", right, "erasure")


def step(case, document):
    s = document["credentialSubject"]
    at, action = time(document["validFrom"]), s["action"]
    need("S-182", (action == "intend") == ("viewUntil" in s), "viewUntil")
    need("S-182", "viewUntil" not in s or time(s["viewUntil"]) > at, "viewUntil is past")
    need("S-182", not s.get("danger") or action == "revoke", "danger")
    need("S-182", "view" not in s or action in ("revoke", "drop"), "view")
    objection, copies = s.get("objection"), s.get("copies")
    need("S-182", objection is None or action in ("suspend", "revoke"), "objection")
    need("S-182", objection is None or objection["until"] >= str(course.local_day(document["validFrom"])), "too late to object")
    fits = {"suspend": "hold", "revoke": "delete", "end": "delete"}.get(action)
    need("S-182", copies is None or copies == fits, "copies")
    concluded = "acceptance" in case.bundle and case.before(case.bundle["acceptance"], document)
    need("S-182", action != "end" or concluded, "not concluded")
    if action != "drop" and (action != "revoke" or s.get("danger") or not concluded):
        return
    earlier = [r for _, r in case.all("revocations") if case.before(r, document)]
    earlier = [r for r in earlier if r["credentialSubject"]["action"] in ("intend", "drop")]
    last = max(earlier, key=case.place)["credentialSubject"] if earlier else {"action": None}
    need("S-182", last["action"] == "intend", "not announced")
    need("S-182", action == "drop" or "view" in s or time(last["viewUntil"]) <= at, "not heard")


def alike(old, new):
    parties = lambda d: [(p["party"], p["organisation"]) for p in d["credentialSubject"]["parties"]]  # noqa: E731
    return old["credentialSubject"]["dataset"] == new["credentialSubject"]["dataset"] and parties(old) == parties(new)


def followed(case):
    if "deal" not in case.bundle:
        return
    deal, e = case.one("deal")
    need("S-180", ("supersedes" in e) == ("supersedes" in case.bundle), "the deal before")
    if "supersedes" in e:
        old = case.bundle["supersedes"]
        need("S-180", same(e["supersedes"], reference(old)) and alike(old, deal) and case.before(old, deal), "another")
    need("S-181", ("supersededBy" in case.bundle) == ("supersededByAcceptance" in case.bundle), "the deal after")
    if "supersededBy" in case.bundle:
        (new, n), (document, a) = case.one("supersededBy"), case.one("supersededByAcceptance")
        reuser = case.bundle["request"]["credentialSubject"]["applicant"]
        need("S-181", same(n.get("supersedes", {}), reference(deal)) and alike(deal, new) and case.before(deal, new), "deal")
        need("S-181", same(a["deal"], reference(new)) and case.before(new, document), "acceptance")
        need("S-181", issuer(document) == reuser == a["actor"]["organisation"], "not by the reuser")
        need("S-181", time(document["validFrom"]) < time(n["offerUntil"]), "too late")


def reviews(case):
    before = "permit"
    for _, document in case.all("reviews"):
        deal = case.bundle["deal"]
        s = document["credentialSubject"]
        actor, outcome = s["actor"], s["decision"]["outcome"]
        need("S-183", same(s["deal"], reference(deal)) and "acceptance" in case.bundle, "deal")
        need("S-183", case.before(case.bundle["acceptance"], document), "not concluded")
        need("S-183", s["before"] == before != outcome and not (s.get("suspends") and outcome == "permit"), "outcome")
        need("S-183", "person" not in actor and actor["organisation"] == owner_of(case), "actor")
        need("S-183", "automatic" in actor["authority"], "not by rule")
        before = outcome


def by_rule(case, document, actor):
    """S-98 of a suspension without a person."""
    earlier = [r for _, r in case.all("reviews") if case.before(r, document)]
    last = max(earlier, key=case.place)["credentialSubject"] if earlier else {}
    need("S-98", document["credentialSubject"]["action"] == "suspend" and last.get("suspends"), "no review says so")
    need("S-98", same(last["actor"]["authority"], actor["authority"]), "another official")
    need("S-98", "person" not in actor and actor["organisation"] == owner_of(case), "a person")


def approvals(case):
    (request, r), (decision, d) = case.one("request"), case.one("decision")
    given = [a for _, a in case.all("approvals")]
    for document in given:
        s = document["credentialSubject"]
        need("S-97", s["actor"]["organisation"] != r["applicant"], "its own")
        right = same(s["request"], reference(request)) and case.before(request, document) and case.before(document, decision)
        need("S-97", right, "another request")
    names = [a["credentialSubject"]["name"] for a in given]
    need("S-97", same(d.get("approvals", []), [reference(a) for a in given]), "named")
    need("S-97", all(a.encode() < b.encode() for a, b in zip(names, names[1:])), "names")
    own = "person" in d["actor"] and d["actor"]["organisation"] == r["applicant"]
    need("S-97", not own or by_applicant(d), "decides on its own")


def by_applicant(d):
    """Whether the applicant itself ended the request or the objection."""
    on = d.get("objection")
    return on["outcome"] == "withdrawn" if on else d["result"] == "withdrawn"


def mandates(case):
    (_, r), (decision, d) = (case.one(m) for m in ("request", "decision"))
    known = {digest(m): m for _, m in case.all("mandates")}
    for _, term in case.all("history"):
        if kind_of(term) == "Term":
            actor = term["credentialSubject"]["actor"]
            need("S-98", "mandate" in actor["authority"], "no mandate")
            if actor["authority"]["mandate"] in known:
                covers(case, known[actor["authority"]["mandate"]], term, actor, None)
            else:
                case.not_given.append("S-98")
    acts = [] if by_applicant(d) else [(decision, d["actor"], "decide")]
    acts += [(deal, deal["credentialSubject"]["actor"], "decide") for _, deal in case.all("deal")]
    acts += [(a, a["credentialSubject"]["actor"], {"approve": a["credentialSubject"]["name"]}) for _, a in case.all("approvals")]
    acts += [(a, a["credentialSubject"]["actor"], "decide") for _, a in case.all("revocations", "supersededBy") if not ends(a)]
    for _, a in case.all("revocations"):
        by = a["credentialSubject"]["actor"]
        own = by["organisation"] == r["applicant"] and "register" in by["authority"] and "person" in by
        need("S-98", not ends(a) or own, "not by the reuser")
    sets = [s["credentialSubject"] for _, s in case.all("conditionSets")]
    for document, actor, power in acts:
        authority = actor["authority"]
        if "automatic" in authority and document is decision and ("objection" in d or "decision" not in d):
            raise Broken("S-98", "needs a person")
        if "automatic" in authority and kind_of(document) == "DealRevocation":
            by_rule(case, document, actor)
        elif "automatic" in authority and not sets and "input" not in case.bundle:
            case.not_given.append("S-98")
        elif "automatic" in authority and document is decision:
            right = "person" not in actor and actor["organisation"] == owner_of(case) and sets
            need("S-98", right and authority["automatic"] == sets[-1]["actor"]["function"], "official")
            need("S-98", d["result"] == "granted" or sets[-1].get("automaticRefusals"), "needs a person")
        elif "mandate" in authority:
            if authority["mandate"] not in known:
                case.not_given.append("S-98")
                continue
            covers(case, known[authority["mandate"]], document, actor, power)
        else:
            raise Broken("S-98", "no mandate")


def covers(case, mandate, document, actor, power):
    """A mandate covers an act with a power; with any, if none is asked for."""
    m, (_, r) = mandate["credentialSubject"], case.one("request")
    at = time(document["validFrom"])
    need("S-98", m["giver"] == issuer(mandate) == owner_of(case), "giver")
    need("S-98", m["person"] == actor.get("person") and m["organisation"] == actor["organisation"], "person")
    need("S-98", power is None or any(same(p, power) for p in m["powers"]), "power")
    need("S-98", not m.get("datasets") or r["dataset"] in m["datasets"], "dataset")
    need("S-98", time(m["from"]) <= at < time(m["until"]) and case.before(mandate, document), "time")
    ended = case.withdrawn.get(digest(mandate))
    need("S-191", not ended or case.before(document, ended), "withdrawn before")


def sides(case):
    named = set()
    for _, document in case.all(*MEMBERS):
        named.add(document["credentialSubject"].get("actor", {}).get("person"))
    for side in case.bundle.get("sides", []):
        try:
            PERSON(side)
        except ValueError as e:
            raise Broken("S-103", str(e)) from e
        need("S-103", digest(side) in named, "no record names it")


def decision_input(case):
    if "input" not in case.bundle:
        return
    given, (request, r), (decision, d) = case.bundle["input"], case.one("request"), case.one("decision")
    need("S-99", d.get("input") == digest(given), "another document")
    try:
        INPUT(given)
    except ValueError as e:
        raise Broken("S-99", str(e)) from e
    need("S-99", given["now"] == decision["validFrom"], "instant")
    need("S-99", given["stage"] == "request" and given.get("request") == first_request(case.bundle)["id"], "request")
    need("S-99", given.get("applicant") == r["applicant"] and given.get("purpose") == r["purpose"], "who and why")
    (asked, rest), (own, others) = scope_of(r["scope"]), scope_of(given["scope"])
    need("S-99", asked == own and same(rest, others), "scope")
    need("S-99", same(given["declared"], r["declared"]) and set(given["accepted"]) == set(r["accepted"]), "facts")
    dataset = given["dataset"]
    need("S-99", dataset["id"] == r["dataset"] and dataset["owner"] == owner_of(case), "dataset")
    need("S-99", same(dataset["competentBody"], d["body"]), "body")
    need("S-99", same(dataset.get("executor", ""), d.get("executor", "")), "executor")
    objection = dataset["term"]["objection"]
    need("S-99", same(objection["body"], d["objectionBody"]) and objection["web"] == d["objectionWeb"], "objection")
    need("S-99", own <= {c["name"] for c in dataset.get("columns", [])}, "columns")
    counted = [
        {"name": a["credentialSubject"]["name"], "record": digest(a)}
        for _, a in case.all("approvals") if a["credentialSubject"]["given"]
    ]
    need("S-99", same(given["approvals"], counted), "approvals")


def replay(case):
    decision, d = case.one("decision")
    if "decision" not in d:
        return
    sets = [s for _, s in case.all("conditionSets")]
    for _, text in case.all("schema", "conditionSets", "trustList"):
        need("S-101", case.before(text, decision), "published later")
    for s in sets:
        need("S-101", time(s["validFrom"]) <= time(s["credentialSubject"]["from"]), "before it was published")
    if "input" not in case.bundle:
        return case.not_given.append("S-100")
    given = case.bundle["input"]
    texts = [s["credentialSubject"] for s in sets]
    schema = case.bundle["schema"]["credentialSubject"]["text"]
    hashed = lambda text: sha256(text.encode()).hex()  # noqa: E731
    need("S-101", hashed(schema) == given["schema"], "schema")
    named = [{"level": t["level"], "text": hashed(t["text"]), "record": digest(s)} for t, s in zip(texts, sets)]
    need("S-101", same(named, given["sets"]), "sets")
    order = ["portal", "owner", "dataset"]
    places = [order.index(t["level"]) for t in texts]
    need("S-101", all(a < b for a, b in zip(places, places[1:])), "levels")
    for t in texts:
        need("S-101", time(t["from"]) <= time(given["now"]), "starts later")
        need("S-101", t.get("dataset", given["dataset"]["id"]) == given["dataset"]["id"], "another dataset")
        need("S-101", t.get("owner", given["dataset"]["owner"]) == given["dataset"]["owner"], "another owner")
    listed = digest(case.bundle["trustList"]) if "trustList" in case.bundle else None
    need("S-101", given.get("trustList") == listed, "trust list")
    reader = cedar.Schema(schema)
    if case.bundle.get("evidence"):
        evidence(case, given, reader)
    if any(len(t["text"].encode()) > 262144 for t in texts):
        raise Broken("S-100", "a set is larger than what is read (S-113)")
    outcome = cedar.evaluate(reader, [t["text"] for t in texts], given)
    if outcome is None:
        case.not_given.append("S-100")
    else:
        cedar.check_items(reader, [(t["level"], t["text"]) for t in texts], given, d["decision"])
        columns = {c["name"]: c["outcome"] == "permit" for c in d["decision"].get("columns", [])}
        recorded = (d["decision"]["outcome"] == "permit", columns)
        need("S-100", outcome == recorded, f"Cedar says {outcome}, the record {recorded}")


def evidence(case, given, schema):
    documents = {digest(e): e for e in case.bundle["evidence"]}
    named = {v["evidence"] for v in given["verified"].values()} | {u["evidence"] for u in given.get("uncounted", [])}
    gone = {g for _, e in case.all("erasures") for g in e["credentialSubject"]["erased"]}
    missing = named - set(documents)
    if missing and missing <= gone:
        return case.not_given.append("S-102")
    said = {(u["fact"], u["evidence"]): u["reason"] for u in given.get("uncounted", [])}
    against = {number: reason for (_, number), reason in said.items() if reason in ("revoked", "suspended", "status")}
    trusted = case.bundle["trustList"]["credentialSubject"]["trusted"] if "trustList" in case.bundle else []
    verified, uncounted = {}, []
    for number, document in documents.items():
        for fact, value, until, judged in statements(trusted, given, schema, document):
            who, why = judged(against.get(number))
            if why:
                uncounted.append({"fact": fact, "evidence": number, "reason": why})
                continue
            found = {"value": value, "issuer": who, "until": until, "evidence": number}
            other = verified.get(fact)
            if other is None or (time(other["until"]), other["evidence"]) < (time(found["until"]), number):
                verified[fact] = found
    uncounted.sort(key=lambda u: (u["fact"].encode(), u["evidence"]))
    need("S-102", set(documents) == named and same(verified, given["verified"]), "verified")
    need("S-102", same(uncounted, given.get("uncounted", [])), "uncounted")


def statements(trusted, given, schema, document):
    """What a document states: fact, value, end, and who vouches for it or why it does not count (S-122)."""
    now = time(given["now"])

    def vouches(items, fact, kind):
        found = [t for t in items if fact in t["facts"] and kind in t["kinds"] and time(t["from"]) <= now
                 and ("until" not in t or now < time(t["until"]))]
        return found if kind in schema.verified_by(fact) else []

    def rest(held, start, end, against, fact, value):
        if not held:
            return "holder"
        if now < start:
            return "not-yet"
        if now >= end:
            return "lapsed"
        return against or (None if schema.fits(fact, value) else "value")

    if credentials.is_foreign(document):
        try:
            c = credentials.Credential(document)
        except (Broken, ValueError, KeyError) as e:
            raise Broken("S-102", str(e)) from e
        listed, signed = c.items(trusted)

        def judge(fact, value, against):
            if not listed:
                return None, "issuer"
            if not signed:
                return None, "signature"
            if c.organisation != credentials.trade_register(given["applicant"]):
                return None, "subject"
            items = vouches(signed, fact, "credential")
            if not items:
                return None, "issuer"
            return items[0]["organisation"], rest(c.held, c.start, c.end, against, fact, value)

        until = datetime.datetime.fromtimestamp(c.end, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        return [(fact, value, until, lambda against, f=fact, v=value: judge(f, v, against))
                for fact, value in c.claims.items() if fact in schema.facts]
    try:
        check_form(document, "Evidence")
    except Broken as e:
        raise Broken("S-102", str(e)) from e
    s = document["credentialSubject"]

    def own(against):
        who = issuer(document)
        try:
            key, _ = verify_proof(document)
        except Broken:
            return who, "signature"
        if key != document["issuer"]["id"]:
            return who, "signature"
        if credentials.trade_register(given["applicant"]) != s["organisation"] != given["applicant"]:
            return who, "subject"
        if s["fact"] not in schema.facts:
            return who, "fact"
        if not vouches([t for t in trusted if t["key"] == key], s["fact"], s["kind"]):
            return who, "issuer"
        if s["kind"] == "confirmation" and not ("reason" in s and "actor" in s):
            return who, "reason"
        return who, rest(True, time(s["from"]), time(s["until"]), against, s["fact"], s["value"])

    return [(s["fact"], s["value"], s["until"], own)]


def run(data, log_key, witnesses=(), wanted=0, log=None):
    """Verdict, first MUST that fails, what was not given."""
    try:
        not_given = verify(data, log_key, witnesses, wanted, log)
    except Broken as e:
        return {"verdict": "invalid", "must": e.must, "why": str(e), "notGiven": []}
    # S-95 needs the other program's words
    lacking = [m for m in not_given if m != "S-95"]
    return {"verdict": "incomplete" if lacking else "valid", "must": None, "notGiven": lacking}


def expected(folder):
    """Bundles that the other verifier has judged: the same first MUST."""
    listed = json.loads((folder / "expected.json").read_text())
    wrong, counts = [], {}
    for item in listed["bundles"]:
        log, witnesses = Key(item["log"]), [Key(w) for w in item.get("witnesses", [])]
        found = run((folder / item["file"]).read_bytes(), log, witnesses, item.get("quorum", 0))
        must = found["must"]
        counts[must] = counts.get(must, 0) + 1
        # without another Cedar the answer is not worked out again
        excused = item["must"] == "S-100" and must is None and not cedar.available()
        if must != item["must"] and not excused:
            wrong.append(f"{item['name']}: {must} instead of {item['must']} ({found.get('why', '')})")
        elif must is None and item["must"] is None:
            lacking = [m for m in item["notGiven"] if m != "S-95"]
            own = found["notGiven"] if cedar.available() else [m for m in found["notGiven"] if m != "S-100" or m in lacking]
            if own != lacking:
                wrong.append(f"{item['name']}: not given {own} instead of {lacking}")
    told = ", ".join(f"{must or 'right'} {n}" for must, n in sorted(counts.items(), key=lambda c: str(c[0])))
    print(f"{len(listed['bundles'])} bundles: {told}")
    return wrong


def main():
    parser = argparse.ArgumentParser(description="A second verifier of data deal bundles.")
    parser.add_argument("bundle", nargs="?", type=pathlib.Path)
    parser.add_argument("--log-key", type=Key)
    parser.add_argument("--witness", type=Key, action="append", default=[])
    parser.add_argument("--quorum", type=int, default=0)
    parser.add_argument("--log", type=pathlib.Path, help="a newer log, as exported")
    parser.add_argument("--vectors", type=pathlib.Path)
    parser.add_argument("--expected", type=pathlib.Path)
    args = parser.parse_args()
    if args.vectors or args.expected:
        wrong = vectors.run(args.vectors, run) if args.vectors else expected(args.expected)
        print("\n".join(wrong))
        return 1 if wrong else 0
    found = run(args.bundle.read_bytes(), args.log_key, args.witness, args.quorum, args.log)
    print(json.dumps(found))
    return {"valid": 0, "invalid": 1, "incomplete": 3}[found["verdict"]]


if __name__ == "__main__":
    sys.exit(main())
