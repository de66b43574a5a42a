// Runs the CloudFront Function in the template of examples/edge on events as CloudFront makes them:
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const template = readFileSync(process.argv[2], "utf8");
const [, code] = template.match(/FunctionCode: \|\n((?: {8}.*\n)+)/);
const handler = new Function(`${code}\nreturn handler;`)();

const event = (ip, headers) => ({
  version: "1.0",
  context: { distributionDomainName: "d111111abcdef8.cloudfront.net", eventType: "viewer-request" },
  viewer: { ip },
  request: { method: "POST", uri: "/login", querystring: {}, headers, cookies: {} },
});

const twice = (...values) => ({ value: values[0], multiValue: values.map((value) => ({ value })) });

for (const ip of ["198.51.100.10", "2001:db8::1"]) {
  for (const forged of [
    {},
    { "x-latchkey-edge": { value: "guessed" }, "x-latchkey-client-address": { value: "192.0.2.1" } },
    { "x-latchkey-edge": twice("a", "b"), "x-latchkey-client-address": twice("192.0.2.1", "192.0.2.2") },
  ]) {
    const other = { value: "stays" };
    const request = handler(event(ip, { ...forged, "x-other": other }));
    assert.deepEqual(request, {
      ...event(ip, { "x-other": other, "x-latchkey-client-address": { value: ip } }).request,
    });
  }
}
console.log("the CloudFront Function writes the address of the viewer, and nothing that it was sent");
