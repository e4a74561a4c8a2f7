import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { deploy, type Deployment } from "../../../cli/start/deploy";
import { SynthesizedStack } from "../../../cli/lib/synthesize";
import { Steps } from "../../../packages/cli-kit/progress";
import { type FakeAws, fakeAws } from "../../support/fake-aws";

const LEFT = {
  format_version: "1.2",
  resource_changes: [
    {
      address: "aws_sqs_queue.media",
      type: "aws_sqs_queue",
      mode: "managed",
      change: { actions: ["create"], before: null, after: {} },
    },
  ],
};

const FOUNDATION = "aws_s3_bucket.state aws_iam_policy.boundary aws_s3_bucket_lifecycle_configuration.state";

/**
 * A Terraform that uses files: `<stack>.state` is a stack's state, `<stack>.left` means that a plan finds changes,
 * `<stack>.broken` that a plan fails. `touched` lists the addresses that the foundation's apply creates: first its
 * bucket; after the stack was planned, another boundary, which fails if `refused` exists; after the stack was applied,
 * the bucket's lifecycle. If `migrations` exists, the stack's apply runs them, and it contains the stack's outputs.
 */
const TERRAFORM = `#!/bin/sh
stack=$(basename "$PWD")
cd ../..
echo "$stack: $*" >> calls
wait_for() { for _ in $(seq 200); do grep -q "^$1" calls && return; sleep 0.05; done; exit 1; }
said() { echo "{\\"@message\\":\\"\\",$1}"; }
planned() {
  test $stack = app || for address in $(cat touched); do
    case $address in *boundary) action=replace ;; *) action=create ;; esac
    said '"type":"planned_change","change":{"resource":{"addr":"'$address'"},"action":"'$action'"}'
  done
  said '"type":"change_summary","changes":{"add":1,"change":0,"remove":0,"operation":"plan"}'
}
case "$1" in
  init)
    case "$*" in *-migrate-state*) cp foundation.state in-bucket ;; esac ;;
  plan)
    test ! -e $stack.broken || exit 1
    test -e $stack.left || exit 0
    planned
    exit 2 ;;
  apply)
    case "$*" in *-auto-approve*) planned ;; esac
    if test $stack = foundation; then
      for address in $(cat touched); do
        case $address in
          *boundary)
            wait_for "app: plan"
            said '"type":"apply_complete","hook":{"resource":{"addr":"'$address'"},"action":"delete"}'
            sleep 0.3
            test ! -e refused || exit 1
            echo "boundary is there" >> calls ;;
          *lifecycle*) test -e app.broken || test ! -e app.left || wait_for "app: apply" ;;
        esac
        said '"type":"apply_complete","hook":{"resource":{"addr":"'$address'"},"action":"create"}'
      done
      touch foundation.tfstate
    elif test -e migrations; then
      said '"type":"apply_complete","hook":{"resource":{"addr":"aws_lambda_invocation.migrations"},"action":"create"}'
    fi
    echo "{\\"serial\\":$(wc -l < calls),\\"lineage\\":\\"l\\",\\"resources\\":[]}" > $stack.state
    test -e $stack.never || rm $stack.left
    echo "$stack: applied" >> calls ;;
  show) echo '${JSON.stringify(LEFT)}' ;;
  output) cat migrations ;;
  state) cat $stack.state 2> /dev/null || true ;;
esac
`;

let folder: string;
let aws: FakeAws;
let checkpoint: number;
const output = new PassThrough();
const steps = new Steps(output);
afterAll(() => steps.end());

const at = (name: string): string => join(folder, name);
const touch = (name: string): void => writeFileSync(at(name), "");
const calls = (): string[] => readFileSync(at("calls"), "utf8").trim().split("\n");
const said = (): string => String(output.read() ?? "");

const backend = { s3: { bucket: "state", region: "us-east-1", key: "app/terraform.tfstate" } };

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "streamflow-deploy-"));
  checkpoint = 200;
  aws = await fakeAws((request) => {
    if (request.startsWith("HEAD")) return { status: existsSync(at("in-bucket")) ? 200 : 404, body: "" };
    return request.includes("checkpoint")
      ? { status: checkpoint, body: "disk full" }
      : { status: 204, body: "" };
  });
  writeFileSync(at("terraform"), TERRAFORM);
  chmodSync(at("terraform"), 0o755);
  for (const name of ["foundation", "app"]) mkdirSync(at(`stacks/${name}`), { recursive: true });
  const resource = { aws_s3_bucket: { state: { bucket: "state" } } };
  writeFileSync(at("stacks/foundation/cdk.tf.json"), JSON.stringify({ resource }));
  touch("foundation.left");
  touch("app.left");
  writeFileSync(at("touched"), FOUNDATION);
  said();
});

afterEach(async () => {
  await aws.close();
  rmSync(folder, { recursive: true });
});

/** Deploys the stack `app` with this synthesized JSON. */
function deployed(synthesized: object = { terraform: { backend } }): Promise<Deployment> {
  writeFileSync(at("calls"), "");
  writeFileSync(
    at("stacks/app/cdk.tf.json"),
    JSON.stringify({ provider: { aws: [{ region: "us-east-1" }] }, ...synthesized }),
  );
  const executable = { path: at("terraform"), version: "1.11.4", source: "PATH" as const };
  return deploy({
    synthesized: new SynthesizedStack("app", at("stacks/app")),
    emulator: { endpoint: aws.endpoint, port: 0, accountId: "111111111111", stop: () => Promise.resolve() },
    toolchain: { executable, mirror: undefined, env: {} },
    run: { path: (...names) => join(folder, ...names), log: (name) => at(`${name}.log`), report: at },
    steps,
  });
}

