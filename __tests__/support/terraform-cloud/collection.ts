import { ApiError, type JsonApiResource, type Relationship } from "./json-api";

/** What a request sets of a resource. */
export interface Change {
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly relationships?: Readonly<Record<string, Relationship>>;
}

/** All resources of one type, which keep what requests set. */
export class Collection {
  private readonly resources = new Map<string, JsonApiResource>();
  private count = 0;

  /** `prefix` begins the ids, as in `ws-1`. */
  constructor(
    readonly type: string,
    private readonly prefix: string,
  ) {}

  create({ attributes = {}, relationships = {} }: Change): JsonApiResource {
    this.count += 1;
    const id = `${this.prefix}-${String(this.count).padStart(16, "0")}`;
    const created = { id, type: this.type, attributes, relationships };
    this.resources.set(id, created);
    return created;
  }

  /** Throws a 404 if there is none of that id. */
  get(id: string): JsonApiResource {
    const found = this.resources.get(id);
    // https://developer.hashicorp.com/terraform/cloud-docs/api-docs#response-codes: also without permission
    if (found === undefined) throw new ApiError(404, "not found");
    return found;
  }

  update(id: string, { attributes = {}, relationships = {} }: Change): JsonApiResource {
    const old = this.get(id);
    const updated = {
      ...old,
      attributes: { ...old.attributes, ...attributes },
      relationships: { ...old.relationships, ...relationships },
    };
    this.resources.set(id, updated);
    return updated;
  }

  delete(id: string): void {
    this.get(id);
    this.resources.delete(id);
  }

  where(condition: (resource: JsonApiResource) => boolean): JsonApiResource[] {
    return [...this.resources.values()].filter(condition);
  }
}
