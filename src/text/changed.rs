//! What came between, in a sentence.

use super::Texts;
use crate::model::change::Change;
use crate::model::condition::Level;

/// What changed, when, and by whom.
#[must_use]
pub fn changed(texts: &Texts, change: &Change) -> String {
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    let what = change.what.as_str();
    if let (Some(before), Some(version)) = (change.before, change.version) {
        let level = change.level.map_or("", Level::as_str);
        let values = [
            ("what", what.into()),
            ("level", level.into()),
            ("before", before.into()),
            ("version", version.into()),
            ("at", texts.moment(change.at).into()),
        ];
        return texts.get("changed-published", &values);
    }
    let organisation = change.organisation.as_ref().map(ToString::to_string);
    let values = [
        ("what", what.into()),
        ("approval", text(change.approval.as_deref()).into()),
        ("outcome", text(change.outcome.as_deref()).into()),
        ("function", text(change.function.as_deref()).into()),
        ("organisation", text(organisation.as_deref()).into()),
        ("at", texts.moment(change.at).into()),
    ];
    texts.get("changed-recorded", &values)
}
