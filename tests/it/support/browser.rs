//! A browser of few words: it keeps cookies and follows redirects until they leave the host that it is at.

use std::collections::BTreeMap;

use reqwest::{Client, Method, Url, header, redirect};

/// Where it is and which cookies it has.
pub(crate) struct Browser {
    client: Client,
    cookies: BTreeMap<String, String>,
}

/// What it sees in the end: the address, and the text there; no text for an address on another host, which it does not visit.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) url: Url,
    pub(crate) text: Option<String>,
}

impl Browser {
    pub(crate) fn new() -> Self {
        let client = Client::builder().redirect(redirect::Policy::none()).no_proxy().build().unwrap();
        Browser { client, cookies: BTreeMap::new() }
    }

    /// Goes to an address, or sends a form to it.
    pub(crate) async fn visit(&mut self, url: &str, form: Option<&str>) -> Page {
        let (start, mut form) = (Url::parse(url).unwrap(), form.map(str::to_owned));
        let mut url = start.clone();
        loop {
            if (url.host_str(), url.port()) != (start.host_str(), start.port()) {
                return Page { url, text: None };
            }
            let method = if form.is_some() { Method::POST } else { Method::GET };
            let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let mut request = self.client.request(method, url.clone()).header(header::COOKIE, cookies.join("; "));
            if let Some(form) = form.take() {
                request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(form);
            }
            let response = request.send().await.unwrap();
            for cookie in response.headers().get_all(header::SET_COOKIE) {
                let (name, value) = cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
            match response.headers().get(header::LOCATION) {
                Some(to) => url = url.join(to.to_str().unwrap()).unwrap(),
                None => return Page { url, text: Some(response.text().await.unwrap()) },
            }
        }
    }

    /// Signs in at the provider of `tests/interop/oidc.mjs`: gives the address that the browser is sent back to.
    pub(crate) async fn sign_in(&mut self, url: &str, account: &str) -> Url {
        let form = self.visit(url, None).await;
        assert!(form.text.as_ref().is_some_and(|text| text.contains("<form")), "{form:?}");
        let account: String = url::form_urlencoded::byte_serialize(account.as_bytes()).collect();
        self.visit(form.url.as_str(), Some(&format!("account={account}"))).await.url
    }
}
