//! stub
use super::{Labels, Texts};
use crate::model::record::Deal;
/// x
#[derive(Debug)]
pub struct Agreement {
    /// x
    pub text: String,
}
/// x
#[must_use]
pub fn agreement(_t: &Texts, _l: &dyn Labels, d: &Deal) -> Agreement {
    Agreement { text: format!("{:?}", d.number) }
}
