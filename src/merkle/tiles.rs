//! C2SP tlog-tiles: where stored hashes and entries lie, and how entries stand in a bundle. Arithmetic on names and bytes
//! only: nothing is read, written or served here.

use std::fmt;
use std::str::FromStr;

use super::Hash;

/// Hashes or entries in a full tile.
pub const TILE_WIDTH: u64 = 256;

/// What a tile holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TileKind {
    /// The entries themselves, as a bundle.
    Entries,
    /// Stored hashes of one level, 0 to 7.
    Hashes(u8),
}

/// The name of one tile, a full one of 256 or a partial one of 1 to 255 (SPEC S-52). As text it is the C2SP path:
/// `tile/0/x001/234/067` or `tile/entries/000.p/112`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    kind: TileKind,
    index: u64,
    width: u16,
}

/// Why a text is no tile path, or bytes no tile. Closed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum TileError {
    /// A bundle that ends inside an entry, is empty or has more than 256 entries, or an entry above 65,535 bytes.
    #[error("not an entry bundle: {0}")]
    #[diagnostic(code(tiles::bundle))]
    Bundle(&'static str),
    /// A hash tile whose bytes are not 1 to 256 hashes.
    #[error("a hash tile has 32 to 8192 bytes, a multiple of 32, not {0}")]
    #[diagnostic(code(tiles::hashes))]
    Hashes(usize),
    /// A path that names no tile.
    #[error("`{0}` is not a tile path")]
    #[diagnostic(code(tiles::path), help("for instance `tile/0/x001/234` or `tile/entries/000.p/112`"))]
    Path(String),
}

impl TileError {
    /// The MUST of SPEC.md section 4 that the text or bytes break.
    #[must_use]
    pub fn must(&self) -> &'static str {
        match self {
            TileError::Path(_) => "S-52",
            TileError::Hashes(_) => "S-53",
            TileError::Bundle(_) => "S-54",
        }
    }
}

impl Tile {
    /// The tile at an index as a tree of `size` entries has it: full, partial, or none where it would be empty
    /// (SPEC S-53: floor(size / 256^level) hashes at a level).
    #[must_use]
    pub fn of_tree(kind: TileKind, index: u64, size: u64) -> Option<Self> {
        let level = match kind {
            TileKind::Entries => 0,
            TileKind::Hashes(level) if level < 8 => level,
            TileKind::Hashes(_) => return None,
        };
        let hashes = size >> (8 * level);
        let before = index.checked_mul(TILE_WIDTH)?;
        let width = u16::try_from(hashes.checked_sub(before)?.min(TILE_WIDTH)).ok()?;
        (width > 0).then_some(Tile { kind, index, width })
    }

    /// Entries or a level of hashes.
    #[must_use]
    pub fn kind(self) -> TileKind {
        self.kind
    }

    /// The place among the tiles of its kind, from 0.
    #[must_use]
    pub fn index(self) -> u64 {
        self.index
    }

    /// The number of hashes or entries: 256, or 1 to 255 in a partial tile.
    #[must_use]
    pub fn width(self) -> u16 {
        self.width
    }

    /// The index of its first hash or entry.
    #[must_use]
    pub fn start(self) -> u64 {
        self.index.saturating_mul(TILE_WIDTH)
    }
}

/// C2SP tlog-tiles, "Merkle Tree": three digits per path element, all but the last with an `x` before.
impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TileKind::Entries => f.write_str("tile/entries/")?,
            TileKind::Hashes(level) => write!(f, "tile/{level}/")?,
        }
        let mut groups = vec![self.index % 1000];
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups.push(rest % 1000);
            rest /= 1000;
        }
        for group in groups.iter().skip(1).rev() {
            write!(f, "x{group:03}/")?;
        }
        write!(f, "{:03}", self.index % 1000)?;
        if self.width < 256 { write!(f, ".p/{}", self.width) } else { Ok(()) }
    }
}

