//! CSV files that say how a dataset is built, as they come from others: `bodies::csv` says what must hold.
#![no_main]

libfuzzer_sys::fuzz_target!(init: datadeal_fuzz::plant("csv"), |bytes: &[u8]| {
    datadeal_fuzz::bodies::csv(bytes);
});
