import { type RunningServer, startServer } from "../../../handlers/runtime/server";
import { synthEnvironment } from "../../support/synth";
import { testEnvironments } from "../../support/test-environments";

let server: RunningServer;

beforeAll(async () => {
  server = await startServer({
    port: 0,
    answer: () => ({ status: 200, headers: {}, body: "up" }),
    onFailure: (error) => {
      throw error;
    },
  });
});
afterAll(() => server.stop());

test.each(testEnvironments.map(({ name }) => name))(
  "keeps an idle connection longer than the load balancer of %s, which would answer 502 otherwise",
  async (name) => {
    const { headers } = await fetch(`http://127.0.0.1:${server.port}/health`);
    // Node.js tells the client how long it keeps a connection open.
    const [, seconds = "0"] = /timeout=(\d+)/.exec(headers.get("keep-alive") ?? "") ?? [];
    const [balancer] = synthEnvironment(name).of("aws_lb");
    expect(Number(seconds)).toBeGreaterThan(balancer?.idle_timeout as number);
  },
);
