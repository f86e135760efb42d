//! Facts files, with comments and without, as they come from others: `bodies::facts` says what must hold.
#![no_main]

libfuzzer_sys::fuzz_target!(init: datadeal_fuzz::plant("facts"), |bytes: &[u8]| {
    datadeal_fuzz::bodies::facts(bytes);
});
