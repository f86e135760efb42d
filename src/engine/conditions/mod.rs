//! What is in force: schema, trust list, datasets and condition sets published, compiled, compared with a new version, and shown.

pub(super) mod compiled;
pub(super) mod difference;
pub(super) mod export;
pub(super) mod publish;
pub(super) mod reuse;
pub(super) mod show;
