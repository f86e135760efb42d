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

/// The words of the examples are words of the program.
#[test]
fn every_example_is_read() {
    let place = Place::new();
    for command in commands() {
        let help = place.run(&words(&format!("{command} --help"))).out;
        let Some((_, examples)) = help.split_once("Example") else { continue };
        for example in examples.replace("\\\n", " ").lines() {
            let Some((_, line)) = example.split_once("datadeal ") else { continue };
            for part in line.split(" | datadeal ") {
                let part = part.split([';', '>', '|', '<']).next().unwrap();
                let line =
                    part.replace('"', "'").replace("z6Mk...", "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK");
                let line = line.replace(
                    "'{'by': 'the minister', 'reference': 'Stcrt. 2026, 4321', 'until': '2028-08-01T00:00:00Z'}'",
                    "x",
                );
                let read =
                    Cli::command().try_get_matches_from(std::iter::once("datadeal".to_owned()).chain(words(&line)));
                assert!(read.is_ok(), "{example}\n{}", read.unwrap_err());
            }
        }
    }
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
