import { createServer, type RequestListener, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { AwsClient } from "../../../handlers/services/aws-client";
import { isPassing, statusOf } from "../../../handlers/services/aws-errors";

const keys = { accessKeyId: "AKIA1", secretAccessKey: "secret-key" };
let server: Server;
let answers: RequestListener[];
let count: number;

beforeEach(async () => {
  [answers, count] = [[], 0];
  server = createServer((request, response) => {
    const answer = answers[Math.min(count++, answers.length - 1)];
    request.resume().once("end", () => answer?.(request, response));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const answer =
  (status: number, body = ""): RequestListener =>
  (_, response) =>
    void response.writeHead(status).end(body);

function send({ timeout = 60_000, patience = 600_000 } = {}) {
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new AwsClient({
    service: "s3",
    region: "us-east-1",
    credentials: () => keys,
    endpoint,
    patience,
  });
  return client.send({
    operation: "ListParts",
    method: "GET",
    url: client.endpoint,
    query: { b: "1", a: "" },
    timeout,
  });
}

const late = '<?xml version="1.0"?>\n<Error><Code>InternalError</Code><Message>We failed.</Message></Error>';

it.each([
  ["fails", answer(500)],
  ["has too much to do", answer(503, "<Error><Code>SlowDown</Code></Error>")],
  ["asks to slow down", answer(400, '{"__type":"com.amazonaws#ThrottlingException"}')],
  ["ends the connection", (request) => request.socket.destroy()],
  ["fails after it said that it would not", answer(200, late)],
])("tries again when AWS %s", async (_, first) => {
  answers = [first, answer(200, "fine")];
  expect((await send()).text).toBe("fine");
  expect(count).toBe(2);
});

it("tries again when AWS is silent", async () => {
  answers = [() => undefined, answer(200, "fine")];
  expect((await send({ timeout: 100 })).text).toBe("fine");
});

it("fails after a timeout with a retryable error", async () => {
  answers = [answer(503)];
  const began = Date.now();
  jest.spyOn(Date, "now").mockImplementation(() => began + 400 * count);
  await expect(send({ patience: 1_000 })).rejects.toMatchObject({
    name: "Unavailable",
    message: "s3 is unavailable",
    cause: { name: "Status503" },
  });
  jest.restoreAllMocks();
  expect(count).toBe(3);
});

it.each([
  [
    404,
    "<Error><Code>NoSuchUpload</Code><Message>It is gone.</Message></Error>",
    "NoSuchUpload",
    "ListParts: NoSuchUpload It is gone.",
  ],
  [403, "", "Status403", "ListParts: Status403"],
  [
    400,
    '{"__type":"ResourceNotFoundException","Message":"no secret"}',
    "ResourceNotFoundException",
    "ListParts: ResourceNotFoundException no secret",
  ],
])("rejects immediately when AWS responds with an error: %i %s", async (status, body, name, message) => {
  answers = [answer(status, body)];
  const error: unknown = await send().catch((error: unknown) => error);
  expect(error).toMatchObject({ name, message });
  expect([statusOf(error), isPassing(error), count]).toEqual([status, false, 1]);
});

it("sends the signed query unchanged", async () => {
  let url = "";
  answers = [(request, response) => void ((url = request.url ?? ""), response.end())];
  await send();
  expect(url).toBe("/?a=&b=1");
});
