//! Catalogues in Turtle: `bodies::catalogue` says what must hold.
#![no_main]

libfuzzer_sys::fuzz_target!(init: datadeal_fuzz::plant("turtle"), |bytes: &[u8]| {
    datadeal_fuzz::bodies::turtle(bytes);
});
