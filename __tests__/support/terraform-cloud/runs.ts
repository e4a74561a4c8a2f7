import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Collection } from "./collection";
import { ApiError, type JsonApiResource, related } from "./json-api";
import type { RunTasks } from "./run-tasks";
import type { Worker, Workplace } from "./worker";
import type { Workspaces } from "./workspaces";

/** Runs that can no longer change. https://developer.hashicorp.com/terraform/cloud-docs/api-docs/run#run-states */
const FINAL = ["applied", "planned_and_finished", "discarded", "canceled", "errored"];
const CONFIRMABLE = ["planned", "planned_and_saved"];

/** Output of a plan or an apply, between the control characters that mark its begin and its end. */
class Log {
  private text = "\u0002";

  add(text: string): void {
    this.text += text;
  }

  end(): void {
    this.text += "\u0003";
  }

  read(offset: number, limit: number): Buffer {
    return Buffer.from(this.text).subarray(offset, offset + limit);
  }
}

export interface RunsOptions {
  readonly workspaces: Workspaces;
  readonly tasks: RunTasks;
  readonly worker: Worker;
  /** Folder for the work of all runs. */
  readonly folder: string;
  readonly urlOf: (object: string) => string;
  /** Environment variables with which a run reaches the API, and those of dynamic credentials. */
  readonly envOf: (
    workspace: JsonApiResource,
    phase: "plan" | "apply",
    folder: string,
  ) => Record<string, string>;
}

/**
 * Configuration versions and runs, each of which really plans and applies.
 * https://developer.hashicorp.com/terraform/cloud-docs/api-docs/run
 */
export class Runs {
  private readonly configurations = new Collection("configuration-versions", "cv");
  private readonly archives = new Map<string, Buffer>();
  private readonly runs = new Collection("runs", "run");
  private readonly plans = new Collection("plans", "plan");
  private readonly applies = new Collection("applies", "apply");
  private readonly logs = new Map<string, Log>();
  private readonly planJson = new Map<string, string>();
  private readonly working = new Set<Promise<void>>();

  constructor(private readonly options: RunsOptions) {}

  createConfiguration(workspace: string, attributes: Readonly<Record<string, unknown>>): JsonApiResource {
    const { id } = this.configurations.create({
      attributes: { ...attributes, status: "pending", source: "tfe-api" },
      relationships: { workspace: { data: { id: workspace, type: "workspaces" } } },
    });
    const upload = { "upload-url": this.options.urlOf(`configuration/${id}`) };
    return this.configurations.update(id, { attributes: upload });
  }

  uploadConfiguration(id: string, archive: Buffer): void {
    this.archives.set(id, archive);
    this.configurations.update(id, { attributes: { status: "uploaded" } });
  }

  configuration(id: string): JsonApiResource {
    return this.configurations.get(id);
  }

  create(
    attributes: Readonly<Record<string, unknown>>,
    references: Partial<JsonApiResource>,
  ): JsonApiResource {
    const workspace = related(references, "workspace")?.id ?? "";
    const configuration = this.configurations.get(related(references, "configuration-version")?.id ?? "");
    const { attributes: settings } = this.options.workspaces.get(workspace);
    // https://developer.hashicorp.com/terraform/cloud-docs/workspaces/settings#execution-mode
    if (settings["execution-mode"] === "local")
      throw new ApiError(422, "invalid attribute", "Workspace is configured for local execution");
    const speculative = configuration.attributes.speculative === true || attributes["plan-only"] === true;
    const [plan, apply] = [
      this.plans.create({ attributes: { status: "pending", "has-changes": false } }),
      this.applies.create({ attributes: { status: "pending" } }),
    ];
    for (const { id, type } of [plan, apply]) {
      this.logs.set(id, new Log());
      const collection = type === "plans" ? this.plans : this.applies;
      collection.update(id, { attributes: { "log-read-url": this.options.urlOf(`log/${id}`) } });
    }
    const stages = this.options.tasks.stagesOf(workspace);
    const run = this.runs.create({
      attributes: {
        ...attributes,
        "plan-only": speculative,
        status: "pending",
        "has-changes": false,
        "created-at": new Date().toISOString(),
        source: "tfe-api",
        "terraform-version": settings["terraform-version"],
      },
      relationships: {
        workspace: { data: { id: workspace, type: "workspaces" } },
        "configuration-version": { data: { id: configuration.id, type: configuration.type } },
        plan: { data: { id: plan.id, type: plan.type } },
        apply: { data: { id: apply.id, type: apply.type } },
        "task-stages": { data: stages.map(({ id, type }) => ({ id, type })) },
      },
    });
    this.work(run.id, () => this.plan(run.id));
    return this.get(run.id);
  }

