//! Catalogues in JSON-LD: `bodies::catalogue` says what must hold.
#![no_main]

libfuzzer_sys::fuzz_target!(init: datadeal_fuzz::plant("json_ld"), |bytes: &[u8]| {
    datadeal_fuzz::bodies::json_ld(bytes);
});
