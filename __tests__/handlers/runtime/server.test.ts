import { getEventListeners } from "node:events";
import { type RunningServer, startServer } from "../../../handlers/runtime/server";
import { decoded, synthEnvironment } from "../../support/synth";
import { testEnvironments } from "../../support/test-environments";

const KEEP_ALIVE_SECONDS = 61;

let server: RunningServer;

beforeAll(async () => {
  server = await startServer({
    port: 0,
    keepAliveSeconds: KEEP_ALIVE_SECONDS,
    answer: () => ({ status: 200, headers: {}, body: "up" }),
    onFailure: (error) => {
      throw error;
    },
  });
});
afterAll(() => server.stop());

test("keeps an idle connection open for the given time", async () => {
  const { headers } = await fetch(`http://127.0.0.1:${server.port}/health`);
  // Node.js tells the client how long it keeps a connection open.
  expect(headers.get("keep-alive")).toBe(`timeout=${KEEP_ALIVE_SECONDS}`);
});

test("waits for a slow client as often as needed, without a listener that stays", async () => {
  const listeners: number[] = [];
  const chunk = "x".repeat(1 << 20);
  const slow = await startServer({
    port: 0,
    keepAliveSeconds: KEEP_ALIVE_SECONDS,
    answer: (_, gone) => ({
      status: 200,
      headers: {},
      body: (async function* () {
        for (let turn = 0; turn < 12; turn++) {
          listeners.push(getEventListeners(gone, "abort").length);
          yield await Promise.resolve(chunk);
        }
      })(),
    }),
    onFailure: (error) => {
      throw error;
    },
  });
  try {
    const answer = await fetch(`http://127.0.0.1:${slow.port}/`);
    expect(await answer.text()).toHaveLength(12 << 20);
    expect(listeners).toEqual(Array(12).fill(listeners[0]));
  } finally {
    await slow.stop();
  }
});

test.each(testEnvironments.map(({ name }) => name))(
  "the processor of %s keeps connections longer than the load balancer, which would answer 502 otherwise",
  (environment) => {
    const stack = synthEnvironment(environment);
    const [balancer] = stack.of("aws_lb");
    const [task] = stack.of("aws_ecs_task_definition");
    const [container] = decoded(String(task?.container_definitions)) as {
      readonly environment: readonly { readonly name: string; readonly value: string }[];
    }[];
    const seconds = container?.environment.find(({ name }) => name === "KEEP_ALIVE_SECONDS")?.value;
    expect(Number(seconds)).toBeGreaterThan(balancer?.idle_timeout as number);
  },
);