  /** A run, with the actions that its status permits. */
  get(id: string): JsonApiResource {
    const run = this.runs.get(id);
    const { status } = run.attributes;
    const isConfirmable = CONFIRMABLE.includes(status as string);
    const actions = {
      "is-confirmable": isConfirmable,
      "is-discardable": isConfirmable,
      "is-cancelable": status === "pending",
      "is-force-cancelable": false,
    };
    return { ...run, attributes: { ...run.attributes, actions, permissions: { "can-apply": true } } };
  }

  /** All runs of a workspace, newest first. */
  of(workspace: string): JsonApiResource[] {
    return this.runs
      .where((run) => related(run, "workspace")?.id === workspace)
      .map(({ id }) => this.get(id))
      .reverse();
  }

  planOf(run: JsonApiResource): JsonApiResource {
    return this.plans.get(related(run, "plan")?.id ?? "");
  }

  planById(id: string): JsonApiResource {
    return this.plans.get(id);
  }

  applyById(id: string): JsonApiResource {
    return this.applies.get(id);
  }

  /** JSON of a plan, as terraform show -json writes it. */
  json(plan: string): string {
    const json = this.planJson.get(plan);
    if (json === undefined) throw new ApiError(404, "not found");
    return json;
  }

  log(id: string, offset: number, limit: number): Buffer {
    const log = this.logs.get(id);
    if (log === undefined) throw new ApiError(404, "not found");
    return log.read(offset, limit);
  }

  /** Applies a planned run. */
  confirm(id: string): void {
    if (this.get(id).attributes.actions === undefined || !CONFIRMABLE.includes(this.statusOf(id)))
      throw new ApiError(409, "transition not allowed", `run is ${this.statusOf(id)}`);
    this.setStatus(id, "confirmed");
    this.work(id, () => this.apply(id));
  }

  discard(id: string): void {
    if (!CONFIRMABLE.includes(this.statusOf(id)))
      throw new ApiError(409, "transition not allowed", `run is ${this.statusOf(id)}`);
    this.finish(id, "discarded");
  }

  cancel(id: string): void {
    if (this.statusOf(id) !== "pending") throw new ApiError(409, "transition not allowed");
    this.finish(id, "canceled");
  }

  /** A state of the workspace changed: its saved plans are stale. */
  discardSaved(workspace: string): void {
    for (const run of this.of(workspace)) {
      if (run.attributes.status === "planned_and_saved") this.finish(run.id, "discarded");
    }
  }

  /** Resolves when no run works any more. */
  async idle(): Promise<void> {
    await Promise.all(this.working);
  }

  private work(id: string, task: () => Promise<void>): void {
    const done = task().catch((error: unknown) => {
      this.logOf(id, "plan").add(`${String(error)}\n`);
      this.logOf(id, "plan").end();
      this.finish(id, "errored");
    });
    this.working.add(done);
    void done.finally(() => this.working.delete(done));
  }

