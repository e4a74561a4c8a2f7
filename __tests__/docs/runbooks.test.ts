import "../support/with-test-environments";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as Settings from "../../stacks/environments";
import { PROCEDURES, type AlarmRunbook, alarmRunbooks } from "../../cli/docs/runbooks";
import { readStacks } from "../../packages/terraform/synthesized-stack";
import { anchorsOf, codeOf, ROOT, textOf } from "../support/markdown";
import { expectNoFaults } from "../support/faults";
import { npmFault } from "../support/npm-commands";
import { everyCommand } from "../support/shell";
import { testEnvironments } from "../support/test-environments";
import { settingsOf, synthTo } from "../support/synth";

const outdir = mkdtempSync(join(tmpdir(), "streamflow-runbooks-"));
// With a hosted zone, so that there are certificates and their alarms.
const zone = { dns: { kind: "route53", hostedZoneId: "Z0123456789" } } as const;
synthTo(
  outdir,
  testEnvironments.map((settings) => ({ ...settings, ...zone })),
);
const stacks = readStacks(outdir);
const runbooks = stacks.flatMap(alarmRunbooks);

afterAll(() => rmSync(outdir, { recursive: true, force: true }));

const pages = readdirSync(join(ROOT, "docs/runbooks"))
  .filter((file) => file !== "README.md")
  .map((file) => file.replace(/\.md$/, ""));
const read = (page: string): string => textOf(`docs/runbooks/${page}.md`);

test("every alarm that notifies people names its owner and links to a runbook", () => {
  const notifying = stacks.flatMap((stack) =>
    // Alarms for people also notify when they end; alarms for the autoscaler do not.
    stack
      .of("aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm")
      .filter((alarm) => alarm.at("ok_actions").exists),
  );
  expect(notifying.length).toBeGreaterThan(40);
  expect(runbooks.map(({ name }) => name).sort()).toEqual(
    notifying.map((alarm) => alarm.at("alarm_name").text).sort(),
  );
});

const nameOf = (page: string): string => page.replace(/^runbooks\/(.*)\.md.*$/, "$1");

/**
 * Why an alarm's link does not lead to a section of a page in this repository; undefined if it does, or if the page is
 * missing.
 */
function linkFault({ name: alarm, link, page }: AlarmRunbook): string | undefined {
  const [, repository, path] =
    /^https:\/\/github\.com\/([^/]+\/[^/]+)\/blob\/main\/docs\/(.*)$/.exec(link) ?? [];
  if (path !== page || !testEnvironments.some((settings) => settings.repository === repository))
    return `the alarm ${alarm} links to ${link}, which is not in docs/runbooks/ of this repository`;
  const [, anchor] = page.split("#");
  const name = nameOf(page);
  if (anchor === undefined || !pages.includes(name) || anchorsOf(read(name)).includes(anchor))
    return undefined;
  return `add the heading #${anchor} to docs/runbooks/${name}.md: the alarm ${alarm} links to it`;
}

/** Alarms, budgets and planned operations without a runbook, and runbooks without any of them. */
function pageFaults(alarms: readonly AlarmRunbook[], all: readonly string[]): string[] {
  const needed = new Map([
    ...alarms.map(({ name: alarm, page }) => [nameOf(page), `the alarm ${alarm} links to it`] as const),
    ...PROCEDURES.map(([id]) => [id, "PROCEDURES in cli/docs/runbooks.ts names it"] as const),
    ...(stacks.some((stack) => stack.of("aws_budgets_budget").length > 0)
      ? [["budget", "the stacks have a budget"] as const]
      : []),
  ]);
  return [
    ...[...needed]
      .filter(([page]) => !all.includes(page))
      .map(([page, reason]) => `write docs/runbooks/${page}.md: ${reason}`),
    ...all
      .filter((page) => !needed.has(page))
      .map((page) => `no alarm, budget or operation has the runbook docs/runbooks/${page}.md: delete it`),
  ];
}

test("every link of an alarm leads to a page of this repository, and to a part that it has", () => {
  expectNoFaults(runbooks.flatMap((one) => linkFault(one) ?? []));
});

