/** The parts of a Terraform state that are read here. */
export interface StateJson {
  readonly outputs?: Readonly<Record<string, { readonly value: unknown }>>;
  readonly resources?: readonly {
    readonly mode: string;
    readonly module?: string;
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly index_key?: string | number; readonly status?: string }[];
  }[];
}

/** Addresses of what Terraform would replace because it did not see its creation end. */
export function taintedAddresses({ resources = [] }: StateJson): string[] {
  return resources.flatMap(({ mode, module, type, name, instances }) =>
    instances
      .filter(({ status }) => mode === "managed" && status === "tainted")
      .map(({ index_key: key }) => {
        const index = key === undefined ? "" : `[${JSON.stringify(key)}]`;
        return `${module === undefined ? "" : `${module}.`}${type}.${name}${index}`;
      }),
  );
}

/** The outputs of a state that are texts, and how many resources it has, data sources left out. */
export function readState(state: string): {
  readonly outputs: Readonly<Record<string, string>>;
  readonly resources: number;
} {
  const { outputs = {}, resources = [] } = JSON.parse(state) as StateJson;
  const texts = Object.entries(outputs).map(([name, { value }]) => [name, value] as const);
  return {
    outputs: Object.fromEntries(
      texts.filter((entry): entry is readonly [string, string] => typeof entry[1] === "string"),
    ),
    resources: resources
      .filter(({ mode }) => mode === "managed")
      .reduce((sum, { instances }) => sum + instances.length, 0),
  };
}
