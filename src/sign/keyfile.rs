//! Private keys as files: PKCS#8 PEM (RFC 8410 section 7, RFC 7468 section 10) that only their owner can read.
//!
//! Write order: temporary file beside the target with mode 0600 -> fsync -> link under its name (fails if the name is
//! taken) -> remove the temporary name -> fsync of the folder. If we die in between, either no key stands under the name
//! or the whole key does; a temporary name that is left over is removed by the next write to that path, also a refused one.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, KeypairBytes};
use zeroize::Zeroizing;

use super::SigningKey;

/// A key file has about 120 bytes; nothing larger is read.
const MAX_BYTES: u64 = 8 << 10;

/// Why a key file was not read or written. No variant holds any of its content.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum KeyFileError {
    /// There is a file of that name.
    #[error("`{}` exists already and is never overwritten", .0.display())]
    #[diagnostic(code(keyfile::exists), help("a lost key cannot be made again: choose another name, or move it away"))]
    Exists(PathBuf),
    /// The file system refused.
    #[error("cannot {doing} `{}`", .path.display())]
    #[diagnostic(code(keyfile::io), help("does the folder exist, and may this user use it?"))]
    Io {
        /// Read or write.
        doing: &'static str,
        /// The key file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Not a private Ed25519 key in PKCS#8 PEM.
    #[error("`{}` is not an unencrypted Ed25519 key in PKCS#8 PEM", .0.display())]
    #[diagnostic(code(keyfile::form), help("it begins with `-----BEGIN PRIVATE KEY-----`"))]
    NotAKey(PathBuf),
    /// Others can read or write it.
    #[error("`{}` has mode {mode:04o}: others than its owner can read or change it", .path.display())]
    #[diagnostic(
        code(keyfile::mode),
        help("run `chmod 600 {}`; if others were on this machine, revoke the key and make a new one", .path.display())
    )]
    Open {
        /// The key file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
}

impl KeyFileError {
    /// The MUST of SPEC.md section 4 that is broken; none where the file system is at fault.
    #[must_use]
    pub fn must(&self) -> Option<&'static str> {
        match self {
            KeyFileError::NotAKey(_) => Some("S-57"),
            KeyFileError::Exists(_) | KeyFileError::Open { .. } => Some("S-58"),
            KeyFileError::Io { .. } => None,
        }
    }
}

/// Writes a key under a new name, durably: when this returns, the key survives a loss of power.
///
/// # Errors
/// [`KeyFileError::Exists`] if the name is taken, [`KeyFileError::Io`] as the file system fails.
pub fn write(path: &Path, key: &SigningKey) -> Result<(), KeyFileError> {
    // without the public key inside (version 1), which every reader takes
    let bytes = KeypairBytes { secret_key: key.0.to_bytes(), public_key: None };
    let pem = bytes.to_pkcs8_pem(LineEnding::LF).map_err(|_| KeyFileError::NotAKey(path.to_owned()))?;
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::AlreadyExists => KeyFileError::Exists(path.to_owned()),
        _ => KeyFileError::Io { doing: "write", path: path.to_owned(), source },
    };
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".new");
    let temporary = folder.join(name);
    match fs::remove_file(&temporary) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    if path.symlink_metadata().is_ok() {
        return Err(KeyFileError::Exists(path.to_owned()));
    }
    let written = write_new(&temporary, pem.as_bytes()).and_then(|()| fs::hard_link(&temporary, path));
    let removed = fs::remove_file(&temporary);
    written.and(removed).and_then(|()| File::open(folder)?.sync_all()).map_err(failed)
}

