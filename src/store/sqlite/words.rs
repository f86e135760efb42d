//! Full text by FTS5: words are written with the commit that makes them, and matched.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::super::words::{Found, Pattern, Search, Sought, Worded, Words};
use super::read::{int, list};

/// Where a word may stand.
#[derive(Debug, Clone, Copy)]
enum Place {
    Anywhere,
    Title,
}

impl Place {
    /// The columns of both languages.
    fn columns(self) -> [&'static str; 2] {
        match self {
            Place::Anywhere => ["{title_en en}", "{title_nl nl}"],
            Place::Title => ["{title_en}", "{title_nl}"],
        }
    }
}

/// Writes the words of a dataset in place of those that it had; false if there is no such row.
pub(super) fn put(conn: &Connection, key: &str, words: &Words) -> rusqlite::Result<bool> {
    remove(conn, key)?;
    let number = conn
        .prepare_cached(
            "INSERT INTO worded (key, version, form)
             SELECT key, version, ?2 FROM state WHERE kind = 'dataset' AND key = ?1
             ON CONFLICT (key) DO UPDATE SET version = excluded.version, form = excluded.form RETURNING number",
        )?
        .query_row(params![key, words.form], |r| r.get::<_, i64>(0))
        .optional()?;
    let Some(number) = number else { return Ok(false) };
    conn.prepare_cached("INSERT INTO words (rowid, title_en, title_nl, en, nl) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![number, words.en.title, words.nl.title, words.en.text, words.nl.text])?;
    Ok(true)
}

/// Forgets the words of a dataset that goes.
pub(super) fn delete(conn: &Connection, key: &str) -> rusqlite::Result<()> {
    remove(conn, key)?;
    conn.prepare_cached("DELETE FROM worded WHERE key = ?1")?.execute([key]).map(drop)
}

/// Takes the words away, but not the number.
fn remove(conn: &Connection, key: &str) -> rusqlite::Result<()> {
    let mut number = conn.prepare_cached("SELECT number FROM worded WHERE key = ?1")?;
    if let Some(number) = number.query_row([key], |r| r.get::<_, i64>(0)).optional()? {
        conn.prepare_cached("DELETE FROM words WHERE rowid = ?1")?.execute([number])?;
    }
    Ok(())
}

pub(super) fn worded(conn: &Connection, after: u64, limit: usize) -> rusqlite::Result<Vec<Worded>> {
    list(
        conn,
        "SELECT number, key, version, form FROM worded WHERE number > ?1 ORDER BY number LIMIT ?2",
        params![int(after), int(limit)],
        |r| Ok(Worded { number: r.get(0)?, key: r.get(1)?, version: r.get(2)?, form: r.get(3)? }),
    )
}

/// Finds without ranking first, which costs a tenth: who asks for a word that is everywhere does not wait for an order that says nothing.
pub(super) fn search(conn: &Connection, search: &Search) -> rusqlite::Result<Vec<Found>> {
    let Some(anywhere) = expression(&search.every, Place::Anywhere) else { return Ok(Vec::new()) };
    // one state for all that follows
    let moment = conn.unchecked_transaction()?;
    let mut found = matches(&moment, &anywhere, usize::MAX)?;
    let ranked = if found.len() <= search.most_ranked {
        ranks(&moment, &anywhere)?
    } else {
        let titles = expression(&search.every, Place::Title).unwrap_or_default();
        let few = matches(&moment, &titles, search.most_ranked.saturating_add(1))?.len() <= search.most_ranked;
        if few { ranks(&moment, &titles)? } else { Vec::new() }
    };
    // both are in the order of numbers
    let mut ranked = ranked.into_iter().peekable();
    for row in &mut found {
        while let Some(next) = ranked.next_if(|next| next.number <= row.number) {
            if next.number == row.number {
                row.rank = next.rank;
            }
        }
    }
    Ok(found)
}

fn matches(conn: &Connection, expression: &str, limit: usize) -> rusqlite::Result<Vec<Found>> {
    list(
        conn,
        "SELECT rowid FROM words WHERE words MATCH ?1 ORDER BY rowid LIMIT ?2",
        params![expression, int(limit)],
        |r| Ok(Found { number: r.get(0)?, rank: 0.0 }),
    )
}

fn ranks(conn: &Connection, expression: &str) -> rusqlite::Result<Vec<Found>> {
    list(
        conn,
        "SELECT rowid, bm25(words, 10.0, 10.0, 1.0, 1.0) FROM words WHERE words MATCH ?1 ORDER BY rowid",
        [expression],
        |r| Ok(Found { number: r.get(0)?, rank: r.get(1)? }),
    )
}

/// What is sought in the words of FTS5. Every word is quoted, so that none is an operator. None if something can stand nowhere.
fn expression(every: &[Sought], place: Place) -> Option<String> {
    let [en, nl] = place.columns();
    let one = |sought: &Sought| {
        let ways = [(en, &sought.en), (nl, &sought.nl)].into_iter().filter(|(_, patterns)| !patterns.is_empty());
        let ways: Vec<String> = ways.map(|(columns, patterns)| format!("{columns} : ({})", any(patterns))).collect();
        (!ways.is_empty()).then(|| format!("({})", ways.join(" OR ")))
    };
    let all: Option<Vec<String>> = every.iter().map(one).collect();
    all.filter(|all| !all.is_empty()).map(|all| all.join(" AND "))
}

fn any(patterns: &[Pattern]) -> String {
    let quoted = |word: &str| format!("\"{}\"", word.replace('"', "\"\"").replace('\0', ""));
    let one = |pattern: &Pattern| match pattern {
        Pattern::Word(word) => quoted(word),
        Pattern::Beginning(word) => format!("{} *", quoted(word)),
    };
    patterns.iter().map(one).collect::<Vec<_>>().join(" OR ")
}