  private async plan(id: string): Promise<void> {
    const run = this.runs.get(id);
    const { "plan-only": planOnly, "save-plan": saved } = run.attributes;
    const workspace = related(run, "workspace")?.id ?? "";
    // Speculative and saved plans do not lock: https://developer.hashicorp.com/terraform/cloud-docs/run/modes-and-options
    if (planOnly !== true && saved !== true) await this.options.workspaces.lockForRun(workspace, id);
    if (this.statusOf(id) !== "pending") return;
    this.setStatus(id, "planning");
    const place = this.workplace(id, "plan");
    const archive = this.archives.get(related(run, "configuration-version")?.id ?? "");
    if (archive === undefined) throw new Error("the configuration version has no content");
    this.options.worker.unpack(archive, place.folder);
    const plan = this.planOf(run);
    const log = this.logOf(id, "plan");
    const terraform = (args: readonly string[]) =>
      this.options.worker.terraform(place, args, (text) => log.add(text));
    const init = await terraform(["init", "-input=false", "-no-color"]);
    const planned =
      init.code === 0 ? await terraform(["plan", ...planFlags(run.attributes), "-out=run.tfplan"]) : init;
    log.end();
    if (planned.code !== 0 && planned.code !== 2) {
      this.plans.update(plan.id, { attributes: { status: "errored" } });
      return this.finish(id, "errored");
    }
    const shown = await this.options.worker.terraform(place, ["show", "-json", "run.tfplan"]);
    this.planJson.set(plan.id, shown.output);
    const changes = planned.code === 2;
    this.plans.update(plan.id, { attributes: { status: "finished", "has-changes": changes } });
    this.runs.update(id, { attributes: { "has-changes": changes } });
    await this.afterPlan(id, { changes, planOnly: planOnly === true, saved: saved === true });
  }

  private async afterPlan(
    id: string,
    {
      changes,
      planOnly,
      saved,
    }: { readonly changes: boolean; readonly planOnly: boolean; readonly saved: boolean },
  ): Promise<void> {
    const run = this.get(id);
    const passed = await this.options.tasks.runStages(
      run,
      this.options.workspaces.get(related(run, "workspace")?.id ?? ""),
      {
        planJsonUrl: `/api/v2/plans/${this.planOf(run).id}/json-output`,
        isSpeculative: planOnly,
      },
    );
    if (!passed) return this.finish(id, "errored");
    if (planOnly || !changes) return this.finish(id, "planned_and_finished");
    this.setStatus(id, saved ? "planned_and_saved" : "planned");
    if (run.attributes["auto-apply"] === true) this.confirm(id);
  }

  private async apply(id: string): Promise<void> {
    const run = this.runs.get(id);
    await this.options.workspaces.lockForRun(related(run, "workspace")?.id ?? "", id);
    this.setStatus(id, "applying");
    const apply = related(run, "apply")?.id ?? "";
    const log = this.logOf(id, "apply");
    const args = ["apply", "-input=false", "-no-color", "-lock=false", "run.tfplan"];
    const { code } = await this.options.worker.terraform(this.workplace(id, "apply"), args, (text) =>
      log.add(text),
    );
    log.end();
    this.applies.update(apply, { attributes: { status: code === 0 ? "finished" : "errored" } });
    this.finish(id, code === 0 ? "applied" : "errored");
  }

  private workplace(id: string, phase: "plan" | "apply"): Workplace {
    const run = this.runs.get(id);
    const workspace = this.options.workspaces.get(related(run, "workspace")?.id ?? "");
    const place = join(this.options.folder, id);
    mkdirSync(place, { recursive: true });
    const env = { ...this.options.envOf(workspace, phase, place), TFE_RUN_ID: id };
    return { folder: join(place, "configuration"), env };
  }

  private logOf(id: string, phase: "plan" | "apply"): Log {
    return this.logs.get(related(this.runs.get(id), phase)?.id ?? "") ?? new Log();
  }

  private statusOf(id: string): string {
    return this.runs.get(id).attributes.status as string;
  }

  private setStatus(id: string, status: string): void {
    this.runs.update(id, { attributes: { status } });
  }

  private finish(id: string, status: string): void {
    if (FINAL.includes(this.statusOf(id))) return;
    this.setStatus(id, status);
    this.options.workspaces.unlockForRun(related(this.runs.get(id), "workspace")?.id ?? "", id);
    rmSync(join(this.options.folder, id), { recursive: true, force: true });
  }
}

function planFlags(attributes: Readonly<Record<string, unknown>>): string[] {
  const list = (name: string, flag: string) =>
    ((attributes[name] ?? []) as readonly string[]).map((address) => `${flag}=${address}`);
  return [
    "-input=false",
    "-no-color",
    "-lock=false",
    "-detailed-exitcode",
    ...(attributes["is-destroy"] === true ? ["-destroy"] : []),
    ...(attributes["refresh-only"] === true ? ["-refresh-only"] : []),
    ...(attributes.refresh === false ? ["-refresh=false"] : []),
    ...list("target-addrs", "-target"),
    ...list("replace-addrs", "-replace"),
  ];
}
