import type { Plan } from "@packages/terraform/plan";

/** Direct and indirect dependents of each address. */
export class Dependents {
  private readonly direct = new Map<string, Set<string>>();

  constructor({ configuration }: Plan) {
    for (const { address, expressions = {}, depends_on: needs = [] } of configuration?.root_module
      ?.resources ?? []) {
      for (const reference of [...referencesIn(expressions), ...needs]) {
        const needed = /^[a-z]\w*\.[\w-]+/.exec(reference)?.[0];
        if (needed === undefined || needed === address) continue;
        const dependents = this.direct.get(needed) ?? new Set();
        this.direct.set(needed, dependents.add(address));
      }
    }
  }

  /** Sorted addresses of the dependents, without the resource itself. */
  of(address: string): string[] {
    const found = new Set<string>();
    const queue = [address];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      for (const dependent of this.direct.get(next) ?? []) {
        if (dependent === address || found.has(dependent)) continue;
        found.add(dependent);
        queue.push(dependent);
      }
    }
    return [...found].sort();
  }
}

function referencesIn(expression: unknown): string[] {
  if (typeof expression !== "object" || expression === null) return [];
  return Object.entries(expression).flatMap(([key, value]) =>
    key === "references" && Array.isArray(value) ? (value as string[]) : referencesIn(value),
  );
}
