//! Mail by SMTP, against a small server of the test: what it takes, what it takes later, and what it refuses.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use datadeal::model::Urn;
use datadeal::net::mail::{Letter, MailError, MailWay, Mailer};

/// A mail server that answers `MAIL FROM` with this line, and keeps what it is told.
fn server(answer: &'static str) -> (SocketAddr, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (at, told) = (listener.local_addr().unwrap(), Arc::<Mutex<String>>::default());
    let kept = Arc::clone(&told);
    std::thread::spawn(move || listener.incoming().flatten().try_for_each(|stream| talk(stream, answer, &kept)));
    (at, told)
}

fn talk(mut stream: TcpStream, answer: &str, told: &Mutex<String>) -> std::io::Result<()> {
    let lines = BufReader::new(stream.try_clone()?).lines();
    let mut data = false;
    write!(stream, "220 test\r\n")?;
    for line in lines {
        let line = line?;
        told.lock().unwrap().push_str(&format!("{line}\n"));
        let word = line.split([' ', ':']).next().unwrap_or_default();
        match word {
            _ if data && line != "." => continue,
            "EHLO" => write!(stream, "250-test\r\n250 8BITMIME\r\n")?,
            "MAIL" => write!(stream, "{answer}\r\n")?,
            "DATA" => {
                data = true;
                write!(stream, "354 go on\r\n")?;
            }
            "QUIT" => return write!(stream, "221 bye\r\n"),
            _ => {
                data = false;
                write!(stream, "250 ok\r\n")?;
            }
        }
    }
    Ok(())
}

async fn send(at: SocketAddr, letter: &Letter<'_>) -> Result<(), MailError> {
    let way = MailWay::Smtp { server: format!("smtp://{at}"), login: None };
    Mailer::new("Portal <portal@example.nl>", &way).unwrap().send(letter).await
}

fn letter(subject: &str) -> Letter<'_> {
    let id: Urn = "urn:uuid:01a211ee-ea80-7922-b29e-0c5c73062b0f".parse().unwrap();
    let at = "2026-11-26T09:00:00Z".parse().unwrap();
    Letter {
        id,
        at,
        to: "desk@example.nl",
        subject: subject.to_owned(),
        text: "One.\n.\nBcc: two@example.nl\n".to_owned(),
    }
}

/// One message to one address, with the same id and date at every try; no header can be smuggled in by a subject, no end by a line.
#[tokio::test]
async fn a_message_is_sent_as_it_is() {
    let (at, told) = server("250 ok");
    send(at, &letter("Register\r\nBcc: x@example.nl\r\n\r\nEvil")).await.unwrap();
    let told = told.lock().unwrap().clone();
    let recipients: Vec<&str> = told.lines().filter(|l| l.starts_with("RCPT")).collect();
    assert_eq!(recipients, ["RCPT TO:<desk@example.nl>"]);
    let message = told.split("DATA\n").nth(1).unwrap();
    let (headers, text) = message.split_once("\n\n").unwrap();
    assert!(!headers.lines().any(|l| l.starts_with("Bcc") || l.starts_with("Evil")), "{headers}");
    for header in [
        "Message-ID: <01a211ee-ea80-7922-b29e-0c5c73062b0f@example.nl>",
        "Date: Thu, 26 Nov 2026 09:00:00 +0000",
        "Auto-Submitted: auto-generated",
        "To: desk@example.nl",
    ] {
        assert!(headers.lines().any(|l| l == header), "{header} is not in\n{headers}");
    }
    assert!(text.contains("\n..\n"), "a line with a dot alone ends nothing: {text}");
}

/// What is refused for good is not tried again; what may be taken later is. No answer of a server, which may name people, is told.
#[tokio::test]
async fn a_server_says_never_or_later() {
    let (at, _) = server("550 desk@example.nl is unknown");
    assert_eq!(send(at, &letter("x")).await.unwrap_err(), MailError::Refused(" (550)".to_owned()));
    let (at, _) = server("451 later, desk@example.nl");
    assert_eq!(send(at, &letter("x")).await.unwrap_err(), MailError::Later(" (451)".to_owned()));
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_eq!(send(closed, &letter("x")).await.unwrap_err(), MailError::Later(String::new()));
}
