//! Webhooks as [Standard Webhooks](https://www.standardwebhooks.com) writes them: three headers, and over `id.timestamp.body` two kinds
//! of signatures: `v1` by a secret that both sides have (HMAC-SHA256), `v1a` by the portal's key (Ed25519), of which the receiver
//! needs the public half only.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Request};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::{Client, NetError};
use crate::model::{DidKey, Time, Urn};
use crate::sign::SigningKey;

/// A secret that the portal and one receiver have. `Debug` shows nothing of it; [`Secret::shown`] is for its receiver, once.
pub struct Secret(Zeroizing<[u8; 32]>);

impl Secret {
    /// The secret with this number of a receiver. It is made of the portal's key (a signature is the same each time, and nobody else
    /// can make it), so it is kept in no database, no backup and no second file.
    #[must_use]
    pub fn derive(key: &SigningKey, receiver: &Urn, number: u32) -> Self {
        // no message of a webhook begins like this: its id would
        let name = format!("datadeal webhook secret\n{receiver}\n{number}");
        let signature = Zeroizing::new(key.sign(name.as_bytes()));
        Secret(Zeroizing::new(Sha256::digest(signature.as_slice()).into()))
    }

    /// As its receiver is given it: `whsec_...`.
    #[must_use]
    pub fn shown(&self) -> String {
        format!("whsec_{}", STANDARD.encode(self.0.as_slice()))
    }

    fn sign(&self, message: &[u8]) -> String {
        // HMAC takes a key of any length
        let mac = Hmac::<Sha256>::new_from_slice(self.0.as_slice()).map(|mac| mac.chain_update(message));
        mac.map_or_else(|_| String::new(), |mac| format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// A public key as receivers of `v1a` are given it: `whpk_...`.
#[must_use]
pub fn public_key(key: &DidKey) -> String {
    format!("whpk_{}", STANDARD.encode(key.as_bytes()))
}

/// A call of a webhook.
#[derive(Debug)]
pub struct Call<'a> {
    /// The same at every try.
    pub id: Urn,
    /// Of this try.
    pub at: Time,
    /// What is sent.
    pub body: Vec<u8>,
    /// The receiver's secrets: while one is replaced by another, both.
    pub secrets: &'a [Secret],
    /// The portal's key.
    pub key: &'a SigningKey,
}

impl Call<'_> {
    /// The header `webhook-signature`.
    #[must_use]
    pub fn signatures(&self) -> String {
        let signed = [format!("{}.{}.", self.id, self.at.unix()).as_bytes(), &self.body].concat();
        let own = format!("v1a,{}", STANDARD.encode(self.key.sign(&signed)));
        let mut all: Vec<String> = self.secrets.iter().map(|secret| secret.sign(&signed)).collect();
        all.push(own);
        all.join(" ")
    }
}

impl Client {
    /// Calls a webhook.
    ///
    /// # Errors
    /// The address may not be asked, does not answer in time, or answers with another status than 2xx.
    pub async fn call(&self, address: &str, call: Call<'_>) -> Result<(), NetError> {
        let mut request = Request::new(Method::POST, self.address(address)?);
        let own = [
            ("webhook-id", call.id.to_string()),
            ("webhook-timestamp", call.at.unix().to_string()),
            ("webhook-signature", call.signatures()),
        ];
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        for (name, value) in own {
            let value = HeaderValue::try_from(value)
                .map_err(|e| NetError::Failed { host: super::client::shown(address), why: e.to_string() })?;
            headers.insert(name, value);
        }
        *request.body_mut() = Some(call.body.into());
        match self.send(request).await?.status {
            200..=299 => Ok(()),
            status => Err(NetError::Status { host: super::client::shown(address), status }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id() -> Urn {
        "urn:uuid:01a211ee-ea80-7922-b29e-0c5c73062b0f".parse().unwrap()
    }

    /// The package of the specification's authors computes the same `v1`, and `v1a` is Ed25519 over the same text.
    #[test]
    fn signatures_are_those_of_the_standard() {
        let key = SigningKey::from_seed([3; 32]);
        let (old, new) = (Secret::derive(&key, &id(), 1), Secret::derive(&key, &id(), 2));
        let shown = [old.shown(), new.shown()];
        let at: Time = "2026-11-25T09:00:00Z".parse().unwrap();
        let call = Call { id: id(), at, body: b"{\"a\":1}".to_vec(), secrets: &[new, old], key: &key };
        let signatures = call.signatures();
        let parts: Vec<&str> = signatures.split(' ').collect();
        for (secret, part) in shown.iter().rev().zip(&parts) {
            let theirs = standardwebhooks::Webhook::new(secret).unwrap();
            assert_eq!(theirs.sign(&id().to_string(), at.unix(), b"{\"a\":1}").unwrap(), **part);
        }
        let v1a: [u8; 64] = STANDARD.decode(parts[2].strip_prefix("v1a,").unwrap()).unwrap().try_into().unwrap();
        let signed = format!("{}.{}.{{\"a\":1}}", id(), at.unix());
        assert_eq!(crate::sign::verify(&key.public(), signed.as_bytes(), &v1a), Ok(()));
        assert_eq!(parts.len(), 3);
        assert!(public_key(&key.public()).starts_with("whpk_"));
        let hidden = shown[0].trim_start_matches("whsec_");
        assert!(!format!("{call:?}").contains(hidden) && shown[0] != shown[1]);
    }

    /// Each receiver and each number has a secret of its own; the same each time.
    #[test]
    fn secrets_are_made_of_the_portals_key() {
        let key = SigningKey::from_seed([3; 32]);
        let other: Urn = "urn:uuid:01a211ee-ea80-7922-b29e-0c5c73062b10".parse().unwrap();
        let shown = |key: &SigningKey, receiver: &Urn, number: u32| Secret::derive(key, receiver, number).shown();
        assert_eq!(shown(&key, &id(), 1), shown(&key, &id(), 1));
        let all = [
            shown(&key, &id(), 1),
            shown(&key, &id(), 2),
            shown(&key, &other, 1),
            shown(&SigningKey::from_seed([4; 32]), &id(), 1),
        ];
        assert_eq!(std::collections::BTreeSet::from(all).len(), 4);
    }
}
