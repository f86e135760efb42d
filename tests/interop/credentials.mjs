// Credentials by an issuer and a wallet that we did not write: keys, signatures and tokens are those of `jose`. Prints, for each
// algorithm, the issuer's public key as JWK, a VC-JWT, and an SD-JWT VC with a key binding; what is disclosed is put together here.
//
//     node credentials.mjs TIME AUDIENCE

import {createHash, randomBytes} from 'node:crypto';
import * as jose from 'jose';

const [at, audience] = [Number(process.argv[2]), process.argv[3]];
const base64 = jose.base64url.encode;
const hash = text => base64(createHash('sha256').update(text).digest());
const about = {organisation: 'NL.KVK:69599084'};
const issued = {};

for(const alg of ['EdDSA', 'ES256']) {
  const make = async () => jose.generateKeyPair(alg, {crv: alg === 'EdDSA' ? 'Ed25519' : undefined, extractable: true});
  const [issuer, holder] = [await make(), await make()];
  const jwk = await jose.exportJWK(issuer.publicKey);
  const iss = `https://${alg.toLowerCase()}.example`;
  const sign = (payload, typ, key) => new jose.SignJWT(payload).setProtectedHeader({alg, typ, kid: 'k1'}).sign(key.privateKey);
  const vc = {
    '@context': ['https://www.w3.org/ns/credentials/v2'], type: ['VerifiableCredential'], issuer: iss,
    validFrom: new Date(at * 1000).toISOString(), validUntil: new Date((at + 86400) * 1000).toISOString(),
    credentialSubject: {...about, category: 'university'}
  };
  const disclosure = base64(JSON.stringify([base64(randomBytes(16)), 'category', 'university']));
  const sd = {
    iss, vct: 'https://example/types/1', iat: at, exp: at + 86400, ...about, _sd_alg: 'sha-256',
    _sd: [hash(disclosure), hash('decoy')].sort(), cnf: {jwk: await jose.exportJWK(holder.publicKey)}
  };
  const presented = `${await sign(sd, 'dc+sd-jwt', issuer)}~${disclosure}~`;
  const binding = await sign({aud: audience, iat: at, nonce: 'n', sd_hash: hash(presented)}, 'kb+jwt', holder);
  issued[alg] = {iss, jwk, vcJwt: await sign(vc, 'vc+jwt', issuer), sdJwt: presented + binding};
}
console.log(JSON.stringify(issued));
