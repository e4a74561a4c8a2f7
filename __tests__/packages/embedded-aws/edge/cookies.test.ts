import { createSign, generateKeyPairSync } from "node:crypto";
import { getSignedCookies, getSignedUrl } from "@aws-sdk/cloudfront-signer";
import { refusal } from "../../../../packages/embedded-aws/edge/cookies";

const { publicKey, privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const trusted = new Map([["K1", publicKey]]);
const now = Date.parse("2026-11-24T00:00:00Z");
const url = "https://streamflow.example/stream/a/run/master.m3u8";

function cookie(resource: string, until = now + 60_000, keyPairId = "K1"): string {
  const policy = JSON.stringify({
    Statement: [{ Resource: resource, Condition: { DateLessThan: { "AWS:EpochTime": until / 1_000 } } }],
  });
  const cookies = getSignedCookies({ policy, keyPairId, privateKey, url: "" });
  return Object.entries(cookies)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join("; ");
}

const refused = (header: string | undefined, more = {}) =>
  refusal(trusted, { url, cookie: header, now, ...more });

test("accepts what the AWS signer signed, until it expires", () => {
  const header = cookie("https://streamflow.example/stream/a/*");
  expect(refused(header)).toBeUndefined();
  expect(refused(`theme=dark; ${header}`)).toBeUndefined();
  expect(refused(header, { now: now + 60_000 })).toMatch(/expired/);
});

test.each([
  ["no cookie", undefined, "MissingKey"],
  ["half of the cookies", "CloudFront-Key-Pair-Id=K1", "MissingKey"],
  [
    "another video's cookies",
    cookie("https://streamflow.example/stream/b/*"),
    "AccessDenied: another resource",
  ],
  ["another host's cookies", cookie("https://other.example/stream/a/*"), "AccessDenied: another resource"],
  [
    "a key that is not in the group",
    cookie("https://streamflow.example/stream/a/*", now + 60_000, "K2"),
    "InvalidKey",
  ],
])("refuses %s", (_, header, why) => {
  expect(refused(header)).toBe(why);
});

test("rejects a policy that was changed after signing, or signed with another key", () => {
  const header = cookie("https://streamflow.example/stream/b/*");
  const wider = Buffer.from(
    '{"Statement":[{"Resource":"*","Condition":{"DateLessThan":{"AWS:EpochTime":9999999999}}}]}',
  );
  const changed = header.replace(
    /(CloudFront-Policy=)[^;]+/,
    `$1${wider.toString("base64").replaceAll("=", "_")}`,
  );
  expect(refused(changed)).toBe("InvalidSignature");
  const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const signature = createSign("RSA-SHA1")
    .update(wider)
    .sign(other, "base64")
    .replaceAll("+", "-")
    .replaceAll("=", "_")
    .replaceAll("/", "~");
  expect(refused(changed.replace(/(CloudFront-Signature=)[^;]+/, `$1${signature}`))).toBe("InvalidSignature");
});

describe("a signed URL", () => {
  const signed = (to: string, until = now + 60_000): string =>
    getSignedUrl({ url: to, keyPairId: "K1", privateKey, dateLessThan: new Date(until).toISOString() });
  const check = (to: string, more = {}) => refusal(trusted, { url: to, cookie: undefined, now, ...more });

  test("of the AWS signer opens its file until it expires, without cookies", () => {
    expect(check(signed(url))).toBeUndefined();
    expect(check(signed(`${url}?size=2`))).toBeUndefined();
    expect(check(signed(url), { now: now + 60_000 })).toMatch(/expired/);
  });

  test.each([
    ["another file", signed(url).replace("master.m3u8", "other.m3u8")],
    ["another query", signed(url).replace("?", "?size=2&")],
    ["a later expiry", signed(url).replace(/Expires=\d+/, "Expires=9999999999")],
  ])("does not open %s", (_, changed) => {
    expect(check(changed)).toBe("InvalidSignature");
  });

  test("with half of its parameters is refused, also with cookies that would open it", () => {
    const half = signed(url).replace(/&Signature=[^&]+/, "");
    expect(check(half, { cookie: cookie("https://streamflow.example/stream/a/*") })).toBe("MissingKey");
  });
});
