//! Mail about an event: subject and text, for who is told.

use super::{FluentValue, Texts};
use crate::model::event::Event;

/// Subject and text of the mail about an event. `title` is that of the dataset, `portal` the name of who runs it; `owner` says that the
/// reader's organisation is the one whose data it is about.
#[must_use]
pub fn mail(texts: &Texts, event: &Event, owner: bool, title: &str, portal: &str) -> (String, String) {
    let about = &event.about;
    let kind = event.kind.as_str().replace('.', "-");
    let values: [(&str, FluentValue<'_>); 5] = [
        ("event", kind.into()),
        ("party", if owner { "owner" } else { "reuser" }.into()),
        ("title", title.into()),
        ("state", about.state.as_deref().unwrap_or_default().into()),
        ("day", about.day.as_deref().map_or_else(String::new, |day| texts.day(day)).into()),
    ];
    let mut lines = vec![texts.get("mail-text", &values), String::new()];
    let id = |id: String| [("id", FluentValue::from(id))];
    lines.extend(about.request.map(|request| texts.get("mail-request", &id(request.to_string()))));
    lines.extend(about.deal.map(|deal| texts.get("mail-deal", &id(deal.to_string()))));
    lines.push(texts.get("mail-closing", &[("portal", portal.into())]));
    (texts.get("mail-subject", &values), super::wrap(&lines.join("\n")))
}
