// Every record of a bundle by packages that we did not write: `jsonld-signatures` with `eddsa-jcs-2022-cryptosuite`, and `vc`, which
// also binds the issuer. Offline: the only documents are the two forms of a did:key. Their overall `verified` is true if any proof
// holds, so every entry of `results` is checked.
//
//     node records.mjs BUNDLE

import {readFileSync} from 'node:fs';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {createVerifyCryptosuite} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import jsigs from 'jsonld-signatures';

const MULTIKEY = 'https://w3id.org/security/multikey/v1';

/** The key document or the controller document of a did:key; nothing else is loaded. */
async function documentLoader(url) {
  const [did, fragment] = url.split('#');
  const multikey = did.replace('did:key:', '');
  const method = {
    '@context': MULTIKEY, id: `${did}#${multikey}`, type: 'Multikey', controller: did, publicKeyMultibase: multikey
  };
  const controller = {
    '@context': ['https://www.w3.org/ns/did/v1', MULTIKEY], id: did, assertionMethod: [method], verificationMethod: [method]
  };
  if(!did.startsWith('did:key:z6Mk')) {
    throw new Error(`nothing is loaded from outside: ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document: fragment ? method : controller};
}

const suite = () => new DataIntegrityProof({cryptosuite: createVerifyCryptosuite()});

async function proofs(record) {
  const purpose = new jsigs.purposes.AssertionProofPurpose();
  return jsigs.verify(record, {suite: suite(), purpose, documentLoader});
}

async function credential(record) {
  const now = new Date(record.validFrom);
  // where a deal's status stands is not looked up: the log proves a revocation
  const checkStatus = async () => ({verified: true});
  return vc.verifyCredential({credential: record, suite: suite(), documentLoader, now, checkStatus});
}

/** True if there is exactly one result, and it holds. */
async function holds(verifier, record) {
  try {
    const {verified, results, error} = await verifier(record);
    const all = results?.length === 1 && results.every(r => r.verified === true);
    return {holds: verified === true && all, why: error?.errors?.[0]?.message ?? error?.message};
  } catch(e) {
    return {holds: false, why: e.message};
  }
}

const bundle = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const members = ['deal', 'acceptance', 'revocations', 'decision', 'request', 'approvals', 'erasures', 'schema', 'conditionSets',
  'trustList', 'mandates', 'keyStatements', 'evidence'];
const records = members.flatMap(m => bundle[m] ?? []);
const wrong = [];
let tampered = 0;
for(const [i, record] of records.entries()) {
  const name = `record ${i}, ${record.type[1]}`;
  for(const verifier of [proofs, credential]) {
    const {holds: good, why} = await holds(verifier, record);
    if(!good) {
      wrong.push(`${name}: ${verifier.name} refuses it: ${why}`);
    }
    const copies = {
      'another subject': r => { r.credentialSubject.added = true; },
      'another issuer name': r => { r.issuer.legalName += '.'; },
      'another time': r => { r.validFrom = '2020-01-01T00:00:00Z'; },
      'another signature': r => { r.proof.proofValue = `z${[...r.proof.proofValue.slice(1)].reverse().join('')}`; },
      'another purpose': r => { r.proof.proofPurpose = 'authentication'; },
      'another key': r => {
        const other = records.find(x => x.issuer.id !== r.issuer.id).proof.verificationMethod;
        r.proof.verificationMethod = other;
      },
      'another context': r => { r['@context'][1] = 'https://example.org/'; },
      'no proof': r => { delete r.proof; }
    };
    for(const [change, apply] of Object.entries(copies)) {
      const copy = structuredClone(record);
      apply(copy);
      tampered++;
      if((await holds(verifier, copy)).holds) {
        wrong.push(`${name}: ${verifier.name} accepts ${change}`);
      }
    }
  }
}
console.log(`${records.length} records verified by two packages, ${tampered} tampered copies refused`);
if(wrong.length || records.length < 10) {
  console.error(wrong.join('\n'));
  process.exit(1);
}
