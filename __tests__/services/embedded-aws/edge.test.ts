import { createSign, generateKeyPairSync } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CloudFrontClient,
  CreateDistributionCommand,
  CreateOriginRequestPolicyCommand,
  CreateResponseHeadersPolicyCommand,
} from "@aws-sdk/client-cloudfront";
import {
  CreateBucketCommand,
  PutBucketCorsCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { clientConfig } from "../../../packages/embedded-aws/client";
import {
  type Behavior,
  type EdgeDistribution,
  type EdgeOrigin,
  readDistribution,
} from "../../../packages/embedded-aws/edge/distribution";
import { Origins } from "../../../packages/embedded-aws/edge/origins";
import { serveDistribution, startEdge } from "../../../packages/embedded-aws/edge/server";
import { type Emulator, startEmulator } from "../../../packages/embedded-aws/servers/emulator";
import type { Front } from "../../../packages/embedded-aws/servers/tls-front";
import { rawRequest } from "../../support/raw-request";

const ARN = "arn:aws:cloudfront::111111111111:distribution/D";
const { publicKey, privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
let emulator: Emulator;
let behind: Server;
let edge: Front;
let tasks: number[] = [];
const seen: IncomingMessage[] = [];

const origin = (domainName: string, more: Partial<EdgeOrigin> = {}): EdgeOrigin => ({
  id: domainName,
  domainName,
  path: "",
  headers: {},
  signed: false,
  ...more,
});
const behavior = (pattern: string, to: EdgeOrigin, more: Partial<Behavior> = {}): Behavior => ({
  pattern,
  origin: to,
  methods: ["GET", "HEAD"],
  responseHeaders: { "x-content-type-options": "nosniff" },
  overrides: [],
  forwardsCookies: false,
  trustedKeys: new Map(),
  ...more,
});

beforeAll(async () => {
  const log = join(mkdtempSync(join(tmpdir(), "edge-")), "emulator.log");
  emulator = await startEmulator({ accountId: "111111111111", log });
  const aws = clientConfig(emulator.endpoint, "us-east-1");
  const s3 = new S3Client({ ...aws, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: "files" }));
  const statement = {
    Effect: "Allow",
    Principal: { Service: "cloudfront.amazonaws.com" },
    Action: "s3:GetObject",
    Resource: ["arn:aws:s3:::files/static/*", "arn:aws:s3:::files/stream/*"],
    Condition: { StringEquals: { "AWS:SourceArn": ARN } },
  };
  await s3.send(
    new PutBucketPolicyCommand({
      Bucket: "files",
      Policy: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }),
    }),
  );
  for (const id of ["one", "two"]) {
    const object = { Bucket: "files", Key: `stream/${id}/run/master.m3u8`, Body: `stream of ${id}` };
    await s3.send(new PutObjectCommand(object));
  }
  for (const Key of ["static/a.css", "private/b.txt"]) {
    const object = {
      Bucket: "files",
      Key,
      Body: "0123456789",
      ContentType: "text/css",
      CacheControl: "max-age=60",
      ContentDisposition: 'attachment; filename="a.css"',
    };
    await s3.send(new PutObjectCommand(object));
  }
  behind = createServer((request, response) => {
    seen.push(request);
    if (request.url === "/events/x") {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("event: progress\ndata: 1\n\n");
      return;
    }
    response.writeHead(201, { "set-cookie": ["a=1", "b=2"], "cache-control": "s-maxage=31536000" });
    request.pipe(response);
  });
  await new Promise<void>((resolve) => behind.listen(0, "127.0.0.1", resolve));
  const { port } = behind.address() as AddressInfo;
  tasks = [port];
  const distribution: EdgeDistribution = {
    id: "D",
    arn: ARN,
    host: "streamflow.example",
    behaviors: [
      behavior(
        "/api/*",
        origin("abc.execute-api.us-east-1.amazonaws.com", { headers: { "x-mark": "ours" } }),
        {
          methods: ["GET", "HEAD", "POST"],
          responseHeaders: { "cache-control": "no-cache", "x-content-type-options": "nosniff" },
          overrides: ["cache-control"],
        },
      ),
      behavior("/v/*", origin("abc.execute-api.us-east-1.amazonaws.com", { path: "/api" })),
      behavior("/a.css", origin("files.s3.us-east-1.amazonaws.com", { signed: true, path: "/static" })),
      behavior("/events/*", origin("balancer-1.us-east-1.elb.amazonaws.com"), { forwardsCookies: true }),
      behavior("/stream/*", origin("files.s3.us-east-1.amazonaws.com", { signed: true }), {
        trustedKeys: new Map([["K", publicKey]]),
      }),
      behavior("*", origin("files.s3.us-east-1.amazonaws.com", { signed: true })),
    ],
  };
  edge = await serveDistribution(
    new Origins(aws, distribution, { api: `http://127.0.0.1:${port}`, tasks: () => tasks }),
  );
});

