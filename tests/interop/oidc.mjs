// A real OpenID Provider on a free port of this machine, for one client: `REDIRECT` as first word. It prints its issuer and ends with
// its standard input. Who signs in is asked by a form: `account` is `subject` or `subject|register number`.
import http from "node:http";
import { Provider } from "oidc-provider";

const [redirect] = process.argv.slice(2);
const numbers = new Map();
const server = http.createServer();
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [{ client_id: "portal", client_secret: "portal-secret", redirect_uris: [redirect] }],
  cookies: { keys: ["only for tests"] },
  claims: { openid: ["sub", "acr"], profile: ["name"], organisation: ["register_number"] },
  scopes: ["openid", "profile", "organisation"],
  features: { devInteractions: { enabled: false } },
  pkce: { required: () => true },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, accountId) => {
    const claims = { sub: accountId, name: `Person ${accountId}`, register_number: numbers.get(accountId) };
    return { accountId, claims: () => claims };
  },
  loadExistingGrant: async ({ oidc }) => {
    const grant = new provider.Grant({ accountId: oidc.session.accountId, clientId: oidc.client.clientId });
    grant.addOIDCScope("openid profile organisation");
    await grant.save();
    return grant;
  },
});

const handle = provider.callback();
server.on("request", async (request, response) => {
  if (!request.url.startsWith("/interaction/")) return handle(request, response);
  if (request.method === "GET") {
    response.setHeader("content-type", "text/html");
    return response.end('<form method="post"><input name="account"><button>Sign in</button></form>');
  }
  let body = "";
  for await (const chunk of request) body += chunk;
  const [accountId, number] = new URLSearchParams(body).get("account").split("|");
  numbers.set(accountId, number);
  const login = { accountId, acr: "http://eidas.europa.eu/LoA/substantial" };
  await provider.interactionFinished(request, response, accountId ? { login } : { error: "access_denied" });
});

console.log(issuer);
process.stdin.resume().on("end", () => process.exit(0));