/// Reads exactly the texts that [`Display`](fmt::Display) writes.
impl FromStr for Tile {
    type Err = TileError;
    fn from_str(text: &str) -> Result<Self, TileError> {
        let read = || {
            let (kind, rest) = text.strip_prefix("tile/")?.split_once('/')?;
            let kind = match kind {
                "entries" => TileKind::Entries,
                level => TileKind::Hashes(level.parse().ok().filter(|level| *level < 8)?),
            };
            let (path, width) = match rest.split_once(".p/") {
                Some((path, width)) => (path, width.parse().ok().filter(|width| (1..256).contains(width))?),
                None => (rest, 256),
            };
            let index = path.split('/').try_fold(0u64, |index, group| {
                let digits = group.strip_prefix('x').unwrap_or(group);
                index.checked_mul(1000)?.checked_add(digits.parse().ok().filter(|group| *group < 1000)?)
            })?;
            Some(Tile { kind, index, width })
        };
        // other spellings of the same tile (`+1`, no zeros, an `x` too many) print differently
        read().filter(|tile| tile.to_string() == text).ok_or_else(|| TileError::Path(text.chars().take(80).collect()))
    }
}

/// The bytes of a hash tile (SPEC S-53).
#[must_use]
pub fn encode_hashes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.as_bytes()).copied().collect()
}

/// The hashes of a tile.
///
/// # Errors
/// [`TileError::Hashes`] unless the bytes are 1 to 256 hashes.
pub fn decode_hashes(bytes: &[u8]) -> Result<Vec<Hash>, TileError> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    if rest.is_empty() && (1..=256).contains(&hashes.len()) {
        Ok(hashes.iter().copied().map(Hash::from).collect())
    } else {
        Err(TileError::Hashes(bytes.len()))
    }
}

/// The bytes of an entry bundle: for each entry its length as two bytes, the high one first, then the entry (SPEC S-54).
///
/// # Errors
/// [`TileError::Bundle`] for no entry, more than 256, or one above 65,535 bytes.
pub fn encode_entries<B: AsRef<[u8]>>(entries: &[B]) -> Result<Vec<u8>, TileError> {
    if !(1..=256).contains(&entries.len()) {
        return Err(TileError::Bundle("it has 1 to 256 entries"));
    }
    let mut out = Vec::new();
    for entry in entries {
        let entry = entry.as_ref();
        let length = u16::try_from(entry.len()).map_err(|_| TileError::Bundle("an entry has at most 65535 bytes"))?;
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(entry);
    }
    Ok(out)
}

