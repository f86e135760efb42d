//! Signing in with OpenID Connect: against a real provider (`tests/interop/oidc.mjs`), and against one of ours that lies.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use datadeal::clock::{Clock as _, SystemClock};
use datadeal::model::Time;
use datadeal::net::oidc::{Oidc, OidcConfig, OidcError, Pending, Returned, SignedIn};
use datadeal::net::{Allow, Client, NetError};
use datadeal::sign::SigningKey;
use reqwest::Url;
use serde_json::{Value, json};

use crate::support::browser::Browser;
use crate::support::interop::{Peer, ready};
use crate::support::receiver::Receiver;

const REDIRECT: &str = "http://127.0.0.2:1/callback";

fn oidc(issuer: &str) -> Oidc {
    let config = OidcConfig {
        issuer: issuer.to_owned(),
        client_id: "portal".to_owned(),
        client_secret: Some("portal-secret".to_owned()),
        redirect: REDIRECT.to_owned(),
        scopes: vec!["profile".to_owned(), "organisation".to_owned()],
        organisation_claim: Some("register_number".to_owned()),
    };
    Oidc::new(config, Client::new(Allow::parse(["127.0.0.1"]).unwrap()).unwrap())
}

fn returned(url: &Url) -> Returned {
    assert!(url.as_str().starts_with(REDIRECT), "{url}");
    let query = url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned().into()));
    serde_json::from_value(Value::Object(query.collect())).unwrap()
}

/// The whole way with a provider by others: who signed in, at which level, for which organisation; a code is good once, for the
/// browser that began, and with the verifier that only the portal has.
#[tokio::test]
async fn a_real_provider_signs_a_person_in() {
    if !ready() {
        return;
    }
    let mut provider = Peer::start(&["oidc", REDIRECT]);
    let issuer = provider.line();
    let (oidc, now) = (oidc(&issuer), SystemClock.now());

    let (url, pending) = oidc.begin([1; 96], now).await.unwrap();
    let asked: Vec<_> = Url::parse(&url).unwrap().query_pairs().map(|(name, _)| name.into_owned()).collect();
    for name in ["state", "nonce", "code_challenge", "code_challenge_method", "redirect_uri"] {
        assert!(asked.iter().any(|a| a == name), "{url}");
    }
    let back = returned(&Browser::new().sign_in(&url, "alice|NL.KVK:69599084").await);
    let signed_in = oidc.finish(&back, &pending, now).await.unwrap();
    let expected = SignedIn {
        issuer: issuer.clone(),
        subject: "alice".to_owned(),
        name: Some("Person alice".to_owned()),
        acr: Some("http://eidas.europa.eu/LoA/substantial".to_owned()),
        organisation: Some("NL.KVK:69599084".to_owned()),
        at: now,
    };
    assert_eq!(signed_in, expected);
    let again = oidc.finish(&back, &pending, now).await.unwrap_err();
    assert!(matches!(again, OidcError::Code(_)), "{again}");

    // the code of one browser in another one's session
    let (url, first) = oidc.begin([2; 96], now).await.unwrap();
    let back = returned(&Browser::new().sign_in(&url, "bob").await);
    let (_, second) = oidc.begin([3; 96], now).await.unwrap();
    assert_eq!(oidc.finish(&back, &second, now).await.unwrap_err(), OidcError::State("the state differs"));
    // the state of the other session, but not its verifier
    let mixed: Value = serde_json::to_value(&first).unwrap();
    let mut other: Value = serde_json::to_value(&second).unwrap();
    other["state"] = mixed["state"].clone();
    let other: Pending = serde_json::from_value(other).unwrap();
    let error = oidc.finish(&back, &other, now).await.unwrap_err();
    assert!(matches!(error, OidcError::Code(_)), "{error}");
    for secret in ["portal-secret", back.code.as_deref().unwrap()] {
        assert!(!format!("{error:?} {error} {oidc:?} {back:?} {other:?}").contains(secret));
    }

    let (url, pending) = oidc.begin([4; 96], now).await.unwrap();
    let back = returned(&Browser::new().sign_in(&url, "").await);
    assert_eq!(oidc.finish(&back, &pending, now).await.unwrap_err(), OidcError::Denied("access_denied".to_owned()));
}

/// A provider in the test: it says what it is told to, in the order in which it is asked.
struct Liar {
    receiver: Receiver,
    issuer: String,
    key: SigningKey,
}

