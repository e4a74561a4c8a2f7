import { createHmac, createPublicKey, createSign, generateKeyPairSync, type JsonWebKey } from "node:crypto";
import { AddPermissionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { followStage } from "../../../packages/embedded-aws/gateway/current";
import { startGatewayServer } from "../../../packages/embedded-aws/gateway/server";
import type { Segment } from "../../../packages/embedded-aws/lambda/trace";
import type { Front } from "../../../packages/embedded-aws/servers/tls-front";
import { until } from "../../../packages/cli-kit/wait-until";
import { minutesLater } from "../../support/minutes-later";
import { rawRequest } from "../../support/raw-request";
import { createFunction } from "./functions";
import { accountId, startLambda, type TestLambda } from "./lambda-service";
import { TestApi } from "./rest-api";
import { type SignedIn, signIn } from "./users";

let lambda: TestLambda;
let api: TestApi;
let server: Front;
let creator: SignedIn | undefined;
let stranger: SignedIn | undefined;
const accessed: string[] = [];
const segments: Segment[] = [];

const source = `exports.handler = async (event) => {
  switch (event.queryStringParameters?.do) {
    case "never": setInterval(() => undefined, 1_000); await new Promise(() => undefined);
    case "nothing": return;
    case "unchanged": return { statusCode: 304, headers: { ETag: event.headers["if-none-match"] } };
    case "throw": throw new Error("secret reason");
  }
  return { statusCode: 203, headers: { "X-Path": event.path }, body: JSON.stringify(event) };
};`;

const accessLog =
  "$context.status $context.resourcePath $context.error.message $context.integrationErrorMessage";

beforeAll(async () => {
  lambda = await startLambda();
  const { aws, service } = lambda;
  api = await TestApi.create(aws);
  await createFunction(aws, "answer", source, { timeout: 900 });
  await createFunction(aws, "closed", source);
  await createFunction(aws, "foreign", source);
  await new LambdaClient(aws).send(
    new AddPermissionCommand({
      FunctionName: "answer",
      StatementId: "api",
      Action: "lambda:InvokeFunction",
      Principal: "apigateway.amazonaws.com",
      SourceArn: `arn:aws:execute-api:us-east-1:${accountId}:${api.id}/test/*`,
    }),
  );
  await new LambdaClient(aws).send(
    new AddPermissionCommand({
      FunctionName: "foreign",
      StatementId: "api",
      Action: "lambda:InvokeFunction",
      Principal: "apigateway.amazonaws.com",
      SourceArn: `arn:aws:execute-api:us-east-1:${accountId}:${api.id}/*`,
      SourceAccount: "999988887777",
    }),
  );
  await api.route("open", "answer");
  await api.route("open", "answer", { method: "HEAD" });
  await api.route("impatient", "answer", { timeout: 1_000 });
  await api.route("checked", "answer", { required: "limit" });
  await api.route("closed", "closed");
  await api.route("foreign", "foreign");
  [creator, stranger] = await Promise.all(
    ["creator@example.com", "other@example.com"].map((one) => signIn(aws, one)),
  );
  await api.route("mine", "answer", { method: "POST", userPool: creator?.poolArn ?? "" });
  await api.stage("test", {
    "/accessLogSettings/format": accessLog,
    "/accessLogSettings/destinationArn": `arn:aws:logs:us-east-1:${accountId}:log-group:access`,
    "/closed/GET/throttling/rateLimit": "1",
    "/closed/GET/throttling/burstLimit": "20",
  });
  server = await startGatewayServer({
    gateway: await followStage(aws, service, { accountId, id: api.id, stage: "test" }),
    onAccess: (line) => accessed.push(line),
    onSegment: (segment) => segments.push(segment),
  });
});

afterAll(async () => {
  await server.stop();
  await lambda.stop();
});

async function get(path: string, init: RequestInit = {}) {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, init);
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, never>,
  };
}

const message = (text: string) => ({ message: text });