/// The entries of a bundle.
///
/// # Errors
/// [`TileError::Bundle`] if it is empty, ends inside an entry or has more than 256.
pub fn decode_entries(bytes: &[u8]) -> Result<Vec<&[u8]>, TileError> {
    let mut entries = Vec::new();
    let mut rest = bytes;
    while let Some((length, after)) = rest.split_first_chunk::<2>() {
        let (entry, after) = after
            .split_at_checked(usize::from(u16::from_be_bytes(*length)))
            .ok_or(TileError::Bundle("it ends inside an entry"))?;
        entries.push(entry);
        rest = after;
    }
    match (rest.is_empty(), entries.len()) {
        (false, _) => Err(TileError::Bundle("it ends inside a length")),
        (_, 1..=256) => Ok(entries),
        _ => Err(TileError::Bundle("it has 1 to 256 entries")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// S-52: the paths of the C2SP text, and one spelling per tile.
    #[test]
    fn tile_paths_are_those_of_c2sp() {
        let path = |kind, index, size| Tile::of_tree(kind, index, size).unwrap().to_string();
        assert_eq!(path(TileKind::Hashes(0), 1_234_067, u64::MAX), "tile/0/x001/x234/067");
        assert_eq!(path(TileKind::Hashes(0), 273, 70_000), "tile/0/273.p/112");
        assert_eq!(path(TileKind::Entries, 0, 256), "tile/entries/000");
        assert_eq!(path(TileKind::Entries, 1000, 256_001), "tile/entries/x001/000.p/1");
        for bad in [
            "tile/0/1",
            "tile/0/0001",
            "tile/0/x000/001",
            "tile/00/001",
            "tile/8/001",
            "tile/+1/001",
            "tile/0/001.p/0",
            "tile/0/001.p/256",
            "tile/0/001.p/01",
            "tile/0/001/002",
            "tile/0/x001",
            "tile/0/+01",
            "tile/0/001.p/1.p/1",
            "tile/0/x999/x999/x999/x999/x999/x999/999",
            "tile/entries",
            "/tile/0/001",
            "",
        ] {
            assert_eq!(bad.parse::<Tile>().unwrap_err().must(), "S-52", "{bad}");
        }
    }

    /// S-53: 70,000 entries make the tiles that the C2SP text counts; an empty tile does not exist.
    #[test]
    fn widths_follow_the_tree_size() {
        let width = |level, index, size| Tile::of_tree(TileKind::Hashes(level), index, size).map(Tile::width);
        assert_eq!([width(0, 272, 70_000), width(0, 273, 70_000), width(0, 274, 70_000)], [Some(256), Some(112), None]);
        assert_eq!([width(1, 0, 70_000), width(1, 1, 70_000), width(2, 0, 70_000)], [Some(256), Some(17), Some(1)]);
        assert_eq!([width(0, 0, 256), width(0, 1, 256), width(1, 0, 256)], [Some(256), None, Some(1)]);
        assert_eq!([width(3, 0, 70_000), width(8, 0, u64::MAX), width(0, u64::MAX, 1)], [None; 3]);
        assert_eq!(decode_hashes(&[]).unwrap_err().must(), "S-53");
        assert!(decode_hashes(&[0; 33]).is_err() && decode_hashes(&[0; 257 * 32]).is_err());
        assert_eq!(encode_hashes(&decode_hashes(&[7; 8192]).unwrap()), [7; 8192]);
    }

    /// S-54: lengths stand before entries, and the bundle ends with an entry.
    #[test]
    fn bundles_hold_whole_entries() {
        assert_eq!(encode_entries(&["a", "", "bc"]).unwrap(), b"\0\x01a\0\0\0\x02bc");
        assert_eq!(decode_entries(b"\0\x01a\0\0\0\x02bc").unwrap(), [b"a".as_slice(), b"", b"bc"]);
        for bad in [b"".as_slice(), b"\0", b"\0\x02a", &[0; 514]] {
            assert_eq!(decode_entries(bad).unwrap_err().must(), "S-54");
        }
        assert!(encode_entries(&[vec![0; 65_535]]).is_ok() && encode_entries(&[vec![0; 65_536]]).is_err());
        assert!(encode_entries::<&str>(&[]).is_err() && encode_entries(&[""; 257]).is_err());
    }

    proptest! {
        /// S-52: every tile of every tree is read back from its path.
        #[test]
        fn paths_round_trip(level in 0u8..8, index in 0u64..1 << 50, size: u64) {
            for kind in [TileKind::Hashes(level), TileKind::Entries] {
                if let Some(tile) = Tile::of_tree(kind, index % (size / 256 + 1), size) {
                    prop_assert_eq!(tile.to_string().parse::<Tile>().unwrap(), tile);
                }
            }
        }

        /// No path and no bytes make the readers panic, and what they accept is written back the same.
        #[test]
        fn foreign_tiles_are_read_or_refused(path in "tile/[0-9e]/[x0-9/.p]{0,12}", bytes in prop::collection::vec(0u8..4, 0..80)) {
            if let Ok(tile) = path.parse::<Tile>() {
                prop_assert_eq!(tile.to_string(), path);
            }
            if let Ok(entries) = decode_entries(&bytes) {
                prop_assert_eq!(encode_entries(&entries).unwrap(), bytes);
            }
        }
    }
}