test("every runbook is for an alarm, a budget, or something done on purpose, and each of those has one", () => {
  expectNoFaults(pageFaults(runbooks, pages));
});

/** Why a runbook's first step is another than its alarm's; undefined if it begins with the same words. */
function firstStepFault({ name: alarm, first, page }: AlarmRunbook): string | undefined {
  const name = nameOf(page);
  const [, step = ""] = /^- \*\*First\*\*: (.*?)\n\n/ms.exec(read(name)) ?? [];
  const plain = step.replaceAll("`", "").replace(/\s+/g, " ");
  if (plain.startsWith(first)) return undefined;
  return `docs/runbooks/${name}.md begins with "${plain}", and the alarm ${alarm} says "${first}"`;
}

test("an alarm says the first step of its runbook", () => {
  expectNoFaults(runbooks.flatMap((one) => firstStepFault(one) ?? []));
  const [one] = runbooks;
  expect(firstStepFault({ ...one, first: "Wait" } as AlarmRunbook)).toContain('says "Wait"');
});

test("no page names an account, its bucket, or an environment's address", () => {
  const { environments } = jest.requireActual<typeof Settings>("../../stacks/environments");
  const own = [...environments, ...testEnvironments].flatMap(({ account, domain, state }) => [
    account,
    `//${domain}`,
    ...(state.kind === "s3" ? [state.bucket] : []),
  ]);
  const naming = pages.filter(
    (page) => /\b\d{12}\b/.test(read(page)) || own.some((text) => read(page).includes(text)),
  );
  expect(naming).toEqual([]);
});

test("finds links to missing pages, other repositories and missing sections, and unused pages", () => {
  const [one] = runbooks;
  const { repository } = settingsOf("prod");
  const leading = (page: string, to = repository): AlarmRunbook =>
    ({ ...one, page, link: `https://github.com/${to}/blob/main/docs/${page}` }) as AlarmRunbook;
  expect(linkFault(leading("runbooks/api-errors.md#look-first"))).toBeUndefined();
  expect(linkFault(leading("runbooks/api-errors.md#later"))).toContain("add the heading #later to");
  expect(linkFault(leading("runbooks/api-errors.md", "somebody/else"))).toContain("of this repository");
  expect(pageFaults(runbooks, [...pages, "api-failures"])).toContain(
    "no alarm, budget or operation has the runbook docs/runbooks/api-failures.md: delete it",
  );
  const without = pages.filter((page) => page !== "api-errors");
  expect(pageFaults(runbooks, without)).toContainEqual(
    expect.stringMatching(/^write docs\/runbooks\/api-errors\.md: the alarm streamflow-[\w-]+ links to it$/),
  );
});

test("the index sets the pages' variables from names that exist in prod", () => {
  const prod = JSON.stringify(stacks.find(({ name }) => name === "streamflow-prod"));
  expect(unknownNames(read("README"), prod)).toEqual([]);
  const used = pages.flatMap(
    (page) =>
      codeOf(read(page))
        .join("\n")
        .match(/\$[A-Z][A-Z_]+/g) ?? [],
  );
  const set = [...read("README").matchAll(/^export ([A-Z_]+)=/gm)].map(([, name]) => `$${name}`);
  expectNoFaults(
    [...new Set(used)]
      .filter((name) => !set.includes(name))
      .map((name) => `a runbook uses ${name}, which docs/runbooks/README.md does not set`),
  );
});

const MAX_LINES = 50;

