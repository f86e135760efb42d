//! "What may I use?" answers for every dataset what a check of it alone answers.

mod portal;
mod random;
