//! Proof files, as they come from others: `bodies::proof` says what must hold.
#![no_main]

libfuzzer_sys::fuzz_target!(init: datadeal_fuzz::plant("proof"), |bytes: &[u8]| {
    datadeal_fuzz::bodies::proof(bytes);
});
