import { createHmac, randomUUID } from "node:crypto";
import { type Change, Collection } from "./collection";
import { ApiError, type JsonApiResource, related } from "./json-api";

export interface StageContext {
  readonly planJsonUrl: string;
  readonly isSpeculative: boolean;
}

/** An answer of a task with its outcomes. */
export interface TaskResult {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly outcomes: readonly TaskResult["attributes"][];
}

interface Result {
  readonly status: "passed" | "failed" | "running";
  readonly message: string;
  readonly url: string;
}

/**
 * Run tasks after the plan: a request to the task's URL, and its answer at the callback.
 * https://developer.hashicorp.com/terraform/cloud-docs/api-docs/run-tasks/run-tasks-integration
 */
export class RunTasks {
  /** Tasks of the organization. */
  readonly tasks = new Collection("tasks", "task");
  /** Tasks of workspaces, with the enforcement level. */
  readonly attached = new Collection("workspace-tasks", "wstask");
  private readonly stages = new Collection("task-stages", "ts");
  private readonly results = new Collection("task-results", "taskrs");
  private readonly answered = new Map<string, (result: Result) => void>();
  private readonly tokens = new Map<string, string>();

  /** All answers, from the first. */
  readonly answers: TaskResult[] = [];

  /** `baseUrl` is the URL of this server. */
  constructor(private readonly baseUrl: () => string) {}

  /** The stages of a new run: one after the plan, if the workspace has tasks there. */
  stagesOf(workspace: string): JsonApiResource[] {
    const attached = this.attached.where((one) => related(one, "workspace")?.id === workspace);
    if (attached.length === 0) return [];
    const results = attached.map((one) => {
      const task = this.tasks.get(related(one, "task")?.id ?? "");
      return this.results.create({
        attributes: {
          status: "pending",
          message: "",
          "task-id": task.id,
          "task-name": task.attributes.name,
          "task-url": task.attributes.url,
          "workspace-task-id": one.id,
          "workspace-task-enforcement-level": one.attributes["enforcement-level"],
        },
      });
    });
    const stage = this.stages.create({
      attributes: { stage: "post_plan", status: "pending" },
      relationships: { "task-results": { data: results.map(({ id, type }) => ({ id, type })) } },
    });
    return [stage];
  }

  stage(id: string): JsonApiResource {
    return this.stages.get(id);
  }

  resultsOf(stage: JsonApiResource): JsonApiResource[] {
    const data = stage.relationships?.["task-results"]?.data;
    return (Array.isArray(data) ? (data as readonly { id: string }[]) : []).map(({ id }) =>
      this.results.get(id),
    );
  }

  /** Whether a token belongs to a task that is asked now: it may read the plan and answer. */
  hasToken(token: string): boolean {
    return this.tokens.has(token);
  }

  /** Takes a task's answer. */
  callback(result: string, { attributes = {}, relationships = {} }: Change): void {
    const { data: outcomes = [] } = (relationships.outcomes ?? {}) as {
      readonly data?: readonly { readonly attributes: TaskResult["attributes"] }[];
    };
    this.answers.push({ attributes, outcomes: outcomes.map((one) => one.attributes) });
    const answer = this.answered.get(result);
    if (answer === undefined) throw new ApiError(404, "not found");
    const { status, message = "", url = "" } = attributes;
    if (status !== "passed" && status !== "failed" && status !== "running")
      throw new ApiError(422, "invalid attribute", "Status is invalid");
    answer({ status, message: String(message), url: String(url) });
  }

  /** Asks the tasks of a run; false if a mandatory one failed. */
  async runStages(run: JsonApiResource, workspace: JsonApiResource, context: StageContext): Promise<boolean> {
    const data = run.relationships?.["task-stages"]?.data;
    const [reference] = Array.isArray(data) ? (data as readonly { id: string }[]) : [];
    if (reference === undefined) return true;
    this.stages.update(reference.id, { attributes: { status: "running" } });
    const stage = this.stages.get(reference.id);
    const passed = await Promise.all(
      this.resultsOf(stage).map((result) => this.ask(result, { run, workspace, context })),
    );
    const all = passed.every(Boolean);
    this.stages.update(reference.id, { attributes: { status: all ? "passed" : "failed" } });
    return all;
  }

  private async ask(
    { id, attributes }: JsonApiResource,
    { run, workspace, context }: { run: JsonApiResource; workspace: JsonApiResource; context: StageContext },
  ): Promise<boolean> {
    const task = this.tasks.get(attributes["task-id"] as string);
    const token = randomUUID();
    this.tokens.set(token, id);
    const body = JSON.stringify({
      payload_version: 1,
      stage: "post_plan",
      access_token: token,
      capabilities: { outcomes: true },
      configuration_version_id: related(run, "configuration-version")?.id,
      is_speculative: context.isSpeculative,
      organization_name: related(workspace, "organization")?.id,
      plan_json_api_url: `${this.baseUrl()}${context.planJsonUrl}`,
      run_app_url: `${this.baseUrl()}/app/runs/${run.id}`,
      run_id: run.id,
      task_result_callback_url: `${this.baseUrl()}/api/v2/task-results/${id}/callback`,
      task_result_enforcement_level: attributes["workspace-task-enforcement-level"],
      task_result_id: id,
      workspace_id: workspace.id,
      workspace_name: workspace.attributes.name,
    });
    const answered = new Promise<Result>((resolve) => {
      this.answered.set(id, (result) => {
        this.results.update(id, { attributes: { ...result } });
        if (result.status !== "running") resolve(result);
      });
    });
    const result = await Promise.race([answered, this.post(task, body)]);
    this.results.update(id, { attributes: { ...result } });
    this.answered.delete(id);
    this.tokens.delete(token);
    return result.status === "passed" || attributes["workspace-task-enforcement-level"] === "advisory";
  }

  /** Sends the request; resolves only if the task does not accept it. */
  private post(task: JsonApiResource, body: string): Promise<Result> {
    const { url, "hmac-key": key } = task.attributes;
    const signature =
      typeof key === "string" ? createHmac("sha512", key).update(body).digest("hex") : undefined;
    return new Promise((resolve) => {
      const refuse = (message: string): void => resolve({ status: "failed", message, url: "" });
      fetch(url as string, {
        method: "POST",
        body,
        headers: {
          "content-type": "application/json",
          ...(signature === undefined ? {} : { "x-tfc-task-signature": signature }),
        },
      }).then(
        ({ status }) => {
          if (status !== 200) refuse(`the task answered ${status}`);
        },
        (error: unknown) => refuse(String(error)),
      );
    });
  }
}