impl Liar {
    fn new() -> Self {
        let receiver = Receiver::start([]);
        let issuer = receiver.url("");
        Liar { receiver, issuer, key: SigningKey::from_seed([5; 32]) }
    }

    fn answers(&self, value: &Value) {
        self.receiver.then((200, "content-type: application/json\r\n", serde_json::to_vec(value).unwrap()));
    }

    fn describes_itself(&self, key: &SigningKey) {
        let at = |path: &str| format!("{}{path}", self.issuer);
        self.answers(
            &json!({"issuer": self.issuer, "authorization_endpoint": at("/auth"), "token_endpoint": at("/token"),
            "jwks_uri": at("/jwks"), "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["EdDSA"]}),
        );
        let x = URL_SAFE_NO_PAD.encode(key.public().as_bytes());
        self.answers(
            &json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": x, "x": x}]}),
        );
    }

    fn token(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(serde_json::to_vec(value).unwrap());
        let signed = format!("{}.{}", part(header), part(claims));
        let signature = URL_SAFE_NO_PAD.encode(self.key.sign(signed.as_bytes()));
        format!("{signed}.{signature}")
    }

    /// One sign-in in which the provider hands out a token; header and claims are those of an honest one, altered by `lie`.
    async fn signs_in(
        &self,
        oidc: &Oidc,
        now: Time,
        lie: impl Fn(&mut Value, &mut Value),
    ) -> Result<SignedIn, OidcError> {
        let (url, pending) = oidc.begin([9; 96], now).await?;
        let asked = |name: &str| {
            let found = Url::parse(&url).unwrap();
            found.query_pairs().find(|(n, _)| n == name).map(|(_, value)| value.into_owned()).unwrap()
        };
        let kid = URL_SAFE_NO_PAD.encode(self.key.public().as_bytes());
        let mut header = json!({"alg": "EdDSA", "kid": kid});
        let mut claims = json!({"iss": self.issuer, "sub": "eve", "aud": "portal", "exp": now.unix() + 60, "iat": now.unix(),
            "nonce": asked("nonce"), "name": "Eve", "register_number": "NL.KVK:1"});
        lie(&mut header, &mut claims);
        let token = self.token(&header, &claims);
        self.answers(&json!({"access_token": "a", "token_type": "Bearer", "id_token": token}));
        let back = Returned { code: Some("c".to_owned()), state: Some(asked("state")), ..Returned::default() };
        oidc.finish(&back, &pending, now).await
    }
}

/// A lie of a provider: its name, and how header and claims of an honest token are altered.
type Lie<'a> = (&'a str, &'a dyn Fn(&mut Value, &mut Value));

/// Tokens that are no proof: another algorithm or none, another key, audience, issuer or nonce, too late or too early.
#[tokio::test]
async fn forged_tokens_sign_nobody_in() {
    let (liar, now) = (Liar::new(), "2026-11-26T09:00:00Z".parse::<Time>().unwrap());
    let oidc = oidc(&liar.issuer);
    liar.describes_itself(&liar.key);
    assert_eq!(liar.signs_in(&oidc, now, |_, _| {}).await.unwrap().subject, "eve");
    let lies: &[Lie<'_>] = &[
        ("none", &|h, _| h["alg"] = json!("none")),
        ("HS256", &|h, _| h["alg"] = json!("HS256")),
        ("RS256 by an Ed25519 key", &|h, _| h["alg"] = json!("RS256")),
        ("another audience", &|_, c| c["aud"] = json!("other")),
        ("a further audience", &|_, c| c["aud"] = json!(["portal", "other"])),
        ("another issuer", &|_, c| c["iss"] = json!("https://other.example")),
        ("another nonce", &|_, c| c["nonce"] = json!("other")),
        ("no nonce", &|_, c| _ = c.as_object_mut().unwrap().remove("nonce")),
        ("no subject", &|_, c| _ = c.as_object_mut().unwrap().remove("sub")),
        ("no end", &|_, c| _ = c.as_object_mut().unwrap().remove("exp")),
        ("ended", &|_, c| c["exp"] = json!(now.unix())),
        ("of later", &|_, c| c["iat"] = json!(now.unix() + 3600)),
        ("of long ago", &|_, c| c["iat"] = json!(now.unix() - 3600)),
        ("another access token", &|_, c| c["at_hash"] = json!("AAAAAAAAAAAAAAAAAAAAAA")),
        ("an unknown extension", &|h, _| {
            h["crit"] = json!(["x"]);
            h["x"] = json!(1);
        }),
    ];
    for (name, lie) in lies {
        let error = liar.signs_in(&oidc, now, lie).await.unwrap_err();
        // a key that is not there is looked up once more, and this provider then says nothing
        let unknown_key = name.starts_with("RS256") && matches!(error, OidcError::Provider(_));
        let unreadable = name.starts_with("no ") && matches!(error, OidcError::Code(_));
        assert!(matches!(error, OidcError::Token(_)) || unreadable || unknown_key, "{name}: {error}");
    }
}

/// A provider that has a new key is asked once more; a token by a key that it does not state signs nobody in.
#[tokio::test]
async fn a_new_key_is_looked_up() {
    let (mut liar, now) = (Liar::new(), "2026-11-26T09:00:00Z".parse::<Time>().unwrap());
    let oidc = oidc(&liar.issuer);
    liar.describes_itself(&liar.key);
    liar.signs_in(&oidc, now, |_, _| {}).await.unwrap();
    let old = std::mem::replace(&mut liar.key, SigningKey::from_seed([6; 32]));
    let told = async |now: Time, stated: &SigningKey| {
        let (url, pending) = oidc.begin([9; 96], now).await.unwrap();
        let kid = URL_SAFE_NO_PAD.encode(liar.key.public().as_bytes());
        let url = Url::parse(&url).unwrap();
        let asked = |name: &str| url.query_pairs().find(|(n, _)| n == name).unwrap().1.into_owned();
        let claims = json!({"iss": liar.issuer, "sub": "eve", "aud": "portal", "exp": now.unix() + 60, "iat": now.unix(),
            "nonce": asked("nonce"), "name": "Eve", "register_number": "NL.KVK:1"});
        let token = liar.token(&json!({"alg": "EdDSA", "kid": kid}), &claims);
        liar.answers(&json!({"access_token": "a", "token_type": "Bearer", "id_token": token}));
        liar.describes_itself(stated);
        let back = Returned { code: Some("c".to_owned()), state: Some(asked("state")), ..Returned::default() };
        oidc.finish(&back, &pending, now).await
    };
    assert!(matches!(told(now, &old).await.unwrap_err(), OidcError::Token(_)));
    assert_eq!(told(now, &liar.key).await.unwrap().subject, "eve");
}

/// A provider inside the network, one that names another issuer, and one that sends the browser or us inward are refused.
#[tokio::test]
async fn a_provider_is_guarded_as_any_other_host() {
    let now = SystemClock.now();
    let inner = oidc("https://10.0.0.1");
    assert!(matches!(inner.begin([0; 96], now).await.unwrap_err(), OidcError::Net(NetError::Refused { .. })));
    let liar = Liar::new();
    let mut described = json!({"issuer": liar.issuer, "authorization_endpoint": "https://192.168.0.1/auth",
        "token_endpoint": liar.receiver.url("/token"), "jwks_uri": liar.receiver.url("/jwks"), "response_types_supported": ["code"],
        "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["EdDSA"]});
    liar.answers(&described);
    liar.answers(&json!({"keys": []}));
    let error = oidc(&liar.issuer).begin([0; 96], now).await.unwrap_err();
    assert!(matches!(error, OidcError::Net(NetError::Refused { .. })), "{error}");
    described["jwks_uri"] = json!("http://169.254.169.254/latest/");
    liar.answers(&described);
    let error = oidc(&liar.issuer).begin([0; 96], now).await.unwrap_err();
    assert!(matches!(error, OidcError::Net(NetError::Refused { .. })), "{error}");
    described["issuer"] = json!("https://other.example");
    liar.answers(&described);
    let error = oidc(&liar.issuer).begin([0; 96], now).await.unwrap_err();
    assert!(matches!(error, OidcError::Provider(_)), "{error}");
    assert_eq!(
        oidc(&liar.issuer)
            .finish(
                &Returned {
                    iss: Some("https://other.example".to_owned()),
                    state: Some(String::new()),
                    ..Returned::default()
                },
                &serde_json::from_value(json!({"state": "", "nonce": "", "verifier": ""})).unwrap(),
                now
            )
            .await
            .unwrap_err(),
        OidcError::State("another provider answers")
    );
}
