// A reuser's own system: the client that `openapi-typescript` makes of our document, and the key that the reuser holds itself. It checks,
// asks, waits for the offer, signs the acceptance with packages of others, and takes the bundle home.
//
//     node client.js ADDRESS REUSER_KEY OWNER_KEY PRIVATE_KEY_FILE DID BUNDLE

import {createPrivateKey, sign} from 'node:crypto';
import {readFileSync, writeFileSync} from 'node:fs';
import {argv} from 'node:process';
// @ts-expect-error: without types
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
// @ts-expect-error: without types
import {createSignCryptosuite} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
// @ts-expect-error: without types
import jsigs from 'jsonld-signatures';
import createClient from 'openapi-fetch';
import type {components, paths} from './api.js';

type Problem = components['schemas']['Problem'];

const [address, reuserKey, ownerKey, privateKey, did, bundleFile] = argv.slice(2) as [string, string, string, string, string, string];
const as = (key: string) => createClient<paths>({baseUrl: `${address}/v1`, headers: {authorization: `Bearer ${key}`}});
const [visitor, reuser, owner] = [createClient<paths>({baseUrl: `${address}/v1`}), as(reuserKey), as(ownerKey)];

/** What was answered, or an end with the problem. */
function good<T>({data, error}: {data?: T, error?: Problem}): T {
  if(data === undefined) {
    throw new Error(error ? `${error.type}: ${error.detail}` : 'no answer');
  }
  return data;
}

function expect(seen: unknown, wanted: unknown) {
  if(seen !== wanted) {
    throw new Error(`wanted ${wanted}, saw ${seen}`);
  }
}

const question: components['schemas']['Asked'] = {
  dataset: 'vehicles', purpose: 'dd:VehicleDamageHandling', scope: {termMonths: 12}, declared: {category: 'insurer', commercialUse: true}
};

// before anybody is told who asks
const {answer} = good(await visitor.POST('/checks', {body: question}));
expect(answer.outcome, 'incomplete');
const unknown = [...answer.grounds, ...answer.conditions].filter(a => a.status === 'unknown');
expect(unknown.every(a => a.needs && a.text.hint.en), true);

// a line that breaks: the same key again makes nothing new
const header = {'Idempotency-Key': 'order-2026-118'};
const filed = good(await reuser.POST('/requests', {body: question, params: {header}}));
const again = good(await reuser.POST('/requests', {body: question, params: {header}}));
expect(again.id, filed.id);
expect(filed.state, 'granted');
const other = await reuser.POST('/requests', {body: {...question, scope: {termMonths: 6}}, params: {header}});
expect(other.error?.status, 422);

const offer = good(await owner.POST('/deals', {body: {request: filed.id}}));
const params = {path: {id: offer.id}};
const {agreement} = good(await reuser.GET('/deals/{id}', {params}));
expect(Boolean(agreement?.nl && agreement.en), true);

const document = good(await reuser.GET('/deals/{id}/acceptance', {params})) as {validFrom: string};
const key = createPrivateKey(readFileSync(privateKey));
const signer = {
  id: `${did}#${did.replace('did:key:', '')}`, algorithm: 'Ed25519',
  sign: async ({data}: {data: Uint8Array}) => sign(null, data, key)
};
const signed = await jsigs.sign(document, {
  suite: new DataIntegrityProof({signer, cryptosuite: createSignCryptosuite(), date: document.validFrom}),
  purpose: new jsigs.purposes.AssertionProofPurpose(),
  documentLoader: async (url: string) => { throw new Error(`nothing is loaded from outside: ${url}`); }
}) as Record<string, unknown>;
expect(good(await reuser.POST('/deals/{id}/acceptance', {params, body: {signed}})).state, 'active');

// what everybody may see, page by page
const register: string[] = [];
let after: string | undefined;
do {
  const page = good(await visitor.GET('/decisions', {params: {query: after ? {limit: 1, after} : {limit: 1}}}));
  register.push(...page.items.map(d => d.result));
  after = page.next ?? undefined;
} while(after);
expect(register.join(), 'granted');

const bundle = good(await reuser.GET('/deals/{id}/bundle', {params}));
writeFileSync(bundleFile, JSON.stringify(bundle));
console.log(`deal ${offer.id} is active`);