describe("the local gateway", () => {
  it("hands a request to the function and its answer back", async () => {
    const { status, headers, body } = await get("/test/open?limit=2&tag=a&tag=b", {
      headers: { "X-Custom": "1" },
    });
    expect(status).toBe(203);
    expect(headers.get("x-path")).toBe("/open");
    expect(headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/);
    expect(body).toMatchObject({
      resource: "/open",
      path: "/open",
      multiValueQueryStringParameters: { limit: ["2"], tag: ["a", "b"] },
      requestContext: { stage: "test", path: "/test/open", apiId: api.id, accountId },
    });
    expect(accessed.at(-1)).toBe("203 /open - -");
  });

  it("hands HEAD to the function where the API has it, and 304 back, both without a body", async () => {
    const url = `http://127.0.0.1:${server.port}/test/open`;
    const head = await fetch(url, { method: "HEAD" });
    expect([head.status, head.headers.get("x-path"), await head.text()]).toEqual([203, "/open", ""]);
    const known = { "if-none-match": 'W/"x"' };
    const unchanged = await fetch(`${url}?do=unchanged`, { headers: known });
    expect([unchanged.status, unchanged.headers.get("etag")]).toEqual([304, 'W/"x"']);
    expect(unchanged.headers.has("content-length")).toBe(false);
    expect((await fetch(url.replace("open", "checked"), { method: "HEAD" })).status).toBe(403);
  });

  it("rejects other routes, methods and stages", async () => {
    expect(await get("/test/other")).toMatchObject({
      status: 403,
      body: message("Missing Authentication Token"),
    });
    expect(await get("/test/open", { method: "POST" })).toMatchObject({ status: 403 });
    expect(await get("/prod/open")).toMatchObject({ status: 403, body: message("Forbidden") });
  });

  it("answers an invalid response with 502, without the reason", async () => {
    for (const wrong of ["nothing", "throw"]) {
      expect(await get(`/test/open?do=${wrong}`)).toMatchObject({
        status: 502,
        body: message("Internal server error"),
      });
    }
    expect(accessed.at(-1)).toBe("502 /open Internal server error secret reason");
  });

  it("answers 504 when the integration's timeout is over", async () => {
    expect(await get("/test/impatient?do=never")).toMatchObject({
      status: 504,
      body: message("Endpoint request timed out"),
    });
  });

  it.each([
    ["does not let API Gateway call it", "closed"],
    ["lets only APIs of another account call it", "foreign"],
  ])("answers 500 when the function %s", async (_what, name) => {
    const body = message("Internal server error");
    expect(await get(`/test/${name}`)).toMatchObject({ status: 500, body });
    expect(accessed.at(-1)).toMatch(`500 /${name} `);
    expect(accessed.at(-1)).toMatch(new RegExp(`Invalid permissions on Lambda function .*:${name}$`));
  });

  it("validates what the method asks for", async () => {
    const missing = message("Missing required request parameters: [limit]");
    expect(await get("/test/checked")).toMatchObject({ status: 400, body: missing });
    expect((await get("/test/checked?limit=1")).status).toBe(203);
  });

  it("accepts an identity token of the pool, and passes its claims to the function", async () => {
    const post = (authorization?: string) =>
      get("/test/mine", {
        method: "POST",
        ...(authorization === undefined ? {} : { headers: { authorization } }),
      });
    const { idToken = "", accessToken = "" } = creator ?? {};
    const [head, body, signature = ""] = idToken.split(".");
    for (const refused of [
      undefined,
      "",
      accessToken,
      stranger?.idToken,
      `${head}.${body}.${signature.slice(4)}`,
    ]) {
      expect(await post(refused)).toMatchObject({ status: 401, body: message("Unauthorized") });
    }
    for (const token of [idToken, `Bearer ${idToken}`]) {
      const answer = await post(token);
      expect(answer.status).toBe(203);
      expect(answer.body).toMatchObject({
        requestContext: { authorizer: { claims: { email: "creator@example.com", token_use: "id" } } },
      });
    }
  });

  it("accepts no forged token", async () => {
    const { idToken = "", poolArn = "" } = creator ?? {};
    const [head = "", payload = "", signature = ""] = idToken.split(".");
    const fields = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString()) as object;
    const text = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
    const claims = (changes: object) => text({ ...fields(payload), ...changes });
    const header = (alg: string) => text({ ...fields(head), alg });
    const keysUrl = `${lambda.aws.endpoint}/${poolArn.split("/")[1]}/.well-known/jwks.json`;
    const { keys } = (await (await fetch(keysUrl)).json()) as { keys: JsonWebKey[] };
    const publicKey = createPublicKey({ key: keys[0] ?? {}, format: "jwk" });
    const pem = publicKey.export({ type: "spki", format: "pem" });
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const hmac = (secret: string | Buffer) =>
      createHmac("sha256", secret)
        .update(`${header("HS256")}.${payload}`)
        .digest("base64url");
    const forged = {
      "without a signature": `${header("none")}.${payload}.`,
      "of no algorithm, with its signature": `${header("none")}.${payload}.${signature}`,
      "signed with the public key as a secret": `${header("HS256")}.${payload}.${hmac(pem)}`,
      "signed with the text of the public key": `${header("HS256")}.${payload}.${hmac(JSON.stringify(keys[0]))}`,
      "signed with another key": `${head}.${payload}.${createSign("RSA-SHA256").update(`${head}.${payload}`).sign(privateKey, "base64url")}`,
      "of another subject": `${head}.${claims({ sub: "somebody-else" })}.${signature}`,
      "of another issuer": `${head}.${claims({ iss: "https://issuer.example" })}.${signature}`,
      "for another audience": `${head}.${claims({ aud: "another" })}.${signature}`,
      "with a later expiry": `${head}.${claims({ exp: 4_000_000_000 })}.${signature}`,
      "in two parts": `${head}.${payload}`,
    };
    const statusOf = async (token: string) =>
      (await get("/test/mine", { method: "POST", headers: { authorization: `Bearer ${token}` } })).status;
    const accepted: string[] = [];
    for (const [what, token] of Object.entries(forged)) {
      if ((await statusOf(token)) !== 401) accepted.push(what);
    }
    expect(accepted).toEqual([]);
    expect(await statusOf(idToken)).toBe(203);
    minutesLater(61);
    try {
      expect(await statusOf(idToken)).toBe(401);
    } finally {
      jest.useRealTimers();
    }
  });

  it.each([
    "//open",
    "/test//..//open",
    "/test/../open",
    "/test/%2e%2e/open",
    "/test/%00",
    "/test/%zz",
    "//",
    "/",
  ])("refuses the path %s, which is none of the API's", async (path) => {
    const { status, type, body } = await rawRequest({ port: server.port, path });
    expect([status, type]).toEqual([403, "application/json"]);
    expect(JSON.parse(body)).toHaveProperty("message");
  });

  it("hands a path and parameters to the function as they were sent", async () => {
    const { status, body } = await rawRequest({ port: server.port, path: "/test//open?tag=%ff&tag=%zz" });
    expect([status, JSON.parse(body)]).toMatchObject([
      203,
      { path: "//open", multiValueQueryStringParameters: { tag: ["\ufffd", "%zz"] } },
    ]);
  });

  it("serves a deployment without a restart", async () => {
    await api.route("", "answer", { method: "POST" });
    expect((await get("/test/", { method: "POST" })).status).toBe(403);
    await api.redeploy("test");
    const post = () => get("/test/", { method: "POST", body: "text" });
    await until("the deployment is served", async () => (await post()).status !== 403);
    expect((await post()).body).toMatchObject({ body: "text" });
  });

  it("answers errors as the API's gateway responses say, from the next deployment on", async () => {
    await api.gatewayResponse("MISSING_AUTHENTICATION_TOKEN", '{"why":$context.error.messageString}');
    expect((await get("/test/unknown")).body).toEqual(message("Missing Authentication Token"));
    await api.redeploy("test");
    const unknown = async () => (await get("/test/unknown")).body;
    await until("the deployment is served", async () => "why" in (await unknown()));
    expect(await unknown()).toEqual({ why: "Missing Authentication Token" });
  });

  it("accepts no more than 10 MB", async () => {
    const body = Buffer.alloc(10 * 1024 * 1024 + 1);
    const refused = message("Request Too Long");
    expect(await get("/test/", { method: "POST", body })).toMatchObject({ status: 413, body: refused });
  });

  it("adds the stage's segment to the caller's trace", async () => {
    const trace = "1-6b04b525-fcd06a6e5787a5b1a9048d30";
    const { headers } = await get("/test/open?do=throw", { headers: { "X-Amzn-Trace-Id": `Root=${trace}` } });
    expect(headers.get("x-amzn-trace-id")).toBe(`Root=${trace};Sampled=1`);
    expect(segments.at(-1)).toMatchObject({
      trace_id: trace,
      name: "Test API/test",
      fault: true,
      http: { response: { status: 502 } },
    });
  });

  it("rejects requests above the stage's throttle", async () => {
    const statuses = await Promise.all(
      Array.from({ length: 100 }, () => get("/test/closed").then(({ status }) => status)),
    );
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(10);
    expect(statuses.filter((status) => status === 500).length).toBeGreaterThan(10);
  });
});
