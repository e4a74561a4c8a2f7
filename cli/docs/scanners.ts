import type { Resource, Stack } from "@packages/terraform/synthesized-stack";
import { ACCEPTED_UNTIL } from "../../policies/accepted-findings";
import { type AcceptedFinding, idsOf, type Scanner, SCANNERS } from "../../policies/scanners";
import { environment } from "./inventory";

/** Folder of the generated files that make scanners skip accepted findings, relative to the project. */
const FOLDER = "policies/scanners";

const NOTICE = "Made by npm run docs from policies/accepted-findings.ts.";

/** How each scanner is run on the folder of a stack that `npm run synth:hcl` wrote. */
const COMMANDS: Readonly<Record<Scanner, string>> = {
  checkov: `checkov --directory hcl.out/STACK --config-file ${FOLDER}/checkov.yaml`,
  trivy: `trivy config --ignorefile ${FOLDER}/trivyignore.yaml hcl.out/STACK`,
  kics: `kics scan --path hcl.out/STACK --config ${FOLDER}/kics.json`,
  regula: `regula run --include ${FOLDER}/regula.rego hcl.out/STACK`,
  terrascan: `terrascan scan --iac-type terraform --iac-dir hcl.out/STACK --config-path ${FOLDER}/terrascan.toml`,
};

/** The files that make scanners skip the accepted findings, by path relative to the project. */
export function scannerFiles(accepted: readonly AcceptedFinding[]): Readonly<Record<string, string>> {
  const ids = (scanner: Scanner): string[] =>
    accepted.flatMap(({ rules }) => rules[scanner] ?? []).toSorted();
  return {
    [`${FOLDER}/checkov.yaml`]: lines(
      `# ${NOTICE}`,
      "skip-check:",
      ...ids("checkov").map((id) => `  - ${id}`),
    ),
    [`${FOLDER}/trivyignore.yaml`]: lines(
      `# ${NOTICE}`,
      "misconfigurations:",
      ...accepted.flatMap(({ rules, reason }) => (rules.trivy ?? []).flatMap((id) => trivyEntry(id, reason))),
    ),
    [`${FOLDER}/kics.json`]: `${JSON.stringify({ "exclude-queries": ids("kics").join(",") }, undefined, 2)}\n`,
    [`${FOLDER}/regula.rego`]: lines(
      `# ${NOTICE}`,
      "package fugue.regula.config",
      ...ids("regula").flatMap((id) => ["", "waivers[waiver] {", `  waiver := {"rule_id": "${id}"}`, "}"]),
    ),
    [`${FOLDER}/terrascan.toml`]: lines(
      `# ${NOTICE}`,
      "[rules]",
      `skip-rules = [${ids("terrascan")
        .map((id) => `"${id}"`)
        .join(", ")}]`,
    ),
  };
}

const lines = (...all: readonly string[]): string => `${all.join("\n")}\n`;

function trivyEntry(id: string, reason: string): string[] {
  return [`  - id: ${id}`, `    expired_at: ${ACCEPTED_UNTIL}`, `    statement: ${JSON.stringify(reason)}`];
}

/** The page for auditors: each accepted finding with its reason, its resources and the rules of the scanners. */
export function scannerPage(accepted: readonly AcceptedFinding[], stacks: readonly Stack[]): string {
  return [
    INTRODUCTION,
    "## Commands",
    "",
    "```sh",
    "npm run synth:hcl",
    ...Object.values(COMMANDS),
    "```",
    "",
    "## Accepted findings",
    "",
    ...summary(accepted, stacks),
    "",
    ...accepted.flatMap((entry) => section(entry, stacks)),
  ].join("\n");
}

const INTRODUCTION = `What public scanners of Terraform find on the committed environments, and why it is accepted.

If your scanner has a finding that is not listed: correct it, by a setting or in the construct, or add it with its reason to
\`policies/accepted-findings.ts\` and run \`npm run docs\`. CI runs no scanner. The files in \`${FOLDER}/\` make each scanner
skip the accepted rules for all resources; this page shows which resources have them now.

The list expires on ${ACCEPTED_UNTIL}: \`npm run policies\` then fails until it is reviewed. It also fails if an accepted
finding no longer occurs, unless a setting can bring it back.

Of Checkov's rules (August 2026), those that check one resource were run from its source on plans of dev and prod. The other
lists of rules, also those of Trivy (August 2026), KICS, Regula and Terrascan, were read and compared with the stacks.
`;

/** A line for each finding, with the number of resources that have it. */
function summary(accepted: readonly AcceptedFinding[], stacks: readonly Stack[]): string[] {
  const rows = accepted.map(({ requirement, rules, find }) => {
    const scanners = [...new Set(idsOf(rules).map(({ scanner }) => scanner))];
    const resources = stacks.reduce((sum, stack) => sum + find(stack).length, 0);
    return `| ${requirement} | ${scanners.join(", ")} | ${resources} |`;
  });
  return ["| requirement | scanners with a rule | resources |", "| --- | --- | ---: |", ...rows];
}

function section(
  { requirement, reason, setting, rules, find }: AcceptedFinding,
  stacks: readonly Stack[],
): string[] {
  const scanners = Object.keys(SCANNERS) as Scanner[];
  const ids = idsOf(rules);
  const byScanner = scanners.flatMap((scanner) => {
    const own = ids.filter((one) => one.scanner === scanner).map(({ id }) => `\`${id}\``);
    return own.length === 0 ? [] : [`${scanner} ${own.join(", ")}`];
  });
  const places = stacks.flatMap((stack) => {
    const found = find(stack);
    return found.length === 0 ? [] : [`${environment(stack)}: ${addresses(found)}`];
  });
  return [
    `### ${requirement}`,
    "",
    `Accepted because ${reason}.`,
    ...(setting === undefined ? [] : ["", `Settings: \`${setting.split(", ").join("`, `")}\`.`]),
    "",
    `Rules: ${byScanner.join("; ")}.`,
    "",
    ...places.map((place) => `- ${place}`),
    "",
  ];
}

const MOST_ADDRESSES = 6;

function addresses(found: readonly Resource[]): string {
  const shown = found.slice(0, MOST_ADDRESSES).map(({ address }) => `\`${address}\``);
  const rest = found.length - shown.length;
  return rest > 0 ? `${shown.join(", ")} and ${rest} more` : shown.join(", ");
}