/** Why a runbook is too long to read under pressure, or does not follow the common order. */
function shapeFaults(page: string, text: string): string[] {
  const file = `docs/runbooks/${page}.md`;
  const lines = text.trimEnd().split("\n").length;
  const headings = [
    `# ${page}`,
    "## Look first",
    PROCEDURES.some(([id]) => id === page) ? "## What to do" : "## Causes, and what to do",
    "## Resolved when",
    "## Escalation",
  ];
  const found = [...text.replace(/^```[\s\S]*?^```$/gm, "").matchAll(/^#{1,6} .+$/gm)].map(([line]) => line);
  return [
    ...(lines > MAX_LINES ? [`${file} has ${lines} lines: shorten it to ${MAX_LINES}`] : []),
    ...(found.join() === headings.join()
      ? []
      : [`${file} must have the headings ${headings.join(", ")}; it has ${found.join(", ") || "none"}`]),
  ];
}

test("a runbook that is too long, or lacks a part, is found", () => {
  const text = read("api-errors");
  expect(shapeFaults("api-errors", text)).toEqual([]);
  expect(shapeFaults("api-errors", `${text}${"\nmore".repeat(MAX_LINES)}`)).toEqual([
    expect.stringMatching(/^docs\/runbooks\/api-errors\.md has \d+ lines: shorten it to 50$/),
  ]);
  expect(shapeFaults("api-errors", text.replace("## Resolved when", "## Later"))).toEqual([
    expect.stringContaining("must have the headings # api-errors, ## Look first"),
  ]);
});

describe.each(pages)("%s", (page) => {
  const text = read(page);

  test("is short, and in the order in which it is needed", () => {
    expectNoFaults(shapeFaults(page, text));
  });

  test("has npm commands with valid arguments", async () => {
    const commands = codeOf(text)
      .filter((line) => line.startsWith("npm "))
      .flatMap(everyCommand);
    const faults = await Promise.all(commands.map(npmFault));
    expectNoFaults(faults.filter((fault) => fault !== undefined));
  });

  test("names what prod has, by its names", () => {
    const prod = JSON.stringify(stacks.find(({ name }) => name === "streamflow-prod"));
    expectNoFaults(
      unknownNames(text, prod).map(
        (name) => `docs/runbooks/${page}.md names ${name}, which prod does not have`,
      ),
    );
  });
});

/** Physical names that a page uses in its code and that the synthesized stack does not have. */
function unknownNames(page: string, synthesized: string): string[] {
  const names = (text: string): string[] =>
    text.match(/(?:[\w/-]*\/)?streamflow-(?:prod|state)[\w-]*/g) ?? [];
  const known = new Set([...names(synthesized), "streamflow-prod"]);
  const settings = settingsOf("prod");
  if (settings.state.kind === "s3") known.add(settings.state.bucket);
  const variables = {
    ACCOUNT: settings.account,
    STATE_BUCKET: [...known].at(-1) ?? "",
    PUBLIC_URL: "https://x",
  };
  const filled = page.replace(/\$([A-Z_]+)/g, (text, name: string) => variables[name as "ACCOUNT"] ?? text);
  return codeOf(filled)
    .filter((line) => /^(aws|npm|curl|export) /.test(line))
    .flatMap(names)
    .map((name) => name.replace(/^(service\/)(streamflow-prod-[\w-]+)\/\2$/, "$2"))
    .filter((name) => !known.has(name));
}

describe("a wrong command", () => {
  test.each([
    ["npm run restor -- prod database", "there is no script restor"],
    ["npm run restore prod database", "what is for restore stands behind --"],
    [
      "npm run restore -- prod tables --to 2026-11-24T03:00:00Z",
      "KIND must be one of database, objects, state",
    ],
    ["npm run restore -- prod database --until 2026-11-24T03:00:00Z", "unknown option --until"],
    ["npm run restore -- prod database --to yesterday", "--to must be latest, or a time"],
    ["npm run deploy -- prod --force", "unknown option --force"],
    ["npm run test:services -- __tests__/none", "there is no test __tests__/none"],
    ["npm run types -- __tests__", "npm run types takes nothing here"],
    ["npm run redrive -- prod --redrive --discard", "can't be combined"],
    [
      "npm run compare -- staging production",
      `ENVIRONMENT must be one of ${testEnvironments.map(({ name }) => name).join(", ")}, got "production"`,
    ],
  ])("%s is found", async (line, fault) => {
    const [words = []] = everyCommand(line);
    expect(await npmFault(words)).toContain(fault);
  });

  test("is found by a name that nothing has", () => {
    const page = "```sh\naws sqs get-queue-url --queue-name streamflow-prod-media-queues\n```";
    expect(unknownNames(page, '"streamflow-prod-media-queue"')).toEqual(["streamflow-prod-media-queues"]);
  });
});
