"""SPEC section 6 by another Cedar binding: permit or not, for the whole and for each column. Needs `cedarpy`; goes without."""

import re

from profile import Broken, number_fits, time

try:
    import cedarpy
except ImportError:
    cedarpy = None


def available():
    return cedarpy is not None


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


def evaluate(schema, texts, given):
    """Permit or not: (the whole, each column asked for). None without cedarpy."""
    if cedarpy is None:
        return None
    asked = [c for c in given["dataset"]["columns"] if c["name"] in given["scope"]["columns"]]
    if given["dataset"]["access"] == "open":
        return True, {c["name"]: True for c in asked}
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
    policies = "\n".join(texts)

    def ask(action, kind, name):
        request = {
            "principal": f'Organisation::"{given["applicant"]}"',
            "action": f'Action::"{action}"',
            "resource": f'{kind}::"{name}"',
            "context": context,
        }
        found = cedarpy.is_authorized(request, policies, store)
        if found.diagnostics.errors:
            raise Broken("S-100", f"evaluation failed: {found.diagnostics.errors}")
        forbidden = not found.allowed and bool(found.diagnostics.reasons)
        return found.allowed, forbidden

    allowed, forbidden = ask("reuse", "Dataset", dataset["id"])
    columns = {}
    for column in asked:
        own, against = ask("reuseColumn", "Column", f"{dataset['id']}#{column['name']}")
        # no ground of its own is no objection: a ground for the whole covers every column
        columns[column["name"]] = not forbidden and not against and (allowed or own)
    return (all(columns.values()) if asked else allowed), columns


def item(kind, name, attributes, parents=()):
    return {
        "uid": {"type": kind, "id": name},
        "attrs": attributes,
        "parents": [{"type": kind, "id": parent} for parent in parents],
    }
