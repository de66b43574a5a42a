// The inbox of the mail server, and what can be used of a mail.

import { until } from "./tab.mjs";

export class Inbox {
  constructor(url) {
    this.url = url;
  }

  async #mailsTo(address) {
    const mails = await (await fetch(`${this.url}/api/email`)).json();
    return mails.filter(({ to }) => to[0].address === address).map(({ text }) => read(text));
  }

  /** The newest mail to an address whose link leads to a page with a ticket of a purpose, but for those seen before. */
  async mail(address, page, purpose, seen = []) {
    const wanted = `${page}?ticket=latchkey_${purpose}_`;
    const fits = ({ link }) => link?.includes(wanted) && !seen.includes(link);
    return until(`a mail that leads to ${page}`, async () => (await this.#mailsTo(address)).findLast(fits));
  }
}

function read(text) {
  const lines = text.split("\n").map((line) => line.trim());
  return {
    link: lines.find((line) => line.includes("?ticket=")),
    code: lines.find((line) => /^\d{4} \d{4}$/.test(line)),
  };
}
