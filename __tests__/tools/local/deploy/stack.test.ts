import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeployedStack, type Pace } from "../../../../tools/local/deploy/stack";

let folder: string;

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "streamflow-stack-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** What Terraform is called with for init, plan and apply. */
async function calls(pace?: Pace): Promise<string[]> {
  const path = join(folder, "terraform");
  const log = join(folder, "calls");
  writeFileSync(path, `#!/bin/sh\necho "$@" >> "${log}"\n`);
  chmodSync(path, 0o755);
  const toolchain = {
    executable: { path, version: "1.11.4", source: "PATH" as const },
    mirror: undefined,
    env: {},
  };
  const stack = new DeployedStack({ toolchain, folder, env: {}, log: join(folder, "log") }, "plan", pace);
  await stack.init();
  await stack.plan(() => undefined, "-lock=false");
  await stack.apply({ add: 1, change: 0, remove: 0 }, () => undefined);
  return readFileSync(log, "utf8").trim().split("\n");
}

test("Terraform streams events, as many resources at once as it is told", async () => {
  expect(await calls({ parallelism: 10 })).toEqual([
    "init -json -input=false -reconfigure",
    "plan -json -input=false -parallelism=10 -lock=false -out=plan",
    "apply -json -input=false -parallelism=10 plan",
  ]);
});

test("Terraform Cloud is given none of the flags that it refuses", async () => {
  expect(await calls({ parallelism: 10, remote: true })).toEqual([
    "init -input=false",
    "plan -input=false -lock=false -out=plan",
    "apply -input=false plan",
  ]);
});