/// A new file that only its owner can read, from its first moment on.
fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Reads a key.
///
/// # Errors
/// [`KeyFileError::Open`] if others than the owner may read or write the file, [`KeyFileError::NotAKey`] for other
/// content, [`KeyFileError::Io`] as the file system fails.
pub fn read(path: &Path) -> Result<SigningKey, KeyFileError> {
    let failed = |source| KeyFileError::Io { doing: "read", path: path.to_owned(), source };
    let file = File::open(path).map_err(failed)?;
    // of the open file, not of the name, which could be another file by now
    let metadata = file.metadata().map_err(failed)?;
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o7777;
        if mode & 0o077 != 0 && metadata.is_file() {
            return Err(KeyFileError::Open { path: path.to_owned(), mode });
        }
    }
    if !metadata.is_file() || metadata.len() > MAX_BYTES {
        return Err(KeyFileError::NotAKey(path.to_owned()));
    }
    // large enough from the start: a buffer that grows leaves copies behind
    let mut pem = Zeroizing::new(Vec::with_capacity(2 * MAX_BYTES as usize));
    file.take(MAX_BYTES).read_to_end(&mut pem).map_err(failed)?;
    let not_a_key = || KeyFileError::NotAKey(path.to_owned());
    let pem = std::str::from_utf8(&pem).map_err(|_| not_a_key())?;
    ed25519_dalek::SigningKey::from_pkcs8_pem(pem).map(SigningKey).map_err(|_| not_a_key())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The private key of RFC 8410 section 10.3.
    const RFC_8410: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";

    /// S-57: the file is PKCS#8 PEM, byte for byte the example of RFC 8410 section 10.3 for its seed, and is read back.
    #[test]
    fn writes_pkcs8_pem() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.pem");
        let seed = [
            0xd4, 0xee, 0x72, 0xdb, 0xf9, 0x13, 0x58, 0x4a, 0xd5, 0xb6, 0xd8, 0xf1, 0xf7, 0x69, 0xf8, 0xad, 0x3a, 0xfe,
            0x7c, 0x28, 0xcb, 0xf1, 0xd4, 0xfb, 0xe0, 0x97, 0xa8, 0x8f, 0x44, 0x75, 0x58, 0x42,
        ];
        write(&path, &SigningKey::from_seed(seed)).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text, RFC_8410);
        assert_eq!(read(&path).unwrap().public(), SigningKey::from_seed(seed).public());
        let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(names, ["key.pem"], "no temporary file stays");
    }

    /// S-57: the private key of RFC 8410 section 10.3 is read, and other content is refused without showing it.
    #[test]
    fn reads_the_published_key_and_refuses_others() {
        let folder = tempfile::tempdir().unwrap();
        let write_raw = |name: &str, text: &[u8]| {
            let path = folder.path().join(name);
            write_new(&path, text).unwrap();
            path
        };
        let key = read(&write_raw("rfc8410", RFC_8410.as_bytes())).unwrap();
        let public = [
            0x19, 0xbf, 0x44, 0x09, 0x69, 0x84, 0xcd, 0xfe, 0x85, 0x41, 0xba, 0xc1, 0x67, 0xdc, 0x3b, 0x96, 0xc8, 0x50,
            0x86, 0xaa, 0x30, 0xb6, 0xb6, 0xcb, 0x0c, 0x5c, 0x38, 0xad, 0x70, 0x31, 0x66, 0xe1,
        ];
        assert_eq!(key.public().as_bytes(), &public);
        let secret = "c2VjcmV0";
        for (name, text) in [
            ("empty", Vec::new()),
            ("text", secret.into()),
            ("bytes", vec![0xff; 200]),
            ("large", vec![b'a'; 9000]),
            ("public", format!("-----BEGIN PUBLIC KEY-----\n{secret}\n-----END PUBLIC KEY-----\n").into_bytes()),
        ] {
            let error = read(&write_raw(name, &text)).unwrap_err();
            assert_eq!(error.must(), Some("S-57"), "{name}");
            assert!(!format!("{error:?} {error}").contains(secret), "{name}");
        }
        assert_eq!(read(folder.path()).unwrap_err().must(), Some("S-57"));
        assert!(matches!(read(&folder.path().join("none")), Err(KeyFileError::Io { doing: "read", .. })));
        let nowhere = folder.path().join("no/folder");
        assert!(matches!(write(&nowhere, &key), Err(KeyFileError::Io { doing: "write", .. })));
    }

    /// S-58: mode 0600, never overwritten, refused when others can read it, with the mend.
    #[cfg(unix)]
    #[test]
    fn only_the_owner_reads_a_key() {
        use miette::Diagnostic as _;
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.pem");
        fs::write(folder.path().join(".key.pem.new"), "left over").unwrap();
        write(&path, &SigningKey::from_seed([7; 32])).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o600);
        let before = fs::read(&path).unwrap();
        assert_eq!(write(&path, &SigningKey::from_seed([8; 32])).unwrap_err().must(), Some("S-58"));
        assert_eq!(fs::read(&path).unwrap(), before);
        for mode in [0o640, 0o604, 0o620, 0o777] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let error = read(&path).unwrap_err();
            assert_eq!(error.must(), Some("S-58"));
            assert!(error.to_string().contains(&format!("mode {mode:04o}")), "{error}");
            assert!(error.help().unwrap().to_string().contains(&format!("chmod 600 {}", path.display())));
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
        assert!(read(&path).is_ok());
    }
}
