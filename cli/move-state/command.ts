import { defineCommand } from "@packages/cli-kit/command";
import { choice, matching, option, positional, requiredOption } from "@packages/cli-kit/values";
import { dryRun, permanentTargetName, yes } from "../lib/environment";

const NAME = /^[\w.-]{3,63}$/;

export const moveState = defineCommand({
  name: "move-state",
  summary: "Copies a state from S3 to Terraform Cloud or back, and compares the two.",
  description: [
    "Reads the state where the settings say it is, stores it at the other place with the same lineage and serial, reads it",
    "back, and compares every resource. The old state stays. Then change `state` in stacks/environments.ts as the command",
    "says: the next plan has no changes. Deploy nothing in between.",
  ].join("\n"),
  examples: [
    "dev --to terraform-cloud --organization acme",
    "dev --to s3 --bucket streamflow-state-111111111111 --region us-east-1",
  ],
  positionals: {
    target: positional(permanentTargetName, "an environment, or the foundation of its account"),
  },
  options: {
    to: requiredOption(choice("PLACE", ["s3", "terraform-cloud"]), "the new place: s3 or terraform-cloud"),
    organization: option(
      matching("NAME", NAME, "the name of an organization"),
      "organization of the workspace",
    ),
    hostname: option(
      matching("HOST", /^[a-z0-9.-]{4,253}$/, "a host name"),
      "host name of a Terraform Enterprise",
    ),
    bucket: option(matching("BUCKET", NAME, "the name of a bucket"), "state bucket"),
    region: option(matching("REGION", /^[a-z]{2}(-[a-z]+)+-\d$/, "an AWS region"), "region of the bucket"),
    dryRun,
    yes,
  },
  check: ({ to, organization, bucket, region }) => {
    if (to === "terraform-cloud")
      return organization === undefined ? "--to terraform-cloud needs --organization" : undefined;
    return bucket === undefined || region === undefined ? "--to s3 needs --bucket and --region" : undefined;
  },
  run: async (input, context) => (await import("./run")).runMoveState(input, context),
});
