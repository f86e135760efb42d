//! Catalogues in JSON of CKAN's action API: `bodies::catalogue` says what must hold.
#![no_main]

libfuzzer_sys::fuzz_target!(init: datadeal_fuzz::plant("ckan"), |bytes: &[u8]| {
    datadeal_fuzz::bodies::ckan(bytes);
});
