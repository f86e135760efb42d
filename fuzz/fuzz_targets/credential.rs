//! Credentials in the forms of others: `bodies::credential` says what must hold.
#![no_main]

libfuzzer_sys::fuzz_target!(init: datadeal_fuzz::plant("credential"), |bytes: &[u8]| {
    datadeal_fuzz::bodies::credential(bytes);
});
