//! The life of a deal: offered, accepted, used, asked about again, ended; its bundle, and the public register.

pub(super) mod accept;
mod agreement;
pub(super) mod bundle;
pub(super) mod deal;
pub(super) mod events;
pub(super) mod life;
pub(super) mod monitor;
pub(super) mod obligations;
pub(super) mod offer;
pub(super) mod reach;
pub(super) mod recipients;
pub(super) mod register;
pub(super) mod register_csv;
pub(super) mod remind;
pub(super) mod revoke;
pub(super) mod status;
pub(super) mod users;
