"""SPEC sections 5 and 7: the forms of records, entries and inputs."""

import re

import credentials
from profile import Broken, canonical, did_key, digest, need, organisation, same, time


class Form:
    """Checks a value; a form that does not fit raises ValueError with the place."""

    def __init__(self, check):
        self.check = check

    def __call__(self, value, at="$"):
        if not self.check(value, at):
            raise ValueError(f"{at}: {str(value)[:80]}")
        return True


def form(test):
    return Form(lambda value, _: test(value))


def is_text(value):
    return isinstance(value, str)


def read_by(reader):
    def test(value):
        try:
            reader(value)
        except Broken:
            return False
        return True

    return form(test)


def pattern(expression, most=None):
    return form(lambda v: is_text(v) and re.fullmatch(expression, v) and (most is None or len(v.encode()) <= most))


def words(*known):
    return form(lambda v: is_text(v) and v in known)


def items(of):
    return Form(lambda v, at: isinstance(v, list) and all(of(x, f"{at}/{i}") for i, x in enumerate(v)))


def mapping(of, to):
    return Form(lambda v, at: isinstance(v, dict) and all(of(k) and to(x, f"{at}/{k}") for k, x in v.items()))


def record(_may="", **members):
    """An object with these members; those named in `_may` may be absent."""
    may = set(_may.split())

    def check(value, at):
        fits = isinstance(value, dict) and set(value) <= set(members) and set(members) - may <= set(value)
        return fits and all(members[k](x, f"{at}/{k}") for k, x in value.items())

    return Form(check)


def one_of(*forms):
    def check(value, at):
        for f in forms:
            try:
                return f(value, at)
            except ValueError:
                continue
        return False

    return Form(check)


