import { EXPOSURE_READERS } from "./exposure";
import { EVERY_TYPE } from "./rules/attribute-rule";
import { GRANT_READERS } from "./rules/grant-readers";
import { HOLDERS, INERT, REVISIONS } from "./rules/held";
import { ORDINARY_BY_TYPE, ORDINARY_EVERYWHERE } from "./rules/ordinary";
import { PARAMETERS, PROTECTIONS } from "./rules/protections";
import { PUBLIC_VALUES } from "./rules/public-values";
import { WEAKENINGS } from "./rules/retentions";

/** Markdown page of everything that a review judges. */
export function rulesPage(): string {
  return (
    [
      "# What a review judges",
      "Every deletion, replacement and removal from the state is called out. A change of an attribute that no table here names is counted and named as not judged, and such a plan is never safe.",
      "## Lost data: blocked",
      table(
        ["what is lost", "types"],
        Object.entries(HOLDERS).map(([what, types]) => [what, codes(types)]),
      ),
      "## Lost without a finding",
      table(
        ["type", "why"],
        [
          ...Object.entries(INERT).map(([type, why]) => [codes([type]), why] as const),
          ...Object.entries(REVISIONS).map(([type, why]) => [`${codes([type])}, replaced`, why] as const),
        ],
      ),
      "## Changed attributes",
      "The first rule of an attribute that applies makes the finding. Attributes are ends of paths.",
      table(
        ["attributes", "types", "when", "effect", "why"],
        PROTECTIONS.map(({ attributes, types, words, severity, rule, why = "" }) => {
          return [codes(attributes), typesOf(types), words, `${severity}: ${rule}`, why];
        }),
      ),
      "## Changes of several attributes",
      table(
        ["types", "attributes", "what is reported", "effect"],
        WEAKENINGS.map(({ types, judges, reports, severity, rule }) => {
          return [codes(types), codes(judges), reports, `${severity}: ${rule}`];
        }),
      ),
      "## Parameters by name",
      table(
        ["parameter", "when"],
        Object.entries(PARAMETERS).map(([name, { words }]) => [codes([name]), words]),
      ),
      "## Exposure: public values",
      table(
        ["attributes", "types", "values", "effect", "what it means"],
        PUBLIC_VALUES.map(({ attributes, types, values, severity, text }) => {
          return [codes(attributes), typesOf(types), values, severity, text];
        }),
      ),
      "## Exposure: types that are read as a whole",
      table(
        ["types", "what is reported"],
        EXPOSURE_READERS.map(({ types, reports }) => [codes(types), reports]),
      ),
      "## Permissions",
      "Every attribute of every type that contains a policy document, attached policies, roles with their trust and boundary, permissions to invoke, and:",
      table(
        ["types", "attributes"],
        GRANT_READERS.map(({ types, judges }) => [codes(types), codes(judges)]),
      ),
      "## Ordinary attributes",
      "Their change needs no finding.",
      table(
        ["what", "attributes of every type"],
        Object.entries(ORDINARY_EVERYWHERE).map(([what, names]) => [what, codes(names)]),
      ),
      table(
        ["type", "attributes"],
        Object.entries(ORDINARY_BY_TYPE).map(([type, names]) => [
          codes([type]),
          names === "*" ? "all" : codes(names.split(" ").filter(Boolean)),
        ]),
      ),
    ].join("\n\n") + "\n"
  );
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n");
}

const codes = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(" ");
const typesOf = (types: readonly string[]): string => (types === EVERY_TYPE ? "all" : codes(types));
