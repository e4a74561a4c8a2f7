import { join } from "node:path";
import { DescribeRepositoriesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { findState, Foundation } from "../lib/foundation";
import type { Steps } from "@packages/cli-kit/progress";
import { approve } from "../lib/approval";
import { apply, type DeployOptions } from "./deploy";
import { plan, reviewOf } from "./plan";
import { createServiceLinkedRoles } from "./service-linked-roles";
import { Refusal } from "@packages/cli-kit/refusal";
import type { Prepared } from "../lib/prepared-stack";

/** Deploys an account's foundation, and moves its state into the bucket that it creates. */
export async function deployFoundation(
  prepared: Prepared,
  options: DeployOptions,
  steps: Steps,
): Promise<void> {
  if (options.reviewed)
    throw new Refusal("--plan works for environments only; a foundation is planned and applied in one run");
  const foundation = foundationOf(prepared, steps);
  if (foundation === undefined) {
    await initialize(prepared, steps);
    const result = await plan(prepared, steps);
    if (result.empty) return steps.line(`${prepared.target.name}: no changes.`);
    await approve(prepared.target.name, result.reviewed, options);
    await createServiceLinkedRoles(prepared.access.client, steps);
    return apply(prepared, result.changes, steps);
  }
  const inBucket = await hasState(prepared, steps);
  if (inBucket) await adoptImages(prepared, foundation, steps);
  const applied = await foundation.apply({
    inBucket,
    approve: async () => {
      const { empty, reviewed } = await reviewOf(prepared, steps);
      if (empty) return;
      await approve(prepared.target.name, reviewed, options);
      await createServiceLinkedRoles(prepared.access.client, steps);
    },
  });
  if (applied) await foundation.verify();
}

/** Runs terraform init. Before a foundation's first deployment, its state is a local file. */
export async function initialize(prepared: Prepared, steps: Steps): Promise<void> {
  const foundation = prepared.target.foundation ? foundationOf(prepared, steps) : undefined;
  await steps.run("terraform init", async () =>
    foundation === undefined
      ? prepared.stack.init()
      : foundation.init({ inBucket: await hasState(prepared, steps) }),
  );
}

/** The foundation of an account whose state is in S3; undefined for Terraform Cloud. */
export function foundationOf(prepared: Prepared, steps: Steps): Foundation | undefined {
  const { stack, synthesized, cloud } = prepared;
  if (cloud !== undefined) return undefined;
  return new Foundation({ stack, folder: synthesized.folder, stateFile: stateFileOf(prepared), steps });
}

/** The file of its state while there is no bucket for it. */
export function stateFileOf({ folder, target }: Prepared): string {
  return join(folder, `${target.settings.account}.tfstate`);
}

/** Whether its state is in its bucket. */
export async function hasState({ synthesized, access }: Prepared, steps: Steps): Promise<boolean> {
  const backend = synthesized.s3Backend;
  if (backend === undefined) throw new Error(`${synthesized.name} has no state in S3`);
  return findState({ ...access.client, region: backend.region }, backend, (line) => steps.line(line));
}

/**
 * Takes repositories of images into a foundation's state that environments made before foundations did. The next
 * deployment of such an environment makes its own state forget them.
 */
async function adoptImages(
  { stack, synthesized, access }: Prepared,
  foundation: Foundation,
  steps: Steps,
): Promise<void> {
  await foundation.init({ inBucket: true });
  const known = new Set(await stack.addresses());
  const missing = synthesized.of("aws_ecr_repository").filter(({ address }) => !known.has(address));
  if (missing.length === 0) return;
  const client = new ECRClient(access.client);
  try {
    for (const repository of missing) {
      const id = repository.at("name").text;
      const found = await client.send(new DescribeRepositoriesCommand({ repositoryNames: [id] })).then(
        () => true,
        (error: Error) => {
          if (error.name === "RepositoryNotFoundException") return false;
          throw error;
        },
      );
      if (!found) continue;
      await stack.adopt({ address: repository.address, id });
      steps.line(`the foundation takes over the repository ${id}`);
    }
  } finally {
    client.destroy();
  }
}
