// Verifies webhooks with the package of the specification's authors. A line of JSON on standard input is `{secret, headers, body}`; the
// answer is a line: `ok`, or why not.
import readline from "node:readline";
import { Webhook } from "standardwebhooks";

for await (const line of readline.createInterface({ input: process.stdin })) {
  const { secret, headers, body } = JSON.parse(line);
  try {
    new Webhook(secret).verify(body, headers);
    console.log("ok");
  } catch (error) {
    console.log(error.message);
  }
}
