import * as z from "zod";
import { FARGATE_MEMORY_MIB } from "../../packages/aws-sizes/fargate";
import { checkEnvironments, environmentSchema } from "../../stacks/settings";
import { ZONE_LETTERS } from "../../stacks/lib/aws-regions";
import { settingsOf, synthEnvironment } from "../support/synth";

type Json = Record<string, unknown>;
/** The value that literals and numbers of a schema get: the first, the last, … */
type Pick = (values: readonly unknown[]) => unknown;

/** The value with each number, choice and boolean replaced by another that the schema allows. */
function picked(schema: z.ZodType, value: unknown, pick: Pick): unknown {
  if (schema instanceof z.ZodOptional)
    return value === undefined ? value : picked(schema.unwrap() as z.ZodType, value, pick);
  if (schema instanceof z.ZodObject) {
    const shape: Readonly<Record<string, z.ZodType>> = schema.shape;
    return Object.fromEntries(
      Object.entries(value as Json).map(([key, inner]) => [
        key,
        shape[key] && picked(shape[key], inner, pick),
      ]),
    );
  }
  if (schema instanceof z.ZodUnion) {
    const option = (schema.options as z.ZodType[]).find((one) => one.safeParse(value).success);
    return option === undefined ? value : picked(option, value, pick);
  }
  if (schema instanceof z.ZodLiteral) return pick([...schema.values]);
  if (schema instanceof z.ZodBoolean) return pick([false, true]);
  if (schema instanceof z.ZodNumber) return pick([schema.minValue, schema.maxValue]);
  return value;
}

/** Settings at the limits of what is allowed, corrected where a rule connects two of them. */
function settingsAt(name: "dev" | "prod", pick: Pick) {
  const base = settingsOf(name);
  const all = picked(environmentSchema, base, pick) as typeof base;
  const { region, processor, database, cache } = all;
  const [memory = 0] = FARGATE_MEMORY_MIB.get(processor.cpu) ?? [];
  return {
    ...all,
    state: base.state,
    slo: base.slo,
    network: { ...all.network, nat: "perZone" as const, zones: zonesOf(region) },
    database: { ...database, maxStorageGiB: 65_536, performanceInsights: false },
    cache: { ...cache, engineVersion: cache.engine === "redis" ? ("7.1" as const) : ("8.1" as const) },
    processor: { ...processor, memory, maximumTasks: 100 },
    backup: base.backup,
    quotas: { ...all.quotas, videos: 1_000, minutes: 1_000 },
  };
}

const zonesOf = (region: string): string[] =>
  [...(ZONE_LETTERS[region] ?? "")].slice(0, 4).map((letter) => region + letter);

const nth =
  (index: number): Pick =>
  (values) =>
    values[index % values.length];

test.each([
  ["the first of everything", "prod", nth(0)],
  ["the last of everything", "prod", (values: readonly unknown[]) => values.at(-1)],
  ["the second", "dev", nth(1)],
  ["the fifth", "prod", nth(4)],
  ["the twelfth", "dev", nth(11)],
  ["the fortieth", "prod", nth(39)],
] as const)("settings that are accepted can be synthesized: %s", (_, name, pick) => {
  const settings = settingsAt(name, pick);
  checkEnvironments([settings]);
  expect(synthEnvironment(name, settings).resources.size).toBeGreaterThan(150);
});
