import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { answerReviewTask } from "@packages/terraform-cloud/review-task";
import { readRunTask, RefusedRequest } from "@packages/terraform-cloud/run-task";
import * as environment from "./runtime/environment";
import { createLog, LEVELS, type Log } from "./runtime/log";
import { traced } from "./runtime/trace";
import { tracedClient } from "./runtime/traced-client";

const variables = {
  /** The only host that is asked for plans and told answers. */
  TERRAFORM_CLOUD_HOST: environment.text,
  /** ARN of the secret with the key of signatures. */
  SIGNATURE_KEY_ARN: environment.text,
  LOG_LEVEL: environment.oneOf(...LEVELS),
};

/** Environment variables of the review task's function. */
export type ReviewTaskEnvironment = environment.Texts<typeof variables>;

/** A request to the function's URL, as far as it is used. */
export interface UrlEvent {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

/** The function's call of itself, with the request that it has accepted. */
export interface ReviewEvent {
  readonly accepted: { readonly body: string; readonly signature: string };
}

export interface UrlAnswer {
  readonly statusCode: number;
  readonly body: string;
}

interface LambdaContext {
  /** With the alias that was called. */
  readonly invokedFunctionArn: string;
}

/**
 * A run task of Terraform Cloud: accepts its request at once, because it waits ten seconds, and reviews the plan in a call of
 * itself, which sends the answer within ten minutes.
 */
export async function handler(
  event: UrlEvent | ReviewEvent,
  { invokedFunctionArn }: LambdaContext,
): Promise<UrlAnswer | undefined> {
  const values = environment.readEnvironment({ ...variables, AWS_REGION: environment.text });
  const { TERRAFORM_CLOUD_HOST: hostname, AWS_REGION: region, LOG_LEVEL: level } = values;
  const log = createLog({ service: "review-task", environment: "foundation", level });
  log.about({ traceId: environment.traceId() });
  const key = await signatureKey(values.SIGNATURE_KEY_ARN, region);
  if ("accepted" in event) {
    const request = readRunTask(event.accepted, { key, hostname });
    const answer = await traced("review", () => answerReviewTask(request, { hostname }));
    log.info("answered", { workspace: request.workspace, ...answer });
    return undefined;
  }
  return accept(event, { key, hostname, log }, (accepted) =>
    tracedClient(new LambdaClient({ region })).send(
      new InvokeCommand({
        FunctionName: invokedFunctionArn,
        InvocationType: "Event",
        Payload: Buffer.from(JSON.stringify({ accepted } satisfies ReviewEvent)),
      }),
    ),
  );
}

async function accept(
  event: UrlEvent,
  { key, hostname, log }: { readonly key: string; readonly hostname: string; readonly log: Log },
  review: (accepted: ReviewEvent["accepted"]) => Promise<unknown>,
): Promise<UrlAnswer> {
  const body = Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8").toString("utf8");
  const signature = event.headers["x-tfc-task-signature"] ?? "";
  try {
    const { isTest } = readRunTask({ body, signature }, { key, hostname });
    if (!isTest) await review({ body, signature });
    return { statusCode: 200, body: "" };
  } catch (error) {
    if (!(error instanceof RefusedRequest)) throw error;
    log.warn("refused", { reason: error.message });
    return { statusCode: error.status, body: error.message };
  }
}

const KEY_TTL_MS = 300_000;
let known: { readonly key: string; readonly until: number } | undefined;

/** The key of signatures, read again after five minutes. */
async function signatureKey(arn: string, region: string): Promise<string> {
  if (known !== undefined && known.until > Date.now()) return known.key;
  const client = tracedClient(new SecretsManagerClient({ region }));
  const { SecretString: key = "" } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
  if (key === "") throw new Error(`the secret ${arn} is empty`);
  known = { key, until: Date.now() + KEY_TTL_MS };
  return key;
}
