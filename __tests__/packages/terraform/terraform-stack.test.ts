import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TerraformStack, type Pace } from "../../../packages/terraform/terraform-stack";

let folder: string;

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "streamflow-stack-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** A stack with a script as Terraform. */
function stackWith(script: string, pace: Pace = { parallelism: 10 }): TerraformStack {
  const path = join(folder, "terraform");
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  const toolchain = {
    executable: { path, version: "1.11.4", source: "PATH" as const },
    mirror: undefined,
    env: {},
  };
  return new TerraformStack({ toolchain, folder, env: {}, log: join(folder, "log") }, "plan", pace);
}

/** Arguments of Terraform for init, plan and apply. */
async function calls(pace?: Pace): Promise<string[]> {
  const log = join(folder, "calls");
  const stack = stackWith(`echo "$@" >> "${log}"`, pace);
  await stack.init();
  await stack.plan(() => undefined, "-lock=false");
  await stack.apply({ add: 1, change: 0, remove: 0 }, () => undefined);
  return readFileSync(log, "utf8").trim().split("\n");
}

test("Terraform streams events, with the configured parallelism", async () => {
  expect(await calls({ parallelism: 10 })).toEqual([
    "init -input=false -json -reconfigure",
    "plan -detailed-exitcode -json -input=false -parallelism=10 -lock=false -out=plan",
    "apply -json -input=false -parallelism=10 plan",
  ]);
});

test("Terraform Cloud does not get the flags that it rejects", async () => {
  expect(await calls({ parallelism: 10, cloud: "remote" })).toEqual([
    "init -input=false -no-color",
    "plan -detailed-exitcode -input=false -no-color -lock=false -out=plan",
    "apply -input=false -no-color plan",
  ]);
});

test("a plan with its state in Terraform Cloud streams events if Terraform runs here", async () => {
  expect(await calls({ parallelism: 10, cloud: "local" })).toEqual([
    "init -input=false -no-color",
    "plan -detailed-exitcode -json -input=false -parallelism=10 -lock=false -out=plan",
    "apply -json -input=false -parallelism=10 plan",
  ]);
});

test("an error without event stream is shown from its first line, without Terraform's frame", async () => {
  const output = [
    "Preparing",
    "╷",
    "│ Error: Error acquiring the state lock",
    "│ ",
    "│ workspace already locked",
    "╵",
  ];
  const stack = stackWith(`printf '${output.join("\\n")}\\n' >&2\nexit 1`);
  await expect(stack.init()).rejects.toThrow(
    /:\nError: Error acquiring the state lock\nworkspace already locked$/,
  );
});

test.each([
  [0, true],
  [2, false],
])("a plan that ends with exit code %i is empty: %s", async (code, empty) => {
  await expect(stackWith(`exit ${code}`).plan(() => undefined)).resolves.toMatchObject({ empty });
});

test("what AWS answers is recorded without a change in AWS, and only where it differs", async () => {
  const log = join(folder, "calls");
  const differs = stackWith(`echo "$@" >> "${log}"; case "$1" in plan) exit 2;; esac`);
  await differs.record(() => undefined);
  await stackWith(`echo "$@" >> "${log}"`).record(() => undefined);
  expect(readFileSync(log, "utf8").trim().split("\n")).toEqual([
    "plan -detailed-exitcode -json -input=false -parallelism=10 -refresh-only -out=plan.refresh",
    "apply -json -input=false -parallelism=10 plan.refresh",
    "plan -detailed-exitcode -json -input=false -parallelism=10 -refresh-only -out=plan.refresh",
  ]);
});

test("a failed plan is an error", async () => {
  await expect(stackWith("exit 1").plan(() => undefined)).rejects.toThrow("terraform plan failed");
});

test("an apply reports each completed resource, and no other", async () => {
  const said = (type: string, addr: string): string =>
    `echo '${JSON.stringify({ type, "@message": "", hook: { resource: { addr }, action: "create" } })}'`;
  const done: string[] = [];
  const stack = stackWith(
    [
      said("apply_start", "aws_s3_bucket.state"),
      said("apply_complete", "aws_s3_bucket.state"),
      said("apply_start", "aws_kms_key.state"),
      said("apply_errored", "aws_kms_key.state"),
    ].join("\n"),
  );
  await stack.apply(
    { add: 2, change: 0, remove: 0 },
    () => undefined,
    (address) => done.push(address),
  );
  expect(done).toEqual(["aws_s3_bucket.state"]);
});

test("an apply without a plan file reports the planned changes first, and then the completed ones", async () => {
  const said = (event: object): string => `echo '${JSON.stringify({ "@message": "", ...event })}'`;
  const resource = { addr: "aws_s3_bucket.state" };
  const changes = { add: 1, change: 0, remove: 0 };
  const stack = stackWith(
    [
      `echo "$@" > "${join(folder, "calls")}"`,
      said({ type: "planned_change", change: { resource, action: "create" } }),
      said({
        type: "planned_change",
        change: { resource: { addr: "aws_kms_key.state" }, action: "replace" },
      }),
      said({ type: "change_summary", changes: { ...changes, operation: "plan" } }),
      said({ type: "apply_complete", hook: { resource, action: "create" } }),
      said({ type: "change_summary", changes: { ...changes, operation: "apply" } }),
    ].join("\n"),
  );
  const told: unknown[] = [];
  const counts = await stack.applyAtOnce(() => undefined, {
    onPlanned: (touched) => told.push([...touched]),
    onDone: (address) => told.push(address),
  });
  expect(told).toEqual([
    ["aws_s3_bucket.state", "aws_kms_key.state", "aws_kms_key.state"],
    "aws_s3_bucket.state",
  ]);
  expect(counts).toMatchObject(changes);
  expect(readFileSync(join(folder, "calls"), "utf8")).toBe(
    "apply -json -input=false -parallelism=10 -auto-approve\n",
  );
});
