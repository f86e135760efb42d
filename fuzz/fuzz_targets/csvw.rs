//! CSVW that say how a dataset is built, as they come from others: `bodies::csvw` says what must hold.
#![no_main]

libfuzzer_sys::fuzz_target!(init: datadeal_fuzz::plant("csvw"), |bytes: &[u8]| {
    datadeal_fuzz::bodies::csvw(bytes);
});
