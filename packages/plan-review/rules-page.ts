import { EXPOSURE_READERS } from "./exposure";
import { EVERY_TYPE } from "./rules/attribute-rule";
import { GRANT_READERS } from "./rules/grant-readers";
import { HOLDERS, INERT, REVISIONS } from "./rules/held";
import { ORDINARY_BY_TYPE, ORDINARY_EVERYWHERE } from "./rules/ordinary";
import { PARAMETERS, PROTECTIONS } from "./rules/protections";
import { PUBLIC_VALUES } from "./rules/public-values";
import { WEAKENINGS } from "./rules/retentions";

/** Markdown page of everything that a review covers. */
export function rulesPage(): string {
  const parts = [
    "# What a review covers",
    "Every deletion, replacement and removal from the state is called out. A change of an attribute that no table here names is counted and named as not judged, and such a plan is never safe.",
    ...losses(),
    ...attributes(),
    ...exposures(),
    ...permissions(),
    ...ordinary(),
  ];
  return `${parts.join("\n\n")}\n`;
}

function losses(): string[] {
  const harmless = [
    ...Object.entries(INERT).map(([type, why]) => [codes([type]), why]),
    ...Object.entries(REVISIONS).map(([type, why]) => [`${codes([type])}, replaced`, why]),
  ];
  return [
    "## Lost data: blocked",
    table(
      ["what is lost", "types"],
      Object.entries(HOLDERS).map(([what, types]) => [what, codes(types)]),
    ),
    "## Lost without a finding",
    table(["type", "why"], harmless),
  ];
}

function attributes(): string[] {
  const single = PROTECTIONS.map(({ attributes: names, types, words, severity, rule, why = "" }) => {
    return [codes(names), typesOf(types), words, `${severity}: ${rule}`, why];
  });
  const several = WEAKENINGS.map(({ types, covers, reports, severity, rule }) => {
    return [codes(types), codes(covers), reports, `${severity}: ${rule}`];
  });
  const parameters = Object.entries(PARAMETERS).map(([name, { words }]) => [codes([name]), words]);
  return [
    "## Changed attributes",
    "The first rule of an attribute that applies makes the finding. Attributes are ends of paths.",
    table(["attributes", "types", "when", "effect", "why"], single),
    "## Changes of several attributes",
    table(["types", "attributes", "what is reported", "effect"], several),
    "## Parameters by name",
    table(["parameter", "when"], parameters),
  ];
}

function exposures(): string[] {
  const values = PUBLIC_VALUES.map(({ attributes: names, types, values: which, severity, text }) => {
    return [codes(names), typesOf(types), which, severity, text];
  });
  return [
    "## Exposure: public values",
    table(["attributes", "types", "values", "effect", "what it means"], values),
    "## Exposure: types that are read as a whole",
    table(
      ["types", "what is reported"],
      EXPOSURE_READERS.map(({ types, reports }) => [codes(types), reports]),
    ),
  ];
}

function permissions(): string[] {
  return [
    "## Permissions",
    "Every attribute of every type that contains a policy document, attached policies, roles with their trust and boundary, permissions to invoke, and:",
    table(
      ["types", "attributes"],
      GRANT_READERS.map(({ types, covers }) => [codes(types), codes(covers)]),
    ),
  ];
}

function ordinary(): string[] {
  const everywhere = Object.entries(ORDINARY_EVERYWHERE).map(([what, names]) => [what, codes(names)]);
  const byType = Object.entries(ORDINARY_BY_TYPE).map(([type, names]) => {
    return [codes([type]), names === "*" ? "all" : codes(names.split(" ").filter(Boolean))];
  });
  return [
    "## Ordinary attributes",
    "Their change needs no finding.",
    table(["what", "attributes of every type"], everywhere),
    table(["type", "attributes"], byType),
  ];
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n");
}

const codes = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(" ");
const typesOf = (types: readonly string[]): string => (types === EVERY_TYPE ? "all" : codes(types));
