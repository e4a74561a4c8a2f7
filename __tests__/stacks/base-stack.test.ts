import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import { physicalName } from "../../stacks/lib/names";
import { AWS_PROVIDER, LOCKED_AWS_PROVIDER } from "../../stacks/lib/aws-provider";
import { baseProps, synthOf, synthTo } from "../support/synth";
import { testEnvironments } from "../support/test-environments";

test("works in one account only, and tags every resource", () => {
  const { json } = synthOf(() => {});
  expect(json.provider.aws).toEqual([
    {
      region: "us-east-1",
      allowed_account_ids: ["123456789012"],
      default_tags: [{ tags: { Project: "streamflow" } }],
      ignore_tags: [{ keys: ["RestoreOf", "RestoreTo", "ReplacedBy", "RestoreEnded"] }],
    },
  ]);
});

test("requires Terraform ≥ 1.11 and the AWS provider ≥ 5.100", () => {
  const { terraform } = synthOf(() => {}).json;
  expect(terraform.required_version).toBe(">= 1.11");
  expect(terraform.required_providers.aws).toEqual({
    source: "hashicorp/aws",
    version: ">= 5.100.0, < 7.0.0",
  });
});

test("contains the lock file, whose version and constraint are those of the stacks", () => {
  const outdir = mkdtempSync(join(tmpdir(), "streamflow-lock-"));
  const [folder = ""] = synthTo(outdir, testEnvironments);
  const lock = readFileSync(join(folder, ".terraform.lock.hcl"), "utf8");
  rmSync(outdir, { recursive: true });
  expect(lock).toContain(`version     = "${LOCKED_AWS_PROVIDER}"`);
  expect(lock).toContain(`constraints = "${AWS_PROVIDER.version}"`);
  expect(lock.match(/"zh:[0-9a-f]{64}"/g)?.length).toBeGreaterThan(10);
});

test("keeps state encrypted in S3 under its own key, with a lock file", () => {
  expect(synthOf(() => {}).json.terraform.backend).toEqual({
    s3: {
      bucket: "state-of-tests",
      key: "streamflow-test/terraform.tfstate",
      region: "us-east-1",
      encrypt: true,
      use_lockfile: true,
    },
  });
});

test("keeps state in a named Terraform Cloud workspace by one setting", () => {
  const state = { kind: "terraform-cloud", organization: "streamflow", hostname: "tfe.example.com" } as const;
  const { terraform } = synthOf(() => {}, { ...baseProps, state }).json;
  expect(terraform.backend).toBeUndefined();
  expect(terraform.cloud).toEqual({
    organization: "streamflow",
    hostname: "tfe.example.com",
    workspaces: { name: "streamflow-test" },
  });
});

test("creates readable addresses", () => {
  const { resources } = synthOf((stack) => {
    const media = new Construct(stack, "media-queue");
    new SqsQueue(media, "Default", {});
    new SqsQueue(media, "dead-letters", {});
  });
  expect([...resources.keys()]).toEqual([
    "aws_sqs_queue.media_queue",
    "aws_sqs_queue.media_queue_dead_letters",
  ]);
});

test("a renamed construct keeps its addresses and its name", () => {
  const queue = (id: string) => (stack: Construct) => {
    const construct = new Construct(stack, id);
    new SqsQueue(construct, "Default", { name: physicalName(construct, "queue") });
    new SqsQueue(construct, "dead-letters", { name: physicalName(construct, "queue", "dead-letters") });
  };
  const before = synthOf(queue("media-queue"));
  const after = synthOf(queue("work"), { renamed: [{ from: "media-queue", to: "work" }] });
  expect([...after.resources.keys()]).toEqual([...before.resources.keys()]);
  expect(after.of("aws_sqs_queue").map(({ name }) => name as string)).toEqual(
    before.of("aws_sqs_queue").map(({ name }) => name as string),
  );
});

test("fails when another construct takes the id of a renamed one", () => {
  expect(() =>
    synthOf(
      (stack) => {
        new SqsQueue(new Construct(stack, "work"), "Default", {});
        new SqsQueue(new Construct(stack, "media-queue"), "Default", {});
      },
      { renamed: [{ from: "media-queue", to: "work" }] },
    ),
  ).toThrow('two constructs have the Terraform address "aws_sqs_queue.media_queue"');
});

test("an output may have the name of a resource", () => {
  const { json } = synthOf((stack) => {
    new SqsQueue(stack, "queue-url", {});
    new TerraformOutput(stack, "queue_url", { value: "x" });
  });
  expect(json.output.queue_url.value).toBe("x");
});

test("fails when two resources would have one address", () => {
  expect(() =>
    synthOf((stack) => {
      new SqsQueue(stack, "media-queue", {});
      new SqsQueue(new Construct(stack, "media"), "queue", {});
    }),
  ).toThrow(
    'two constructs have the Terraform address "aws_sqs_queue.media_queue": streamflow-test/media-queue and streamflow-test/media/queue',
  );
});
