// An authenticator app: RFC 6238 with SHA-1, six digits and 30 seconds.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";

const PERIOD = 30_000;

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The bytes of a secret in base32 (RFC 4648, section 6), which may be in groups. */
function bytes(text) {
  const letters = [...text.replaceAll(" ", "")];
  const bits = letters.map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
}

/** The code of a step (RFC 4226, section 5.3). */
function codeOf(secret, step) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac("sha1", secret).update(counter).digest();
  const word = digest.readUInt32BE(digest.at(-1) & 15) & 0x7fff_ffff;
  return String(word % 1_000_000).padStart(6, "0");
}

export class App {
  #last = 0;

  constructor(secret) {
    this.secret = bytes(secret);
    assert.equal(this.secret.length, 20);
  }

  /** A code that was not shown before, as soon as the API takes one: it takes those of the next step too. */
  async code() {
    let step = Math.max(Math.floor(Date.now() / PERIOD), this.#last + 1);
    if (step === this.#last + 1) {
      await pause(Math.max(0, (step - 1) * PERIOD - Date.now()));
    }
    this.#last = step;
    this.shown = codeOf(this.secret, step);
    return this.shown;
  }

  /** Six digits that are not the code of any step that the API may take. */
  wrong() {
    const now = Math.floor(Date.now() / PERIOD);
    const right = [-2, -1, 0, 1, 2, 3].map((step) => codeOf(this.secret, now + step));
    return ["000000", "111111", "222222", "333333", "444444", "555555", "666666"].find((code) => !right.includes(code));
  }
}
