import { ECSClient } from "@aws-sdk/client-ecs";
import type { Steps } from "@packages/cli-kit/progress";
import { buildConsole } from "../web/build";
import { publishConsole } from "../web/publish";
import { smokeTest } from "../lib/after-deployment";
import { productUrl, textOutput } from "../lib/deployed-environment";
import { waitForRollout } from "../lib/rollout";
import { type Approval, approve } from "../lib/approval";
import { printMigrations } from "../lib/migration-result";
import type { ChangeCounts } from "@packages/terraform/plan-counts";
import { plan, type ReviewedPlan, reviewOf } from "./plan";
import { explainStale, matchFolder, type ReviewedFile, takeReviewed } from "./saved-plan";
import type { Prepared } from "../lib/prepared-stack";

/** Options of `npm run deploy`, and how to ask for approval. */
export interface DeployOptions extends Approval {
  readonly reviewed: ReviewedFile | undefined;
  /** URL of the API, if not from the stack's outputs `url` and `api_stage`. */
  readonly apiUrl: string | undefined;
}

/**
 * Applies a reviewed plan, either a new or a saved one, which also runs the migrations; then calls the API. Throws a
 * Refusal if the plan is not approved, not the reviewed file, or stale.
 */
export async function deploy(prepared: Prepared, options: DeployOptions, steps: Steps): Promise<void> {
  const { target } = prepared;
  const result = options.reviewed
    ? await takePlan(prepared, options.reviewed, steps)
    : await planned(prepared, steps);
  if (result.empty) {
    steps.line(`${target.name}: no changes.`);
  } else {
    // --sha256 is in the review, so its user has seen the review
    if (!options.reviewed) await approve(target.name, result.reviewed, options);
    await apply(prepared, result.changes, steps);
  }
  await finish(prepared, options.apiUrl, steps).catch((error: Error) => {
    throw new Error(
      `${error.message}\n\nTerraform has finished. Run npm run deploy -- ${target.name} again for the remaining steps.`,
    );
  });
}

async function planned(prepared: Prepared, steps: Steps): Promise<ReviewedPlan> {
  await steps.run("terraform init", () => prepared.stack.init());
  return plan(prepared, steps);
}

async function takePlan(prepared: Prepared, reviewed: ReviewedFile, steps: Steps): Promise<ReviewedPlan> {
  const { stack, synthesized } = prepared;
  takeReviewed(reviewed, stack.planFile);
  matchFolder(synthesized.folder, stack);
  steps.line(`saved plan: matches the reviewed one, SHA-256 ${reviewed.sha256.slice(0, 8)}…`);
  await steps.run("terraform init", () => stack.init());
  return reviewOf(prepared, steps);
}

/** Applies the plan in the stack's folder, and says which migrations that applied. Throws a Refusal if it is stale. */
export async function apply({ stack, target }: Prepared, changes: ChangeCounts, steps: Steps): Promise<void> {
  const counts = {
    add: changes.create + changes.replace,
    change: changes.update,
    remove: changes.delete + changes.replace,
  };
  const done = new Set<string>();
  await steps
    .run(
      "terraform apply",
      (status) => stack.apply(counts, status, (address) => done.add(address)),
      ({ add, change, remove }) => `${add} added, ${change} changed, ${remove} destroyed`,
    )
    .catch((error: unknown) => {
      throw explainStale(error, target.name);
    });
  await printMigrations(stack, done, steps);
  await record({ stack }, steps);
}

/** What AWS answers after an apply is no drift. A failure is printed only: the apply is complete. */
async function record({ stack }: Pick<Prepared, "stack">, steps: Steps): Promise<void> {
  await steps
    .run(
      "state",
      (status) => stack.record(status),
      () => "records what AWS answers",
    )
    .catch((error: Error) =>
      steps.line(`until the next apply, npm run drift lists what AWS computed: ${error.message}`),
    );
}

/** The steps after Terraform: the rollout, a call of the API, and the console. */
async function finish(
  { stack, access, target }: Prepared,
  apiUrl: string | undefined,
  steps: Steps,
): Promise<void> {
  const outputs = await stack.outputs();
  const text = (name: string): string => textOutput(outputs, { name, environment: target.name });
  // By the public name: the regional web ACL rejects requests that bypass CloudFront.
  await steps.run(
    "rollout",
    async (status) => {
      let progress = "";
      status(() => progress);
      const client = new ECSClient(access.client);
      const rollout = {
        cluster: text("processor_cluster"),
        service: text("processor_service"),
        taskDefinition: text("processor_task"),
      };
      return waitForRollout(client, rollout, { onProgress: (now) => (progress = now) }).finally(() =>
        client.destroy(),
      );
    },
    (running) => `${running} ${running === 1 ? "processor runs" : "processors run"} the new version`,
  );
  const product = productUrl(outputs, target.name);
  const url = apiUrl ?? `${product}/${text("api_stage")}`;
  await steps.run(
    `GET ${url.replace(/\/$/, "")}/health`,
    () => smokeTest(url),
    (body) => `200 ${body}`,
  );
  await steps.run(
    "console",
    async () =>
      publishConsole(access.client, await buildConsole(), {
        staticBucket: text("static_bucket"),
        appId: text("app_id"),
        branch: text("app_branch"),
      }),
    (outcome) => outcome,
  );
  steps.line(`product: ${product}`);
}
