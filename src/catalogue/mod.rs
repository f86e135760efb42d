//! Catalogues of others: what they say of datasets. Pure: no file, network or clock.

pub mod read;
