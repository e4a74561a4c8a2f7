import { configuredIn, withoutKeys } from "./configuration";
import type { Plan } from "@packages/terraform/plan";

/** Direct and indirect dependents of each address. */
export class Dependents {
  private readonly direct = new Map<string, Set<string>>();
  private readonly cache = new Map<string, string[]>();

  constructor({ configuration }: Plan) {
    for (const { address, expressions = {}, depends_on: needs = [] } of configuredIn(
      configuration?.root_module,
    )) {
      const module = /^(?:module\.[\w-]+\.)*/.exec(address)?.[0] ?? "";
      for (const reference of [...referencesIn(expressions), ...needs]) {
        const needed = /^[a-z]\w*\.[\w-]+/.exec(reference)?.[0];
        if (needed === undefined || `${module}${needed}` === address) continue;
        const dependents = this.direct.get(`${module}${needed}`) ?? new Set();
        this.direct.set(`${module}${needed}`, dependents.add(address));
      }
    }
  }

  /** Sorted addresses of the dependents without keys, without the resource itself. */
  of(address: string): string[] {
    const start = withoutKeys(address);
    const known = this.cache.get(start);
    if (known !== undefined) return known;
    const found = new Set<string>();
    const queue = [start];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      for (const dependent of this.direct.get(next) ?? []) {
        if (dependent === start || found.has(dependent)) continue;
        found.add(dependent);
        queue.push(dependent);
      }
    }
    const sorted = [...found].sort();
    this.cache.set(start, sorted);
    return sorted;
  }
}

function referencesIn(expression: unknown): string[] {
  if (typeof expression !== "object" || expression === null) return [];
  return Object.entries(expression).flatMap(([key, value]) =>
    key === "references" && Array.isArray(value) ? (value as string[]) : referencesIn(value),
  );
}
