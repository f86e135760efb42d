//! The help of every command, its manual page, and the completions.

use clap::{Command, CommandFactory};
use datadeal::cli::Cli;

use super::{Place, snapshot, words};

/// Every command by its words, the program itself first.
fn every(command: &Command, before: &str, out: &mut Vec<String>) {
    out.push(before.trim().to_owned());
    for sub in command.get_subcommands().filter(|c| c.get_name() != "help") {
        every(sub, &format!("{before} {}", sub.get_name()), out);
    }
}

fn commands() -> Vec<String> {
    let mut out = Vec::new();
    every(&Cli::command(), "", &mut out);
    out
}

#[test]
fn every_command_has_help_with_examples() {
    let place = Place::new();
    let mut told = String::new();
    for command in commands() {
        let came = place.run(&words(&format!("{command} --help")));
        assert_eq!(came.code, 0, "{command}");
        let leaf = !came.out.contains("\nCommands:\n");
        assert!(!leaf || came.out.contains("Example"), "`{command}` has no examples");
        told.push_str(&format!("$ datadeal {command} --help\n{}\n", came.out));
    }
    snapshot("help", &told);
}

/// The words of the examples are words of the program, and no line of them is broken by the width of a terminal.
#[test]
fn every_example_is_read() {
    let mut wrong = Vec::new();
    examples(&Cli::command(), &mut |command, examples| {
        let long = examples.lines().filter(|l| l.starts_with("  ") && l.chars().count() > 99);
        wrong.extend(long.map(|l| format!("{command}: too long: {l}")));
        for example in examples.replace("\\\n", " ").lines() {
            let Some((_, line)) = example.split_once("datadeal ").filter(|_| example.starts_with("  ")) else {
                continue;
            };
            for part in line.split(" | datadeal ") {
                let mut part = part.split(" > ").next().unwrap().split(" < ").next().unwrap().to_owned();
                part.truncate(part.find(" | ").unwrap_or(part.len()));
                for (shown, real) in REAL {
                    part = part.replace(shown, real);
                }
                let all = std::iter::once("datadeal".to_owned()).chain(words(&part));
                if let Err(error) = Cli::command().try_get_matches_from(all) {
                    wrong.push(format!("{command}: {part}\n{error}"));
                }
            }
        }
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What an example only hints at.
const REAL: [(&str, &str); 4] = [
    ("z6Mk...", "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"),
    ("urn:uuid:...", "urn:uuid:01936f5e-7c1a-7def-8a2b-3c4d5e6f7081"),
    ("NL.OIN:...", "NL.OIN:00000099000000012000"),
    (" KEY", " sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"),
];

/// The examples of every command as they stand in the code.
fn examples(command: &Command, each: &mut dyn FnMut(&str, &str)) {
    let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    if let Some((_, examples)) = help.split_once("Example") {
        each(command.get_name(), examples);
    }
    command.get_subcommands().for_each(|c| examples(c, each));
}

#[test]
fn manual_pages_and_completions_are_written() {
    let place = Place::new();
    let came = place.run(&words("man --dir pages"));
    assert_eq!(came.code, 0, "{}", came.err);
    let mut pages: Vec<_> = std::fs::read_dir(place.dir.path().join("pages"))
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    pages.sort();
    let mut expected: Vec<_> =
        commands().iter().map(|c| format!("datadeal {c}").trim().replace(' ', "-") + ".1").collect();
    expected.sort();
    assert_eq!(pages, expected);
    assert!(place.run(&words("man facts new")).out.contains("datadeal facts new"));
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let came = place.run(&words(&format!("completions {shell}")));
        assert!(came.code == 0 && came.out.contains("conditions"), "{shell}");
    }
}
