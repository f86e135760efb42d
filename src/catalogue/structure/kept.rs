//! What a schema file says beyond what has a place here: found by writing again what was read and comparing, so that nothing is lost
//! unseen; and put back where it stood when the same form is written.

use serde_json::Value;

use crate::model::description::Unmapped;

/// What `source` says and `written` does not, each with its place: `csvw:/tableSchema/columns/name/lang`. Elements of a list that have names
/// are found by them, others belong to their list.
pub(super) fn beyond(form: &str, source: &Value, written: &Value) -> Vec<Unmapped> {
    let mut out = Vec::new();
    compare(&format!("{form}:"), source, Some(written), &mut out);
    out.sort();
    out
}

fn compare(at: &str, source: &Value, written: Option<&Value>, out: &mut Vec<Unmapped>) {
    match (source, written) {
        (source, Some(written)) if source == written => {}
        (Value::Object(source), Some(Value::Object(written))) => {
            for (key, value) in source {
                compare(&format!("{at}/{}", step(key)), value, written.get(key), out);
            }
        }
        (Value::Array(source), Some(Value::Array(written))) if all_named(source) && all_named(written) => {
            for value in source {
                let name = name(value).unwrap_or_default();
                compare(
                    &format!("{at}/{}", step(name)),
                    value,
                    written.iter().find(|w| self::name(w) == Some(name)),
                    out,
                );
            }
        }
        (source, _) => out.push(Unmapped { property: at.to_owned(), value: source.to_string() }),
    }
}

/// The steps of a JSON Pointer (RFC 6901).
fn step(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn name(value: &Value) -> Option<&str> {
    value.get("name").and_then(Value::as_str)
}

/// Whether every element has a name of its own.
fn all_named(list: &[Value]) -> bool {
    let names: std::collections::BTreeSet<_> = list.iter().filter_map(name).collect();
    names.len() == list.len()
}

/// So many statements are tried one by one.
const TRIED: usize = 100;

/// A document with what was kept of its form, as far as it then says the same; and what found no place.
pub(super) fn whole(
    form: &str,
    plain: Value,
    kept: &[Unmapped],
    same: &dyn Fn(&Value) -> bool,
) -> (Value, Vec<Unmapped>) {
    let mut whole = plain.clone();
    let left = put_back(form, kept, &mut whole, true);
    if same(&whole) {
        return (whole, left);
    }
    // something that was kept says what is no longer so: it is left out, and the rest is put back
    let (mut whole, mut left) = (plain.clone(), Vec::new());
    for unmapped in kept {
        let mut with = whole.clone();
        let over = kept.len() <= TRIED;
        let placed = put_back(form, std::slice::from_ref(unmapped), &mut with, over).is_empty();
        if placed && (!over || same(&with)) {
            whole = with;
        } else {
            left.push(unmapped.clone());
        }
    }
    if same(&whole) { (whole, left) } else { (plain, kept.to_vec()) }
}

/// Puts back what was kept of this form, `over` what stands there or only where nothing does; and says what found no place.
pub(super) fn put_back(form: &str, kept: &[Unmapped], into: &mut Value, over: bool) -> Vec<Unmapped> {
    let placed = |unmapped: &Unmapped, into: &mut Value| {
        let path = unmapped.property.strip_prefix(form)?.strip_prefix(":/")?;
        let value = serde_json::from_str(&unmapped.value).ok()?;
        let steps: Vec<String> = path.split('/').map(|s| s.replace("~1", "/").replace("~0", "~")).collect();
        put(into, &steps, value, over)
    };
    kept.iter().filter(|unmapped| placed(unmapped, into).is_none()).cloned().collect()
}

fn put(into: &mut Value, steps: &[String], value: Value, over: bool) -> Option<()> {
    let (first, rest) = steps.split_first()?;
    match into {
        Value::Object(map) if rest.is_empty() => {
            if !over && map.contains_key(first) {
                return None;
            }
            map.insert(first.clone(), value);
            Some(())
        }
        Value::Object(map) => put(map.get_mut(first)?, rest, value, over),
        Value::Array(list) => match list.iter_mut().find(|v| name(v) == Some(first)) {
            Some(element) if !rest.is_empty() => put(element, rest, value, over),
            None if rest.is_empty() && name(&value) == Some(first) => {
                list.push(value);
                Some(())
            }
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_not_written_is_kept_and_put_back() {
        let source = json!({"a": 1, "list": [{"name": "x/y", "b": 2, "c": [3]}, {"name": "z"}], "d": {"e": null}});
        let written = json!({"a": 1, "list": [{"name": "x/y", "b": 1}], "f": true});
        let kept = beyond("csvw", &source, &written);
        let told: Vec<_> = kept.iter().map(|k| format!("{} = {}", k.property, k.value)).collect();
        assert_eq!(
            told,
            [
                "csvw:/d = {\"e\":null}",
                "csvw:/list/x~1y/b = 2",
                "csvw:/list/x~1y/c = [3]",
                "csvw:/list/z = {\"name\":\"z\"}"
            ]
        );
        let mut again = written.clone();
        assert_eq!(put_back("csvw", &kept, &mut again, true), []);
        assert_eq!(beyond("csvw", &source, &again), []);
        // without going over what stands there, the one that differs is left
        let mut beside = written.clone();
        let left = put_back("csvw", &kept, &mut beside, false);
        assert_eq!((left.len(), &beside["list"][0]["b"]), (1, &json!(1)));
        // of another form nothing is put back
        assert_eq!(put_back("table-schema", &kept, &mut again, true).len(), 4);
    }
}
