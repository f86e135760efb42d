// Access tokens by a package of others (`jose`), as a data server would check them: with nothing but the key set, the address of the
// service and its own.
//
//     node token.mjs KEYS ISSUER AUDIENCE TIME < tokens
//
// KEYS is the key set as JSON. For each token, a line: `ok` and what it says, or `no` and why.
import { createInterface } from "node:readline";
import { createLocalJWKSet, jwtVerify } from "jose";

const [keys, issuer, audience, time] = process.argv.slice(2);
const set = createLocalJWKSet(JSON.parse(keys));
const options = {
  algorithms: ["EdDSA"],
  typ: "at+jwt",
  issuer,
  audience,
  currentDate: new Date(time),
  maxTokenAge: 900,
  requiredClaims: ["sub", "exp", "iat", "jti", "deal", "dataset", "columns", "level"],
};
for await (const token of createInterface({ input: process.stdin })) {
  try {
    const { payload } = await jwtVerify(token, set, options);
    console.log(`ok ${JSON.stringify(payload)}`);
  } catch (error) {
    console.log(`no ${error.code ?? error.message}`);
  }
}
