import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, PutBucketPolicyCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { clientConfig } from "../../../tools/local/aws";
import type { Behavior, EdgeDistribution, EdgeOrigin } from "../../../tools/local/edge/distribution";
import { Origins } from "../../../tools/local/edge/origins";
import { serveDistribution } from "../../../tools/local/edge/server";
import { type Emulator, startEmulator } from "../../../tools/local/servers/emulator";
import type { Front } from "../../../tools/local/servers/tls-front";

const ARN = "arn:aws:cloudfront::111111111111:distribution/D";
let emulator: Emulator;
let behind: Server;
let edge: Front;
let tasks: number[] = [];
const seen: IncomingMessage[] = [];

const origin = (domainName: string, more: Partial<EdgeOrigin> = {}): EdgeOrigin => ({
  id: domainName,
  domainName,
  headers: {},
  signed: false,
  ...more,
});
const behavior = (pattern: string, to: EdgeOrigin, more: Partial<Behavior> = {}): Behavior => ({
  pattern,
  origin: to,
  methods: ["GET", "HEAD"],
  responseHeaders: { "x-content-type-options": "nosniff" },
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
    Resource: "arn:aws:s3:::files/static/*",
    Condition: { StringEquals: { "AWS:SourceArn": ARN } },
  };
  await s3.send(
    new PutBucketPolicyCommand({
      Bucket: "files",
      Policy: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }),
    }),
  );
  for (const Key of ["static/a.css", "private/b.txt"]) {
    const object = {
      Bucket: "files",
      Key,
      Body: "0123456789",
      ContentType: "text/css",
      CacheControl: "max-age=60",
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
    response.writeHead(201, { "set-cookie": ["a=1", "b=2"] });
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
        },
      ),
      behavior("/events/*", origin("balancer-1.us-east-1.elb.amazonaws.com")),
      behavior("/stream/*", origin("files.s3.us-east-1.amazonaws.com", { signed: true }), {
        trustedKeys: new Map([["K", "key"]]),
      }),
      behavior("*", origin("files.s3.us-east-1.amazonaws.com", { signed: true })),
    ],
  };
  edge = await serveDistribution(
    distribution,
    new Origins(aws, distribution, { api: `http://127.0.0.1:${port}`, tasks: () => tasks }),
  );
}, 60_000);

afterAll(async () => {
  await edge.stop();
  behind.closeAllConnections();
  behind.close();
  await emulator.stop();
});

const get = (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${edge.port}${path}`, init);

describe("the local edge", () => {
  it("serves what the bucket's policy lets this distribution read, whole and in parts, with its headers", async () => {
    const whole = await get("/static/a.css");
    expect([whole.status, await whole.text()]).toEqual([200, "0123456789"]);
    expect(whole.headers.get("cache-control")).toBe("max-age=60");
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

  it("hands requests on with its own header over the viewer's, and answers back with every cookie", async () => {
    const answer = await get("/api/media?x=1", {
      method: "POST",
      body: "body",
      headers: { "x-mark": "forged" },
    });
    expect([answer.status, await answer.text(), answer.headers.getSetCookie()]).toEqual([
      201,
      "body",
      ["a=1", "b=2"],
    ]);
    expect(seen.at(-1)).toMatchObject({ url: "/api/media?x=1", method: "POST" });
    expect(seen.at(-1)?.headers).toMatchObject({ "x-mark": "ours", "x-forwarded-for": "127.0.0.1" });
  });

  it("streams events as they come, and ends behind when the viewer goes", async () => {
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

  it("refuses methods that the behaviour does not allow, and streams without cookies", async () => {
    expect((await get("/static/a.css", { method: "POST" })).status).toBe(403);
    const stream = await get("/stream/a/master.m3u8");
    expect([stream.status, await stream.text()]).toEqual([403, expect.stringContaining("MissingKey")]);
  });
});
