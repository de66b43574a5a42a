// Node services that verify with jose and with aws-jwt-verify, and an OAuth client without a secret that revokes with oauth4webapi; all know the
// issuer's URL, the audience and the algorithm.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { JwtVerifier } from "aws-jwt-verify";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import * as jose from "jose";
import * as oauth from "oauth4webapi";

const audience = "latchkey";
const [issuer, algorithm] = process.argv.slice(2);

async function fetchJson(url, body) {
  const options = body && {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  const answer = await fetch(url, options);
  assert(answer.ok, `${url} answered ${answer.status}`);
  return answer.json();
}

function version(name) {
  const file = new URL(`node_modules/${name}/package.json`, import.meta.url);
  return `${name} ${JSON.parse(readFileSync(file)).version}`;
}

async function withJose(configuration, token, forged, user) {
  const keys = jose.createRemoteJWKSet(new URL(configuration.jwks_uri));
  const expected = { issuer: configuration.issuer, audience, typ: "at+jwt", algorithms: [algorithm] };
  const { payload } = await jose.jwtVerify(token, keys, expected);
  assert.equal(payload.sub, user.id);
  await assert.rejects(jose.jwtVerify(forged, keys, expected), jose.errors.JWSSignatureVerificationFailed);
  const another = { ...expected, audience: "another" };
  await assert.rejects(jose.jwtVerify(token, keys, another), jose.errors.JWTClaimValidationFailed);
}

async function withAwsJwtVerify(configuration, token, forged, user) {
  // Its own fetcher speaks https alone.
  const fetcher = { fetch: async (uri) => (await fetch(uri)).arrayBuffer() };
  const verifier = JwtVerifier.create(
    { issuer: configuration.issuer, audience, jwksUri: configuration.jwks_uri },
    { jwksCache: new SimpleJwksCache({ fetcher }) },
  );
  const payload = await verifier.verify(token);
  assert.equal(payload.sub, user.id);
  await assert.rejects(verifier.verify(forged));
  await assert.rejects(verifier.verify(token, { audience: "another" }));
}

async function withOauth4webapi(token) {
  // Without this it speaks https alone.
  const options = { [oauth.allowInsecureRequests]: true };
  const url = new URL(issuer);
  const server = await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, options));
  const client = { client_id: audience };
  const answer = await oauth.revocationRequest(server, client, oauth.None(), token, options);
  await oauth.processRevocationResponse(answer);
  const me = oauth.protectedResourceRequest(token, "GET", new URL(`${issuer}/me`), undefined, undefined, options);
  await assert.rejects(me, (error) => {
    assert(error instanceof oauth.WWWAuthenticateChallengeError);
    assert.equal(error.cause[0].parameters.error, "invalid_token");
    return true;
  });
}

const person = { username: `node-${randomUUID().slice(0, 8)}`, password: "a nanosecond is 11.8 inches" };
const { user } = await fetchJson(`${issuer}/register`, person);
const { access_token: token } = await fetchJson(`${issuer}/login`, person);
const configuration = await fetchJson(`${issuer}/.well-known/openid-configuration`);
const [header, payload, signature] = token.split(".");
const forged = [header, payload, signature.split("").reverse().join("")].join(".");

await withJose(configuration, token, forged, user);
console.log(`${version("jose")} verified an ${algorithm} token`);
await withAwsJwtVerify(configuration, token, forged, user);
console.log(`${version("aws-jwt-verify")} verified an ${algorithm} token`);
await withOauth4webapi(token);
console.log(`${version("oauth4webapi")} discovered the endpoints and revoked a token`);
