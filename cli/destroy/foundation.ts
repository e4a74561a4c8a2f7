import { existsSync } from "node:fs";
import { GetObjectCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { confirmByTyping } from "@packages/cli-kit/confirm";
import type { Steps } from "@packages/cli-kit/progress";
import { Refusal } from "@packages/cli-kit/refusal";
import { parseState } from "@packages/terraform/state";
import { foundationOf, hasState, stateFileOf } from "../delivery/foundation";
import type { Prepared } from "../lib/prepared-stack";
import { taggedResources } from "../lib/tagged-resources";
import { type Consent, destroyStack, lowerProtection, notedArns, noteArns } from "./environment";

/**
 * Destroys the foundation of an account, with the bucket that holds the states of its environments. Returns the ARNs that
 * are left. Throws a Refusal without consent, and while an environment of the account has resources.
 */
export async function destroyFoundation(
  prepared: Prepared,
  consent: Consent,
  steps: Steps,
): Promise<readonly string[]> {
  const { stack, target, folder, synthesized } = prepared;
  const foundation = foundationOf(prepared, steps);
  if (foundation === undefined) {
    await steps.run("terraform init", () => stack.init());
    await destroyStack(prepared, consent, steps);
    return leftOf(prepared);
  }
  const inBucket = await hasState(prepared, steps);
  if (!inBucket && !existsSync(stateFileOf(prepared)))
    throw new Refusal(`${target.name} is not deployed: it has no state; nothing was changed`);
  if (inBucket) await refuseUsedStates(prepared);
  await steps.run("terraform init", () => foundation.init({ inBucket }));
  if (inBucket) await lowerProtection(prepared, consent, steps);
  noteArns(folder, await stack.arns());
  const { length } = await stack.addresses();
  await confirmByTyping(
    `Destroy all ${length} resources of ${target.name}, with the states of the account's environments and their versions?`,
    { word: consent.name, typed: consent.typed, ask: consent.ask },
  );
  await foundation.destroy({ inBucket });
  if (synthesized.s3Backend !== undefined)
    steps.line(`the bucket ${synthesized.s3Backend.bucket} is deleted`);
  return leftOf(prepared);
}

async function leftOf({ target, access, folder }: Prepared): Promise<string[]> {
  const regions = [target.settings.region, "us-east-1"];
  const found = await taggedResources(access.client, { environment: "foundation", regions });
  const gone = notedArns(folder);
  return found.filter((arn) => !gone.has(arn));
}

/** Throws a Refusal if an environment of the account has resources in a state of the bucket. */
async function refuseUsedStates({ synthesized, access, target }: Prepared): Promise<void> {
  const { bucket, region, key: own } = synthesized.s3Backend ?? { bucket: "", region: "", key: "" };
  const client = new S3Client({ ...access.client, region });
  try {
    for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: bucket })) {
      for (const { Key = "" } of Contents) {
        if (Key === own || !Key.endsWith("/terraform.tfstate")) continue;
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
        const { resources } = parseState((await Body?.transformToString()) ?? "", Key);
        if (resources === 0 || Key.startsWith("streamflow-foundation-")) continue;
        const environment = Key.replace(/^streamflow-|\/.*$/g, "");
        throw new Refusal(
          `${environment} has ${resources} resources; nothing was changed. Run npm run destroy -- ${environment} before ` +
            `npm run destroy -- ${target.name}`,
        );
      }
    }
  } finally {
    client.destroy();
  }
}
