//! Condition files, as they come from others: `bodies::conditions` says what must hold.
#![no_main]

libfuzzer_sys::fuzz_target!(init: datadeal_fuzz::plant("conditions"), |bytes: &[u8]| {
    datadeal_fuzz::bodies::conditions(bytes);
});
