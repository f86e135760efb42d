"""SPEC section 6 by another Cedar binding: permit or not, for the whole and for each column, and for each ground and condition whether
it holds and which words it has. Needs `cedarpy`; goes without."""

import json
import re

from profile import Broken, need, number_fits, same, time

try:
    import cedarpy
except ImportError:
    cedarpy = None


def available():
    return cedarpy is not None


def is_schema(text):
    """Whether a text is a Cedar schema with the parts of section 6 (S-60). Without cedarpy only the parts are looked for."""
    schema = Schema(text)
    parts = all(schema.types.get(name) for name in ("Facts", "PurposeList", "ApprovalList"))
    named = all(re.search(rf"\bentity\b[^;]*\b{n}\b", text) for n in ("Organisation", "Dataset", "Column", "Purpose"))
    return parts and named and (cedarpy is None or cedarpy.validate_policies("", text).validation_passed)


ANNOTATION = r'@(\w+)\("((?:[^"\\]|\\.)*)"\)'


class Schema:
    """As much of a Cedar schema as facts need: the attributes of its record types with annotations, and its enums."""

    def __init__(self, text):
        self.text = text
        bare = re.sub(r"^\s*//.*$", "", text, flags=re.M)
        self.enums = {
            name: re.findall(r'"((?:[^"\\]|\\.)*)"', body)
            for names, body in re.findall(r"entity\s+([\w, ]+?)\s+enum\s*\[(.*?)\]", bare, flags=re.S)
            for name in names.split(",")
        }
        self.types = {}
        for name, body in re.findall(r"\btype\s+(\w+)\s*=\s*\{(.*?)\n\};", bare, flags=re.S):
            member = r'((?:\s*' + ANNOTATION + r')*)\s*("[^"]+"|\w+)(\?)?\s*:\s*([\w<>]+)'
            self.types[name] = {
                m[3].strip('"'): (m[5], dict(re.findall(ANNOTATION, m[0]))) for m in re.findall(member, body)
            }
        self.facts = self.types.get("Facts", {})
        purposes = self.types.get("PurposeList", {})
        self.broader = {name: notes.get("broader") for name, (_, notes) in purposes.items()}

    def verified_by(self, fact):
        return [k.strip() for k in self.facts[fact][1].get("verified_by", "").split(",")]

    def fits(self, fact, value):
        kind, notes = self.facts[fact]
        return self.typed(kind, value) is not None and self.checked(notes.get("check"), value)

    def checked(self, rule, value):
        if rule is None:
            return True
        if rule == "sbi":
            return all(2 <= len(v) <= 6 and re.fullmatch("[0-9.]*", v) for v in value)
        register = {"kvk": "NL.KVK", "oin": "NL.OIN", "rsin": "NL.RSIN", "euid": "EUID", "lei": "LEI"}[rule]
        return number_fits(register, value)

    def typed(self, kind, value):
        """A value as Cedar's JSON; None if it does not fit the type."""
        if kind == "String":
            return value if isinstance(value, str) and len(value.encode()) <= 2000 else None
        if kind == "Long":
            return value if isinstance(value, int) and not isinstance(value, bool) else None
        if kind == "Bool":
            return value if isinstance(value, bool) else None
        if kind == "datetime":
            try:
                return time(value) is not None and moment(value)
            except Broken:
                return None
        if kind.startswith("Set<"):
            if not isinstance(value, list) or len(value) > 200 or len({str(v) for v in value}) != len(value):
                return None
            found = [self.typed(kind[4:-1], v) for v in value]
            return None if None in found else found
        if kind in self.enums:
            return entity(kind, value) if value in self.enums[kind] else None
        members = self.types.get(kind, {})
        if not isinstance(value, dict) or set(value) != set(members):
            return None
        found = {name: self.typed(member, value[name]) for name, (member, _) in members.items()}
        return None if None in found.values() else found


def entity(kind, name):
    return {"__entity": {"type": kind, "id": name}}


def moment(text):
    return {"__extn": {"fn": "datetime", "arg": text}}


def question(schema, given):
    """What is asked of Cedar: the columns asked for, context and entities."""
    asked = [c for c in given["dataset"]["columns"] if c["name"] in given["scope"]["columns"]]
    scope = given["scope"]
    context = {
        "now": moment(given["now"]),
        "accepted": given["accepted"],
        "approvals": [a["name"] for a in given["approvals"]],
        "purpose": entity("Purpose", given["purpose"]),
        "scope": {
            **{k: v for k, v in scope.items() if k not in ("level", "periodFrom", "periodUntil")},
            **{k: moment(scope[k]) for k in ("periodFrom", "periodUntil") if k in scope},
            "level": entity("DataLevel", scope["level"]),
        },
    }
    declared = {k: schema.typed(schema.facts[k][0], v) for k, v in given["declared"].items()}
    verified = {k: schema.typed(schema.facts[k][0], v["value"]) for k, v in given["verified"].items()}
    dataset = given["dataset"]
    attributes = {k: dataset[k] for k in ("personalData", "specialCategories")}
    if "embargoUntil" in dataset:
        attributes["embargoUntil"] = moment(dataset["embargoUntil"])
    store = [
        item("Organisation", given["applicant"], {"declared": declared, "verified": verified}),
        item("Dataset", dataset["id"], attributes),
    ]
    purpose = given["purpose"]
    while purpose:
        wider = schema.broader.get(purpose)
        store.append(item("Purpose", purpose, {}, [wider] if wider else []))
        purpose = wider
    for column in asked:
        own = {"group": "", "personal": False, "identifying": False, "special": False, **column}
        own.pop("title", None)
        store.append(item("Column", f"{dataset['id']}#{column['name']}", own))
    return asked, context, store


