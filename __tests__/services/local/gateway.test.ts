import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateRequestValidatorCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  CreateStageCommand,
  GetResourcesCommand,
  PutIntegrationCommand,
  PutMethodCommand,
  UpdateStageCommand,
} from "@aws-sdk/client-api-gateway";
import { AddPermissionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { type AwsClientConfig, clientConfig } from "../../../tools/local/aws";
import { followStage } from "../../../tools/local/gateway/current";
import { startGatewayServer } from "../../../tools/local/gateway/server";
import { RoleCredentials } from "../../../tools/local/lambda/credentials";
import { LambdaService } from "../../../tools/local/lambda/service";
import type { Segment } from "../../../tools/local/lambda/trace";
import { type Emulator, startEmulator } from "../../../tools/local/servers/emulator";
import type { Front } from "../../../tools/local/servers/tls-front";
import { XRayDaemon } from "../../../tools/local/xray/daemon";
import { createFunction, createRole } from "./functions";

const folder = mkdtempSync(join(tmpdir(), "gateway-"));
const accountId = "111111111111";
let emulator: Emulator;
let aws: AwsClientConfig;
let client: APIGatewayClient;
let restApiId: string;
let root: string;
let xray: XRayDaemon;
let service: LambdaService;
let server: Front;
const accessed: string[] = [];
const segments: Segment[] = [];

const source = `exports.handler = async (event) => {
  switch (event.queryStringParameters?.do) {
    case "wait": await new Promise((resolve) => setTimeout(resolve, 3000)); break;
    case "nothing": return;
    case "throw": throw new Error("secret reason");
  }
  return { statusCode: 203, headers: { "X-Path": event.path }, body: JSON.stringify(event) };
};`;

const uri = (name: string) =>
  `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:${accountId}:function:${name}/invocations`;

async function addRoute(
  pathPart: string,
  name: string,
  more: { timeoutInMillis?: number; validator?: string } = {},
) {
  const { id: resourceId } = await client.send(
    new CreateResourceCommand({ restApiId, parentId: root, pathPart }),
  );
  const at = { restApiId, resourceId, httpMethod: "GET" };
  const validated = more.validator !== undefined && {
    requestValidatorId: more.validator,
    requestParameters: { "method.request.querystring.limit": true },
  };
  await client.send(new PutMethodCommand({ ...at, authorizationType: "NONE", ...validated }));
  const { timeoutInMillis } = more;
  const integration = { ...at, type: "AWS_PROXY" as const, integrationHttpMethod: "POST", uri: uri(name) };
  await client.send(
    new PutIntegrationCommand({ ...integration, ...(timeoutInMillis !== undefined && { timeoutInMillis }) }),
  );
}

const deploy = async () => (await client.send(new CreateDeploymentCommand({ restApiId }))).id;

beforeAll(async () => {
  emulator = await startEmulator({ accountId, log: join(folder, "emulator.log") });
  aws = clientConfig(emulator.endpoint, "us-east-1");
  client = new APIGatewayClient(aws);
  await createRole(aws);
  await createFunction(aws, "answer", source);
  await createFunction(aws, "closed", source);
  const api = await client.send(new CreateRestApiCommand({ name: "Test API" }));
  restApiId = api.id ?? "";
  const resources = await client.send(new GetResourcesCommand({ restApiId }));
  root = resources.items?.[0]?.id ?? "";
  await new LambdaClient(aws).send(
    new AddPermissionCommand({
      FunctionName: "answer",
      StatementId: "api",
      Action: "lambda:InvokeFunction",
      Principal: "apigateway.amazonaws.com",
      SourceArn: `arn:aws:execute-api:us-east-1:${accountId}:${restApiId}/test/*`,
    }),
  );
  const validator = await client.send(
    new CreateRequestValidatorCommand({ restApiId, name: "parameters", validateRequestParameters: true }),
  );
  await addRoute("open", "answer", { timeoutInMillis: 1_000 });
  await addRoute("checked", "answer", { validator: validator.id ?? "" });
  await addRoute("closed", "closed");
  await client.send(
    new CreateStageCommand({
      restApiId,
      stageName: "test",
      deploymentId: await deploy(),
      tracingEnabled: true,
    }),
  );
  const value =
    "$context.status $context.resourcePath $context.error.message $context.integrationErrorMessage";
  await client.send(
    new UpdateStageCommand({
      restApiId,
      stageName: "test",
      patchOperations: [
        { op: "replace", path: "/accessLogSettings/format", value },
        {
          op: "replace",
          path: "/accessLogSettings/destinationArn",
          value: `arn:aws:logs:us-east-1:${accountId}:log-group:access`,
        },
        { op: "replace", path: "/*/*/throttling/rateLimit", value: "20" },
        { op: "replace", path: "/*/*/throttling/burstLimit", value: "30" },
      ],
    }),
  );
  xray = await XRayDaemon.start(aws);
  service = new LambdaService({
    aws,
    credentials: new RoleCredentials(aws),
    xray,
    hosts: {},
    folder: join(folder, "code"),
    certificates: "/nowhere/ca.pem",
    logFile: (name) => join(folder, `${name}.log`),
  });
  server = await startGatewayServer({
    gateway: await followStage(aws, service, { accountId, id: restApiId, stage: "test" }),
    onAccess: (line) => accessed.push(line),
    onSegment: (segment) => segments.push(segment),
  });
}, 60_000);

afterAll(async () => {
  await server.stop();
  await service.stop();
  await xray.stop();
  await emulator.stop();
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
      requestContext: { stage: "test", path: "/test/open", apiId: restApiId, accountId },
    });
    expect(accessed.at(-1)).toBe("203 /open - -");
  });

  it("knows no other routes, methods or stages", async () => {
    expect(await get("/test/other")).toMatchObject({
      status: 403,
      body: message("Missing Authentication Token"),
    });
    expect(await get("/test/open", { method: "POST" })).toMatchObject({ status: 403 });
    expect(await get("/prod/open")).toMatchObject({ status: 403, body: message("Forbidden") });
  });

  it("answers 502 to what is no answer, and never tells why to the caller", async () => {
    for (const wrong of ["nothing", "throw"]) {
      expect(await get(`/test/open?do=${wrong}`)).toMatchObject({
        status: 502,
        body: message("Internal server error"),
      });
    }
    expect(accessed.at(-1)).toBe("502 /open Internal server error secret reason");
  });

  it("answers 504 when the integration's timeout is over", async () => {
    const began = Date.now();
    expect(await get("/test/open?do=wait")).toMatchObject({
      status: 504,
      body: message("Endpoint request timed out"),
    });
    expect(Date.now() - began).toBeLessThan(2_000);
  });

  it("answers 500 when the function does not let API Gateway call it", async () => {
    expect(await get("/test/closed")).toMatchObject({ status: 500, body: message("Internal server error") });
    expect(accessed.at(-1)).toMatch(/^500 \/closed .*Invalid permissions on Lambda function .*:closed$/);
  });

  it("validates what the method asks for", async () => {
    const missing = message("Missing required request parameters: [limit]");
    expect(await get("/test/checked")).toMatchObject({ status: 400, body: missing });
    expect((await get("/test/checked?limit=1")).status).toBe(203);
  });

  it("serves what is deployed meanwhile, and takes no more than 10 MB", async () => {
    const body = Buffer.alloc(10 * 1024 * 1024 + 1);
    const response = await fetch(`http://127.0.0.1:${server.port}/test/open`, { method: "GET" });
    expect(response.status).toBe(203);
    await client.send(
      new PutMethodCommand({ restApiId, resourceId: root, httpMethod: "POST", authorizationType: "NONE" }),
    );
    await client.send(
      new PutIntegrationCommand({
        restApiId,
        resourceId: root,
        httpMethod: "POST",
        type: "AWS_PROXY",
        integrationHttpMethod: "POST",
        uri: uri("answer"),
      }),
    );
    const patchOperations = [
      { op: "replace" as const, path: "/deploymentId", value: (await deploy()) ?? "" },
    ];
    await client.send(new UpdateStageCommand({ restApiId, stageName: "test", patchOperations }));
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    // what was deployed meanwhile is served
    expect((await get("/test/", { method: "POST", body: "text" })).body).toMatchObject({ body: "text" });
    expect(await get("/test/", { method: "POST", body })).toMatchObject({
      status: 413,
      body: message("Request Too Long"),
    });
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

  it("refuses what is over the stage's throttle", async () => {
    const statuses = await Promise.all(
      Array.from({ length: 60 }, () => get("/test/closed").then(({ status }) => status)),
    );
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(10);
    expect(statuses.filter((status) => status === 500).length).toBeGreaterThan(10);
  });
});
