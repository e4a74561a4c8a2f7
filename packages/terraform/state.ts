/** A resource or data source of a state. */
export interface StateResource {
  readonly mode: string;
  /** Address of its module; absent in the root module. */
  readonly module?: string;
  readonly type: string;
  readonly name: string;
  readonly instances: readonly StateInstance[];
}

export interface StateInstance {
  readonly index_key?: string | number;
  readonly status?: string;
  readonly attributes?: unknown;
}

/** A Terraform state (format version 4), as far as it is used here. */
export interface StateJson {
  readonly serial: number;
  readonly lineage: string;
  readonly terraform_version?: string;
  readonly outputs?: Readonly<Record<string, { readonly value: unknown }>>;
  readonly resources: readonly StateResource[];
}

/** Metadata of a state. */
export interface StateFacts {
  readonly serial: number;
  /** Lineage: the same for all successors of a state; Terraform only accepts successors of the same lineage. */
  readonly lineage: string;
  /** Terraform version that wrote it. */
  readonly terraform: string;
  /** Number of managed instances, without data sources. */
  readonly resources: number;
}

export interface State extends StateFacts {
  readonly json: StateJson;
}

/** Parses a state; `name` identifies it in messages. Throws if the text is not a state. */
export function parseState(text: string, name: string): State {
  const json = parsed(text, name);
  const { serial, lineage, terraform_version: terraform, resources } = json;
  if (typeof serial !== "number" || typeof lineage !== "string" || !Array.isArray(resources)) {
    throw new Error(`${name} is not a Terraform state: no serial, lineage or resources`);
  }
  return {
    serial,
    lineage,
    terraform: String(terraform),
    resources: managed(json as StateJson).reduce((sum, { instances = [] }) => sum + instances.length, 0),
    json: json as StateJson,
  };
}

/** Outputs of type string, by name. */
export function textOutputs({ json }: State): Readonly<Record<string, string>> {
  const values = Object.entries(json.outputs ?? {}).map(([name, { value }]) => [name, value] as const);
  return Object.fromEntries(
    values.filter((entry): entry is readonly [string, string] => typeof entry[1] === "string"),
  );
}

/** Addresses of tainted resources, whose creation was interrupted and which Terraform would replace. */
export function taintedAddresses({ json }: Pick<State, "json">): string[] {
  return managed(json).flatMap(({ module, type, name, instances }) =>
    instances
      .filter(({ status }) => status === "tainted")
      .map(({ index_key: key }) => {
        const index = key === undefined ? "" : `[${JSON.stringify(key)}]`;
        return `${module === undefined ? "" : `${module}.`}${type}.${name}${index}`;
      }),
  );
}

const managed = ({ resources }: StateJson): StateResource[] =>
  resources.filter(({ mode }) => mode === "managed");

function parsed(text: string, name: string): Partial<StateJson> {
  try {
    return JSON.parse(text) as Partial<StateJson>;
  } catch {
    throw new Error(`${name} is not a Terraform state: not JSON`);
  }
}