afterAll(async () => {
  await edge.stop();
  behind.closeAllConnections();
  behind.close();
  await emulator.stop();
});

/** Id and host name of the smallest distribution with a custom header. */
async function distributionOf(
  client: CloudFrontClient,
  { name, requestPolicyId }: { readonly name: string; readonly requestPolicyId?: string | undefined },
): Promise<{ id: string; host: string }> {
  const header = { Header: "Cache-Control", Value: "no-cache", Override: true };
  const { ResponseHeadersPolicy: headers } = await client.send(
    new CreateResponseHeadersPolicyCommand({
      ResponseHeadersPolicyConfig: { Name: name, CustomHeadersConfig: { Quantity: 1, Items: [header] } },
    }),
  );
  const { Distribution: made } = await client.send(
    new CreateDistributionCommand({
      DistributionConfig: {
        CallerReference: name,
        Comment: "",
        Enabled: true,
        Origins: {
          Quantity: 1,
          Items: [
            {
              Id: "app",
              DomainName: "app.example",
              CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: "https-only" },
            },
          ],
        },
        DefaultCacheBehavior: {
          TargetOriginId: "app",
          ViewerProtocolPolicy: "redirect-to-https",
          ResponseHeadersPolicyId: headers?.Id,
          OriginRequestPolicyId: requestPolicyId,
        },
      },
    }),
  );
  return { id: made?.Id ?? "", host: made?.DomainName ?? "" };
}

