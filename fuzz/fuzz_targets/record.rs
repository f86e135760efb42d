//! Records, and log entries, as they come from others: `bodies::record` says what must hold.
#![no_main]

libfuzzer_sys::fuzz_target!(init: datadeal_fuzz::plant("record"), |bytes: &[u8]| {
    datadeal_fuzz::bodies::record(bytes);
});
