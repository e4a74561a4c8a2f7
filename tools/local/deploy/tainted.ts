/** The parts of a Terraform state that tell which resources were interrupted while they were made. */
export interface StateJson {
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
