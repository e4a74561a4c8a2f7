import { Collection, type Change } from "./collection";
import { ApiError, type JsonApiResource } from "./json-api";

interface Holder {
  readonly kind: "user" | "run";
  readonly id: string;
}

/** https://developer.hashicorp.com/terraform/cloud-docs/api-docs/workspaces#create-a-workspace */
const DEFAULTS = {
  "execution-mode": "remote",
  "terraform-version": "1.11.4",
  "working-directory": "",
  "auto-apply": false,
  "structured-run-output-enabled": false,
  "tag-names": [] as readonly string[],
};

const PERMISSIONS = {
  "can-update": true,
  "can-destroy": true,
  "can-queue-run": true,
  "can-queue-apply": true,
  "can-queue-destroy": true,
  "can-lock": true,
  "can-unlock": true,
  "can-force-unlock": true,
  "can-read-settings": true,
  "can-force-delete": true,
};

/**
 * Workspaces and their locks.
 * https://developer.hashicorp.com/terraform/cloud-docs/api-docs/workspaces
 */
export class Workspaces {
  private readonly all = new Collection("workspaces", "ws");
  private readonly holders = new Map<string, Holder>();
  private waiting: (() => void)[] = [];

  constructor(
    private readonly organization: string,
    private readonly defaultProject: string,
  ) {}

  create({ attributes = {}, relationships = {} }: Change): JsonApiResource {
    const { name } = attributes;
    if (typeof name !== "string" || !/^[\w-]{1,90}$/.test(name))
      throw new ApiError(422, "invalid attribute", "Name is invalid");
    if (this.all.where((one) => one.attributes.name === name).length > 0)
      throw new ApiError(422, "invalid attribute", "Name has already been taken");
    const created = { "created-at": new Date().toISOString() };
    const { id } = this.all.create({
      attributes: { ...DEFAULTS, ...attributes, ...created },
      relationships: {
        project: { data: { id: this.defaultProject, type: "projects" } },
        ...relationships,
        organization: { data: { id: this.organization, type: "organizations" } },
      },
    });
    return this.get(id);
  }

  get(id: string): JsonApiResource {
    const workspace = this.all.get(id);
    const { attributes } = workspace;
    const more = {
      locked: this.holders.has(id),
      operations: attributes["execution-mode"] !== "local",
      permissions: PERMISSIONS,
      actions: { "is-destroyable": true },
    };
    return { ...workspace, attributes: { ...attributes, ...more } };
  }

  named(name: string): JsonApiResource {
    const [found] = this.all.where((workspace) => workspace.attributes.name === name);
    if (found === undefined) throw new ApiError(404, "not found");
    return this.get(found.id);
  }

  list(): JsonApiResource[] {
    return this.all.where(() => true).map(({ id }) => this.get(id));
  }

  update(id: string, change: Change): JsonApiResource {
    this.all.update(id, change);
    return this.get(id);
  }

  delete(id: string): void {
    this.all.delete(id);
  }

  lock(id: string): JsonApiResource {
    this.all.get(id);
    if (this.holders.has(id))
      throw new ApiError(409, "conflict", "Unable to lock workspace. It is already locked.");
    this.holders.set(id, { kind: "user", id: "user-1" });
    return this.get(id);
  }

  unlock(id: string, { force = false } = {}): JsonApiResource {
    const holder = this.holders.get(id);
    if (holder === undefined) throw new ApiError(409, "conflict", "The workspace is not locked.");
    if (holder.kind === "run" && !force)
      throw new ApiError(409, "conflict", `The workspace is locked by Run ${holder.id}`);
    this.release(id);
    return this.get(id);
  }

  /** Resolves when the run holds the workspace's lock. */
  async lockForRun(id: string, run: string): Promise<void> {
    while (this.holders.has(id) && this.holders.get(id)?.id !== run)
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.holders.set(id, { kind: "run", id: run });
  }

  unlockForRun(id: string, run: string): void {
    if (this.holders.get(id)?.id === run) this.release(id);
  }

  private release(id: string): void {
    this.holders.delete(id);
    const { waiting } = this;
    this.waiting = [];
    waiting.forEach((resume) => resume());
  }
}