TEXT = form(is_text)
FLAG = form(lambda v: isinstance(v, bool))
INTEGER = form(lambda v: isinstance(v, int) and not isinstance(v, bool))
NATURAL = form(lambda v: isinstance(v, int) and not isinstance(v, bool) and v >= 0)
ANY = form(lambda v: True)
TRUE = form(lambda v: isinstance(v, bool))
TIME = read_by(time)
KEY = read_by(did_key)
ISSUER_KEY = read_by(credentials.key)
ORG = read_by(organisation)
HEX = pattern("[0-9a-f]{64}")
URN = pattern("urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NAME = pattern("[a-z][a-z0-9-]*", 64)
IRI = pattern(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x1f\x7f-\x9f<>\"{}|\\^`]+", 2048)
DAY = pattern("[0-9]{4}-[0-9]{2}-[0-9]{2}")
DATE = read_by(lambda v: time(f"{v}T00:00:00Z"))
LENGTH = pattern("P(0|[1-9][0-9]{0,3})[DWM]")
TEXTS = items(TEXT)
TEXT2 = record(en=TEXT, nl=TEXT)
REFERENCE = record(id=URN, digest=HEX)
HOLDER = words("self", "service")
CHANNEL = words("cli", "web", "api", "post", "email", "counter", "forwarded")
AUTHORITY = one_of(record(mandate=HEX), record(register=TEXT), record(automatic=TEXT))
ACTOR = record(
    "person", person=HEX, function=TEXT, organisation=ORG, authority=AUTHORITY, authenticated=TEXT, keyHeldBy=HOLDER,
    level=words("simple", "advanced (claimed)"),
)
SCOPE = record(
    "columns level linkage editions periodFrom periodUntil volumePerDay termMonths", columns=TEXTS, level=TEXT,
    linkage=TEXTS, editions=TEXTS, periodFrom=TIME, periodUntil=TIME, volumePerDay=INTEGER, termMonths=INTEGER,
)
FACTS = mapping(is_text, ANY)
USES = ["keys", "portal", "mandates", "conditions", "deals", "acceptances", "status", "evidence"]
LEVEL = words("portal", "owner", "dataset")
EVIDENCE_KIND = words("credential", "confirmation", "registry", "decision")
DUE = pattern("P[0-9A-Z]+ after (signing|delivery|incident|end)")
DISCOUNT = record(id=TEXT, label_en=TEXT, label_nl=TEXT, percent=NATURAL, when=TEXT)
TARIFF = record("discounts", cents=NATURAL, currency=TEXT, per=TEXT, discounts=items(DISCOUNT))

# 6.4 and 6.6
COLUMN = record(
    "title group personal identifying special", name=TEXT, title=TEXT2, group=TEXT, personal=FLAG, identifying=FLAG,
    special=FLAG,
)
ALTERNATIVE = record(kind=NAME, title=TEXT2, iri=IRI)
TERMS = record(objection=record(body=TEXT2, web=IRI, weeks=NATURAL))
DATASET = record(
    "executor licence embargoUntil columns alternatives", id=IRI, slug=NAME, title=TEXT2, description=TEXT2, owner=ORG,
    competentBody=TEXT2, executor=TEXT2, publisher=TEXT, access=words("open", "conditions", "closed"), licence=IRI,
    regime=NAME, law=TEXT, personalData=FLAG, specialCategories=FLAG, embargoUntil=TIME, columns=items(COLUMN),
    alternatives=items(ALTERNATIVE), term=TERMS,
)
UNCOUNTED = record(fact=TEXT, evidence=HEX, reason=TEXT)
INPUT = record(
    "request applicant purpose uncounted trustList", type=words("DecisionInput"), salt=HEX, now=TIME,
    stage=words("check", "request", "deal"), request=URN, applicant=ORG, purpose=TEXT, scope=SCOPE, dataset=DATASET,
    declared=FACTS, verified=mapping(is_text, record("until", value=ANY, issuer=TEXT, until=TIME, evidence=HEX)),
    uncounted=items(UNCOUNTED), approvals=items(record(name=TEXT, record=HEX)), accepted=items(NAME),
    sets=items(record(level=LEVEL, text=HEX, record=HEX)), schema=HEX, trustList=HEX,
    versions=record(cedar=TEXT, datadeal=TEXT),
)
OUTCOME = words("permit", "review", "incomplete", "deny", "no_ground")
NEED = Form(lambda v, at: NEED_FORM(v, at))
NEED_FORM = one_of(record(fact=TEXT), record(approval=TEXT), record(all=items(NEED)), record(any=items(NEED)))
RULE_TEXT = record(
    "theme clause due tariff", label=TEXT2, hint=TEXT2, legalBasis=TEXT, theme=TEXT, clause=TEXT2, due=DUE, tariff=TARIFF
)
ANSWER = record(
    "needs wishes", id=TEXT, role=words("ground", "entry", "promise", "duty", "delivery", "fee"),
    status=words("met", "on_signing", "awaiting_review", "unknown", "not_met"), needs=NEED,
    seen=items(record("value", path=TEXT, value=ANY)), wishes=items(record(path=TEXT, relation=TEXT, values=items(ANY))),
    text=RULE_TEXT,
)
DECISION = record(
    "failing columns unfilled uncounted alternatives withoutConditions", outcome=OUTCOME, grounds=items(ANSWER),
    conditions=items(ANSWER), failing=TEXTS, columns=items(record("failing", name=TEXT, outcome=OUTCOME, failing=TEXTS)),
    unfilled=TEXTS, uncounted=items(UNCOUNTED), alternatives=items(ALTERNATIVE),
    withoutConditions=words("open", "none_published"),
)

# 5.2
STEP = record(
    "record", step=words("term", "stood_still", "extended"), law=TEXT, length=LENGTH, record=HEX, end=DATE, lastDay=DATE
)
RESULT = words("granted", "partly_granted", "refused", "no_ground", "withdrawn", "not_considered", "forwarded")
WORDING = record(nl=HEX, en=HEX)
PARTY = record("inNameOf", organisation=ORG, name=TEXT, party=words("provider", "reuser"), inNameOf=TEXT2)
OBLIGATION = record("due", id=TEXT, kind=NAME, clause=TEXT2, due=DUE, legalBasis=TEXT)
TRUSTED = record(
    "issuer until", key=ISSUER_KEY, issuer=IRI, organisation=ORG, name=TEXT, facts=TEXTS, kinds=items(EVIDENCE_KIND),
    until=TIME, **{"from": TIME},
)
SUBJECTS = {
    "KeyStatement": record(
        "checked revokes recovery log", organisation=ORG, name=TEXT, key=KEY, uses=items(words(*USES)), heldBy=HOLDER,
        checked=TEXT, possession=TEXT, revokes=items(KEY), recovery=TRUE,
        log=record("continues reason", origin=TEXT, key=TEXT, continues=TEXT, reason=TEXT),
    ),
    "Mandate": record(
        "datasets published", body=TEXT2, giver=ORG, organisation=ORG, person=HEX, function=TEXT,
        powers=items(one_of(words("decide"), record(approve=TEXT))), datasets=items(IRI), until=TIME, published=TEXT,
        **{"from": TIME},
    ),
    "MandateWithdrawal": record(mandate=REFERENCE, giver=ORG, actor=ACTOR),
    "TrustList": record(version=NATURAL, trusted=items(TRUSTED)),
    "Schema": record(version=NATURAL, text=TEXT),
    "ConditionSet": record(
        "dataset owner replaces automaticRefusals transition automaticSuspension", level=LEVEL, dataset=IRI, owner=ORG, version=NATURAL, text=TEXT,
        schema=HEX, replaces=REFERENCE, actor=ACTOR, automaticRefusals=TRUE, automaticSuspension=TRUE,
        transition=one_of(words("renewal"), record(live=TIME)), **{"from": TIME},
    ),
    "Dataset": record(datasets=items(DATASET)),
    "Request": record(
        "replaces completedAt", replaces=REFERENCE, completedAt=TIME, applicant=ORG, applicantName=TEXT, dataset=IRI, datasetVersion=HEX, purpose=TEXT, scope=SCOPE, declared=FACTS,
        accepted=items(NAME), receivedAt=TIME, channel=CHANNEL, lastDay=TEXT, actor=ACTOR,
    ),
    "Approval": record(
        "terms", request=REFERENCE, name=TEXT, given=FLAG, reason=TEXT, actor=ACTOR,
        terms=items(record(clause=TEXT2, reason=TEXT, legalBasis=TEXT)),
    ),
    "Term": record(
        "objection kind law length until lastDay", request=REFERENCE, objection=REFERENCE, law=TEXT, length=LENGTH,
        action=words("suspend", "resume", "extend"), kind=words("completion", "views", "agreed", "applicant", "force-majeure"),
        until=DATE, lastDay=DATE, reason=TEXT, actor=ACTOR,
    ),
    "Objection": record(
        decision=REFERENCE, reasons=TEXT, receivedAt=TIME, channel=CHANNEL, lastDay=DATE, actor=ACTOR
    ),
    "Decision": record(
        "executor reason granted refused decision input approvals forwardedTo supersedes objection", body=TEXT2, executor=TEXT2, addressee=ORG,
        request=REFERENCE, result=RESULT, reason=TEXT, clock=items(STEP), forwardedTo=TEXT, supersedes=REFERENCE,
        objection=record(record=REFERENCE, outcome=words("upheld", "rejected", "inadmissible", "withdrawn")),
        granted=TEXTS, refused=TEXTS, decision=DECISION, input=HEX, approvals=items(REFERENCE), actor=ACTOR,
        receivedAt=TIME, lastDay=TEXT, announcement=record(at=TIME, channel=CHANNEL), objectionBody=TEXT2,
        objectionWeb=IRI, objectionUntil=TEXT,
    ),
    "DataDeal": record(
        "fees supersedes", supersedes=REFERENCE, number=TEXT, parties=items(PARTY), dataset=IRI, title=TEXT2, datasetVersion=HEX, scope=SCOPE,
        purpose=TEXT, purposeLabel=TEXT2, term=record(until=TIME, **{"from": TIME}), offerUntil=TIME,
        decision=record(record=REFERENCE, input=HEX), grounds=items(record(id=TEXT, label=TEXT2, legalBasis=TEXT)),
        obligations=items(OBLIGATION), fees=items(record(id=TEXT, tariff=TARIFF)), regime=NAME, law=TEXT,
        personalData=FLAG, language=words("nl", "en"), words=WORDING, actor=ACTOR,
    ),
    "DataDealAcceptance": record(deal=REFERENCE, accepted=TEXTS, words=WORDING, actor=ACTOR),
    "DealRevocation": record(
        "viewUntil view danger objection copies", deal=REFERENCE,
        action=words("intend", "drop", "suspend", "resume", "revoke", "end"), objection=record(body=TEXT2, web=IRI, until=DAY),
        copies=words("hold", "delete"),
        effective=TIME, reason=TEXT, viewUntil=TIME, view=HEX, danger=TRUE, actor=ACTOR,
    ),
    "DealReview": record(
        "suspends", deal=REFERENCE, before=OUTCOME, decision=DECISION, input=HEX, suspends=TRUE, actor=ACTOR
    ),
    "AccessLog": record(
        "before", until=TIME, count=NATURAL, digest=HEX, before=REFERENCE, keptUntil=TIME, **{"from": TIME}
    ),
    "Erasure": record(request=REFERENCE, erased=items(HEX), reason=TEXT, actor=ACTOR),
    "Evidence": record(
        "reason actor decision", organisation=ORG, fact=TEXT, value=ANY, kind=EVIDENCE_KIND, until=TIME, reason=TEXT,
        actor=ACTOR, decision=REFERENCE, **{"from": TIME},
    ),
}
PERSON = record(type=words("Person"), salt=HEX, name=TEXT, function=TEXT, organisation=ORG)

# entry, key use and whether it is of a case
TYPES = {
    "KeyStatement": ("key", "keys", False),
    "Mandate": ("mandate", "mandates", False),
    "MandateWithdrawal": ("mandate-withdrawal", "mandates", False),
    "TrustList": ("trust-list", "portal", False),
    "Schema": ("schema", "portal", False),
    "ConditionSet": ("condition-set", "conditions", False),
    "Dataset": ("dataset", "portal", False),
    "Request": ("request", "portal", True),
    "Approval": ("approval", "deals", True),
    "Decision": ("decision", "deals", True),
    "DataDeal": ("deal", "deals", True),
    "DataDealAcceptance": ("acceptance", "acceptances", True),
    "DealRevocation": ("revocation", "deals", True),
    "DealReview": ("review", "deals", True),
    "Erasure": ("erasure", "portal", True),
    "AccessLog": ("access-log", "portal", False),
    "Term": ("term", "deals", True),
    "Objection": ("objection", "portal", True),
    "Evidence": (None, "evidence", False),
}
ENTRY_TYPES = [t[0] for t in TYPES.values() if t[0]] + ["restart"]
CONTEXT = ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/undefined-terms/v2"]
STATUS = record(
    type=TEXT, statusPurpose=TEXT, statusListIndex=TEXT, statusListCredential=TEXT
)
ENVELOPE = record(
    "validUntil salt notice credentialStatus", type=items(TEXT), id=URN, issuer=record(id=KEY, legalName=TEXT, registerNumber=ORG),
    validFrom=TIME, validUntil=TIME, salt=HEX, notice=TEXT, credentialStatus=items(STATUS), credentialSubject=ANY, proof=ANY,
    **{"@context": ANY},
)


def kind_of(document):
    """The type of a record without `Credential`; None if it is none."""
    types = document.get("type") if isinstance(document, dict) else None
    if isinstance(types, list) and len(types) == 2 and types[0] == "VerifiableCredential" and is_text(types[1]):
        kind = types[1].removesuffix("Credential")
        return kind if kind in TYPES and types[1].endswith("Credential") else None
    return None


def check_form(document, kind):
    """S-60."""
    try:
        need("S-60", kind_of(document) == kind, f"not a {kind}")
        ENVELOPE(document)
        SUBJECTS[kind](document["credentialSubject"])
    except ValueError as e:
        raise Broken("S-60", str(e)) from e
    need("S-60", same(document["@context"], CONTEXT), "@context")


ENTRY = record(about=HEX, digest=HEX, id=URN, time=DAY, type=words(*ENTRY_TYPES))


def check_entry(entry):
    """S-86, the form by S-130 and S-131; gives the bytes."""
    try:
        ENTRY(entry)
        time(entry["time"] + "T00:00:00Z")
    except (ValueError, Broken) as e:
        raise Broken("S-86", str(e)) from e
    return canonical(entry)


def about(case, entry, salt):
    return digest({"case": case, "entry": entry, "salt": salt})
