"""SPEC S-123 to S-128: versions of the request, the sum of its term, an objection and the decision on it."""

import calendar
import datetime
import re

from profile import Broken, digest, need, same, time

DAY = datetime.timedelta(days=1)


def last_sunday(year, month):
    day = datetime.date(year, month, 31)
    return day - DAY * ((day.weekday() + 1) % 7)


def local_day(text):
    """The day of Europe/Amsterdam: an hour ahead of UTC, two between the last Sundays of March and October, from 01:00 UTC."""
    at = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    one = datetime.time(1)
    summer = datetime.datetime.combine(last_sunday(at.year, 3), one)
    winter = datetime.datetime.combine(last_sunday(at.year, 10), one)
    return (at + datetime.timedelta(hours=2 if summer <= at < winter else 1)).date()


def easter(year):
    """Gauss, as given by Meeus."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), f = divmod(b, 4), (b + 8) // 25
    h = (19 * a + b - d - (b - f + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return datetime.date(year, month, day + 1)


def working_day(day):
    """The first day from there on that is no Saturday, Sunday or holiday."""
    while True:
        king = datetime.date(day.year, 4, 27)
        king -= DAY * (king.weekday() == 6)
        fixed = (day.month, day.day) in ((1, 1), (5, 5), (12, 25), (12, 26)) or day == king
        if day.weekday() < 5 and not fixed and (day - easter(day.year)).days not in (-2, 1, 39, 50):
            return day
        day += DAY


def after(day, length):
    number, unit = int(re.fullmatch("P(0|[1-9][0-9]{0,3})([DWM])", length)[1]), length[-1]
    if unit != "M":
        return day + DAY * number * (7 if unit == "W" else 1)
    months = day.month - 1 + number
    year, month = day.year + months // 12, months % 12 + 1
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


class Sum:
    """The sum of a term, step by step."""

    def __init__(self, start, law, length):
        self.end, self.steps, self.open, self.extended = start, [], None, False
        self.add("term", law, length, None)

    def add(self, step, law, length, record):
        self.end = after(self.end, length)
        line = {"step": step, "law": law, "length": length, "end": str(self.end), "lastDay": str(working_day(self.end))}
        self.steps.append({**line, "record": record} if record else line)

    def close(self, day):
        if self.open:
            record, t, since = self.open
            until = min(day, datetime.date.fromisoformat(t["until"])) if "until" in t else day
            self.open = None
            self.add("stood_still", t["law"], f"P{max((until - since).days, 0)}D", record)

    def move(self, day, record, t):
        """`t` is the subject of a term record, or None when the request was completed."""
        if self.open and "until" in self.open[1] and datetime.date.fromisoformat(self.open[1]["until"]) < day:
            self.close(day)
        in_time = day <= working_day(self.end)
        if t is None:
            if self.open and self.open[1]["kind"] == "completion":
                self.close(day)
        elif t["action"] == "suspend":
            need("", not self.open and in_time, "stands still, or has passed")
            self.open = (record, t, day)
        elif t["action"] == "resume":
            need("", self.open, "it runs")
            self.close(day)
        else:
            need("", not self.extended and (self.open or in_time), "extended before, or passed")
            self.extended = True
            self.add("extended", t["law"], t["length"], record)


class Course:
    def __init__(self, case):
        history = [d for _, d in case.all("history")]
        of = lambda kind: [d for d in history if d["type"][1] == f"{kind}Credential"]  # noqa: E731
        place = case.place
        self.place = place
        self.versions = sorted([*of("Request"), case.bundle["request"]], key=place)
        self.decisions = sorted([*of("Decision"), case.bundle["decision"]], key=place)
        self.terms, self.objections = sorted(of("Term"), key=place), sorted(of("Objection"), key=place)
        self.superseded = of("Approval")

    def decided(self, objection):
        """The decision on an objection, or on the request."""
        named = lambda d: d["credentialSubject"].get("objection", {}).get("record", {}).get("digest")  # noqa: E731
        return next((d for d in self.decisions if named(d) == objection), None)

    def objected(self, document):
        named = document["credentialSubject"]["decision"]
        return next((d for d in self.decisions if same(reference(d), named)), None)

    def sum(self, objection, place, first, day):
        """The sum up to a place in the log, on a day."""
        found = next((o for o in self.objections if digest(o) == objection), None)
        if objection is None:
            start = local_day(self.versions[0]["credentialSubject"]["receivedAt"])
            low, high = -1, self.place(self.objections[0]) if self.objections else float("inf")
        else:
            need("", found and self.objected(found), "an objection to nothing")
            until = self.objected(found)["credentialSubject"]["objectionUntil"]
            received = local_day(found["credentialSubject"]["receivedAt"])
            start = max(datetime.date.fromisoformat(until), received)
            low, high = self.place(found), float("inf")
        events = [(self.place(v), v, None) for v in self.versions[1:] if low < self.place(v) < high]
        for t in self.terms:
            s = t["credentialSubject"]
            if s.get("objection", {}).get("digest") == objection:
                members = tuple(m in s for m in ("kind", "law", "length", "until"))
                fits = {"suspend": members[:3] == (True, True, False), "resume": not any(members),
                        "extend": members == (False, True, True, False)}
                need("", fits[s["action"]], "members")
                events.append((self.place(t), t, s))
        total = Sum(start, first["law"], first["length"])
        for at, document, s in sorted(events, key=lambda e: e[0]):
            if at < place:
                came = document["credentialSubject"].get("completedAt", document["validFrom"])
                total.move(local_day(came), digest(document), s)
        standing = total.open and not ("until" in total.open[1] and datetime.date.fromisoformat(total.open[1]["until"]) < day)
        total.close(day)
        return total, bool(standing)


def reference(document):
    return {"id": document["id"], "digest": digest(document)}


def check(case):
    course = Course(case)
    versions, place = course.versions, course.place
    need("S-123", not {"replaces", "completedAt"} & set(versions[0]["credentialSubject"]), "no first version")
    for a, b in zip(versions, versions[1:]):
        x, y = a["credentialSubject"], b["credentialSubject"]
        need("S-123", same(y.get("replaces", ""), reference(a)), "another version")
        kept = ("applicant", "applicantName", "dataset", "receivedAt", "lastDay")
        need("S-123", all(x[m] == y[m] for m in kept), "about something else")
        came, stood = time(y.get("completedAt", b["validFrom"])), time(x.get("completedAt", a["validFrom"]))
        need("S-123", "completedAt" not in y or stood <= came <= time(b["validFrom"]), "came before the one before it, or later")
    for term in course.terms:
        within("S-125", lambda: check_term(course, term))
    need("S-126", len(course.objections) < 2, "two objections")
    for document in course.objections:
        o, first = document["credentialSubject"], course.objected(document)
        need("S-126", first and place(first) < place(document), "to nothing before it")
        announced = time(first["credentialSubject"]["announcement"]["at"])
        need("S-126", announced <= time(o["receivedAt"]) <= time(document["validFrom"]), "received before, or later")
        decided = course.decided(digest(document))
        clock = decided and decided["credentialSubject"]["clock"]
        need("S-126", not clock or clock[0]["lastDay"] == o["lastDay"], "last day")
    for decision in course.decisions:
        within("S-124", lambda: check_clock(course, decision))
        on_objection(course, decision)
    for approval in course.superseded:
        uncounted(case, course, approval)


def within(must, checked):
    try:
        checked()
    except (Broken, ValueError, TypeError, OverflowError) as e:
        raise Broken(must, str(e)) from e


def check_term(course, term):
    t, place = term["credentialSubject"], course.place(term)
    stood = [v for v in course.versions if course.place(v) < place]
    need("", stood and same(t["request"], reference(stood[-1])), "another version")
    objection = t.get("objection", {}).get("digest")
    decided = course.decided(objection)
    if decided is None:
        return
    need("", place < course.place(decided), "after the decision")
    clock = decided["credentialSubject"]["clock"]
    need("", clock, "no clock")
    day = local_day(term["validFrom"])
    total, standing = course.sum(objection, place + 1, clock[0], day)
    need("", t.get("lastDay") == (None if standing else total.steps[-1]["lastDay"]), "last day")


def check_clock(course, decision):
    d = decision["credentialSubject"]
    objection = d.get("objection", {}).get("record", {}).get("digest")
    need("", d["clock"], "no clock")
    total, _ = course.sum(objection, course.place(decision), d["clock"][0], local_day(decision["validFrom"]))
    need("", same(total.steps, d["clock"]) and d["lastDay"] == total.steps[-1]["lastDay"], "another sum")
    first = course.versions[0]["credentialSubject"]["lastDay"]
    need("", objection or first == total.steps[0]["lastDay"], "another last day than the request's")


def on_objection(course, decision):
    d = decision["credentialSubject"]
    if "objection" not in d:
        alone = sum("objection" not in x["credentialSubject"] for x in course.decisions) == 1
        return need("S-127", alone and "supersedes" not in d, "in the place of another")
    on = d["objection"]
    found = [o for o in course.objections if same(reference(o), on["record"]) and course.place(o) < course.place(decision)]
    first = found and course.objected(found[0])
    need("S-127", first, "on no objection")
    f = first["credentialSubject"]
    if on["outcome"] == "withdrawn":
        need("S-127", d["actor"]["organisation"] == d["addressee"], "withdrawn by another")
    else:
        person = d["actor"].get("person")
        need("S-127", person and person != f["actor"].get("person"), "by the same person")
    if on["outcome"] == "upheld":
        return need("S-127", same(d.get("supersedes", ""), reference(first)), "supersedes")
    stays = d["result"] == f["result"] and all(set(d.get(m, [])) == set(f.get(m, [])) for m in ("granted", "refused"))
    need("S-127", stays and not {"supersedes", "decision", "input"} & set(d), "changes what stays")


def uncounted(case, course, approval):
    s, place = approval["credentialSubject"], course.place(approval)
    request, decision = case.bundle["request"], case.bundle["decision"]
    need("S-128", any(same(reference(v), s["request"]) and course.place(v) < place for v in course.versions), "of no version")
    named = any(
        same(reference(approval), a) for d in course.decisions if d is not decision
        for a in d["credentialSubject"].get("approvals", [])
    )
    on = decision["credentialSubject"].get("objection", {"outcome": "upheld"})
    other = on["outcome"] != "upheld" or s["request"]["digest"] != digest(request) or course.place(decision) < place
    replaced = any(
        a["credentialSubject"]["name"] == s["name"] and course.place(a) > place for _, a in case.all("approvals")
    )
    need("S-128", named or other or replaced, "it counts")


def not_completed(case):
    """S-78: whether the time to complete the request had passed."""
    course, decision = Course(case), case.bundle["decision"]
    events = [(course.place(v), v) for v in course.versions[1:]]
    events += [(course.place(t), t) for t in course.terms if "objection" not in t["credentialSubject"]]
    first = course.place(course.objections[0]) if course.objections else float("inf")
    events = [e for e in events if e[0] < min(course.place(decision), first)]
    events = [d for _, d in sorted(events, key=lambda e: e[0]) if d["credentialSubject"].get("action") != "extend"]
    last = events[-1]["credentialSubject"] if events else {}
    due = last.get("until") if last.get("kind") == "completion" else None
    return due is not None and datetime.date.fromisoformat(due) < local_day(decision["validFrom"])
