//! What the fuzz targets share: their bodies, and the seeds that they begin with.

pub mod bodies;

/// Writes the seeds of a target into the folder that `DATADEAL_FUZZ_SEEDS` names, before the fuzzer reads its corpus. They come from
/// files that the repository has anyway, so none is kept here.
pub fn plant(target: &str) {
    let Some(folder) = std::env::var_os("DATADEAL_FUZZ_SEEDS") else { return };
    for (number, seed) in bodies::seeds(target).iter().enumerate() {
        let path = std::path::Path::new(&folder).join(format!("seed-{number}"));
        std::fs::write(&path, seed).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    }
}
