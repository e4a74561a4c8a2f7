import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { CACHE_NODE_TYPES } from "../../packages/aws-sizes/cache";
import { DATABASE_CLASSES } from "../../packages/aws-sizes/database";
import { FARGATE_MEMORY_MIB } from "../../packages/aws-sizes/fargate";
import { motoPython } from "../../packages/embedded-aws/programs/moto";

interface Sizes {
  readonly fargate: Readonly<Record<string, readonly number[]>>;
  readonly database: readonly string[];
  readonly cache: readonly string[];
}

/** Sizes that cfn-lint, which comes with moto, knows. */
const known = (async (): Promise<Sizes> => {
  const { python } = await motoPython();
  const script = join(__dirname, "../support/aws-sizes.py");
  return JSON.parse(execFileSync(python, [script], { encoding: "utf8" })) as Sizes;
})();

/** Sizes of the families that are in a table. */
const ofFamilies = (table: readonly string[], all: readonly string[]): string[] => {
  const family = (name: string): string => name.slice(0, name.lastIndexOf("."));
  const families = new Set(table.map(family));
  return all.filter((name) => families.has(family(name))).sort();
};

test("Fargate offers the sizes of the table, and no others", async () => {
  expect(Object.fromEntries(FARGATE_MEMORY_MIB)).toEqual((await known).fargate);
});

test("RDS has every size of each family of the table for PostgreSQL, and no others", async () => {
  const { database } = await known;
  expect([...DATABASE_CLASSES].sort()).toEqual(ofFamilies(DATABASE_CLASSES, database));
});

test("ElastiCache has every size of each family of the table, and no others", async () => {
  const { cache } = await known;
  expect([...CACHE_NODE_TYPES].sort()).toEqual(ofFamilies(CACHE_NODE_TYPES, cache));
});
