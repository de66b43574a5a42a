// Every page and every mail in every state and language, as files: judged by axe, the Nu checker and an evaluator of policies.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { findings, judge, judgeLook, requestsOf } from "./judge.mjs";

const [executablePath, directory, pictures] = process.argv.slice(2);

const files = readdirSync(directory).filter((file) => file.endsWith(".html"));
const isMail = (file) => file.startsWith("mail-");
const headers = readFileSync(join(directory, "headers.txt"), "utf8").trimEnd().split("\n");

const server = createServer((request, response) => {
  const file = request.url.slice(1);
  if (!files.includes(file)) {
    response.writeHead(404).end();
    return;
  }
  for (const line of isMail(file) ? ["content-type: text/html; charset=utf-8"] : headers) {
    const [name, value] = line.split(/: (.*)/s);
    response.setHeader(name, value);
  }
  response.end(readFileSync(join(directory, file)));
});

async function look(context, origin, file) {
  const page = await context.newPage();
  const requests = requestsOf(page);
  const response = await page.goto(`${origin}/${file}`);
  const name = file.replace(/\.html$/, "");
  if (isMail(file)) {
    assert.equal(requests.length, 1, `${name}: ${requests.join(" ")}`);
    await judgeLook(page, name, { pictures, isMail: true });
  } else {
    await judge(page, response, requests, name, pictures);
  }
  await page.close();
}

/** The standard's own rules. Java is not everywhere, and too large to be brought. */
function checkMarkup() {
  try {
    execFileSync("java", ["-version"], { stdio: "ignore" });
  } catch {
    return "left out: there is no Java";
  }
  const jar = createRequire(import.meta.url).resolve("vnu-jar/build/dist/vnu.jar");
  const all = files.map((file) => join(directory, file));
  execFileSync("java", ["-jar", jar, "--Werror", ...all], { stdio: ["ignore", "inherit", "inherit"] });
  return `nothing in ${all.length} documents`;
}

/** The judges have to find what is wrong, or their silence says nothing. */
async function checkJudges(context, origin) {
  assert.notDeepEqual(findings("script-src 'unsafe-inline'"), []);
  const page = await context.newPage();
  await page.goto(`${origin}/${files[0]}`);
  await page.evaluate(() => document.body.append(document.createElement("input")));
  await assert.rejects(judgeLook(page, "spoilt", {}), /axe/);
  await page.close();
}

server.listen(0, "127.0.0.1");
await once(server, "listening");
const origin = `http://127.0.0.1:${server.address().port}`;
const browser = await chromium.launch({ executablePath, chromiumSandbox: false, args: ["--disable-gpu"] });
try {
  const mails = files.filter(isMail);
  assert(mails.length >= 20 && files.length - mails.length >= 70, `${files.length} files`);
  const context = await browser.newContext();
  await checkJudges(context, origin);
  for (const file of files) {
    await look(context, origin, file);
  }
  console.log(`${files.length - mails.length} pages, ${mails.length} mails: axe and the evaluator of policies find nothing`);
  console.log(`Nu checker: ${checkMarkup()}`);
} finally {
  await browser.close();
  server.close();
}
