import { CACHE_NODE_TYPES } from "@packages/aws-sizes/cache";
import { DATABASE_CLASSES } from "@packages/aws-sizes/database";
import { FARGATE_MEMORY_MIB } from "@packages/aws-sizes/fargate";
import * as z from "zod";
import { allowedBy } from "../../stacks/lib/schema";
import { environmentSchema } from "../../stacks/settings";
import { type SettingComment, settingComments } from "./settings-comments";

/** A setting or a group of settings. */
export interface Setting {
  /** Such as `database.instanceClass`, or `edge.playbackKeys.NAME` where names are free. */
  readonly path: string;
  /** What it must be. */
  readonly allowed: string;
  readonly isOptional: boolean;
}

/** Every setting of an environment, as in its schema. */
export const SETTINGS: readonly Setting[] = settingsIn(environmentSchema, "");

function settingsIn(schema: z.ZodType, path: string): Setting[] {
  if (schema instanceof z.ZodObject) {
    const shape: Readonly<Record<string, z.ZodType>> = schema.shape;
    return Object.entries(shape).flatMap(([key, value]) =>
      settingsAt(value, path === "" ? key : `${path}.${key}`),
    );
  }
  if (schema instanceof z.ZodUnion) {
    return merged((schema.options as z.ZodType[]).flatMap((option) => settingsIn(option, path)));
  }
  return schema instanceof z.ZodRecord ? settingsAt(schema.valueType as z.ZodType, `${path}.NAME`) : [];
}

/** Settings that several groups have, such as a kind, are told once. */
function merged(settings: readonly Setting[]): Setting[] {
  const paths = [...new Set(settings.map(({ path }) => path))];
  return paths.map((path) => {
    const same = settings.filter((one) => one.path === path);
    const allowed = [...new Set(same.map((one) => one.allowed))].join(" or ");
    return { path, allowed, isOptional: same.some(({ isOptional }) => isOptional) };
  });
}

function settingsAt(schema: z.ZodType, path: string): Setting[] {
  const isOptional = schema instanceof z.ZodOptional;
  const inner = isOptional ? (schema.unwrap() as z.ZodType) : schema;
  return [{ path, allowed: allowedAt(inner), isOptional }, ...settingsIn(inner, path)];
}

function allowedAt(schema: z.ZodType): string {
  const allowed = allowedBy.get(schema)?.allowed;
  if (schema instanceof z.ZodArray) {
    return `${allowed ?? "a list"}; each is ${allowedAt(schema.element as z.ZodType)}`;
  }
  if (allowed !== undefined) return allowed;
  return schema instanceof z.ZodLiteral
    ? [...schema.values].map((value) => JSON.stringify(value)).join(" or ")
    : "";
}

const OFF = '{ off: "the reason" }';

const INTRODUCTION = [
  "An environment is a value in [stacks/environments.ts](../stacks/environments.ts). `npm run synth` checks it against the",
  "schema that this page is made from, and prints a line for each mistake: its path, its value, what is allowed and why.",
  'Where `{ off: "the reason" }` is allowed, a thing is off only with the reason written down.',
  "What has no default is required.",
  "Sizes that AWS offers are [at the end](#sizes). Prices are those of us-east-1; [cost.md](cost.md) adds them up.",
  "",
].join("\n");

/** `db.t4g`: micro, small. */
function byFamily(classes: readonly string[]): string[] {
  const families = new Map<string, string[]>();
  for (const name of classes) {
    const dot = name.lastIndexOf(".");
    const family = name.slice(0, dot);
    families.set(family, [...(families.get(family) ?? []), name.slice(dot + 1)]);
  }
  return [...families].map(([family, sizes]) => `| \`${family}\` | ${sizes.join(", ")} |`);
}

const SIZES = [
  "## Sizes",
  "",
  "| `processor.cpu` | `processor.memory` |",
  "|---:|---|",
  ...[...FARGATE_MEMORY_MIB].map(([cpu, memory]) => `| ${cpu} | ${memory.join(", ")} |`),
  "",
  "| `database.instanceClass` | sizes |",
  "|---|---|",
  ...byFamily(DATABASE_CLASSES),
  "",
  "| `cache.nodeType` | sizes |",
  "|---|---|",
  ...byFamily(CACHE_NODE_TYPES),
  "",
].join("\n");

/** A section for the environment itself and for each of its groups, with a table of the settings in it. */
export function settingsPage(): string {
  const comments = settingComments();
  const told = SETTINGS.filter(({ path }) => !path.endsWith(".off"));
  const inside = (group: string): Setting[] => told.filter(({ path }) => path.startsWith(`${group}.`));
  const top = told.filter(({ path }) => !path.includes("."));
  const groups = top.filter(({ path }) => inside(path).length > 0);
  const rest = top.filter((setting) => !groups.includes(setting));
  return [
    INTRODUCTION,
    ["## The environment itself", "", ...table(rest, comments), ""].join("\n"),
    ...groups.map((group) => {
      const { text = "", tags } = comments.get(group.path) ?? {};
      const optional = group.isOptional ? `Default: ${tags?.get("default") ?? "none"}.` : "";
      const off = group.allowed.endsWith(OFF) ? `Or \`${OFF}\`.` : "";
      const about = [text, off, optional, ...consequences(tags)].filter(Boolean).join(" ");
      return [`## ${group.path}`, "", about, "", ...table(inside(group.path), comments), ""].join("\n");
    }),
    SIZES,
  ].join("\n");
}

/** Without the columns that have nothing to say. */
function table(settings: readonly Setting[], comments: ReadonlyMap<string, SettingComment>): string[] {
  const rows = settings.map(({ path, allowed, isOptional }) => {
    const { text = "Each of them.", tags } = comments.get(path) ?? {};
    const byDefault = isOptional ? (tags?.get("default") ?? "none") : "";
    return [`\`${path}\``, text, allowed, byDefault, consequences(tags).join("<br>")];
  });
  const header = ["setting", "what it is", "must be", "default", "cost and risk"];
  const told = header.map((_, column) => rows.some((cells) => cells[column] !== ""));
  return [header, header.map(() => "---"), ...rows].map((cells) => {
    const texts = cells.filter((_, column) => told[column]).map((cell) => cell.replaceAll("|", "\\|"));
    return `| ${texts.join(" | ")} |`;
  });
}

function consequences(tags: SettingComment["tags"] | undefined): string[] {
  return [
    ["cost", "Cost"],
    ["risk", "Risk"],
  ].flatMap(([name = "", label = ""]) => {
    const text = tags?.get(name);
    return text === undefined ? [] : [`${label}: ${text}`];
  });
}
