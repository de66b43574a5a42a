// Chromium, for pages of this repository.

import { chromium } from "playwright-core";

export function launch(executablePath) {
  return chromium.launch({
    executablePath,
    // They are pages of ours, and inside containers there is often no way to set the sandbox up.
    chromiumSandbox: false,
    args: ["--disable-quic", "--disable-sync", "--disable-gpu"],
  });
}