def ask(policies, given, context, store, action, kind, name):
    """Allowed, and otherwise whether by a condition."""
    request = {
        "principal": f'Organisation::"{given["applicant"]}"',
        "action": f'Action::"{action}"',
        "resource": f'{kind}::"{name}"',
        "context": context,
    }
    found = cedarpy.is_authorized(request, policies, store)
    if found.diagnostics.errors:
        raise Broken("S-100", f"evaluation failed: {found.diagnostics.errors}")
    return found.allowed, not found.allowed and bool(found.diagnostics.reasons)


def evaluate(schema, texts, given):
    """Permit or not: (the whole, each column asked for). None without cedarpy."""
    if cedarpy is None:
        return None
    asked, context, store = question(schema, given)
    dataset = given["dataset"]
    if dataset["access"] == "open":
        return True, {c["name"]: True for c in asked}
    policies = "\n".join(texts)
    allowed, forbidden = ask(policies, given, context, store, "reuse", "Dataset", dataset["id"])
    columns = {}
    for column in asked:
        own, against = ask(policies, given, context, store, "reuseColumn", "Column", f"{dataset['id']}#{column['name']}")
        # no ground of its own is no objection: a ground for the whole covers every column
        columns[column["name"]] = not forbidden and not against and (allowed or own)
    return (all(columns.values()) if asked else allowed), columns


def words(notes):
    """The words of an item (6.6), from the annotations of its policy."""
    both = lambda name: {"en": notes[f"{name}_en"], "nl": notes[f"{name}_nl"]}  # noqa: E731
    text = {"label": both("label"), "hint": both("hint"), "legalBasis": notes["legal_basis"]}
    text.update({name: notes[name] for name in ("theme", "due") if name in notes})
    if "clause_en" in notes:
        text["clause"] = both("clause")
    if "tariff" in notes:
        text["tariff"] = {k: v for k, v in json.loads(notes["tariff"]).items() if v != []}
    return text


def check_items(schema, sets, given, answer):
    """S-100: grounds and conditions of the answer are the policies of the sets in their order, with their words; and one is `met` or
    `on_signing` exactly if Cedar says that it holds: asked per column, a ground of one column, a condition of all."""
    if answer.get("withoutConditions"):
        return need("S-100", not answer["grounds"] and not answer["conditions"], "conditions where there are none")
    asked, context, store = question(schema, given)
    dataset = given["dataset"]["id"]
    wanted = {"permit": [], "forbid": []}
    for level, text in sets:
        policies = json.loads(cedarpy.policies_to_json_str(text))["staticPolicies"]
        for number in sorted(policies, key=lambda p: int(p.removeprefix("policy"))):
            policy = policies[number]
            one = {"staticPolicies": {number: policy}, "templates": {}, "templateLinks": []}
            alone = cedarpy.policies_from_json_str(json.dumps(one))
            targets = [("reuse", "Dataset", dataset)]
            if policy["action"]["entity"]["id"] == "reuseColumn":
                targets = [("reuseColumn", "Column", f"{dataset}#{c['name']}") for c in asked]
            found = [ask(alone, given, context, store, *target) for target in targets]
            holds = [allowed if policy["effect"] == "permit" else not against for allowed, against in found]
            wanted[policy["effect"]].append((level, policy["annotations"], holds))
    for effect, items, over in (("permit", answer["grounds"], any), ("forbid", answer["conditions"], all)):
        need("S-100", len(items) == len(wanted[effect]), "grounds or conditions are missing, or too many")
        for found, (level, notes, holds) in zip(items, wanted[effect]):
            named = found["id"] == f"{level}/{notes['id']}" and found["role"] == notes.get("kind", "ground")
            need("S-100", named and same(found["text"], words(notes)), f"{found['id']}: other words than in its set")
            good = found["status"] in ("met", "on_signing")
            need("S-100", not holds or good == over(holds), f"{found['id']}: Cedar says {holds}")
            need("S-100", all(seen_in(given, s) for s in found["seen"]), f"{found['id']}: it saw something else")


def seen_in(given, seen):
    """Whether a path of the question has the value that was seen, or none. Of dataset and column the path does not say which."""
    part, _, name = seen["path"].partition(".")
    if part == "dataset":
        return True
    verified = {k: v["value"] for k, v in given["verified"].items()}
    facts = {"declared": given["declared"], "verified": verified, "scope": given["scope"]}
    value = facts[part].get(name) if part in facts else given.get(part)
    return same(value, seen["value"]) if "value" in seen else value is None


def item(kind, name, attributes, parents=()):
    return {
        "uid": {"type": kind, "id": name},
        "attrs": attributes,
        "parents": [{"type": kind, "id": parent} for parent in parents],
    }
