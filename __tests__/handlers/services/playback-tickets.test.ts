import { createVerify, generateKeyPairSync } from "node:crypto";
import { getSignedCookies, getSignedUrl } from "@aws-sdk/cloudfront-signer";
import type { AwsClient, AwsRequest } from "../../../handlers/services/aws-client";
import { PlaybackTickets } from "../../../handlers/services/playback-tickets";

const id = "3f0d8f6e-5a53-4a5e-9a43-0d6c1c1f0a01";
const secretArn = "arn:aws:secretsmanager:us-east-1:111111111111:secret:keys-AbCdEf";
const until = Date.UTC(2026, 10, 24);
const [old, young] = [1, 2].map(() =>
  generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  }),
) as [Pair, Pair];
interface Pair {
  readonly publicKey: string;
  readonly privateKey: string;
}

/** Tickets with a secret and a clock that tests can change. */
function setUp(secret: unknown = { K1OLD: old.privateKey }) {
  const state = { secret: JSON.stringify(secret), failure: undefined as Error | undefined, now: 0 };
  const asked: AwsRequest[] = [];
  const client = {
    endpoint: new URL("https://secretsmanager.us-east-1.amazonaws.com"),
    send: (request: AwsRequest) => {
      asked.push(request);
      if (state.failure) return Promise.reject(state.failure);
      return Promise.resolve({
        headers: new Headers(),
        text: JSON.stringify({ SecretString: state.secret }),
      });
    },
  } as unknown as AwsClient;
  const publicUrl = "https://streamflow.example";
  const tickets = new PlaybackTickets({ client, secretArn, publicUrl, now: () => state.now });
  const values = async () => {
    const { cookies } = await tickets.access(id, until);
    return Object.fromEntries(cookies.map((cookie) => cookie.split(";")[0]?.split("=") as [string, string]));
  };
  return { state, asked, tickets, values };
}

/** Whether the signature in the cookies is that of their policy. CloudFront hashes with SHA-1 for every key type. */
function isSignedBy(publicKey: string, cookies: Readonly<Record<string, string>>): boolean {
  const bytes = (value = "") =>
    Buffer.from(value.replaceAll("-", "+").replaceAll("_", "=").replaceAll("~", "/"), "base64");
  const verify = createVerify("SHA1").update(bytes(cookies["CloudFront-Policy"]));
  return verify.verify(publicKey, bytes(cookies["CloudFront-Signature"]));
}

it("makes the cookies that AWS's own signer makes", async () => {
  const policy = JSON.stringify({
    Statement: [
      {
        Resource: `https://streamflow.example/stream/${id}/*`,
        Condition: { DateLessThan: { "AWS:EpochTime": until / 1_000 } },
      },
    ],
  });
  const theirs = getSignedCookies({ keyPairId: "K1OLD", privateKey: old.privateKey, policy });
  expect(await setUp().values()).toEqual(theirs);
});

it("signs the path of a file as AWS's own signer does", async () => {
  const path = `/stream/${id}/run/poster.jpg`;
  const theirs = getSignedUrl({
    url: `https://streamflow.example${path}`,
    keyPairId: "K1OLD",
    privateKey: old.privateKey,
    dateLessThan: new Date(until).toISOString(),
  });
  const parametersOf = (url: string) => Object.fromEntries(new URL(url).searchParams);
  const ours = new URL(await setUp().tickets.signedPath(path, until), "https://streamflow.example");
  expect(ours.pathname).toBe(path);
  expect(parametersOf(ours.href)).toEqual(parametersOf(theirs));
});

it("gives the same access as parameters of a URL, for frames in which browsers send no cookies", async () => {
  const { cookies, query } = await setUp().tickets.access(id, until);
  const pairs = cookies.map((cookie) => (cookie.split(";")[0] ?? "").replace(/^CloudFront-/, ""));
  expect(query.split("&")).toEqual(pairs);
  const policy = { url: "", keyPairId: "K1OLD", privateKey: old.privateKey };
  const resource = `https://streamflow.example/stream/${id}/*`;
  const Condition = { DateLessThan: { "AWS:EpochTime": until / 1_000 } };
  const theirs = getSignedUrl({
    ...policy,
    url: `https://streamflow.example/stream/${id}/run/master.m3u8`,
    policy: JSON.stringify({ Statement: [{ Resource: resource, Condition }] }),
  });
  const sorted = (parameters: string) => Object.fromEntries(new URLSearchParams(parameters));
  expect(sorted(query)).toEqual(sorted(new URL(theirs).search));
});

it("sends them back below the media's streams only, by HTTPS, and shows them to no script", async () => {
  const { cookies } = await setUp().tickets.access(id, until);
  for (const cookie of cookies) {
    expect(cookie).toMatch(
      new RegExp(`^[\\w-]+=[\\w~-]+; Path=/stream/${id}/; Secure; HttpOnly; SameSite=Lax$`),
    );
  }
});

it("signs with the last key of two, once it has seen it", async () => {
  const { state, values, asked } = setUp();
  await values();
  state.secret = JSON.stringify({ K1OLD: old.privateKey, K2NEW: young.privateKey });
  state.now = 299_000;
  expect(await values()).toHaveProperty("CloudFront-Key-Pair-Id", "K1OLD");
  state.now = 300_000;
  const cookies = await values();
  expect(cookies["CloudFront-Key-Pair-Id"]).toBe("K2NEW");
  expect(isSignedBy(young.publicKey, cookies)).toBe(true);
  expect(asked.map(({ body }) => body)).toEqual(Array(2).fill(JSON.stringify({ SecretId: secretArn })));
});

it("signs with ECDSA on P-256 as well, the other kind of key that the settings take", async () => {
  const { publicKey, privateKey } = generateKeyPairSync("ec", {
    namedCurve: "P-256",
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const cookies = await setUp({ K3EC: privateKey }).values();
  expect(isSignedBy(publicKey, cookies)).toBe(true);
  expect(isSignedBy(publicKey, { ...cookies, "CloudFront-Policy": "e30_" })).toBe(false);
});

it("continues with the cached key while the secret can't be read", async () => {
  const { state, values } = setUp();
  await values();
  state.now = 10_000_000;
  state.failure = new Error("secretsmanager is unavailable");
  expect(await values()).toHaveProperty("CloudFront-Key-Pair-Id", "K1OLD");
});

it.each([
  ["is empty", {}],
  ["is a list", []],
  ["is a text", "key"],
  ["has a key that is none", { K1: "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n" }],
  ["has no text for a key", { K1: 7 }],
  ["has a name that is no id", { "K 1;": old.privateKey }],
])("fails without its content when the secret %s", async (_, secret) => {
  const { values } = setUp(secret);
  const error = await values().catch((error: unknown) => error);
  expect(error).toBeInstanceOf(Error);
  expect((error as Error).message).toBe(
    `the secret ${secretArn} must be { "<public key id>": "<private key in PEM>" }, but is not`,
  );
  expect((error as Error).cause).toBeUndefined();
});
