// Passkeys (WebAuthn) as the browser makes and uses them. The API's JSON is what the browser reads and writes.

/** Whether this browser has passkeys, and reads them from JSON. */
export const hasPasskeys = Boolean(globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON);

/** The request that waits for somebody to choose a passkey in a field. A browser allows one request at a time. */
let autofill = new AbortController();

/** Whether the browser offers passkeys in a field with `webauthn` in its `autocomplete`. */
export async function offersAutofill() {
  return hasPasskeys && ((await PublicKeyCredential.isConditionalMediationAvailable?.()) ?? false);
}

/** A tab that nobody looks at needs no challenge. */
export function isVisible() {
  return new Promise((resolve) => {
    const look = () => {
      if (document.visibilityState === "visible") {
        document.removeEventListener("visibilitychange", look);
        resolve();
      }
    };
    document.addEventListener("visibilitychange", look);
    look();
  });
}

/** Begins to wait for a passkey that somebody chooses in a field. The signal says when this is over. */
export function startAutofill() {
  stopAutofill();
  autofill = new AbortController();
  return autofill.signal;
}

export function stopAutofill() {
  autofill.abort();
}

/** The passkey that somebody chooses in a field, or null where the signal comes first. */
export async function choosePasskey(options, signal) {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  try {
    return await ask("get", { publicKey, mediation: "conditional", signal });
  } catch (error) {
    if (signal.aborted) {
      return null;
    }
    throw error;
  }
}

/** Has somebody show a passkey, in a dialog of the browser's. */
export function showPasskey(options) {
  stopAutofill();
  return ask("get", { publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
}

/** Has somebody make a passkey, on this device or on another. */
export function makePasskey(options) {
  stopAutofill();
  return ask("create", { publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
}

/** Tells the browser that the API does not know a passkey, so that it is not offered again. */
export function forgetPasskey({ rpId }, credentialId) {
  return signal("signalUnknownCredential", { rpId, credentialId });
}

/** Tells the browser which passkeys of an account there are, so that those that were removed are not offered again. */
export function keepPasskeys({ rp_id, user_handle, passkeys }) {
  const allAcceptedCredentialIds = passkeys.map(({ id }) => id);
  return signal("signalAllAcceptedCredentials", { rpId: rp_id, userId: user_handle, allAcceptedCredentialIds });
}

/** Why there is no passkey. The message is for people. */
export class PasskeyError extends Error {}

/** A browser does not tell a cancelled request from one that found nothing: a page must not learn who has which passkeys. */
const reasons = {
  NotAllowedError: "No passkey was used.",
  InvalidStateError: "This device has a passkey of the account already.",
  SecurityError: "The passkeys of this API are for another site.",
};

async function signal(name, news) {
  try {
    await PublicKeyCredential[name]?.(news);
  } catch {
    // It is a hint. Nothing depends on it.
  }
}

async function ask(verb, options) {
  try {
    return (await navigator.credentials[verb](options)).toJSON();
  } catch (error) {
    throw new PasskeyError(reasons[error.name] ?? `The browser gave no passkey: ${error.message}`, { cause: error });
  }
}
