import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { localFolder } from "../../packages/cli-kit/paths";
import { Start } from "../support/start";
import { synthesizedDev } from "./synthesized-dev";

/** `npm start -- --once` with a separate name, because it runs beside other tests. */
let once: Start;
const leftByEarlierRun = join(localFolder, "once-test/left-by-an-earlier-run");

beforeAll(async () => {
  mkdirSync(join(localFolder, "once-test"), { recursive: true });
  writeFileSync(leftByEarlierRun, "");
  once = new Start("--once", "--name", "once-test");
  await once.ended;
});

test("starts from an empty state, destroys everything, and exits with 0", async () => {
  const { code, output } = await once.ended;
  // The output explains a failure.
  expect(code === 0 ? "" : output).toBe("");
  expect(existsSync(leftByEarlierRun)).toBe(false);
});

test("leaves nothing behind, neither in the state nor in the account", () => {
  const { resources } = synthesizedDev();
  expect(once.line("terraform destroy")).toContain(`${resources} of ${resources} destroyed`);
  expect(once.line("foundation destroy")).toMatch(/(\d+) of \1 destroyed/);
  expect(once.line("all resources destroyed")).toContain("state empty, no tagged resource left");
});
