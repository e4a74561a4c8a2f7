import type { ConfiguredModule, ConfiguredResource } from "@packages/terraform/plan";

/** Resources of a module and of all modules in it, with their full addresses without keys. */
export function configuredIn(module: ConfiguredModule = {}, prefix = ""): ConfiguredResource[] {
  const { resources = [], module_calls: calls = {} } = module;
  const own = resources.map((resource) => ({ ...resource, address: `${prefix}${resource.address}` }));
  const inner = Object.entries(calls).flatMap(([name, call]) => {
    return configuredIn(call.module, `${prefix}module.${name}.`);
  });
  return [...own, ...inner];
}

/** An address without the keys of `count` and `for_each`: `module.m["a"].aws_x.y[0]` is `module.m.aws_x.y`. */
export function withoutKeys(address: string): string {
  return address.replace(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g, "");
}
