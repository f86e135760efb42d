//! Offers in ODRL, as they come from others: `bodies::odrl` says what must hold.
#![no_main]

libfuzzer_sys::fuzz_target!(init: datadeal_fuzz::plant("odrl"), |bytes: &[u8]| {
    datadeal_fuzz::bodies::odrl(bytes);
});
