// Has @simplewebauthn/server judge the answers of passkeys that come in, one a line, and compares its verdicts with those in the lines.
// It must accept whatever is accepted there; what it alone accepts is counted by the rule that refused it there, and must be one of ours.
import { createInterface } from "node:readline";

import { verifyAuthenticationResponse, verifyRegistrationResponse } from "@simplewebauthn/server";

// Rules that this repository has beyond the other's, and why.
const STRICTER = {
  malformed: "JSON and CBOR are read strictly: no member twice, nothing after the end, lengths as CTAP2 writes them",
  cross_origin: "a frame of another site is refused",
  credential_id: "the presented id, the stored or the signed one differ, or it has another length than 16 to 750 bytes",
  user_handle: "every passkey is discoverable, so that each sign-in names its user",
  public_key: "a new key must be one, though nothing is signed with it yet",
};

const judge = {
  registration: (line, response) =>
    verifyRegistrationResponse({
      response,
      expectedChallenge: line.challenge,
      expectedOrigin: line.origin,
      expectedRPID: line.rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: [-8, -7, -257],
    }),
  assertion: (line, response) =>
    verifyAuthenticationResponse({
      response,
      expectedChallenge: line.challenge,
      expectedOrigin: line.origin,
      expectedRPID: line.rpId,
      requireUserVerification: true,
      credential: {
        id: line.credential.id,
        publicKey: new Uint8Array(Buffer.from(line.credential.publicKey, "base64url")),
        // Where a synced passkey has an older count, it is shown none: the other one would lock its owner out.
        counter: line.stale ? 0 : line.credential.counter,
      },
    }),
};

async function accepts(line) {
  try {
    return (await judge[line.ceremony](line, JSON.parse(line.answer))).verified;
  } catch (error) {
    line.error = error.message;
    return false;
  }
}

const counts = { both: 0, neither: 0, stale: 0 };
const stricter = {};
const looser = [];
const unnamed = [];
for await (const text of createInterface({ input: process.stdin })) {
  const line = JSON.parse(text);
  const theirs = await accepts(line);
  if (line.stale) counts.stale += 1;
  if (line.rule === null && theirs) counts.both += 1;
  else if (line.rule === null) looser.push(line);
  else if (!theirs) counts.neither += 1;
  else {
    stricter[line.rule] = (stricter[line.rule] ?? 0) + 1;
    if (!(line.rule in STRICTER)) unnamed.push(line);
  }
}

const compared = counts.both + counts.neither + looser.length + Object.values(stricter).reduce((a, b) => a + b, 0);
console.log(`${compared} answers: both accept ${counts.both} (${counts.stale} with an older count), both refuse ${counts.neither}`);
for (const [rule, count] of Object.entries(stricter).sort()) {
  console.log(`refused here alone, ${rule}: ${count} (${STRICTER[rule] ?? "no known reason"})`);
}
for (const line of [...looser, ...unnamed].slice(0, 10)) console.error(JSON.stringify(line));
if (counts.both < compared / 50) throw new Error("hardly any answer was accepted: the comparison shows nothing");
if (looser.length > 0) throw new Error(`${looser.length} answers are accepted here alone`);
if (unnamed.length > 0) throw new Error(`${unnamed.length} answers are refused here alone, by no known rule`);
