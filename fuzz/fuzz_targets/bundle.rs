//! Bundles, as they come from others: `bodies::bundle` says what must hold.
#![no_main]

libfuzzer_sys::fuzz_target!(init: datadeal_fuzz::plant("bundle"), |bytes: &[u8]| {
    datadeal_fuzz::bodies::bundle(bytes);
});