const get = (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${edge.port}${path}`, init);

describe("the local edge", () => {
  it("serves what the bucket's policy lets this distribution read, whole and in parts, with its headers", async () => {
    const whole = await get("/static/a.css");
    expect([whole.status, await whole.text()]).toEqual([200, "0123456789"]);
    expect(whole.headers.get("cache-control")).toBe("max-age=60");
    expect(whole.headers.get("content-disposition")).toBe('attachment; filename="a.css"');
    expect(whole.headers.get("x-content-type-options")).toBe("nosniff");
    const part = await get("/static/a.css", { headers: { range: "bytes=2-4" } });
    expect([part.status, await part.text(), part.headers.get("content-range")]).toEqual([
      206,
      "234",
      "bytes 2-4/10",
    ]);
    for (const refused of ["/private/b.txt", "/static/none.css"])
      expect((await get(refused)).status).toBe(403);
  });

  it("hands requests on with its own header over the viewer's, without cookies in both directions", async () => {
    const answer = await get("/api/media?x=1", {
      method: "POST",
      body: "body",
      headers: { "x-mark": "forged" },
    });
    expect([answer.status, await answer.text(), answer.headers.getSetCookie()]).toEqual([201, "body", []]);
    expect(seen.at(-1)).toMatchObject({ url: "/api/media?x=1", method: "POST" });
    expect(seen.at(-1)?.headers).toMatchObject({ "x-mark": "ours", "x-forwarded-for": "127.0.0.1" });
  });

  it("hands on either a viewer's cookies or conditional requests, like CloudFront, and HEAD as it is", async () => {
    const headers = { cookie: "a=1", "if-none-match": '"x"' };
    await get("/api/media", { method: "HEAD", headers });
    expect(seen.at(-1)?.method).toBe("HEAD");
    expect(seen.at(-1)?.headers).toMatchObject({ "if-none-match": '"x"' });
    expect(seen.at(-1)?.headers).not.toHaveProperty("cookie");
    await get("/events/y", { method: "HEAD", headers });
    expect(seen.at(-1)?.headers).toMatchObject({ cookie: "a=1" });
    const { headers: answered } = await get("/events/y");
    expect(answered.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(seen.at(-1)?.headers).not.toHaveProperty("if-none-match");
  });

  it.each([
    ["none", false],
    ["all", true],
  ] as const)("knows from the policy %s whether cookies are forwarded", async (CookieBehavior, expected) => {
    const aws = clientConfig(emulator.endpoint, "us-east-1");
    const client = new CloudFrontClient(aws);
    const { OriginRequestPolicy: policy } = await client.send(
      new CreateOriginRequestPolicyCommand({
        OriginRequestPolicyConfig: {
          Name: CookieBehavior,
          CookiesConfig: { CookieBehavior },
          HeadersConfig: { HeaderBehavior: "allExcept", Headers: { Quantity: 1, Items: ["Host"] } },
          QueryStringsConfig: { QueryStringBehavior: "all" },
        },
      }),
    );
    const { id } = await distributionOf(client, { name: CookieBehavior, requestPolicyId: policy?.Id });
    const { behaviors } = await readDistribution(aws, id);
    expect(behaviors.map(({ forwardsCookies }) => forwardsCookies)).toEqual([expected]);
  });

  it("hands on a path as it was sent", async () => {
    for (const path of ["/api/media/../media", "/api/%2e%2e/x", "/api//media?x=%zz"]) {
      expect((await rawRequest({ port: edge.port, path })).status).toBe(201);
      expect(seen.at(-1)).toMatchObject({ url: path });
    }
  });

  it("puts the origin's path before those of requests", async () => {
    await get("/v/x?share=y");
    expect(seen.at(-1)).toMatchObject({ url: "/api/v/x?share=y" });
    const file = await get("/a.css");
    expect([file.status, await file.text()]).toEqual([200, "0123456789"]);
  });

  it("returns the distribution's headers instead of the origin's where they override them", async () => {
    const answer = await get("/api/media");
    expect(answer.headers.get("cache-control")).toBe("no-cache");
    expect((await get("/static/a.css")).headers.get("cache-control")).toBe("max-age=60");
  });

  it.each([
    ["has no name but CloudFront's own", undefined],
    ["has a domain", "streamflow.example"],
  ])("stands for the public URL of a stack that %s: its pages may upload, no others", async (_, domain) => {
    const aws = clientConfig(emulator.endpoint, "us-east-1");
    const s3 = new S3Client({ ...aws, forcePathStyle: true });
    const { id, host } = await distributionOf(new CloudFrontClient(aws), { name: `of ${domain}` });
    const publicUrl = `https://${domain ?? host}`;
    await s3.send(new CreateBucketCommand({ Bucket: "uploads" }));
    const rule = { AllowedMethods: ["PUT"], AllowedOrigins: [publicUrl], AllowedHeaders: ["*"] };
    await s3.send(new PutBucketCorsCommand({ Bucket: "uploads", CORSConfiguration: { CORSRules: [rule] } }));
    const origins = { api: "http://127.0.0.1:1", tasks: () => [] };
    const started = await startEdge({ aws, distributionId: id, publicUrl, origins });
    try {
      const preflight = (page: string) =>
        fetch(`${emulator.endpoint}/uploads/a`, {
          method: "OPTIONS",
          headers: { origin: page, "access-control-request-method": "PUT" },
        });
      expect((await preflight(`http://localhost:${started.port}`)).status).toBe(200);
      expect((await preflight(`http://localhost:${edge.port}`)).status).toBe(403);
      const page = await fetch(`http://localhost:${started.port}/`);
      expect(page.headers.get("cache-control")).toBe("no-cache");
    } finally {
      await started.stop();
    }
  });

  it("streams events immediately, and closes the origin's connection when the viewer disconnects", async () => {
    const abort = new AbortController();
    const answer = await get("/events/x", { signal: abort.signal });
    const { value } = (await answer.body?.getReader().read()) ?? {};
    expect(Buffer.from(value ?? []).toString()).toContain("event: progress");
    const ended = new Promise((resolve) => seen.at(-1)?.socket.once("close", resolve));
    abort.abort();
    await ended;
    tasks = [];
    expect((await get("/events/x")).status).toBe(503);
  });

  describe("with a viewer's cookies of one stream", () => {
    const encoded = (bytes: Buffer) =>
      bytes.toString("base64").replaceAll("+", "-").replaceAll("=", "_").replaceAll("/", "~");
    const policyFor = (id: string) => {
      const end = { DateLessThan: { "AWS:EpochTime": Math.ceil(Date.now() / 1_000) + 3_600 } };
      const Resource = `https://streamflow.example/stream/${id}/*`;
      return Buffer.from(JSON.stringify({ Statement: [{ Resource, Condition: end }] }));
    };
    const cookieOf = (policy: Buffer, signed = policy) => {
      const signature = createSign("RSA-SHA1").update(signed).sign(privateKey);
      return `CloudFront-Policy=${encoded(policy)}; CloudFront-Signature=${encoded(signature)}; CloudFront-Key-Pair-Id=K`;
    };
    const read = (path: string, cookie = cookieOf(policyFor("one"))) =>
      rawRequest({ port: edge.port, path, headers: { cookie } });

    it("serves that stream", async () => {
      expect(await read("/stream/one/run/master.m3u8")).toMatchObject({ status: 200, body: "stream of one" });
    });

    it.each([
      "/stream/two/run/master.m3u8",
      "/stream/one/../two/run/master.m3u8",
      "/stream/one/%2e%2e/two/run/master.m3u8",
      "/stream/one/..%2ftwo%2frun%2fmaster.m3u8",
      "/stream/one/..%5ctwo%5crun%5cmaster.m3u8",
      "//stream/two/run/master.m3u8",
      "/stream//two/run/master.m3u8",
      "/STREAM/TWO/RUN/MASTER.M3U8",
      "/STREAM/ONE/RUN/MASTER.M3U8",
      "/stream/two/run/master.m3u8?x=https://streamflow.example/stream/one/",
      "/stream/one/%zz",
      "/stream/one/%00",
      "/stream/one/run/master.m3u8%00",
      "/static/..%2fstream%2ftwo%2frun%2fmaster.m3u8",
    ])("refuses %s", async (path) => {
      const { status, body } = await read(path);
      expect(body).not.toContain("stream of");
      expect([400, 403, 404]).toContain(status);
    });

    it("refuses a policy for another stream with the signature of this one", async () => {
      const cookie = cookieOf(policyFor("two"), policyFor("one"));
      const { status, body } = await read("/stream/two/run/master.m3u8", cookie);
      expect([status, body]).toEqual([403, expect.stringContaining("InvalidSignature")]);
    });
  });

  it("refuses methods that the behaviour does not allow, and streams without cookies", async () => {
    expect((await get("/static/a.css", { method: "POST" })).status).toBe(403);
    const stream = await get("/stream/a/master.m3u8");
    expect([stream.status, await stream.text()]).toEqual([403, expect.stringContaining("MissingKey")]);
  });
});
