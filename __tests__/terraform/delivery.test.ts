import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { explainStale, sha256Of, matchFolder, takeReviewed } from "../../cli/delivery/saved-plan";
import { Refusal } from "../../packages/cli-kit/refusal";
import { TerraformStack } from "../../packages/terraform/terraform-stack";
import { terraformToolchain } from "../../cli/lib/toolchain";
import type { TerraformToolchain } from "../../packages/terraform/toolchain";

let toolchain: TerraformToolchain;
let folder: string;
let reviewed: string;
let stack: TerraformStack;
const silent = () => undefined;

/** Terraform's own resource needs no provider and no cloud; everything else is as for a real stack. */
const configuration = (input: string) =>
  JSON.stringify({
    terraform: { backend: { local: { path: "state.tfstate" } } },
    resource: { terraform_data: { media: { input } } },
    output: { input: { value: "${terraform_data.media.output}" } },
  });

beforeAll(async () => (toolchain = await terraformToolchain()));

/** A stack with a reviewed plan. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "streamflow-saved-"));
  writeFileSync(join(folder, "cdk.tf.json"), configuration("one"));
  stack = stackIn(join(folder, "plan.tfplan"));
  await stack.init();
  await stack.plan(silent);
  reviewed = join(folder, "reviewed.tfplan");
  copyFileSync(stack.planFile, reviewed);
});

afterEach(() => rmSync(folder, { recursive: true }));

const stackIn = (planFile: string) =>
  new TerraformStack({ toolchain, folder, env: {}, log: join(folder, "log") }, planFile, { parallelism: 10 });

/** The error of `apply` for a failure. */
const applied = () =>
  stack.apply({ add: 1, change: 0, remove: 0 }, silent).catch((error: unknown) => {
    throw explainStale(error, "dev");
  });

test("the reviewed plan is applied, without another plan", async () => {
  takeReviewed({ plan: reviewed, sha256: sha256Of(reviewed) }, stack.planFile);
  matchFolder(folder, stack);
  await expect(applied()).resolves.toMatchObject({ add: 1, change: 0, remove: 0 });
  await expect(stack.outputs()).resolves.toEqual({ input: "one" });
});

test("the reviewed plan may be where it is applied from already", () => {
  const sha256 = sha256Of(stack.planFile);
  takeReviewed({ plan: stack.planFile, sha256 }, stack.planFile);
  expect(sha256Of(stack.planFile)).toBe(sha256);
});

test("a plan that differs from the reviewed bytes is rejected", () => {
  const sha256 = "0".repeat(64);
  expect(() => takeReviewed({ plan: reviewed, sha256 }, stack.planFile)).toThrow(Refusal);
  expect(() => takeReviewed({ plan: reviewed, sha256 }, stack.planFile)).toThrow(
    `its SHA-256 is ${sha256Of(reviewed)}, expected ${sha256}; nothing was applied`,
  );
});

test("a plan of another source than the checkout's is refused", () => {
  writeFileSync(join(folder, "cdk.tf.json"), configuration("two"));
  expect(() => matchFolder(folder, { planFile: reviewed })).toThrow("the plan was made from another commit");
});

test("a file that is no plan is refused", () => {
  expect(() => takeReviewed({ plan: join(folder, "none"), sha256: "" }, stack.planFile)).toThrow(
    "does not exist: pass the reviewed file to --plan",
  );
  writeFileSync(join(folder, "cloud.tfplan"), '{"remote_plan_format":1,"run_id":"run-1","hostname":"app"}');
  // Terraform Cloud has the plan and its configuration.
  expect(() => matchFolder(folder, { planFile: join(folder, "cloud.tfplan") })).not.toThrow();
});

test("a plan whose state has changed since is rejected with a message", async () => {
  // Another deployment happens in the meantime.
  await applied();
  writeFileSync(join(folder, "cdk.tf.json"), configuration("two"));
  await stack.plan(silent);
  await applied();
  takeReviewed({ plan: reviewed, sha256: sha256Of(reviewed) }, stack.planFile);
  const late = applied();
  await expect(late).rejects.toThrow(Refusal);
  await expect(late).rejects.toThrow(
    /^the plan is stale: the state of dev .*\. Nothing was applied\. .*npm run plan -- dev$/,
  );
  await expect(stack.outputs()).resolves.toEqual({ input: "two" });
});

test("any other failure has Terraform's message", () => {
  const error = new Error("no credentials");
  expect(explainStale(error, "dev")).toBe(error);
});
