//! Catalogues in RDF/XML: `bodies::catalogue` says what must hold.
#![no_main]

libfuzzer_sys::fuzz_target!(init: datadeal_fuzz::plant("rdf_xml"), |bytes: &[u8]| {
    datadeal_fuzz::bodies::rdf_xml(bytes);
});
