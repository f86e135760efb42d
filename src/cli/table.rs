//! Lists for a terminal: columns one beside the other, readable without colour and without lines.

use crate::text::{Texts, plain};

/// The longest cell but the last that is padded to; a longer one pushes its own row.
const MAX_CELL: usize = 60;

/// A table with its head; `heads` are keys of the texts. Control characters become spaces.
pub(super) fn table(texts: &Texts, heads: &[&str], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return texts.get("cli-none-yet", &[]);
    }
    let head: Vec<String> = heads.iter().map(|key| texts.get(key, &[])).collect();
    let all: Vec<Vec<String>> = std::iter::once(&head)
        .chain(rows)
        .map(|row| row.iter().map(|cell| plain(cell).trim().to_owned()).collect())
        .collect();
    let width = |i: usize| {
        let of = |row: &Vec<String>| row.get(i).map_or(0, |c| c.chars().count());
        all.iter().map(of).max().unwrap_or(0).min(MAX_CELL)
    };
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    all.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::condition::Lang;

    #[test]
    fn columns_stand_one_beside_the_other() {
        let texts = Texts::new(Lang::En);
        let rows = [vec!["a".to_owned(), "b\u{1b}[2J\nc".to_owned()], vec!["é".repeat(70), "d".to_owned()]];
        let told = table(&texts, &["cli-head-name", "cli-head-title"], &rows);
        let lines: Vec<&str> = told.lines().collect();
        assert_eq!(lines[0], format!("{:60}  Title", "Name"));
        assert_eq!(lines[1], format!("{:60}  b [2J c", "a"));
        assert_eq!(lines[2], format!("{}  d", "é".repeat(70)));
        assert_eq!(table(&texts, &["cli-head-name"], &[]), "None yet.");
    }
}
