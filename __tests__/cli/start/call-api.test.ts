import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { call } from "../../../cli/start/call-api";

let server: Server;
const statuses: number[] = [];

beforeAll(async () => {
  server = createServer((_, response) => {
    response.writeHead(statuses.shift() ?? 200).end("text");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => server.close());

const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`;

it("retries while the API responds with 503", async () => {
  statuses.push(503, 503);
  expect(await call(url())).toMatchObject({ status: 200, text: "text" });
});

it("returns the response to any method", async () => {
  statuses.push(503, 201);
  expect(await call(url(), { method: "POST", body: "{}" })).toMatchObject({ status: 201, text: "text" });
});

it("fails immediately on any other response, with the first part of it", async () => {
  statuses.push(500, 200);
  await expect(call(url())).rejects.toThrow(/health answered 500: text$/);
  statuses.splice(0);
});
