//! Mail: plain text to one address, by SMTP or into a folder.

use std::fmt;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{Address, AsyncFileTransport, AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};

use crate::model::{Time, Urn};
use crate::text::plain;

/// By which way mail leaves.
#[derive(Clone, PartialEq, Eq)]
pub enum MailWay {
    /// A mail server, by TLS from the first byte (`smtps://`), after STARTTLS (`smtp://...?tls=required`), or in clear for a server on
    /// this machine (`smtp://`); the address says the port.
    Smtp {
        /// The address of the server, without a user.
        server: String,
        /// User and password, if it wants them.
        login: Option<(String, String)>,
    },
    /// A folder in which each message becomes a file, for the demo.
    Folder(PathBuf),
}

impl fmt::Debug for MailWay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MailWay::Smtp { server, .. } => write!(f, "Smtp({server})"),
            MailWay::Folder(folder) => write!(f, "Folder({})", folder.display()),
        }
    }
}

/// Why a message did not leave. No variant holds an address of a person, a user or a password: what a server answers may.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum MailError {
    /// Text that is no mail address.
    #[error("this is no mail address")]
    #[diagnostic(code(mail::address), help("give one such as `desk@example.nl`, without a name"))]
    Address,
    /// The way that is configured cannot be.
    #[error("mail cannot be sent as configured: {0}")]
    #[diagnostic(code(mail::way), help("a server is written `smtps://mail.example.nl`"))]
    Way(String),
    /// The server will not take it now.
    #[error("the mail server does not take the message now{0}")]
    #[diagnostic(code(mail::later), help("it is tried again"))]
    Later(String),
    /// The server will never take it.
    #[error("the mail server refuses the message{0}")]
    #[diagnostic(code(mail::refused), help("is the address right?"))]
    Refused(String),
    /// The message could not be made.
    #[error("the message could not be made: {0}")]
    #[diagnostic(code(mail::message), help("this is a fault of the program"))]
    Message(String),
}

/// Reads a mail address: one address, no name, no header.
///
/// # Errors
/// [`MailError::Address`].
pub fn address(text: &str) -> Result<(), MailError> {
    parse(text).map(|_| ())
}

fn parse(text: &str) -> Result<Address, MailError> {
    if text.len() > 254 || !text.is_ascii() || text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(MailError::Address);
    }
    text.parse().map_err(|_| MailError::Address)
}

/// `Auto-Submitted` (RFC 3834): no answering machine writes back.
#[derive(Debug, Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }
    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(AutoSubmitted)
    }
    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// A message that leaves.
#[derive(Debug, Clone)]
pub struct Letter<'a> {
    /// The same at every try.
    pub id: Urn,
    /// When what it tells of happened.
    pub at: Time,
    /// The one address that it goes to.
    pub to: &'a str,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
}

/// Sends mail.
#[derive(Debug, Clone)]
pub struct Mailer {
    from: Mailbox,
    way: Transport,
}

#[derive(Clone)]
enum Transport {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Transport::Smtp(_) => f.write_str("Smtp"),
            Transport::Folder(folder) => write!(f, "Folder({})", folder.display()),
        }
    }
}

impl Mailer {
    /// A mailer that writes as `from`: an address, or `Name <address>`.
    ///
    /// # Errors
    /// [`MailError::Address`] for another sender, [`MailError::Way`] for a way that cannot be.
    pub fn new(from: &str, way: &MailWay) -> Result<Self, MailError> {
        let from = from.parse().map_err(|_| MailError::Address)?;
        let way = match way {
            MailWay::Folder(folder) => Transport::Folder(folder.clone()),
            MailWay::Smtp { server, login } => {
                let wrong = |why: &dyn fmt::Display| MailError::Way(why.to_string());
                let url = url::Url::parse(server).map_err(|e| wrong(&e))?;
                if !url.username().is_empty() || url.password().is_some() {
                    return Err(wrong(&"user and password stand beside the address, not in it"));
                }
                let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(server).map_err(|e| wrong(&e))?;
                let login = login.clone().map(|(user, password)| Credentials::new(user, password));
                Transport::Smtp(match login {
                    Some(login) => builder.credentials(login).build(),
                    None => builder.build(),
                })
            }
        };
        Ok(Mailer { from, way })
    }

    /// Sends one message.
    ///
    /// # Errors
    /// [`MailError::Refused`] where another try is of no use, [`MailError::Later`] where it may be.
    pub async fn send(&self, letter: &Letter<'_>) -> Result<(), MailError> {
        let host = self.from.email.domain();
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, parse(letter.to)?))
            .subject(plain(&letter.subject))
            .date(SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(letter.at.unix()).unwrap_or(0)))
            .message_id(Some(format!("<{}@{host}>", letter.id.to_string().trim_start_matches("urn:uuid:"))))
            .header(AutoSubmitted)
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text.clone())
            .map_err(|e| MailError::Message(e.to_string()))?;
        match &self.way {
            Transport::Smtp(smtp) => smtp.send(message).await.map(|_| ()).map_err(|error| {
                let code = error.status().map(|code| format!(" ({code})")).unwrap_or_default();
                if error.is_permanent() { MailError::Refused(code) } else { MailError::Later(code) }
            }),
            Transport::Folder(folder) => {
                std::fs::create_dir_all(folder).map_err(|e| MailError::Way(e.to_string()))?;
                let sent = AsyncFileTransport::<Tokio1Executor>::new(folder).send(message).await;
                sent.map(|_| ()).map_err(|e| MailError::Later(format!(": {e}")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An address with a line break, a name, a second address or a header is none.
    #[test]
    fn addresses_that_are_none() {
        for text in [
            "",
            "a",
            "a@",
            "@b",
            "a@b\r\nBcc: c@d",
            "a@b\nSubject: x",
            "a@b, c@d",
            "A <a@b.nl>",
            "a b@c.nl",
            "a@b.nl ",
            "a@b.nl\0",
            "a@b.nl,c@d.nl",
            "a@b.nl;c@d.nl",
            "<a@b.nl>",
            "a@\u{202e}b.nl",
        ] {
            assert_eq!(address(text), Err(MailError::Address), "{text:?}");
        }
        for text in ["desk@example.nl", "a.b+c@sub.example.nl"] {
            assert_eq!(address(text), Ok(()));
        }
    }

    /// Nothing of a way shows what is secret.
    #[test]
    fn a_password_is_never_shown() {
        let login = Some(("user".to_owned(), "secret".to_owned()));
        let way = MailWay::Smtp { server: "smtps://mail.example.nl".to_owned(), login };
        let mailer = Mailer::new("Portal <portal@example.nl>", &way).unwrap();
        assert!(!format!("{way:?} {mailer:?}").contains("secret"));
        let within = MailWay::Smtp { server: "smtps://user:secret@mail.example.nl".to_owned(), login: None };
        assert!(!Mailer::new("a@b.nl", &within).unwrap_err().to_string().contains("secret"));
    }
}
