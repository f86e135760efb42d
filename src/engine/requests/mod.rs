//! The course of a request: asked, drafted, received, judged, decided, objected to; its term, its letters, and the work that waits.

pub(super) mod at_once;
pub(super) mod case;
pub(super) mod changed;
pub(super) mod check;
pub(super) mod counts;
pub(super) mod course;
pub(super) mod decision;
pub(super) mod draft;
pub(super) mod letter;
pub(super) mod objection;
pub(super) mod pace;
pub(super) mod request;
pub(super) mod term;
pub(super) mod work;
