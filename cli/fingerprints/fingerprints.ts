import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { environments } from "../../stacks/environments";
import { documents } from "../docs/documents";
import { readStacks } from "@packages/terraform/synthesized-stack";
import { bundleProcessor } from "../../stacks/constructs/compute/program-files";
import { projectFolder } from "@packages/cli-kit/paths";
import { documents as apiDocuments } from "../openapi/documents";
import { html } from "@packages/plan-review/html";
import { markdown } from "@packages/plan-review/markdown";
import { readPlan } from "@packages/terraform/plan";
import { reviewOf } from "@packages/plan-review/review";
import { projectKnowledge } from "../review/project";
import { buildConsole } from "../web/build";

/** SHA-256 (hexadecimal) of each generated file, by a stable name such as `synth/streamflow-dev/cdk.tf.json`. */
export type Fingerprints = ReadonlyMap<string, string>;

/** Folders of generated files, and of the plans to review. */
export interface GeneratedFolders {
  /** Output folder of `npm run synth`. */
  readonly synth: string;
  /** Output folder of `npm run synth:hcl`. */
  readonly hcl: string;
  /** Folder of plans in `terraform show -json` format. */
  readonly plans: string;
  /** An empty folder for the processor's bundle. */
  readonly scratch: string;
}

/** Fingerprints of synthesized stacks, function zips, HCL, documents, API descriptions, bundles and reviews. */
export async function fingerprints({ synth, hcl, plans, scratch }: GeneratedFolders): Promise<Fingerprints> {
  const found = new Map<string, string>();
  for (const file of filesBelow(join(synth, "stacks"))) {
    if (/(cdk\.tf\.json|\.zip)$/.test(file))
      found.set(`synth/${file}`, sha256(readFileSync(join(synth, "stacks", file))));
  }
  for (const file of filesBelow(hcl)) found.set(`hcl/${file}`, sha256(readFileSync(join(hcl, file))));
  for (const [file, text] of Object.entries(await documents(readStacks(synth), environments))) {
    found.set(`docs/${file}`, sha256(text));
  }
  for (const [file, text] of Object.entries(apiDocuments())) found.set(file, sha256(text));
  found.set(
    "docs/stateful-addresses.json",
    sha256(readFileSync(join(projectFolder, "docs/stateful-addresses.json"))),
  );
  for (const file of bundleProcessor(scratch)) {
    found.set(`processor/${basename(file)}`, sha256(readFileSync(file)));
  }
  const { page, assets } = await buildConsole();
  found.set("console/index.html", sha256(page));
  for (const [path, content] of assets) found.set(`console/${path}`, sha256(content));
  for (const file of filesBelow(plans)) {
    const review = reviewOf(readPlan(readFileSync(join(plans, file), "utf8"), file), {
      ...projectKnowledge,
      stack: "stack",
    });
    const texts = [JSON.stringify(review), markdown([review], { longest: 65_000 }), html([review])];
    found.set(`review/${file}`, sha256(texts.join("\n")));
  }
  return new Map([...found].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** One line per name that only one list has, or whose digest differs. */
export function differences(before: Fingerprints, now: Fingerprints): string[] {
  const names = [...new Set([...before.keys(), ...now.keys()])].sort();
  return names.flatMap((name) => {
    if (!now.has(name)) return [`missing: ${name}`];
    if (!before.has(name)) return [`new: ${name}`];
    return before.get(name) === now.get(name) ? [] : [`changed: ${name}`];
  });
}

/** The list in the format of `sha256sum`: digest, two spaces, name. */
export function formatFingerprints(all: Fingerprints): string {
  return [...all].map(([name, digest]) => `${digest}  ${name}\n`).join("");
}

/** Parses the output of {@link formatFingerprints}. */
export function parseFingerprints(text: string): Fingerprints {
  const lines = text.split("\n").filter((line) => line !== "");
  return new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => statSync(join(folder, file)).isFile() && !file.includes(".terraform"))
    .map((file) => relative(folder, join(folder, file)))
    .sort();
}

const sha256 = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex");
