import { createHmac, timingSafeEqual } from "node:crypto";

/** A request of Terraform Cloud to a run task that is not accepted, with the HTTP status of the answer. */
export class RefusedRequest extends Error {
  constructor(
    readonly status: 400 | 401,
    message: string,
  ) {
    super(message);
  }
}

/** What Terraform Cloud asks after a plan. */
export interface RunTaskRequest {
  /** Token with which the plan is read and the answer sent, for ten minutes. */
  readonly accessToken: string;
  /** Terraform Cloud only checks the task's URL: nothing is to be answered. */
  readonly isTest: boolean;
  readonly planUrl: string;
  readonly callbackUrl: string;
  readonly workspace: string;
  /** Page of the run. */
  readonly runUrl: string;
}

export interface SignedBody {
  /** The body as it was sent. */
  readonly body: string;
  /** The header `x-tfc-task-signature`. */
  readonly signature: string | undefined;
}

/** Token of requests that only check a task's URL, when the task is created or changed. */
const TEST_TOKEN = "test-token";

/**
 * Reads a request after its signature, HMAC-SHA512 of the body by the task's key, in hexadecimal digits. URLs must be of
 * the host: what is sent there has the token. Throws a RefusedRequest.
 * https://developer.hashicorp.com/terraform/cloud-docs/api-docs/run-tasks/run-tasks-integration
 */
export function readRunTask(
  { body, signature }: SignedBody,
  { key, hostname }: { readonly key: string; readonly hostname: string },
): RunTaskRequest {
  if (!isSigned(body, signature, key))
    throw new RefusedRequest(401, "the signature is not that of the task's key");
  const payload = parsed(body);
  const text = (name: string): string => {
    const value = payload[name];
    if (typeof value !== "string")
      throw new RefusedRequest(400, `${name} must be a text, got ${typeof value}`);
    return value;
  };
  const url = (name: string): string => {
    const value = text(name);
    if (!isOf(hostname, value))
      throw new RefusedRequest(400, `${name} must be a URL of https://${hostname}, got ${value}`);
    return value;
  };
  const accessToken = text("access_token");
  if (accessToken === TEST_TOKEN)
    return { accessToken, isTest: true, planUrl: "", callbackUrl: "", workspace: "", runUrl: "" };
  if (text("stage") !== "post_plan")
    throw new RefusedRequest(400, `stage must be post_plan, got ${text("stage")}: only a plan is reviewed`);
  return {
    accessToken,
    isTest: false,
    planUrl: url("plan_json_api_url"),
    callbackUrl: url("task_result_callback_url"),
    workspace: text("workspace_name"),
    runUrl: url("run_app_url"),
  };
}

function isSigned(body: string, signature: string | undefined, key: string): boolean {
  const expected = createHmac("sha512", key).update(body).digest();
  const given = Buffer.from(signature ?? "", "hex");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function parsed(body: string): Readonly<Record<string, unknown>> {
  try {
    const payload: unknown = JSON.parse(body);
    if (typeof payload === "object" && payload !== null) return payload as Record<string, unknown>;
  } catch {
    // The answer says what is expected.
  }
  throw new RefusedRequest(400, "the body must be a JSON object");
}

function isOf(hostname: string, text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, host, username, password } = new URL(text);
  return protocol === "https:" && host === hostname && username === "" && password === "";
}
