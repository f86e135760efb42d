//! Which addresses of the internet are public, and which others the operator allows. Pure.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// Ranges of IPv4 that are not the public internet, as address, prefix and what it is (IANA IPv4 Special-Purpose Address Registry,
/// RFC 6890; multicast RFC 5771).
const SPECIAL_V4: &[(Ipv4Addr, u8, &str)] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8, "this network"),
    (Ipv4Addr::new(10, 0, 0, 0), 8, "private"),
    (Ipv4Addr::new(100, 64, 0, 0), 10, "shared by a provider (CGNAT)"),
    (Ipv4Addr::new(127, 0, 0, 0), 8, "loopback"),
    (Ipv4Addr::new(169, 254, 0, 0), 16, "link-local"),
    (Ipv4Addr::new(172, 16, 0, 0), 12, "private"),
    (Ipv4Addr::new(192, 0, 0, 0), 24, "protocol assignments"),
    (Ipv4Addr::new(192, 0, 2, 0), 24, "documentation"),
    (Ipv4Addr::new(192, 88, 99, 0), 24, "6to4 relay"),
    (Ipv4Addr::new(192, 168, 0, 0), 16, "private"),
    (Ipv4Addr::new(198, 18, 0, 0), 15, "benchmarking"),
    (Ipv4Addr::new(198, 51, 100, 0), 24, "documentation"),
    (Ipv4Addr::new(203, 0, 113, 0), 24, "documentation"),
    (Ipv4Addr::new(224, 0, 0, 0), 4, "multicast"),
    (Ipv4Addr::new(240, 0, 0, 0), 4, "reserved or broadcast"),
];

/// The same for IPv6 (IANA IPv6 Special-Purpose Address Registry), the narrowest first; the last one is the only public range.
const SPECIAL_V6: &[(Ipv6Addr, u8, &str)] = &[
    (Ipv6Addr::UNSPECIFIED, 128, "unspecified"),
    (Ipv6Addr::LOCALHOST, 128, "loopback"),
    (Ipv6Addr::UNSPECIFIED, 96, "an IPv4 address within IPv6"),
    (Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0), 48, "local translation of IPv4 (NAT64)"),
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23, "protocol assignments, Teredo"),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32, "documentation"),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, "6to4"),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, "documentation"),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7, "unique local"),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10, "link-local"),
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8, "multicast"),
];

/// All public unicast addresses of IPv6 (RFC 4291 section 2.4 and IANA).
const PUBLIC_V6: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// What range an address is in that is not the public internet; `None` for a public address. An IPv4 address that travels as IPv6
/// (IPv4-mapped, or the well-known prefix of NAT64) is judged as what it is.
#[must_use]
pub fn special(address: IpAddr) -> Option<&'static str> {
    match plain(address) {
        IpAddr::V4(v4) => {
            SPECIAL_V4.iter().find(|(start, prefix, _)| within(v4.into(), (*start).into(), *prefix)).map(|r| r.2)
        }
        IpAddr::V6(v6) => {
            let found = SPECIAL_V6.iter().find(|(start, prefix, _)| within(v6.into(), (*start).into(), *prefix));
            let public = within(v6.into(), PUBLIC_V6.0.into(), PUBLIC_V6.1);
            found.map(|r| r.2).or_else(|| (!public).then_some("not assigned"))
        }
    }
}

/// The IPv4 address within an IPv4-mapped one (RFC 4291 section 2.5.5.2) or one of NAT64 (RFC 6052 section 2.1).
fn plain(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else { return address };
    match v6.segments() {
        [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => {
            let [.., a, b, c, d] = v6.octets();
            IpAddr::V4(Ipv4Addr::new(a, b, c, d))
        }
        _ => address,
    }
}

/// Whether an address is in the range `start/prefix`. Addresses of two families are never in each other's ranges.
fn within(address: IpAddr, start: IpAddr, prefix: u8) -> bool {
    let same = |address: u128, start: u128, bits: u8| {
        let shift = u32::from(bits.saturating_sub(prefix));
        address.checked_shr(shift).unwrap_or(0) == start.checked_shr(shift).unwrap_or(0)
    };
    match (address, start) {
        (IpAddr::V4(a), IpAddr::V4(s)) => same(u32::from(a).into(), u32::from(s).into(), 32),
        (IpAddr::V6(a), IpAddr::V6(s)) => same(a.into(), s.into(), 128),
        _ => false,
    }
}

/// Hosts and ranges beyond the public internet that the operator allows; none by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allow {
    hosts: BTreeSet<String>,
    ranges: Vec<(IpAddr, u8)>,
}

