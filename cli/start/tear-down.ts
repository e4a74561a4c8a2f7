import type { AwsClientConfig } from "@packages/embedded-aws/client";
import { checkDeliveryRoles, type Deployment } from "./deploy";
import { taggedResources } from "../lib/tagged-resources";
import type { Functions } from "./functions";
import type { Served } from "./serve";
import type { Steps } from "@packages/cli-kit/progress";

export interface TearDownOptions {
  readonly deployment: Deployment;
  readonly served: Served;
  readonly functions: Functions;
  readonly steps: Steps;
}

/** Compares what roles did so far with their policies. Throws if an action was not allowed. */
export function checkPermissions({ permissions }: Functions, steps: Steps): Promise<string> {
  return steps.run(
    "permissions",
    () => permissions.check(),
    (outcome) => outcome,
  );
}

/** ARNs with the project's tag that still exist in AWS, without those that Terraform destroyed. */
async function leftOver(config: AwsClientConfig, destroyed: ReadonlySet<string>): Promise<string[]> {
  const arns = await taggedResources(config, { regions: [config.region] });
  return arns.filter((arn) => !destroyed.has(arn));
}

/** Destroys the deployment. Throws if Terraform's state or AWS still has resources. */
export async function tearDown({ deployment, served, functions, steps }: TearDownOptions): Promise<void> {
  const { foundation, deliveryRoles, stack, resources, aws } = deployment;
  await served.stop();
  await functions.stop();
  await checkPermissions(functions, steps);
  const arns = await stack.arns();
  await steps.run(
    "terraform destroy",
    (status) => stack.destroy(resources, status),
    ({ remove }) => `${remove} of ${resources} destroyed`,
  );
  if (deliveryRoles) await checkDeliveryRoles(deliveryRoles, steps);
  // the stack's state is deleted with the foundation's bucket
  const undestroyed = await stack.addresses();
  if (undestroyed.length === 0) await foundation?.destroy({ inBucket: true });
  await steps.run(
    "all resources destroyed",
    async () => {
      const left = [
        ...undestroyed,
        ...((await foundation?.addresses()) ?? []),
        ...(await leftOver(aws, arns)),
      ];
      if (left.length > 0) throw new Error(`resources left after terraform destroy:\n${left.join("\n")}`);
    },
    () => "state empty, no tagged resource left",
  );
}