const RESUMED = "app: unchanged since the last verified run";

/** A run that verifies its result. */
async function verify(): Promise<void> {
  expect(await (await deployed()).verify()).toBe(true);
  said();
}

test("plans the stack while the foundation is applied, and applies it while a lifecycle alone is waited for", async () => {
  await deployed();
  const order = ["foundation: apply", "app: plan", "boundary", "app: apply", "foundation: applied"];
  const places = order.map((call) => calls().findIndex((one) => one.startsWith(call)));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(calls()).toEqual(expect.arrayContaining(order.map((call) => expect.stringContaining(call))));
});

test("applies a new foundation without a separate plan, and an existing one by a saved plan", async () => {
  const planned = () => calls().filter((call) => call.startsWith("foundation: plan")).length;
  await deployed();
  expect(planned()).toBe(0);
  touch("foundation.left");
  touch("app.left");
  await deployed();
  expect(planned()).toBe(1);
});

test("a stack that can't be planned does not interrupt an apply of the foundation", async () => {
  touch("app.broken");
  await expect(deployed()).rejects.toThrow("terraform plan failed");
  expect(calls()).toContain("foundation: applied");
});

test("applies the stack immediately where the foundation only lacks a lifecycle", async () => {
  writeFileSync(at("touched"), "aws_s3_bucket_lifecycle_configuration.state");
  await deployed();
  const begun = calls().findIndex((call) => call.startsWith("app: apply"));
  expect(begun).toBeGreaterThanOrEqual(0);
  expect(calls().indexOf("foundation: applied")).toBeGreaterThan(begun);
});

test("applies no stack where the foundation lacks what it needs", async () => {
  touch("refused");
  await expect(deployed()).rejects.toThrow("terraform apply failed");
  expect(calls().filter((call) => call.startsWith("app: appl"))).toEqual([]);
});

test("a plan after the apply that is not empty is thrown, and not noted", async () => {
  touch("app.never");
  const deployment = await deployed();
  expect(deployment.resumed).toBe(false);
  await expect(deployment.verify()).rejects.toThrow(
    "the plan after the apply is not empty:\naws_sqs_queue.media: create would change again",
  );
  rmSync(at("app.never"));
  await deployed();
  expect(said()).not.toContain(RESUMED);
});

describe("the migrations", () => {
  const RESULT = '{"applied":["0001_media"],"version":1}';
  const OUTPUTS = { migration_result: { sensitive: false, type: "string", value: RESULT } };

  test("have been run where the apply finished their run", async () => {
    writeFileSync(at("migrations"), JSON.stringify(OUTPUTS));
    expect(await deployed()).toMatchObject({ migrated: true });
    expect(said()).toContain("migrations: applied 0001_media");
  });

  test("have not been run where an apply finished only other resources, or nothing is applied", async () => {
    const deployment = await deployed();
    expect(deployment.migrated).toBe(false);
    await deployment.verify();
    expect(await deployed()).toMatchObject({ resumed: true, migrated: false });
  });
});

describe("what an earlier run verified", () => {
  beforeEach(verify);

  test("is resumed before Terraform plans, and verified afterwards", async () => {
    const deployment = await deployed();
    expect(deployment.resumed).toBe(true);
    expect(said()).toContain(RESUMED);
    expect(calls()).toEqual(["app: state pull"]);
    expect(await deployment.verify()).toBe(true);
    expect(calls()).toEqual(
      expect.arrayContaining([
        expect.stringContaining("foundation: plan"),
        expect.stringContaining("app: plan"),
      ]),
    );
    expect(calls().filter((call) => call.includes(": appl"))).toEqual([]);
    await deployed();
    expect(said()).toContain(RESUMED);
  });

  test.each(["foundation", "app"])(
    "is brought anew where a plan of the %s finds something to do",
    async (stack) => {
      const deployment = await deployed();
      touch(`${stack}.left`);
      expect(await deployment.verify()).toBe(false);
      expect(calls().filter((call) => call.includes(": appl"))).toEqual([]);
      said();
      const again = await deployed();
      expect(said()).not.toContain(RESUMED);
      expect(calls()).toContain(`${stack}: applied`);
      expect(await again.verify()).toBe(true);
    },
  );

  test("is not trusted any more once a run took it up and verified nothing", async () => {
    await deployed();
    said();
    await deployed();
    expect(said()).not.toContain(RESUMED);
  });

  test("is not resumed where the state has changed", async () => {
    writeFileSync(at("app.state"), '{"serial":1000,"lineage":"l","resources":[]}');
    await deployed();
    expect(said()).not.toContain(RESUMED);
  });

  test("is not taken up where other bytes are synthesized", async () => {
    await deployed({ terraform: { backend }, output: {} });
    expect(said()).not.toContain(RESUMED);
  });
});

test("an emulator that can't save its data is not verified", async () => {
  const deployment = await deployed();
  checkpoint = 500;
  await expect(deployment.verify()).rejects.toThrow("the emulator can't save its data: 500 disk full");
  checkpoint = 200;
  await deployed();
  expect(said()).not.toContain(RESUMED);
});

test("a state in a file is never resumed by default: it could outlive the emulator's data", async () => {
  const inCloud = { terraform: { cloud: {} } };
  expect(await (await deployed(inCloud)).verify()).toBe(true);
  await deployed(inCloud);
  expect(said()).not.toContain(RESUMED);
});

test("removes the locks that a killed Terraform left, of the stack and of the foundation", async () => {
  await deployed();
  expect(aws.requests.filter((request) => request.startsWith("DELETE"))).toEqual([
    expect.stringContaining("/state/app/terraform.tfstate.tflock"),
    expect.stringContaining("/state/foundation/terraform.tfstate.tflock"),
  ]);
});
