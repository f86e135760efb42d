// Access tokens by a package of others (`jose`), as a data server would check them: with nothing but the key set, the address of the
// service and its own.
//
//     node token.mjs KEYS ISSUER AUDIENCE TIME < tokens
//
// KEYS is the key set as JSON. For each token, a line: `ok` and what it says, or `no` and why. A token may be followed by a tab and by what
// is asked with it, as JSON: `no` also if the token does not cover that.
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

// Whether a token covers what is asked: columns, level, edition and period. What the token limits, the question must say.
function covers(token, { dataset, columns, level = "records", edition, periodFrom, periodUntil }) {
  const at = (time) => new Date(time).getTime();
  return (
    dataset === token.dataset &&
    level === token.level &&
    columns.every((column) => token.columns.includes(column)) &&
    (token.editions === undefined || token.editions.includes(edition)) &&
    (token.periodFrom === undefined || (periodFrom !== undefined && at(periodFrom) >= at(token.periodFrom))) &&
    (token.periodUntil === undefined || (periodUntil !== undefined && at(periodUntil) <= at(token.periodUntil)))
  );
}

for await (const line of createInterface({ input: process.stdin })) {
  const [token, question] = line.split("\t");
  try {
    const { payload } = await jwtVerify(token, set, options);
    if (question && !covers(payload, JSON.parse(question))) throw new Error("it does not cover that");
    console.log(`ok ${JSON.stringify(payload)}`);
  } catch (error) {
    console.log(`no ${error.code ?? error.message}`);
  }
}
