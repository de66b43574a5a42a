// A virtual authenticator of Chromium's, as https://chromedevtools.github.io/devtools-protocol/tot/WebAuthn/ describes it.

import assert from "node:assert/strict";

export class Authenticator {
  /**
   * One that is built in, for a page. `synced`: its passkeys may be on several devices. Without `locked` it is a key that cannot
   * tell who touches it.
   */
  static async plugIn(page, { synced = false, locked = true } = {}) {
    const authenticator = new Authenticator();
    authenticator.session = await page.context().newCDPSession(page);
    await authenticator.session.send("WebAuthn.enable");
    const { authenticatorId } = await authenticator.session.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        transport: locked ? "internal" : "usb",
        hasResidentKey: true,
        hasUserVerification: locked,
        isUserVerified: locked,
        automaticPresenceSimulation: true,
        defaultBackupEligibility: synced,
        defaultBackupState: synced,
      },
    });
    authenticator.id = authenticatorId;
    return authenticator;
  }

  #ask(command, parameters = {}) {
    return this.session.send(`WebAuthn.${command}`, { authenticatorId: this.id, ...parameters });
  }

  /** Whether somebody is there, who consents to whatever is asked. It decides about requests that come after. */
  isAttended(enabled) {
    return this.#ask("setAutomaticPresenceSimulation", { enabled });
  }

  /** Whether it knows who that is. */
  verifies(isUserVerified) {
    return this.#ask("setUserVerified", { isUserVerified });
  }

  /** Its one passkey. */
  async passkey() {
    const { credentials } = await this.#ask("getCredentials");
    assert.equal(credentials.length, 1);
    return credentials[0];
  }

  /** Replaces its passkey by a copy of it with another count. */
  async copy(passkey, signCount) {
    await this.#ask("removeCredential", { credentialId: passkey.credentialId });
    await this.#ask("addCredential", { credential: { ...passkey, signCount } });
  }

  unplug() {
    return this.#ask("removeVirtualAuthenticator");
  }
}
