// The rules for every page: it is one small request, its policy lets nothing in, axe finds nothing, it fits a narrow screen,
// and a keyboard reaches all that can be used.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(import.meta.url);
const { CspEvaluator } = require("csp_evaluator");
const { CspParser } = require("csp_evaluator/dist/parser.js");

const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** In bytes. */
const most = 50_000;

const widths = [320, 1280];
const schemes = ["light", "dark"];

/** What an evaluator says against a content security policy. */
export function findings(policy) {
  const { csp } = new CspParser(policy);
  return new CspEvaluator(csp).evaluate().map(({ directive, description }) => `${directive}: ${description}`);
}

/** Counts the requests of a page, from here on. */
export function requestsOf(page) {
  const requests = [];
  page.on("request", (request) => requests.push(request.url()));
  return requests;
}

/** The rules of WCAG. The others are about a page as a whole, which a mail is only a part of. */
const standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

async function violations(page, isMail) {
  // A tag would be stopped by the page's policy; what a debugger evaluates is not.
  await page.evaluate(axe);
  const rules = isMail ? { runOnly: standards } : {};
  const { violations } = await page.evaluate((rules) => window.axe.run(rules), rules);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

/** The Tab key comes to all that can be used. */
export async function judgeKeyboard(page, name) {
  // In the page: the places of what can be used, and of what has the focus.
  const look = () => {
    const usable = [...document.querySelectorAll("a[href], button, input:not([type=hidden])")];
    return [usable.filter((one) => one.checkVisibility()).length, usable.indexOf(document.activeElement)];
  };
  const [count] = await page.evaluate(look);
  const found = new Set();
  // It may begin in the middle, leaves the page once on its way round, and comes to what scrolls as well.
  for (let press = 0; press < 2 * count + 4; press += 1) {
    await page.keyboard.press("Tab");
    found.add((await page.evaluate(look))[1]);
  }
  found.delete(-1);
  assert.equal(found.size, count, `${name}: the keyboard reaches ${found.size} of ${count}`);
}

/** Judges what a page shows, in every look, and takes pictures where there is a directory for them. */
export async function judgeLook(page, name, { pictures, isMail = false }) {
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    assert.deepEqual(await violations(page, isMail), [], `${name}, ${colorScheme}: axe`);
    for (const width of widths) {
      await page.setViewportSize({ width, height: 720 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert(wide <= width, `${name}: ${wide} pixels on a screen of ${width}`);
      if (pictures) {
        await page.screenshot({ path: join(pictures, `${name}.${width}.${colorScheme}.png`), fullPage: true });
      }
    }
  }
}

/** Judges the answer that a page came with, and the page. */
export async function judge(page, response, requests, name, pictures) {
  const size = (await response.body()).length;
  assert(size <= most, `${name}: ${size} bytes`);
  assert.equal(requests.length, 1, `${name}: ${requests.join(" ")}`);
  const headers = response.headers();
  assert.deepEqual(findings(headers["content-security-policy"]), [], `${name}: policy`);
  assert.equal(headers["cache-control"], "no-store", name);
  assert.equal(headers["x-content-type-options"], "nosniff", name);
  await judgeKeyboard(page, name);
  await judgeLook(page, name, { pictures });
  return size;
}