impl Allow {
    /// Reads a list of names of hosts (`hooks.internal`), addresses (`10.1.2.3`) and ranges (`10.0.0.0/8`, `fd00::/8`).
    ///
    /// # Errors
    /// The first entry that is none of these, with why.
    pub fn parse<'a>(entries: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut allow = Allow::default();
        for entry in entries {
            match entry.split_once('/') {
                Some((start, prefix)) => {
                    let start = IpAddr::from_str(start).map_err(|e| format!("`{entry}`: {e}"))?;
                    let most = if start.is_ipv4() { 32 } else { 128 };
                    let prefix = prefix.parse().ok().filter(|p| *p <= most);
                    allow.ranges.push((start, prefix.ok_or_else(|| format!("`{entry}`: the prefix is 0 to {most}"))?));
                }
                None => match IpAddr::from_str(entry) {
                    Ok(address) => allow.ranges.push((address, if address.is_ipv4() { 32 } else { 128 })),
                    Err(_) => {
                        let host = match url::Host::parse(entry) {
                            Ok(url::Host::Domain(host)) => host,
                            _ => return Err(format!("`{entry}` is neither a host, an address nor a range")),
                        };
                        allow.hosts.insert(host);
                    }
                },
            }
        }
        Ok(allow)
    }

    /// Whether a host is allowed by its name, whatever its addresses are.
    #[must_use]
    pub fn host(&self, host: &str) -> bool {
        self.hosts.contains(host)
    }

    /// Whether an address is in an allowed range.
    #[must_use]
    pub fn address(&self, address: IpAddr) -> bool {
        let inside = plain(address);
        self.ranges.iter().any(|(start, prefix)| within(address, *start, *prefix) || within(inside, *start, *prefix))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first and last address of every range that is refused, and the neighbours that are public.
    #[test]
    fn every_special_range_has_its_edges() {
        let refused = [
            "0.0.0.0",
            "0.255.255.255",
            "10.0.0.0",
            "10.255.255.255",
            "100.64.0.0",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.255",
            "169.254.0.0",
            "169.254.169.254",
            "169.254.255.255",
            "172.16.0.0",
            "172.31.255.255",
            "192.0.0.0",
            "192.0.0.255",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.0",
            "192.168.255.255",
            "198.18.0.0",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::2",
            "::10.0.0.1",
            "::8.8.8.8",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:a9fe:a9fe",
            "64:ff9b::10.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::8.8.8.8",
            "2001::1",
            "2001:1ff::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:808:808::1",
            "3fff::1",
            "3fff:fff::1",
            "fc00::1",
            "fdff::1",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "ff02::1",
            "100::1",
            "4000::1",
            "5f00::1",
            "1::1",
        ];
        for address in refused {
            assert_ne!(special(address.parse().unwrap()), None, "{address}");
        }
        let public = [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.0.3.0",
            "192.167.1.1",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
            "2001:200::1",
            "2001:4860:4860::8888",
            "2003::1",
            "2606:4700::1",
            "3ffe::1",
        ];
        for address in public {
            assert_eq!(special(address.parse().unwrap()), None, "{address}");
        }
    }

    #[test]
    fn what_the_operator_allows() {
        let allow = Allow::parse(["Hooks.Internal", "10.1.0.0/16", "127.0.0.1", "fd00::/8"]).unwrap();
        assert!(allow.host("hooks.internal") && !allow.host("other.internal") && !allow.host("a.hooks.internal"));
        let in_range = |a: &str| allow.address(a.parse().unwrap());
        assert!(in_range("10.1.2.3") && in_range("127.0.0.1") && in_range("fd12::1"));
        assert!(in_range("::ffff:10.1.2.3"), "an IPv4 address stays what it is within IPv6");
        assert!(!in_range("10.2.0.0") && !in_range("127.0.0.2") && !in_range("fc00::1"));
        assert!(Allow::parse(["0.0.0.0/0"]).unwrap().address("10.0.0.1".parse().unwrap()));
        for wrong in ["10.0.0.0/33", "fd00::/129", "a b", "10.0.0/8", "", "0x7f000001", "10.0.0.0/-1"] {
            assert!(Allow::parse([wrong]).is_err(), "{wrong}");
        }
    }
}
